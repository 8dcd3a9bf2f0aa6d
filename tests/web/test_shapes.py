"""Every shape of schedule reads right on a phone: its method, how often it is due, both prices, its rows."""

import pytest
from playwright.sync_api import expect

from tests.web.conftest import OpenPhone, screenshot
from tests.web.server import PAGES, Site

LANGUAGES = {"zh-CN": ("全部成本", "还款计划"), "en-GB": ("The whole cost", "Schedule")}
SHAPES = {
    "on_time": (["Equal instalments", "Every month"], ["等额本息", "每月"]),
    "equal_principal": (
        ["Equal principal parts", "Every 3 months", "First 2 instalments interest only"],
        ["等额本金", "每 3 个月", "前 2 期只还利息"],
    ),
    "interest_only": (
        ["Interest only, principal at the end", "by the month, odd days by the day"],
        ["先息后本", "整月按月、零头按天计息"],
    ),
    "bullet": (["In one sum", "Once, at the end"], ["到期一次还本付息", "到期一次"]),
    "flat": (["Equal instalments, flat interest"], ["等本等息（按全部本金计息）"]),
    "fortnightly": (["Every 2 weeks", "by the day, 365 or 366 a year"], ["每 2 周", "按天计息，一年 365 或 366 天"]),
    "free": (["Equal instalments"], ["等额本息"]),
    "seasonal": (["By an agreed table", "On the days agreed"], ["按约定的还款表", "按约定日期"]),
}


def percent(ppm: int) -> str:
    """A rate as the page writes it."""
    hundredths = (ppm + 50) // 100
    return f"{hundredths // 100}.{hundredths % 100:02d}%"


@pytest.mark.parametrize("locale", list(LANGUAGES))
@pytest.mark.parametrize("state", list(SHAPES))
def test_a_shape_is_told_in_words_with_both_prices(open_phone: OpenPhone, site: Site, locale: str, state: str) -> None:
    page = open_phone(locale, viewport={"width": 390, "height": 844})
    page.goto(site.address(state))
    cost, schedule = (page.get_by_role("region", name=name, exact=True) for name in LANGUAGES[locale])
    for words in SHAPES[state][locale == "zh-CN"]:
        expect(schedule.get_by_text(words, exact=True)).to_be_visible()
    loan = PAGES[state]
    for price in (loan["apr_ppm"], loan["all_in_ppm"], loan["rate_ppm"]):
        expect(cost.get_by_text(percent(price), exact=True).first).to_be_visible()
    expect(page.get_by_role("alert")).to_have_count(0)
    assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0
    screenshot(page, f"shape-{state}-{locale}")


def test_every_table_holds_every_row(open_phone: OpenPhone, site: Site) -> None:
    page = open_phone()
    for state in SHAPES:
        page.goto(site.address(state))
        loan = PAGES[state]
        expect(page.get_by_text(percent(loan["apr_ppm"]), exact=True).first).to_be_visible()
        rows = page.get_by_role("table").get_by_role("rowgroup").nth(1).get_by_role("row")
        expect(rows).to_have_count(len(loan["rows"]))
        for told, row in zip(rows.all_inner_texts(), loan["rows"], strict=True):
            for name in ("due_minor", "principal_minor", "interest_minor", "balance_minor"):
                assert f"{row[name] // 100:,}.{row[name] % 100:02d}" in told


@pytest.mark.parametrize(
    ("locale", "labels"),
    [
        ("en-GB", ["Annual percentage rate: compound, all costs", "All-in annual rate: simple, all costs"]),
        ("zh-CN", ["年化利率（复利，含全部费用）", "年化综合成本（单利）"]),
    ],
)
def test_each_price_has_its_name(open_phone: OpenPhone, site: Site, locale: str, labels: list[str]) -> None:
    page = open_phone(locale)
    page.goto(site.address("on_time"))
    terms = page.get_by_role("region", name=LANGUAGES[locale][0], exact=True).get_by_role("term")
    for label in labels:
        expect(terms.filter(has_text=label)).to_be_visible()


def test_a_flat_rate_is_called_flat(open_phone: OpenPhone, site: Site) -> None:
    page = open_phone()
    page.goto(site.address("flat"))
    expect(page.get_by_text("Flat interest rate a year, on the whole amount until the end")).to_be_visible()
