"""What is done about loans on the days of the demo: payments over the API, the rest by signatures taken to the ledger.

Before signing, the borrower holds what it signs against its own reckoning.
"""

import asyncio
from collections.abc import Awaitable, Callable

from contracts.typed_data import Cancellation, typed_data
from scripts.demo.borrower import Json
from scripts.demo.case import Case
from scripts.demo.guarantor import signer_of
from scripts.demo.habits import Act, Deed
from scripts.demo.lender import Lender
from scripts.demo.reckoning import check_proposal, split_of, withdrawal_minor

PART_PERCENT = 60
"""Of the instalment that is paid in two parts: the first."""
IN_ARREARS, LAST_BUCKET = 1, 4


class NotAsReckoned(Exception):
    """The ledger booked something else than the borrower had reckoned. Carries what, and both."""

    def __init__(self, what: str, expected: object, found: object) -> None:
        super().__init__(f"{what}: {found}, by one's own reckoning {expected}")
        self.what, self.expected, self.found = what, expected, found


async def do(case: Case, act: Act, lender: Lender) -> None:
    """Let an act of the plan happen; the case's loan is as it is afterwards."""
    await DEEDS[act.deed](case, act, lender)


async def _pay(case: Case, act: Act, lender: Lender) -> None:
    await _pay_amount(case)


async def _pay_amount(case: Case, amount_minor: int | None = None) -> Json:
    payment = await case.borrower.pay(case.loan_id, amount_minor)
    if payment["status"] != "confirmed":
        raise RuntimeError(f"applicant {case.number}: {payment}")
    case.payments.append(payment)
    case.cash_minor -= sum(payment["allocation"].values())
    return payment


async def _pay_part(case: Case, act: Act, lender: Lender) -> None:
    part = case.loan["instalment_minor"] * PART_PERCENT // 100
    await _pay_amount(case, part)
    case.figures = {"row": act.row, "part_minor": part}


async def _pay_rest(case: Case, act: Act, lender: Lender) -> None:
    """With what lateness costs: to the cent what the contract's rules come to."""
    await lender.sees_bucket(case.loan_bytes, IN_ARREARS)
    await case.refresh()
    before, arrears = case.loan, case.loan["arrears"]
    paid = (await _pay_amount(case))["allocation"]
    _reckoned("the rest of the instalment", split_of(case.agreement, before, sum(paid.values()), act.day), paid)
    charges = {name: paid[name] for name in ("late_fee_minor", "penalty_minor")}
    rest = sum(paid.values()) - sum(charges.values())
    case.figures |= {"bucket": arrears["bucket"], "days_late": arrears["days_past_due"], "rest_minor": rest, **charges}


async def _amend(case: Case, act: Act, lender: Lender) -> None:
    """Both sides sign new terms; the borrower only what it has reckoned anew."""
    await lender.sees_bucket(case.loan_bytes, IN_ARREARS)
    await case.refresh()
    proposal = await asyncio.to_thread(lender.offer_holiday, case.agreement, case.loan, act.day)
    amendment, found = check_proposal(proposal, case.agreement, case.loan, act.day)
    signature = bytes.fromhex(case.borrower.sign(proposal["typed_data"])[2:])
    await lender.amend(amendment, signer_of(case.borrower), signature)
    await _until(case, lambda loan: loan["amendments"] == 1)
    case.figures = {
        "found_principal_minor": found.principal_minor,
        "capitalised_minor": found.capitalised_minor,
        "waived_minor": found.waived_minor,
        "principal_minor": case.loan["principal_minor"],
        "first_due_day": case.loan["first_due_day"],
        "periods": case.loan["periods"],
        "instalment_minor": case.loan["instalment_minor"],
    }


async def _default(case: Case, act: Act, lender: Lender) -> None:
    """The officer calls the default, and the guarantee pays the lender."""
    await lender.sees_bucket(case.loan_bytes, LAST_BUCKET)
    await lender.declare_default(case.loan_bytes)
    lost = (await asyncio.to_thread(lender.ledger.loan_book.uncovered, case.loan_bytes)).uncovered_minor
    covered = await lender.call_cover(case.loan_bytes)
    left = (await asyncio.to_thread(lender.ledger.loan_book.uncovered, case.loan_bytes)).uncovered_minor
    _reckoned("cover", min(lost, case.figures["cap_minor"]), covered)
    _reckoned("what is not covered", lost - covered, left)
    await _until(case, lambda loan: loan["status"] == "defaulted")
    days = case.loan["arrears"]["days_past_due"]
    case.figures |= {"days_past_due": days, "lost_minor": lost, "covered_minor": covered, "uncovered_minor": left}


async def _withdraw(case: Case, act: Act, lender: Lender) -> None:
    """By the borrower's signature, for what the borrower reckons and not a cent more."""
    await case.refresh()
    amount, cost = withdrawal_minor(case.agreement, case.loan, act.day)
    book = lender.ledger.loan_book
    nonce = (await asyncio.to_thread(book.loan, case.loan_bytes)).nonce_base
    order = Cancellation(case.loan_bytes, amount, nonce, await asyncio.to_thread(lender.deadline))
    signature = bytes.fromhex(case.borrower.sign(typed_data(order, book.domain))[2:])
    call = book.cancel_by_signature_call(order, case.agreement, signer_of(case.borrower), signature)
    await lender.bring(f"withdraw/{case.loan_id}", call)
    await _until(case, lambda loan: loan["status"] == "cancelled")
    _reckoned("what is paid back", amount, case.loan["paid_minor"])
    case.cash_minor -= amount
    days = act.day - case.agreement.disbursement_day
    received = case.agreement.principal_minor - case.agreement.upfront_fee_minor
    case.figures = {"days": days, "received_minor": received, "cost_minor": cost, "amount_minor": amount}


async def _until(case: Case, done: Callable[[Json], bool]) -> None:
    """Wait until the API shows it."""
    case.loan = await case.borrower.until(f"/v1/loans/{case.loan_id}", done)


def _reckoned(what: str, expected: object, found: object) -> None:
    if expected != found:
        raise NotAsReckoned(what, expected, found)


DEEDS: dict[Deed, Callable[[Case, Act, Lender], Awaitable[None]]] = {
    Deed.PAY: _pay,
    Deed.PAY_PART: _pay_part,
    Deed.PAY_REST: _pay_rest,
    Deed.AMEND: _amend,
    Deed.DEFAULT: _default,
    Deed.WITHDRAW: _withdraw,
}
