"""A loan's account and view: folded from agreement and payments, equal to the twin on every day."""

from dataclasses import dataclass

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.loans.account import Account, account_on
from api.loans.schemas import LoanLedgerOut, LoanOut
from api.loans.view import Facts, loan_view
from api.offers.terms import Approval, make_offer
from contracts import loan as twin
from contracts.typed_data import Agreement
from tests.oracle.shipped import policy

PARTY = "0x" + "11" * 20
NOW = 1_795_000_000
LEDGER = LoanLedgerOut(chain_id=1, loan_book=PARTY, block_number=None, origination_tx=None)


@dataclass(frozen=True)
class Paid:
    """A booked payment as the read model has it."""

    amount_minor: int
    day: int
    tx_hash: str = "0x01"
    log_index: int = 0
    block_number: int = 1
    late_fee_minor: int = 0
    penalty_minor: int = 0
    interest_minor: int = 0
    principal_minor: int = 0


@pytest.fixture(scope="module")
def agreement() -> Agreement:
    approval = Approval(PARTY, PARTY, PARTY, 1_200_000, 12, 96_000, b"\1" * 32, 2**40)
    return make_offer(approval, policy(), NOW, "zh").agreement


def shown(agreement: Agreement, payments: list[Paid], today: int) -> LoanOut:
    facts = Facts("0x02", "active", payments, {"0x01": "pay_1"}, LEDGER, None)  # type: ignore[arg-type]
    return loan_view(agreement, facts, today)


def row_days(agreement: Agreement) -> list[int]:
    return [row.due_day for row in twin.originate(agreement).rows]


def test_a_new_loan_owes_its_first_instalment_next(agreement: Agreement) -> None:
    loan = shown(agreement, [], agreement.disbursement_day)
    assert (loan.outstanding_principal_minor, loan.paid_minor, loan.overdue_minor) == (1_200_000, 0, 0)
    assert (loan.next_due_day, loan.next_due_minor) == (loan.rows[0].due_day, loan.rows[0].due_minor)
    assert {row.status for row in loan.rows} == {"upcoming"}


def test_rows_tell_paid_partial_due_overdue_and_upcoming(agreement: Agreement) -> None:
    days = row_days(agreement)
    first = shown(agreement, [], days[0]).rows[0]
    assert first.status == "due"
    payments = [Paid(first.due_minor + 100, days[0])]
    loan = shown(agreement, payments, days[0])
    assert [row.status for row in loan.rows[:3]] == ["paid", "partial", "upcoming"]
    assert (loan.rows[0].paid_day, loan.rows[1].paid_minor, loan.rows[1].paid_day) == (days[0], 100, None)
    assert loan.payments[0].id == "pay_1"
    late = shown(agreement, payments, days[1] + 1)
    assert late.rows[1].status == "overdue" and late.arrears.model_dump() == {"bucket": 1, "days_past_due": 1}
    assert (late.charges_due_minor, late.overdue_minor) == (0, late.rows[1].due_minor - 100)


def test_after_the_grace_charges_are_part_of_what_is_overdue(agreement: Agreement) -> None:
    day = row_days(agreement)[0] + agreement.grace_days + 1
    loan = shown(agreement, [], day)
    assert loan.charges_due_minor > agreement.late_fee_minor
    assert loan.overdue_minor == loan.rows[0].due_minor + loan.charges_due_minor


def test_a_fully_paid_loan_owes_nothing(agreement: Agreement) -> None:
    day = agreement.disbursement_day
    total = twin.owed(twin.originate(agreement), day).total_minor
    loan = shown(agreement, [Paid(total, day)], day)
    assert (loan.outstanding_principal_minor, loan.next_due_day, loan.next_due_minor) == (0, None, 0)
    assert {(row.status, row.paid_day) for row in loan.rows} == {("paid", day)}


@given(data=st.data())
def test_the_account_agrees_with_the_twin_on_any_day(agreement: Agreement, data: st.DataObject) -> None:
    day, state, payments = agreement.disbursement_day, twin.originate(agreement), []
    for _ in range(data.draw(st.integers(0, 6))):
        day += data.draw(st.integers(0, 70))
        amount = data.draw(st.integers(1, max(1, min(300_000, twin.owed(state, day).total_minor))))
        state, _ = twin.apply_payment(state, amount, day)
        payments.append(Paid(amount, day))
        if state.status is twin.LoanStatus.CLOSED:
            break
    today = day + data.draw(st.integers(0, 120))
    account = account_on(agreement, payments, today)
    check_account(account, state, today)
    loan = shown(agreement, payments, today)
    assert loan.paid_minor == sum(payment.amount_minor for payment in payments)
    assert sum(row.paid_minor for row in loan.rows) <= loan.paid_minor


def check_account(account: Account, state: twin.LoanState, today: int) -> None:
    assert account.arrears.bucket == twin.bucket_of(state.days_past_due(today))
    if state.status is twin.LoanStatus.ACTIVE:
        owed = twin.owed(state, today)
        assert account.overdue_minor == owed.overdue_minor
        unpaid = sum(account.state.unpaid_minor(index) for index in range(len(account.state.rows)))
        assert unpaid + account.charges_minor == owed.total_minor
