"""LoanBook.unwind: the bank rejected the payout, so that there was no loan: it ends at no cost."""

from dataclasses import replace

import pytest

from contracts.typed_data import Redemption, sign
from scripts.workbench.system import FIRST_DAY, Draft, System
from tests.contracts.conftest import Refused
from tests.contracts.solidity.twinned import Events, Twinned, entry

PAID_OUT = 990_000


@pytest.fixture
def loan(system: System) -> Twinned:
    return Twinned.begun(system)


def _reject(loan: Twinned, amount_minor: int = PAID_OUT, number: int = 1) -> bytes:
    """The borrower's cash leaves for its bank, which gives it back."""
    system = loan.system
    order = Redemption(loan.person.subject, amount_minor, entry(number), system.evm.timestamp + 600)
    signature = sign(loan.person.key, order, system.domain("CashToken"))
    rails = system.role("rails")
    system.send("CashToken", "redeem", order, loan.person.signer, signature, sender=rails)
    system.send("CashToken", "rejectRedemption", entry(number), sender=rails)
    return entry(number)


def _unwind(loan: Twinned, number: int = 1) -> Events:
    return loan.send("unwind", loan.agreement, entry(number), sender="rails")


def test_what_was_paid_out_moves_back_and_nothing_is_owed(loan: Twinned) -> None:
    _reject(loan)
    pool = loan.agreement.lender
    before = loan.system.cash(pool), loan.system.cash(loan.person.subject)
    loan.go_to(FIRST_DAY + 10)
    assert ("LoanUnwound", {"loan": loan.loan, "amount_minor": PAID_OUT, "entry": entry(1)}) in _unwind(loan)
    after = loan.system.cash(pool), loan.system.cash(loan.person.subject)
    assert (after[0] - before[0], after[1] - before[1]) == (PAID_OUT, -PAID_OUT)
    assert loan.system.loan(loan.loan)["status"] == 6
    assert loan.system.read("LoanBook", "position", pool)["outstanding_minor"] == 0
    assert loan.system.read("LoanBook", "exposure", loan.person.subject)["open_loans"] == 0


def test_it_leaves_no_history(loan: Twinned) -> None:
    _reject(loan)
    _unwind(loan)
    assert not any(loan.system.read("CreditRegistry", "historyOf", loan.person.subject).values())


def test_the_entry_must_be_rejected_and_the_borrowers(loan: Twinned, refused: Refused) -> None:
    with refused("RejectedForAnother", subject="0x" + "00" * 20, borrower=loan.person.subject):
        _unwind(loan)
    other = Twinned.begun(loan.system, number=2)
    _reject(other)
    with refused("RejectedForAnother", entry=entry(1), subject=other.person.subject):
        _unwind(loan)


def test_the_rejected_payout_must_be_large_enough(loan: Twinned, refused: Refused) -> None:
    _reject(loan, PAID_OUT - 1)
    with refused("PaidOutMore", paid_out_minor=PAID_OUT, rejected_minor=PAID_OUT - 1):
        _unwind(loan)


def test_a_loan_of_which_something_was_paid_is_not_unwound(loan: Twinned, refused: Refused) -> None:
    _reject(loan)
    loan.repay(1)
    with refused("LoanAlreadyPaid", row=0, paid_row_minor=1):
        _unwind(loan)


def test_thirty_days_after_the_latest_origination_day_it_is_too_late(loan: Twinned, refused: Refused) -> None:
    _reject(loan)
    last = FIRST_DAY + 2 + 30
    loan.go_to(last + 1)
    with refused("UnwindTooLate", today=last + 1, last_day=last):
        _unwind(loan)


def test_on_the_last_day_it_is_still_unwound(loan: Twinned) -> None:
    _reject(loan)
    loan.go_to(FIRST_DAY + 2 + 30)
    _unwind(loan)


def test_an_entry_unwinds_one_loan(loan: Twinned, refused: Refused) -> None:
    system = loan.system
    second = system.agreement(loan.person, Draft(salt=2))
    system.originate(loan.person, second)
    _reject(loan)
    _unwind(loan)
    other = replace(loan, agreement=second)
    with refused("EntryUnwound", entry=entry(1)):
        _unwind(other)


def test_the_agreement_must_be_the_loans(loan: Twinned, refused: Refused) -> None:
    _reject(loan)
    cheaper = replace(loan.agreement, upfront_fee_minor=500_000)
    with refused("AgreementMismatch", loan=loan.loan):
        loan.send("unwind", cheaper, entry(1), sender="rails")


def test_only_the_rails_unwind(loan: Twinned, refused: Refused) -> None:
    _reject(loan)
    with refused("AccessManagedUnauthorized"):
        loan.send("unwind", loan.agreement, entry(1))


def test_of_a_loan_that_never_was_no_payment_is_returned(loan: Twinned, refused: Refused) -> None:
    """A payment that was taken back leaves nothing paid, so that the payout can be rejected; it is taken back once."""
    loan.repay_valued(100_000, FIRST_DAY, number=2)
    loan.return_payment(2)
    _reject(loan)
    _unwind(loan)
    with refused("LoanNotActive", loan=loan.loan, status=6):
        loan.send("returnPayment", entry(2), sender="rails")
