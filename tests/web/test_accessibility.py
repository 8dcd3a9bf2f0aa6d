"""axe-core finds nothing at phone size, in either language, light or dark, on any view."""

import pytest
from playwright.sync_api import expect

from tests.web.conftest import OpenPhone, axe_findings, screenshot
from tests.web.server import Site

LOCALES = pytest.mark.parametrize("locale", ["zh-CN", "en-GB"])
SCHEMES = pytest.mark.parametrize("scheme", ["light", "dark"])


@LOCALES
@SCHEMES
@pytest.mark.parametrize("state", ["overdue", "due_soon", "closed", "equal_principal", "row_changed", "terms_changed"])
def test_the_loan_page(open_phone: OpenPhone, site: Site, locale: str, scheme: str, state: str) -> None:
    page = open_phone(locale, color_scheme=scheme, reduced_motion="reduce")
    page.goto(site.address(state))
    expect(page.get_by_role("table")).to_be_visible()
    for summary in page.locator("summary").all():
        summary.click()
    assert axe_findings(page) == []
    if state == "overdue":
        screenshot(page, f"loan-{state}-{scheme}-{locale}-open")


@pytest.mark.parametrize(
    "state",
    [
        "long",
        "pending",
        "failed",
        "seasonal",
        "bullet",
        "interest_only",
        "root_changed",
        "price_changed",
        "agreement_changed",
        "withdrawn",
        "amended",
        "defaulted",
    ],
)
def test_the_loan_page_in_rarer_shapes(open_phone: OpenPhone, site: Site, state: str) -> None:
    page = open_phone("zh-CN")
    page.goto(site.address(state))
    expect(page.get_by_role("region", name="账本记录")).to_be_visible()
    assert axe_findings(page) == []


@LOCALES
@SCHEMES
def test_the_start_view(open_phone: OpenPhone, site: Site, locale: str, scheme: str) -> None:
    page = open_phone(locale, color_scheme=scheme)
    page.goto(f"{site.url}/app/")
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    expect(page.get_by_role("listitem")).to_have_count(3)
    assert axe_findings(page) == []
    screenshot(page, f"start-{scheme}-{locale}")


@LOCALES
@SCHEMES
def test_a_failure(open_phone: OpenPhone, site: Site, locale: str, scheme: str) -> None:
    site.refusal = (503, "ledger-unavailable")
    page = open_phone(locale, color_scheme=scheme)
    page.goto(site.address("on_time"))
    expect(page.get_by_role("alert")).to_be_visible()
    assert axe_findings(page) == []


def test_everything_is_reached_by_keyboard(open_phone: OpenPhone, site: Site) -> None:
    page = open_phone()
    page.goto(site.address("overdue"))
    expect(page.get_by_role("table")).to_be_visible()
    reached = set()
    for _ in range(14):
        page.keyboard.press("Tab")
        reached.add(page.evaluate("document.activeElement.localName"))
    assert {"a", "button", "input", "summary"} <= reached


def test_reduced_motion_moves_nothing(open_phone: OpenPhone, site: Site) -> None:
    page = open_phone(reduced_motion="reduce")
    page.goto(site.address("overdue"))
    expect(page.get_by_role("table")).to_be_visible()
    page.get_by_text("Recorded by the operator").click()
    assert page.evaluate("document.getAnimations().length") == 0
