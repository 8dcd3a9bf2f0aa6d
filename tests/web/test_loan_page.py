"""A borrower's loan on a phone: what is left, what comes next, the whole cost, the schedule, the payments."""

import json
import re

import pytest
from playwright.sync_api import Page, expect

from tests.web import agreements, loan_page
from tests.web.conftest import OpenPhone, screenshot
from tests.web.server import PAGES, TOKEN, Site, loan_id

WORDS = {
    "zh-CN": {
        "heading": "我的贷款",
        "standing": "逾期 12 天",
        "outstanding": "¥5,781.32",
        "now": "¥624.37",
        "cost": "全部成本",
        "total": "¥10,801.39",
        "overdue": "已逾期",
        "sections": ["逾期情况", "全部成本", "还款计划", "还款记录", "如果逾期", "账本记录"],
    },
    "en-GB": {
        "heading": "Your loan",
        "standing": "12 days overdue",
        "outstanding": "CN¥5,781.32",
        "now": "CN¥624.37",
        "cost": "The whole cost",
        "total": "CN¥10,801.39",
        "overdue": "Overdue",
        "sections": [
            "What is overdue",
            "The whole cost",
            "Schedule",
            "Payments",
            "If a payment is late",
            "Ledger record",
        ],
    },
}
LANGUAGES = pytest.mark.parametrize("locale", list(WORDS))


def open_loan(page: Page, site: Site, state: str) -> None:
    """Opens a loan's link and waits for its schedule."""
    page.goto(site.address(state))
    expect(page.get_by_role("table")).to_be_visible()


def test_the_golden_files_are_what_their_scripts_make() -> None:
    assert PAGES["overdue"] == loan_page.overdue()
    assert json.loads(agreements.GOLDEN.read_text(encoding="utf-8")) == agreements.agreements()


@LANGUAGES
def test_the_first_card_tells_what_matters(open_phone: OpenPhone, site: Site, locale: str) -> None:
    page, words = open_phone(locale), WORDS[locale]
    open_loan(page, site, "overdue")
    card = page.get_by_role("region", name=str(words["heading"]))
    expect(card.get_by_role("heading", level=1)).to_have_text(str(words["heading"]))
    for word in ("standing", "outstanding", "now"):
        expect(card.get_by_text(str(words[word]), exact=True)).to_be_visible()
    screenshot(page, f"loan-overdue-{locale}")


@LANGUAGES
def test_the_sections_come_in_order_with_the_cost_before_the_terms(
    open_phone: OpenPhone, site: Site, locale: str
) -> None:
    page, words = open_phone(locale), WORDS[locale]
    open_loan(page, site, "overdue")
    headings = page.get_by_role("heading", level=2).all_inner_texts()
    assert [heading for heading in headings if heading in words["sections"]] == words["sections"]
    cost = page.get_by_role("region", name=str(words["cost"]))
    for figure in ("18.83%", "17.57%", "14.40%", words["total"]):
        expect(cost.get_by_text(str(figure), exact=True)).to_be_visible()


@LANGUAGES
def test_the_table_holds_every_instalment(open_phone: OpenPhone, site: Site, locale: str) -> None:
    page, words = open_phone(locale), WORDS[locale]
    open_loan(page, site, "overdue")
    table = page.get_by_role("table")
    expect(table.get_by_role("columnheader")).to_have_count(7)
    expect(table.get_by_role("rowheader")).to_have_count(13)
    sixth = table.get_by_role("row").nth(6)
    for text in (words["overdue"], "900.11", "826.63", "73.48", "5,181.21"):
        expect(sixth).to_contain_text(str(text))
    expect(table.get_by_role("row").last).to_contain_text("10,801.39")


def test_the_picture_has_words_and_the_slider_reads_each_instalment(open_phone: OpenPhone, site: Site) -> None:
    page = open_phone()
    open_loan(page, site, "overdue")
    picture = page.get_by_role("img", name="Instalments as bars: principal and interest")
    expect(picture).to_have_accessible_description(re.compile("12 instalments: 5 paid, 1 overdue, 6 to come"))
    slider = page.get_by_role("slider", name="Choose an instalment")
    expect(slider).to_have_value("6")
    slider.press("ArrowRight")
    expect(slider).to_have_attribute("aria-valuetext", "No. 7 · 16 Oct 2026 · CN¥900.11 · Next")
    expect(page.get_by_text("No. 7 · 16 Oct 2026 · CN¥900.11 · Next")).to_be_visible()


def test_touching_a_bar_chooses_its_instalment(open_phone: OpenPhone, site: Site) -> None:
    page = open_phone()
    open_loan(page, site, "overdue")
    picture = page.get_by_role("img", name="Instalments as bars: principal and interest")
    box = picture.bounding_box()
    assert box is not None
    picture.click(position={"x": box["width"] * 1.5 / 12, "y": box["height"] / 2})
    expect(page.get_by_role("slider")).to_have_value("2")


def test_each_payment_tells_its_split_and_its_transaction(open_phone: OpenPhone, site: Site) -> None:
    page = open_phone()
    open_loan(page, site, "overdue")
    payments = page.get_by_role("region", name="Payments").get_by_role("listitem")
    expect(payments).to_have_count(6)
    late = payments.filter(has_text="22 Jun 2026")
    late.get_by_text("22 Jun 2026").click()
    for text in ("Late fee", "CN¥20.00", "Penalty", "CN¥3.20", PAGES["overdue"]["payments"][2]["tx_hash"]):
        expect(late.get_by_text(text, exact=True)).to_be_visible()


def test_the_ledger_record_opens_by_keyboard(open_phone: OpenPhone, site: Site) -> None:
    page = open_phone()
    open_loan(page, site, "overdue")
    record = page.get_by_role("region", name="Ledger record")
    contract = record.get_by_text(PAGES["overdue"]["ledger"]["loan_book"])
    expect(contract).not_to_be_visible()
    record.get_by_text("Recorded by the operator").press("Enter")
    expect(contract).to_be_visible()
    expect(record.get_by_text("1337421", exact=True)).to_be_visible()


@pytest.mark.parametrize(
    ("state", "texts"),
    [
        ("on_time", ["On time", "16 August 2026", "in 18 days"]),
        ("due_soon", ["Due soon", "16 August 2026", "in 3 days"]),
        ("within_grace", ["2 days overdue", re.compile("No charge yet.*Pay by 19 Aug 2026")]),
        ("closed", ["Paid in full", "Nothing is left to pay since 16 March 2027.", "CN¥0.00"]),
        ("pending", ["Being recorded", re.compile("this page follows it")]),
        ("failed", ["Not paid out", re.compile("you owe nothing")]),
        ("long", ["On time", "CN¥4,698.08"]),
        ("withdrawn", ["Withdrawn", "You withdrew from this loan in time. You owe nothing."]),
        ("amended", ["On time", "Both sides have signed new terms; these are shown."]),
        ("defaulted", ["In default", "What is overdue"]),
    ],
)
def test_every_standing_is_told_in_words(
    open_phone: OpenPhone, site: Site, state: str, texts: list[str | re.Pattern[str]]
) -> None:
    page = open_phone()
    page.goto(site.address(state))
    for text in texts:
        expect(page.get_by_text(text, exact=isinstance(text, str)).first).to_be_visible()
    screenshot(page, f"loan-{state}")


@pytest.mark.parametrize(
    ("locale", "principal", "received"),
    [
        ("en-GB", "Principal under the new terms, without fee", "You received"),
        ("zh-CN", "新条款本金（不含手续费）", "实际到手"),
    ],
)
def test_new_terms_are_not_told_as_money_received(
    open_phone: OpenPhone, site: Site, locale: str, principal: str, received: str
) -> None:
    page = open_phone(locale)
    open_loan(page, site, "amended")
    expect(page.get_by_text(principal, exact=True)).to_be_visible()
    expect(page.get_by_text(received)).to_have_count(0)
    expect(page.get_by_role("img", name=re.compile("You received|reached you|到手"))).to_have_count(0)


def test_a_loan_that_was_not_paid_out_shows_nothing_to_pay(open_phone: OpenPhone, site: Site) -> None:
    page = open_phone()
    page.goto(site.address("failed"))
    expect(page.get_by_role("region", name="Ledger record")).to_be_visible()
    expect(page.get_by_text("Outstanding principal")).to_have_count(0)
    expect(page.get_by_role("table")).to_have_count(0)


@pytest.mark.parametrize("width", [320, 412, 1280])
def test_nothing_sticks_out_sideways(open_phone: OpenPhone, site: Site, width: int) -> None:
    page = open_phone(viewport={"width": width, "height": 800})
    for state in ("overdue", "long"):
        open_loan(page, site, state)
        assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0


def test_the_token_leaves_the_address_and_the_history_at_once(open_phone: OpenPhone, site: Site) -> None:
    page = open_phone()
    open_loan(page, site, "on_time")
    assert page.url == f"{site.url}/app/#/loans/{loan_id('on_time')}"
    assert TOKEN not in page.content()
    page.reload()
    expect(page.get_by_role("table")).to_be_visible()
    page.goto(f"{site.url}/app/#/")
    page.go_back()
    expect(page.get_by_role("heading", level=1, name="Your loan")).to_be_visible()
    assert "token" not in page.url


def test_the_language_is_switched_and_remembered(open_phone: OpenPhone, site: Site) -> None:
    page = open_phone("zh-CN")
    open_loan(page, site, "on_time")
    expect(page.locator("html")).to_have_attribute("lang", "zh-Hans")
    page.get_by_role("button", name="English").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Your loan")
    page.reload()
    expect(page.get_by_role("heading", level=1)).to_have_text("Your loan")
    expect(page.locator("html")).to_have_attribute("lang", "en")


def test_the_days_do_not_move_with_the_phones_time_zone(open_phone: OpenPhone, site: Site) -> None:
    for zone in ("Pacific/Kiritimati", "Pacific/Pago_Pago"):
        page = open_phone(timezone_id=zone)
        open_loan(page, site, "on_time")
        expect(page.get_by_text("16 August 2026")).to_be_visible()
