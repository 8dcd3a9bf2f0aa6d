"""The phone checks the agreement by the loan's id and derives the schedule from it: a quiet line, or an alarm."""

import re

import pytest
from playwright.sync_api import expect

from contracts.typed_data import Agreement, Domain
from tests.web.conftest import OpenPhone, screenshot
from tests.web.loan_page import Json, loan_id
from tests.web.server import PAGES, Site

MATCHES = {
    "en-GB": "This phone recomputed the schedule: it matches the signed one.",
    "zh-CN": "本机已重新计算还款计划，与签署的完全一致。",
}
HONEST = [state for state in PAGES if state != "failed" and not state.endswith("_changed")]


def test_every_honest_loan_matches(open_phone: OpenPhone, site: Site) -> None:
    page = open_phone()
    for state in HONEST:
        page.goto(site.address(state))
        root = PAGES[state]["schedule_root"]
        expect(page.get_by_text(MATCHES["en-GB"])).to_contain_text(f"Fingerprint {root[:6]}…{root[-4:]}")
        expect(page.get_by_role("alert")).to_have_count(0)


ALARMS = [
    ("en-GB", "terms_changed", "2 figures are not what was signed:"),
    ("zh-CN", "terms_changed", "有 2 项与签署的不同："),
    ("en-GB", "agreement_changed", re.compile("not about this loan’s signed agreement: its fingerprint is 0x")),
    ("zh-CN", "agreement_changed", re.compile("与这笔贷款签署的合同不符：返回内容的指纹为 0x")),
    ("en-GB", "row_changed", "Instalment 7 is the first that differs:"),
    ("zh-CN", "row_changed", "第 7 期最先出现差异："),
    ("en-GB", "root_changed", re.compile("These rows are not what was signed.*0x5a5a…5a5a")),
    ("zh-CN", "root_changed", re.compile("不是当时签署的内容.*0x5a5a…5a5a")),
    ("en-GB", "price_changed", "The all-in annual rate is 17.5691%; shown is 16.5691%."),
    ("zh-CN", "price_changed", "年化综合成本（单利）应为 17.5691%，此处显示 16.5691%。"),
]


@pytest.mark.parametrize(("locale", "state", "finding"), ALARMS)
def test_a_changed_loan_raises_the_alarm(
    open_phone: OpenPhone, site: Site, locale: str, state: str, finding: str | re.Pattern[str]
) -> None:
    page = open_phone(locale, viewport={"width": 390, "height": 844})
    page.goto(site.address(state))
    expect(page.get_by_role("alert").get_by_text(finding)).to_be_visible()
    expect(page.get_by_text(MATCHES[locale])).to_have_count(0)
    screenshot(page, f"alarm-{state}-{locale}")


def test_the_alarm_shows_both_readings_of_the_row(open_phone: OpenPhone, site: Site) -> None:
    page = open_phone()
    page.goto(site.address("row_changed"))
    shown, signed = (page.get_by_role("alert").get_by_role("definition").nth(at) for at in (0, 1))
    expect(shown).to_contain_text("16 Oct 2026 · CN¥901.11")
    expect(signed).to_contain_text("16 Oct 2026 · CN¥900.11")


@pytest.mark.parametrize(
    ("locale", "differences"),
    [
        (
            "en-GB",
            [
                ("Interest rate a year", "Shown here: 9.6000%", "Signed: 14.4000%"),
                ("Late fee, once an instalment", "Shown here: CN¥2.00", "Signed: CN¥20.00"),
            ],
        ),
        (
            "zh-CN",
            [
                ("合同年利率", "此处显示：9.6000%", "签署的是：14.4000%"),
                ("滞纳金，每期一次", "此处显示：¥2.00", "签署的是：¥20.00"),
            ],
        ),
    ],
)
def test_the_alarm_names_each_field_with_both_values(
    open_phone: OpenPhone, site: Site, locale: str, differences: list[tuple[str, str, str]]
) -> None:
    page = open_phone(locale)
    page.goto(site.address("terms_changed"))
    alarm = page.get_by_role("alert")
    expect(alarm.get_by_role("definition")).to_have_count(len(differences))
    for at, (name, *values) in enumerate(differences):
        expect(alarm.get_by_role("term").nth(at)).to_have_text(name)
        for value in values:
            expect(alarm.get_by_role("definition").nth(at)).to_contain_text(value)


def test_the_alarm_tells_both_fingerprints_of_the_agreement(open_phone: OpenPhone, site: Site) -> None:
    page, told = open_phone(), PAGES["agreement_changed"]
    signed, domain = Agreement.from_message(told["typed_data"]["message"]), told["typed_data"]["domain"]
    found = loan_id(signed, Domain(domain["chainId"], domain["verifyingContract"]))
    page.goto(site.address("agreement_changed"))
    for whole in (found, told["loan"]):
        expect(page.get_by_role("alert")).to_contain_text(f"{whole[:6]}…{whole[-4:]}")


@pytest.mark.parametrize("change", [{"typed_data": None}, {"loan": "0x" + "ab" * 32}])
def test_an_answer_without_the_agreement_or_of_another_loan_shows_no_figure(
    open_phone: OpenPhone, site: Site, change: Json
) -> None:
    address = site.address("on_time")
    site.pages[PAGES["on_time"]["loan"]] = {**PAGES["on_time"], **change}
    page = open_phone()
    page.goto(address)
    expect(page.get_by_role("heading", name="The answer could not be read")).to_be_visible()
    expect(page.get_by_role("table")).to_have_count(0)
