"""The dynamic limit: each reason, alone and together, and where it stops."""

import pytest

from contracts.credit import COOLDOWN_SECONDS, History, Reason, Seen, effective_limit, next_scale, reasons_for
from contracts.credit.history import FULL
from contracts.credit.limit import FREQUENT_SECONDS, MAX_MINOR, MAX_SCALE, MIN_SCALE, NEUTRAL_SCALE

NOBODY_LENT = 0, 1_000
FIRST = 1_800_000_000
LATER = FIRST + COOLDOWN_SECONDS
QUIET = Reason(0)


def _reasons(history: History, seen: History | None = None, use: tuple[int, int] = NOBODY_LENT) -> Reason:
    return reasons_for(history, Seen(FIRST, 1, seen or History()), 1, use, LATER)


SEEN: list[tuple[History, History, Reason]] = [
    (History(), History(), QUIET),
    (History(loans_on_time=1), History(), Reason.GOOD_REPAYMENT),
    (History(loans_on_time=9), History(loans_on_time=9), QUIET),
    (History(loans_on_time=1, late1=1), History(), Reason.LATE),
    (History(late1=2, late30=1), History(late1=2), Reason.LATE),
    (History(late1=1, late30=1, late60=1), History(), Reason.SERIOUSLY_LATE),
    (History(late1=1, late30=1, late60=1, late90=1), History(1, 1, 1, 1), Reason.SERIOUSLY_LATE),
    (History(loans_on_time=1, written_off=1), History(), Reason.WRITTEN_OFF),
    (History(loans_on_time=2, cured=1), History(loans_on_time=1), Reason.GOOD_REPAYMENT),
    (History(late1=FULL), History(late1=FULL), Reason.LATE),
    (History(late60=FULL), History(late60=FULL), Reason.SERIOUSLY_LATE),
    (History(written_off=FULL), History(written_off=FULL), Reason.WRITTEN_OFF),
    (History(loans_on_time=FULL), History(loans_on_time=FULL), QUIET),
]


@pytest.mark.parametrize(("history", "seen", "expected"), SEEN)
def test_only_what_is_new_counts_and_a_full_counter_counts_against(
    history: History, seen: History, expected: Reason
) -> None:
    assert _reasons(history, seen) == expected


@pytest.mark.parametrize(("reserved", "limit", "high"), [(800, 1_000, False), (801, 1_000, True), (0, 0, False)])
def test_more_than_four_fifths_of_the_limit_is_high_utilisation(reserved: int, limit: int, high: bool) -> None:
    assert _reasons(History(), use=(reserved, limit)) == (Reason.HIGH_UTILISATION if high else QUIET)


@pytest.mark.parametrize(
    ("reports", "seconds", "frequent"),
    [
        (2, COOLDOWN_SECONDS, False),
        (3, COOLDOWN_SECONDS, True),
        (3, 3 * FREQUENT_SECONDS - 1, True),
        (3, 3 * FREQUENT_SECONDS, False),
        (12, 360 * 86_400, False),
    ],
)
def test_applications_are_frequent_by_number_and_by_pace(reports: int, seconds: int, frequent: bool) -> None:
    reasons = reasons_for(History(), Seen(FIRST, 5), 5 + reports, NOBODY_LENT, FIRST + seconds)
    assert reasons == (Reason.FREQUENT_APPLICATIONS if frequent else QUIET)


STEPS: list[tuple[int, Reason, int]] = [
    (NEUTRAL_SCALE, QUIET, 100),
    (100, Reason.GOOD_REPAYMENT, 110),
    (145, Reason.GOOD_REPAYMENT, MAX_SCALE),
    (MAX_SCALE, Reason.GOOD_REPAYMENT, MAX_SCALE),
    (100, Reason.HIGH_UTILISATION, 95),
    (100, Reason.FREQUENT_APPLICATIONS, 95),
    (100, Reason.GOOD_REPAYMENT | Reason.HIGH_UTILISATION, 105),
    (100, Reason.GOOD_REPAYMENT | Reason.HIGH_UTILISATION | Reason.FREQUENT_APPLICATIONS, 100),
    (100, Reason.LATE, 90),
    (100, Reason.LATE | Reason.HIGH_UTILISATION | Reason.FREQUENT_APPLICATIONS, 80),
    (100, Reason.SERIOUSLY_LATE, 75),
    (100, Reason.SERIOUSLY_LATE | Reason.HIGH_UTILISATION | Reason.FREQUENT_APPLICATIONS, 75),
    (30, Reason.SERIOUSLY_LATE, MIN_SCALE),
    (MIN_SCALE, Reason.LATE, MIN_SCALE),
    (MAX_SCALE, Reason.WRITTEN_OFF, MIN_SCALE),
]


@pytest.mark.parametrize(("scale", "reasons", "expected"), STEPS)
def test_the_scale_after_a_step(scale: int, reasons: Reason, expected: int) -> None:
    assert next_scale(scale, reasons) == expected


@pytest.mark.parametrize(
    ("limit", "scale", "factor", "expected"),
    [
        (1_000, 100, 1_000_000, 1_000),
        (1_001, 75, 900_000, 675),
        (0, 150, 1_200_000, 0),
        (MAX_MINOR, 150, 1_200_000, MAX_MINOR),
    ],
)
def test_the_limit_that_applies_is_rounded_down_and_bounded(limit: int, scale: int, factor: int, expected: int) -> None:
    assert effective_limit(limit, scale, factor) == expected
