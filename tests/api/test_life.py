"""The page of a loan tells what became of it: new terms, settlement, withdrawal, default, write-off, a return."""

from dataclasses import dataclass, field, replace
from typing import Any

from api.loans.schemas import LoanOut
from api.loans.view import Facts, loan_view
from contracts import loan as twin
from contracts.schedule import ScheduleTerms, derive, level_instalment, schedule_root
from contracts.typed_data import Agreement, Amendment
from tests.api.test_loans import LEDGER, Paid
from tests.contracts.loan.strategies import AGREEMENT

DAY_SECONDS = 86_400
FIRST = AGREEMENT.first_due_day
ENTRY = "0x" + "0e" * 32


@dataclass(frozen=True)
class Happened:
    """An event as the read model has it."""

    name: str
    day: int
    log_index: int
    details: dict[str, Any] = field(default_factory=dict)
    tx_hash: str = "0x0a"
    block_number: int = 2

    @property
    def happened_at(self) -> int:
        return self.day * DAY_SECONDS - AGREEMENT.time_zone_minutes * 60


def shown(today: int, *acts: Happened, paid: tuple[Paid, ...] = ()) -> LoanOut:
    facts = Facts("0x02", "active", paid, {}, LEDGER, None, (), acts)  # type: ignore[arg-type]
    return loan_view(AGREEMENT, facts, today)


def first_row() -> Paid:
    return Paid(twin.originate(AGREEMENT).rows[0].due_minor, FIRST)


def test_a_settled_loan_is_closed_and_its_later_rows_are_void() -> None:
    state, _ = twin.apply_payment(twin.originate(AGREEMENT), first_row().amount_minor, FIRST)
    found = twin.payoff(state, FIRST)
    parts = ("late_fee_minor", "penalty_minor", "interest_minor", "principal_minor", "rebate_minor")
    details = {name: getattr(found, name) for name in parts} | {"day": FIRST}
    loan = shown(FIRST + 400, Happened("LoanSettled", FIRST, 0, details), paid=(first_row(),))
    assert (loan.status, loan.outstanding_principal_minor, loan.overdue_minor, loan.next_due_day) == (
        "closed",
        0,
        0,
        None,
    )
    assert {row.status for row in loan.rows[1:]} == {"void"} and loan.rows[0].status == "paid"
    assert loan.paid_minor == first_row().amount_minor + found.total_minor


def test_a_withdrawn_loan_owes_nothing() -> None:
    day = AGREEMENT.disbursement_day
    agreement = replace(AGREEMENT, cooling_off_days=14)
    details = {"amount_minor": 1_000, "interest_minor": 0, "day": day}
    facts = Facts("0x02", "active", (), {}, LEDGER, None, (), (Happened("LoanCancelled", day, 0, details),))  # type: ignore[arg-type]
    loan = loan_view(agreement, facts, day + 400)
    assert (loan.status, loan.overdue_minor, loan.charges_due_minor, loan.paid_minor) == ("cancelled", 0, 0, 1_000)
    assert {row.status for row in loan.rows} == {"void"}


def new_terms(state: twin.LoanState) -> Agreement:
    terms = replace(
        ScheduleTerms.of(AGREEMENT),
        principal_minor=state.outstanding_principal_minor,
        disbursement_day=FIRST,
        first_due_day=state.open_row.due_day,
        interest_only_periods=1,
        periods=AGREEMENT.periods,
    )
    rows = derive(terms, level_instalment(terms))
    return replace(
        AGREEMENT,
        principal_minor=terms.principal_minor,
        disbursement_day=FIRST,
        latest_origination_day=FIRST + 3,
        first_due_day=terms.first_due_day,
        interest_only_periods=1,
        upfront_fee_minor=0,
        cooling_off_days=0,
        instalment_minor=level_instalment(terms),
        schedule_root=schedule_root(terms.method, rows),
    )


def test_an_amended_loan_shows_the_new_rows_and_terms() -> None:
    state, _ = twin.apply_payment(twin.originate(AGREEMENT), first_row().amount_minor, FIRST)
    amendment = Amendment(b"\2" * 32, 1, 1, 0, 0, 0, new_terms(state))
    details = {"amendment": amendment.message()}
    loan = shown(FIRST, Happened("LoanAmended", FIRST, 0, details), paid=(first_row(),))
    assert (loan.status, loan.amendments, loan.interest_only_periods) == ("active", 1, 1)
    assert (loan.rows[0].principal_minor, loan.rows[0].status) == (0, "upcoming")
    assert loan.amendment is not None and loan.amendment["primaryType"] == "Amendment"
    assert loan.paid_minor == first_row().amount_minor


def test_default_and_write_off_are_shown_and_the_debt_stands() -> None:
    late = FIRST + twin.DEFAULT_DAYS + 1
    default = Happened("LoanDefaulted", late, 0)
    loan = shown(late, default)
    assert loan.status == "defaulted" and loan.arrears.bucket == 4
    lost = shown(late + 100, default, Happened("LoanWrittenOff", late, 1))
    assert lost.status == "written_off"
    assert lost.charges_due_minor == loan.charges_due_minor, "a loan that is written off is charged no more"
    assert lost.outstanding_principal_minor == AGREEMENT.principal_minor


def test_a_payment_that_the_bank_took_back_is_due_again() -> None:
    paid = first_row()
    valued = Happened("PaymentValued", FIRST, 1, {"entry": ENTRY}, block_number=1)
    returned = Happened("PaymentReturned", FIRST, 0, {"entry": ENTRY, "day": FIRST, "principal_minor": 7})
    loan = shown(FIRST + 1, valued, returned, paid=(paid,))
    assert (loan.rows[0].status, loan.rows[0].paid_day, loan.overdue_minor) == ("overdue", None, paid.amount_minor)
    assert loan.payments[-1].amount_minor == -7


def test_days_on_which_clocks_stood_still_do_not_make_late() -> None:
    days = {"from_at": FIRST * DAY_SECONDS, "until_at": (FIRST + 10) * DAY_SECONDS}
    still = Happened("ClockStopped", FIRST + 10, 0, days)
    assert shown(FIRST + 10, still).arrears.bucket == 0 < shown(FIRST + 10).arrears.bucket
