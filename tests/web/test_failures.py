"""What the phone says when the loan cannot be shown, and that it recovers."""

import pytest
from playwright.sync_api import expect

from tests.web.conftest import OpenPhone, screenshot
from tests.web.server import Site, loan_id

REFUSALS = [
    ("en-GB", (401, "unauthenticated"), "Your session has ended", None),
    ("zh-CN", (401, "unauthenticated"), "登录已过期", None),
    ("en-GB", (404, "not-found"), "This loan was not found", None),
    ("zh-CN", (404, "not-found"), "没有找到这笔贷款", None),
    ("en-GB", (503, "ledger-unavailable"), "The ledger cannot be reached", "Try again"),
    ("zh-CN", (503, "ledger-unavailable"), "暂时无法连接账本", "再试一次"),
    ("en-GB", (500, "internal-fault"), "The service has a problem", "Try again"),
    ("zh-CN", (500, "internal-fault"), "服务出现问题", "再试一次"),
]


@pytest.mark.parametrize(("locale", "refusal", "title", "retry"), REFUSALS)
def test_each_refusal_has_its_words(
    open_phone: OpenPhone, site: Site, locale: str, refusal: tuple[int, str], title: str, retry: str | None
) -> None:
    site.refusal = refusal
    page = open_phone(locale)
    page.goto(site.address("on_time"))
    alert = page.get_by_role("alert")
    expect(alert.get_by_role("heading", level=1)).to_have_text(title)
    expect(alert).to_contain_text(f"/problems/{refusal[1]}")
    expect(alert.get_by_role("button")).to_have_count(0 if retry is None else 1)
    screenshot(page, f"failure-{refusal[1]}-{locale}")


def test_trying_again_brings_the_loan(open_phone: OpenPhone, site: Site) -> None:
    site.refusal = (503, "ledger-unavailable")
    page = open_phone()
    page.goto(site.address("on_time"))
    retry = page.get_by_role("button", name="Try again")
    expect(retry).to_be_visible()
    site.refusal = None
    retry.click()
    expect(page.get_by_role("table")).to_be_visible()


def test_figures_already_shown_stay_when_a_refresh_fails(open_phone: OpenPhone, site: Site) -> None:
    page = open_phone()
    page.goto(site.address("on_time"))
    expect(page.get_by_role("table")).to_be_visible()
    site.refusal = (503, "ledger-unavailable")
    page.get_by_role("button", name="Refresh").click()
    expect(page.get_by_role("alert")).to_contain_text("The figures below may be out of date.")
    expect(page.get_by_role("table")).to_be_visible()
    site.refusal = None
    page.get_by_role("button", name="Refresh").click()
    expect(page.get_by_role("alert")).to_have_count(0)


def test_a_phone_without_network_is_told_so_and_goes_on_by_itself(open_phone: OpenPhone, site: Site) -> None:
    page = open_phone()
    page.goto(f"{site.url}/app/")
    page.context.set_offline(True)
    page.evaluate("address => { location.hash = address }", site.address("on_time").split("#", 1)[1])
    expect(page.get_by_role("heading", name="You are offline")).to_be_visible()
    page.context.set_offline(False)
    expect(page.get_by_role("table")).to_be_visible()


def test_half_an_answer_is_refused_rather_than_shown(open_phone: OpenPhone, site: Site) -> None:
    site.garbled = True
    page = open_phone()
    page.goto(site.address("on_time"))
    expect(page.get_by_role("heading", name="The answer could not be read")).to_be_visible()
    expect(page.get_by_role("table")).to_have_count(0)


def test_a_loan_without_a_session_asks_for_its_link(open_phone: OpenPhone, site: Site) -> None:
    page = open_phone()
    page.goto(f"{site.url}/app/#/loans/{loan_id('on_time')}")
    expect(page.get_by_role("heading", name="Your session has ended")).to_be_visible()


def test_a_broken_link_is_no_page(open_phone: OpenPhone, site: Site) -> None:
    page = open_phone("zh-CN")
    page.goto(f"{site.url}/app/#/loans/0x12")
    expect(page.get_by_role("heading", name="没有这个页面")).to_be_visible()
    page.get_by_role("alert").get_by_role("link", name="回到首页").click()
    expect(page.get_by_role("heading", level=1, name="双方都能核对的贷款")).to_be_visible()
