"""Terms that a LoanBook cannot carry out are refused by name."""

from dataclasses import replace
from typing import Any

import pytest

from contracts.loan import (
    FirstDueDayInconsistent,
    InstalmentNotMultiple,
    InvalidWaterfall,
    LoanRefused,
    LoanStatus,
    OutsideOriginationWindow,
    ScheduleRootMismatch,
    TermOutOfRange,
    TimeZoneOutOfRange,
    UnsupportedDayCount,
    UnsupportedMethod,
    UnsupportedPeriodUnit,
    originate,
    require_origination_day,
    require_terms,
)
from contracts.schedule import ScheduleDegenerate
from tests.contracts.loan.strategies import AGREEMENT, YEAR

START = YEAR.disbursement_day


def test_a_new_loan_owes_its_whole_principal() -> None:
    loan = originate(AGREEMENT)
    assert (loan.status, loan.row, loan.bucket) == (LoanStatus.ACTIVE, 0, 0)
    assert loan.outstanding_principal_minor == AGREEMENT.principal_minor
    assert loan.next_due_day == YEAR.first_due_day


@pytest.mark.parametrize(
    ("changes", "refusal"),
    [
        ({"method": 1}, UnsupportedMethod),
        ({"period_unit": 1}, UnsupportedPeriodUnit),
        ({"day_count": 3}, UnsupportedDayCount),
        ({"waterfall": 0x1243}, InvalidWaterfall),
        ({"waterfall": 0x1233}, InvalidWaterfall),
        ({"waterfall": 0x11234}, InvalidWaterfall),
        ({"waterfall": 0}, InvalidWaterfall),
        ({"principal_minor": 0}, TermOutOfRange),
        ({"principal_minor": 2**44}, TermOutOfRange),
        ({"rate_ppm": 2**24}, TermOutOfRange),
        ({"periods": 0}, TermOutOfRange),
        ({"periods": 481}, TermOutOfRange),
        ({"instalment_minor": 2**38}, TermOutOfRange),
        ({"grace_days": 256}, TermOutOfRange),
        ({"late_fee_minor": 2**32}, TermOutOfRange),
        ({"penalty_rate_ppm": 2**24}, TermOutOfRange),
        ({"penalty_max_days": 2**16}, TermOutOfRange),
        ({"anchor_day": 0}, TermOutOfRange),
        ({"anchor_day": 32}, TermOutOfRange),
        ({"disbursement_day": 100_001}, TermOutOfRange),
        ({"first_due_day": START}, TermOutOfRange),
        ({"first_due_day": START + 93}, TermOutOfRange),
        ({"first_due_day": YEAR.first_due_day + 1}, FirstDueDayInconsistent),
        ({"time_zone_minutes": -721}, TimeZoneOutOfRange),
        ({"time_zone_minutes": 841}, TimeZoneOutOfRange),
        ({"instalment_multiple_minor": 0}, InstalmentNotMultiple),
        ({"instalment_multiple_minor": 1_000}, InstalmentNotMultiple),
        ({"schedule_root": bytes(32)}, ScheduleRootMismatch),
        ({"instalment_minor": 10}, ScheduleDegenerate),
    ],
)
def test_a_term_that_cannot_be_carried_out_is_refused(changes: dict[str, Any], refusal: type[Exception]) -> None:
    with pytest.raises(refusal):
        originate(replace(AGREEMENT, **changes))


@pytest.mark.parametrize(
    "changes",
    [
        {"principal_minor": 2**44 - 1},
        {"rate_ppm": 2**24 - 1},
        {"periods": 480},
        {"instalment_minor": 2**38 - 1},
        {"grace_days": 255},
        {"late_fee_minor": 2**32 - 1},
        {"penalty_rate_ppm": 2**24 - 1},
        {"penalty_max_days": 2**16 - 1},
        {"time_zone_minutes": -720},
        {"time_zone_minutes": 840},
    ],
)
def test_a_term_at_its_limit_is_allowed(changes: dict[str, Any]) -> None:
    require_terms(replace(AGREEMENT, **changes))


def test_a_refusal_names_term_value_and_limits() -> None:
    with pytest.raises(LoanRefused, match="periods is 481, allowed are 1 to 480"):
        require_terms(replace(AGREEMENT, periods=481))


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


def test_a_window_of_more_than_three_days_is_refused() -> None:
    with pytest.raises(TermOutOfRange):
        require_origination_day(replace(AGREEMENT, latest_origination_day=START + 4), START)
