"""Terms that a LoanBook cannot carry out are refused by name."""

from dataclasses import replace
from typing import Any

import pytest

from contracts.loan import (
    FirstDueDayInconsistent,
    InstalmentNotMultiple,
    InvalidWaterfall,
    LoanStatus,
    OutsideOriginationWindow,
    ScheduleRootMismatch,
    TimeZoneOutOfRange,
    originate,
    require_origination_day,
    require_terms,
)
from contracts.schedule import (
    LAST_DAY,
    RowCountMismatch,
    RowTooLarge,
    ScheduleDegenerate,
    ScheduleTerms,
    TableInterestExceeds,
    TermOutOfRange,
    UnsupportedDayCount,
    UnsupportedMethod,
    UnsupportedPeriodUnit,
    UnsupportedRounding,
)
from contracts.typed_data import Agreement
from tests.contracts.loan.strategies import (
    AGREEMENT,
    BALLOON,
    BULLET,
    FORTNIGHTLY,
    HARVESTS,
    QUARTERLY,
    SHAPES,
    TABLE_AGREEMENT,
    YEAR,
    agreement,
)

START = YEAR.disbursement_day
FLAT, MONTHS, LUMP = agreement(FORTNIGHTLY), agreement(BALLOON), agreement(BULLET)


@pytest.mark.parametrize("terms", SHAPES, ids=lambda terms: terms.method.name)
def test_a_new_loan_owes_its_whole_principal(terms: ScheduleTerms) -> None:
    loan = originate(agreement(terms))
    assert (loan.status, loan.row, loan.bucket) == (LoanStatus.ACTIVE, 0, 0)
    assert loan.outstanding_principal_minor == terms.principal_minor
    assert loan.next_due_day == terms.first_due_day
    assert len(loan.rows) == terms.periods


def test_a_table_s_rows_are_those_that_were_agreed() -> None:
    loan = originate(TABLE_AGREEMENT, HARVESTS)
    assert loan.rows == HARVESTS
    assert loan.next_due_day == TABLE_AGREEMENT.disbursement_day


REFUSED: list[tuple[Agreement, dict[str, Any], type[Exception]]] = [
    (AGREEMENT, {"method": 7}, UnsupportedMethod),
    (AGREEMENT, {"period_unit": 2}, UnsupportedPeriodUnit),
    (AGREEMENT, {"day_count": 6}, UnsupportedDayCount),
    (FLAT, {"day_count": 5}, UnsupportedDayCount),
    (TABLE_AGREEMENT, {"day_count": 5}, UnsupportedDayCount),
    (AGREEMENT, {"rounding": 0x4}, UnsupportedRounding),
    (AGREEMENT, {"rounding": 0x10}, UnsupportedRounding),
    (AGREEMENT, {"rounding": 0x20}, UnsupportedRounding),
    (AGREEMENT, {"rounding": 0x200}, UnsupportedRounding),
    (AGREEMENT, {"rounding": 0x1000}, UnsupportedRounding),
    (TABLE_AGREEMENT, {"rounding": 0x100}, UnsupportedRounding),
    (TABLE_AGREEMENT, {"rounding": 0x10}, UnsupportedRounding),
    (AGREEMENT, {"waterfall": 0x1243}, InvalidWaterfall),
    (AGREEMENT, {"waterfall": 0x1233}, InvalidWaterfall),
    (AGREEMENT, {"waterfall": 0x11234}, InvalidWaterfall),
    (AGREEMENT, {"waterfall": 0}, InvalidWaterfall),
    (AGREEMENT, {"principal_minor": 0}, TermOutOfRange),
    (AGREEMENT, {"principal_minor": 2**44}, TermOutOfRange),
    (AGREEMENT, {"rate_ppm": 2**24}, TermOutOfRange),
    (AGREEMENT, {"periods": 0}, TermOutOfRange),
    (AGREEMENT, {"periods": 481}, TermOutOfRange),
    (LUMP, {"periods": 2}, TermOutOfRange),
    (AGREEMENT, {"period_length": 0}, TermOutOfRange),
    (AGREEMENT, {"period_length": 121}, TermOutOfRange),
    (FLAT, {"period_length": 3_661}, TermOutOfRange),
    (AGREEMENT, {"interest_only_periods": 12}, TermOutOfRange),
    (MONTHS, {"interest_only_periods": 1}, TermOutOfRange),
    (LUMP, {"interest_only_periods": 1}, TermOutOfRange),
    (AGREEMENT, {"instalment_minor": 0}, TermOutOfRange),
    (AGREEMENT, {"instalment_minor": 2**38}, TermOutOfRange),
    (MONTHS, {"instalment_minor": 1}, TermOutOfRange),
    (AGREEMENT, {"grace_days": 256}, TermOutOfRange),
    (AGREEMENT, {"late_fee_minor": 2**32}, TermOutOfRange),
    (AGREEMENT, {"penalty_rate_ppm": 2**24}, TermOutOfRange),
    (AGREEMENT, {"penalty_max_days": 2**16}, TermOutOfRange),
    (AGREEMENT, {"anchor_day": 0}, TermOutOfRange),
    (AGREEMENT, {"anchor_day": 32}, TermOutOfRange),
    (FLAT, {"anchor_day": 1}, TermOutOfRange),
    (AGREEMENT, {"disbursement_day": 100_001}, TermOutOfRange),
    (AGREEMENT, {"first_due_day": START}, TermOutOfRange),
    (AGREEMENT, {"first_due_day": START + 3_661}, TermOutOfRange),
    (AGREEMENT, {"first_due_day": YEAR.first_due_day + 1}, FirstDueDayInconsistent),
    (AGREEMENT, {"time_zone_minutes": -721}, TimeZoneOutOfRange),
    (AGREEMENT, {"time_zone_minutes": 841}, TimeZoneOutOfRange),
    (AGREEMENT, {"instalment_multiple_minor": 0}, InstalmentNotMultiple),
    (AGREEMENT, {"instalment_multiple_minor": 1_000}, InstalmentNotMultiple),
    (AGREEMENT, {"schedule_root": bytes(32)}, ScheduleRootMismatch),
    (AGREEMENT, {"instalment_minor": 10}, ScheduleDegenerate),
    (TABLE_AGREEMENT, {"period_unit": 1}, TermOutOfRange),
    (TABLE_AGREEMENT, {"period_length": 1}, TermOutOfRange),
    (TABLE_AGREEMENT, {"interest_only_periods": 1}, TermOutOfRange),
    (TABLE_AGREEMENT, {"anchor_day": 15}, TermOutOfRange),
    (TABLE_AGREEMENT, {"instalment_minor": 1}, TermOutOfRange),
    (TABLE_AGREEMENT, {"instalment_multiple_minor": 2}, TermOutOfRange),
    (TABLE_AGREEMENT, {"first_due_day": START + 1}, TermOutOfRange),
    (TABLE_AGREEMENT, {"periods": 4}, RowCountMismatch),
    (TABLE_AGREEMENT, {"rate_ppm": 60_000}, TableInterestExceeds),
    (TABLE_AGREEMENT, {"schedule_root": bytes(32)}, ScheduleRootMismatch),
]


@pytest.mark.parametrize(("agreed", "changes", "refusal"), REFUSED)
def test_a_term_that_cannot_be_carried_out_is_refused(
    agreed: Agreement, changes: dict[str, Any], refusal: type[Exception]
) -> None:
    table = HARVESTS if agreed is TABLE_AGREEMENT else ()
    with pytest.raises(refusal):
        originate(replace(agreed, **changes), table)


@pytest.mark.parametrize(
    ("agreed", "changes"),
    [
        (AGREEMENT, {"principal_minor": 2**44 - 1}),
        (AGREEMENT, {"rate_ppm": 2**24 - 1}),
        (AGREEMENT, {"periods": 480}),
        (AGREEMENT, {"period_length": 120}),
        (FLAT, {"period_length": 3_660}),
        (AGREEMENT, {"interest_only_periods": 11}),
        (AGREEMENT, {"rounding": 0x103}),
        (agreement(QUARTERLY), {"rounding": 0x113}),
        (MONTHS, {"rounding": 0x101}),
        (TABLE_AGREEMENT, {"rounding": 0x3}),
        (AGREEMENT, {"instalment_minor": 2**38 - 1}),
        (AGREEMENT, {"grace_days": 255}),
        (AGREEMENT, {"late_fee_minor": 2**32 - 1}),
        (AGREEMENT, {"penalty_rate_ppm": 2**24 - 1}),
        (AGREEMENT, {"penalty_max_days": 2**16 - 1}),
        (AGREEMENT, {"time_zone_minutes": -720}),
        (AGREEMENT, {"time_zone_minutes": 840}),
        (FLAT, {"first_due_day": START + 3_660}),
    ],
)
def test_a_term_at_its_limit_is_allowed(agreed: Agreement, changes: dict[str, Any]) -> None:
    require_terms(replace(agreed, **changes))


def test_a_refusal_names_term_value_and_limits() -> None:
    with pytest.raises(TermOutOfRange, match="periods is 481, allowed are 1 to 480"):
        require_terms(replace(AGREEMENT, periods=481))


def test_a_formula_has_no_table_and_a_table_no_formula() -> None:
    with pytest.raises(UnsupportedMethod):
        originate(AGREEMENT, HARVESTS)
    with pytest.raises(RowCountMismatch, match="0 rows, agreed are 3"):
        originate(TABLE_AGREEMENT)


def test_a_schedule_that_ends_after_the_last_day_is_refused() -> None:
    long = replace(BALLOON, disbursement_day=99_970, first_due_day=100_000, anchor_day=17, periods=480)
    assert originate(agreement(long)).rows[-1].due_day <= LAST_DAY
    with pytest.raises(TermOutOfRange, match=f"lastDueDay is .*{LAST_DAY}"):
        originate(agreement(replace(long, period_length=2)))


def test_a_row_that_no_payment_can_be_large_enough_for_is_refused() -> None:
    with pytest.raises(RowTooLarge):
        agreement(replace(BULLET, principal_minor=2**39))


@pytest.mark.parametrize("today", [START, START + 3])
def test_an_agreement_may_begin_within_its_window(today: int) -> None:
    require_origination_day(AGREEMENT, today)


@pytest.mark.parametrize("today", [START - 1, START + 4])
def test_an_agreement_may_not_begin_outside_of_its_window(today: int) -> None:
    with pytest.raises(OutsideOriginationWindow):
        require_origination_day(AGREEMENT, today)


def test_a_window_that_reaches_the_first_due_day_is_refused() -> None:
    soon = replace(AGREEMENT, first_due_day=START + 3)
    with pytest.raises(TermOutOfRange, match=f"firstDueDay is {START + 3}, allowed are {START + 4}"):
        require_origination_day(soon, START)
    require_origination_day(replace(soon, latest_origination_day=START + 2), START)


def test_a_down_payment_may_be_due_on_the_day_of_the_disbursement() -> None:
    require_origination_day(TABLE_AGREEMENT, START)
    with pytest.raises(TermOutOfRange, match=f"firstDueDay is {START}, allowed are {START + 1}"):
        require_origination_day(replace(TABLE_AGREEMENT, latest_origination_day=START + 1), START)


def test_a_window_of_more_than_three_days_is_refused() -> None:
    with pytest.raises(TermOutOfRange):
        require_origination_day(replace(AGREEMENT, latest_origination_day=START + 4), START)
