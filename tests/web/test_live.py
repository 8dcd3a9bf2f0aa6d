"""The page as the API serves it: a loan of a running system, opened on a phone by its link."""

import asyncio
from concurrent.futures import ThreadPoolExecutor

import httpx
import pytest
from playwright.sync_api import expect

from contracts.typed_data import Agreement, Domain
from scripts.demo.borrower import Borrower, Json
from tests.e2e.conftest import people, system
from tests.e2e.life import borrow
from tests.system import RunningSystem
from tests.web.conftest import OpenPhone, screenshot
from tests.web.loan_page import loan_id
from tests.web.test_recount import MATCHES

__all__ = ["people", "system"]

pytestmark = pytest.mark.processes


async def _loan_with_a_payment(api_url: str, person: Json) -> tuple[Json, str]:
    async with httpx.AsyncClient(base_url=api_url, timeout=30) as http:
        borrower = Borrower(http)
        loan = (await borrow(borrower, person))["loan"]
        await borrower.pay(loan)
        return await borrower.get(f"/v1/loans/{loan}"), borrower.token


@pytest.mark.parametrize(("locale", "heading"), [("zh-CN", "我的贷款"), ("en-GB", "Your loan")])
def test_a_live_loan_opens_from_its_link(
    system: RunningSystem, people: list[Json], open_phone: OpenPhone, locale: str, heading: str
) -> None:
    with ThreadPoolExecutor(1) as thread:  # Playwright's own event loop runs in this one
        loan, token = thread.submit(asyncio.run, _loan_with_a_payment(system.plan.api_url, people[0])).result()
    page = open_phone(locale)
    page.goto(f"{system.plan.api_url}/app/#/loans/{loan['loan']}?token={token}")
    expect(page.get_by_role("heading", name=heading)).to_be_visible()
    expect(page.get_by_role("table").get_by_role("row")).to_have_count(len(loan["rows"]) + 2)  # head and total
    assert token not in page.url
    paid = f"{loan['paid_minor'] // 100:,}.{loan['paid_minor'] % 100:02d}"
    expect(page.get_by_text(paid).first).to_be_visible()
    domain = loan["typed_data"]["domain"]
    signed = Agreement.from_message(loan["typed_data"]["message"])
    assert loan_id(signed, Domain(domain["chainId"], domain["verifyingContract"])) == loan["loan"]
    expect(page.get_by_text(MATCHES[locale])).to_be_visible()
    expect(page.get_by_role("alert")).to_have_count(0)
    screenshot(page, f"live-{locale}")
