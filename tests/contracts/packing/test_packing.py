"""The slots of a loan: each field at its largest, beside others at their smallest, is read back as it was signed."""

from dataclasses import replace
from typing import Any

import pytest

from contracts import loan as twin
from contracts.loan import LoanState
from contracts.schedule import Method, PeriodUnit, Row
from contracts.typed_data import Agreement, digest
from scripts.workbench.system import Draft, Person, System, noon, proven
from tests.contracts.solidity.conftest import EVERYTHING, START

LEAST = Draft(
    principal_minor=100_000,
    rate_ppm=1_000,
    periods=2,
    disbursement_day=START,
    first_due_day=START + 27,
    upfront_fee_minor=0,
    grace_days=0,
    late_fee_minor=0,
    penalty_rate_ppm=0,
    penalty_max_days=0,
    product_id=EVERYTHING,
)
BY_DAYS = replace(LEAST, period_unit=PeriodUnit.DAY, anchor_day=0)
MOST: dict[str, Draft] = {
    "principal": replace(LEAST, principal_minor=2**44 - 1, periods=480),
    "rate": replace(LEAST, rate_ppm=2**24 - 1),
    "periods": replace(LEAST, principal_minor=1_000_000, periods=480),
    "instalment": replace(
        LEAST, principal_minor=2**39 - 2, rate_ppm=0, method=Method.EQUAL_PRINCIPAL, instalment_minor=2**38 - 1
    ),
    "rest": replace(LEAST, periods=480, interest_only_periods=479),
    "months": replace(LEAST, period_length=120),
    "days": replace(BY_DAYS, period_length=3_660),
    "first day": replace(BY_DAYS, first_due_day=START + 3_660),
    "rounding": replace(LEAST, method=Method.EQUAL_PRINCIPAL, periods=3, rounding=0x113),
    "grace": replace(LEAST, grace_days=255),
    "late fee": replace(LEAST, late_fee_minor=2**32 - 1),
    "penalty": replace(LEAST, penalty_rate_ppm=2**24 - 1, penalty_max_days=2**16 - 1),
    "waterfall": replace(LEAST, late_fee_minor=5, penalty_rate_ppm=9_999, penalty_max_days=9, waterfall=0x3421),
    "day count": replace(LEAST, day_count=5, first_due_day=START + 58),
    "method": replace(LEAST, method=Method.FLAT, day_count=4),
}
TABLE = [Row(1, START, 2**38, 0), Row(2, START + 40, 2**38 - 1, 0), Row(3, START + 90, 1, 7)]
TABLE_DRAFT = replace(
    LEAST,
    principal_minor=2**39,
    periods=3,
    first_due_day=START,
    anchor_day=0,
    period_length=0,
    method=Method.CUSTOM_FLAT,
    late_fee_minor=7,
    grace_days=3,
)


def _originate(system: System, person: Person, draft: Draft, table: list[Row], **changes: Any) -> Agreement:
    agreement = system.agreement(person, draft, table, **changes)
    system.originate(person, agreement, table)
    return agreement


def _agree(system: System, loan: bytes, state: LoanState, table: list[Row]) -> None:
    """Contract and twin say the same now, and on days before, between and long after the rows."""
    view = system.loan(loan, proven(table, state.row) if table and not state.rows_done else ())
    for name in ("status", "row", "balance_minor", "paid_row_minor", "bucket", "next_due_day"):
        assert view[name] == getattr(state, name), name
    assert view["late_fee_due_minor"] == state.late_fee_due_minor
    assert view["penalty_due_minor"] == state.penalty_due_minor
    days = [state.rows[0].due_day, state.rows[-1].due_day]
    for day in (days[0], days[0] + 256, days[1] + 1, days[1] + 70_000, 2**17):
        brought = [[row.word for row in table]] if table else []
        assert twin.Owed(**system.read("LoanBook", "owed", loan, day, *brought)) == twin.owed(state, day), day


def _live(system: System, draft: Draft, table: list[Row], **changes: Any) -> None:
    person = system.person()
    agreement = _originate(system, person, draft, table, **changes)
    loan, state = digest(agreement, system.domain("LoanBook")), twin.originate(agreement, table)
    view = system.loan(loan, proven(table, 0) if table else ())
    terms = ("principal_minor", "rate_ppm", "periods", "borrower", "lender")
    assert [view[name] for name in terms] == [getattr(agreement, name) for name in terms]
    _agree(system, loan, state, table)
    for day, share in ((START, 0), (state.rows[0].due_day + 300, 2), (state.rows[-1].due_day + 300, 1)):
        system.evm.go_to(noon(day))
        amount = twin.owed(state, day).total_minor // share if share else state.rows[0].due_minor - 1
        rows = proven(table, *range(state.row, len(state.rows))) if table else []
        arguments = (loan, amount, rows) if table else (loan, amount)
        system.send("LoanBook", "repay", *arguments, sender=person.subject)
        state, _ = twin.apply_payment(state, amount, day)
        _agree(system, loan, state, table) if state.status is twin.LoanStatus.ACTIVE else None
    assert state.status is twin.LoanStatus.CLOSED
    assert system.loan(loan)["status"] == twin.LoanStatus.CLOSED


@pytest.mark.parametrize("field", MOST)
def test_a_field_at_its_most_is_read_back(ready: System, field: str) -> None:
    _live(ready, MOST[field], [])


@pytest.mark.parametrize("zone", [-720, 840, -1])
def test_a_zone_at_its_most_is_read_back(ready: System, zone: int) -> None:
    ready.evm.go_to(ready.evm.timestamp + 13 * 3_600)  # within the window in every zone
    person = ready.person()
    agreement = _originate(ready, person, LEAST, [], time_zone_minutes=zone)
    loan = digest(agreement, ready.domain("LoanBook"))
    midnight = (agreement.first_due_day + 1) * 86_400 - zone * 60
    for instant, day in ((midnight - 1, agreement.first_due_day), (midnight, agreement.first_due_day + 1)):
        ready.evm.go_to(instant)
        receipt = ready.send("LoanBook", "repay", loan, 1, sender=person.subject)
        assert dict(ready.events(receipt))["PaymentApplied"]["day"] == day


def test_a_table_at_its_most_is_read_back(ready: System) -> None:
    _live(ready, TABLE_DRAFT, TABLE)


def test_fees_stop_where_their_field_ends(ready: System) -> None:
    draft = replace(LEAST, late_fee_minor=2**28, penalty_rate_ppm=2**24 - 1, penalty_max_days=2**16 - 1, rate_ppm=0)
    draft = replace(draft, principal_minor=2**39 - 2, instalment_minor=2**38 - 1)
    person = ready.person()
    agreement = _originate(ready, person, draft, [])
    loan, state = digest(agreement, ready.domain("LoanBook")), twin.originate(agreement)
    day = agreement.first_due_day + 400
    ready.evm.go_to(noon(day))
    pay = 1
    ready.mint(person.subject, pay)
    ready.send("LoanBook", "repay", loan, pay, sender=person.subject)
    state, _ = twin.apply_payment(state, pay, day)
    assert (state.late_fee_due_minor, state.penalty_due_minor) == (2**28 - 1 - pay, 2**28 - 1)
    _agree(ready, loan, state, [])


def test_a_loan_may_begin_on_the_last_day_of_score_reports(ready: System) -> None:
    """Their instants end in 2106. It is due ten years later; what it needs until then is renewed."""
    day = 49_500
    ready.evm.go_to(noon(day - 2))
    renewal = ("LendingPool", "setUnderwriter", ready.role("underwriter"), 2**40)
    ready.restricted(*renewal, sender=ready.role("governor"))
    ready.send("IdentityRegistry", "setKyc", ready.person().subject, 1, day, sender=ready.role("registrar"))
    ready.evm.go_to(noon(day))
    ready.publish(ready.person().subject, limit_minor=2**48 - 1)
    draft = replace(BY_DAYS, disbursement_day=day, first_due_day=day + 3_660, rate_ppm=1_500_000, periods=1)
    agreement = _originate(ready, ready.person(), draft, [])
    loan, state = digest(agreement, ready.domain("LoanBook")), twin.originate(agreement)
    _agree(ready, loan, state, [])
    ready.evm.go_to(noon(2**17 + 5))
    total = twin.owed(state, 2**17 + 5).total_minor
    receipt = ready.send("LoanBook", "repay", loan, total, sender=ready.person().subject)
    assert "LoanClosed" in dict(ready.events(receipt))
