"""Bugs of payments: what is taken, what counts as paid, and who can stop it."""

from contracts.clients.abi import Signature
from scripts.workbench.system import FIRST_DAY, System, function, noon
from tests.contracts.bugs.lives import lent, owed_today, repay
from tests.contracts.conftest import Refused
from tests.contracts.differential.fast_evm import FastEvm

INTEREST_AND_PRINCIPAL_FIRST = 0x3412


def test_more_than_is_owed_is_refused_and_nothing_is_taken(system: System, refused: Refused) -> None:
    loan, _ = lent(system)
    owed, before = owed_today(system, loan, FIRST_DAY), system.cash(system.person().subject)
    with refused("Overpayment", amount_minor=owed + 1, owed_minor=owed):
        repay(system, loan, owed + 1)
    assert system.cash(system.person().subject) == before


def test_cash_that_is_not_there_pays_nothing(system: System, refused: Refused) -> None:
    """No token returns false here: a LoanBook knows CASH alone, which moves an amount or reverts."""
    loan, _ = lent(system)
    borrower, pool = system.person().subject, system.contracts["LendingPool"]
    system.send("CashToken", "transfer", pool, system.cash(borrower), sender=borrower)
    before = system.loan(loan)
    with refused("InsufficientCash", balance=0):
        repay(system, loan, 50_000)
    assert system.loan(loan) == before


def test_whoever_is_called_by_a_transfer_sees_the_payment_booked() -> None:
    """CASH calls nobody, and cannot be replaced; a token that looks back into the book is put at its address."""
    system = System.on(FastEvm(noon(FIRST_DAY)))
    loan, agreement = lent(system)
    view = function("LoanBook", "loan", 1)
    system.evm.install(system.contracts["CashToken"], _looking_back(system.contracts["LoanBook"], view, loan), {})
    receipt = system.send("LoanBook", "repay", loan, agreement.instalment_minor, sender=system.person().subject)
    looked = next(log for log in receipt.logs if log.address == system.contracts["CashToken"])
    [seen] = view.decode_outputs(looked.data).values()
    assert seen["row"] == 1
    assert seen == system.loan(loan)


def test_a_blocked_lender_is_paid_like_any_other(system: System) -> None:
    loan, agreement = lent(system)
    before = system.cash(agreement.lender)
    system.send("IdentityRegistry", "setFrozen", agreement.lender, True, sender=system.role("registrar"))
    repay(system, loan, agreement.instalment_minor)
    assert system.cash(agreement.lender) == before + agreement.instalment_minor


def test_a_loan_is_not_closed_before_its_late_fee_is_paid(system: System) -> None:
    terms = {"periods": 1, "waterfall": INTEREST_AND_PRINCIPAL_FIRST}
    loan, agreement = lent(system, **terms)
    in_time = owed_today(system, loan, agreement.first_due_day)
    late_day = agreement.first_due_day + agreement.grace_days + 1
    system.at_day(late_day)
    charges = owed_today(system, loan, late_day) - in_time
    events = repay(system, loan, in_time)
    assert charges > agreement.late_fee_minor
    assert "LoanClosed" not in events
    assert owed_today(system, loan, late_day) == charges
    assert "LoanClosed" in repay(system, loan, charges)


def test_an_overdue_loan_can_be_repaid_on_any_day(system: System) -> None:
    """A payment asks for no day: not that of the row, nor that on which the loan should have ended."""
    loan, agreement = lent(system, periods=3)
    for day in (agreement.first_due_day + 1, agreement.first_due_day + 100, agreement.first_due_day + 4_000):
        system.at_day(day)
        repay(system, loan, 1_000)
    assert "LoanClosed" in repay(system, loan, owed_today(system, loan, day))


def _looking_back(book: str, view: Signature, loan: bytes) -> bytes:
    """Code that answers every call with true, after it asked the book for the loan and logged the answer."""
    asked = view.encode([loan]).ljust(64, b"\0")
    ask = b"\x7f" + asked[:32] + b"\x5f\x52" + b"\x7f" + asked[32:] + b"\x60\x20\x52"  # to memory 0..64
    call = bytes.fromhex("5f5f60245f73") + bytes.fromhex(book[2:]) + bytes.fromhex("5afa50")
    log = bytes.fromhex("3d5f5f3e3d5fa0")  # what came back, as a log without topics
    return ask + call + log + bytes.fromhex("60015f5260205ff3")
