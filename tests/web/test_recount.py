"""The phone derives the schedule from the signed terms itself: a quiet line when it matches, an alarm when not."""

import re

import pytest
from playwright.sync_api import expect

from tests.web.conftest import OpenPhone, screenshot
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
