"""Whenever it becomes known that days did not count, no row bears more than was agreed."""

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from contracts.loan import LoanState, Stop, accrue, originate
from contracts.schedule import divide
from tests.contracts.loan.strategies import AGREEMENT

PENALTY_YEAR = 365 * 1_000_000
FEE = 1_000
DAYS = 120

acts = st.lists(st.tuples(st.integers(0, 25), st.booleans()), min_size=1, max_size=12)
"""Days that pass, and whether the loan is charged then or a stop before them becomes known."""


def _lives(passing: list[tuple[int, bool]], grace: int, cap: int) -> list[LoanState]:
    """A loan of one row after each act: late, never paid."""
    agreed = replace(AGREEMENT, grace_days=grace, late_fee_minor=FEE, penalty_rate_ppm=240_000, penalty_max_days=cap)
    loan = originate(agreed)
    loan = replace(loan, rows=loan.rows[:1])
    day, states = loan.rows[0].due_day, [loan]
    stops: tuple[Stop, ...] = ()
    for days, charged in passing:
        day += days
        if charged:
            loan = accrue(loan, day, stops)
        else:
            stops = (*stops, (day - 2 * days, day - days))
        states.append(loan)
    return states


@given(acts, st.integers(0, 15), st.integers(0, DAYS))
def test_a_row_bears_its_late_fee_once_and_penalty_within_the_cap(
    passing: list[tuple[int, bool]], grace: int, cap: int
) -> None:
    for loan in _lives(passing, grace, cap):
        most = divide(loan.unpaid_minor(0) * 240_000 * cap, PENALTY_YEAR)
        assert loan.late_fee_due_minor <= FEE
        assert loan.penalty_due_minor <= most + len(passing)  # each charge rounds


@given(acts, st.integers(0, 15))
def test_nothing_that_was_charged_is_given_back(passing: list[tuple[int, bool]], grace: int) -> None:
    states = _lives(passing, grace, DAYS)
    charges = [loan.charges_minor for loan in states]
    assert charges == sorted(charges)
