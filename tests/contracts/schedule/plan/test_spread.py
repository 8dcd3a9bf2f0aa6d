"""Rows of any spacing: where a formula could say the same, they are the formula's."""

from dataclasses import replace

from hypothesis import assume, given
from hypothesis import strategies as st

from contracts.schedule import Levelling, Method, Rounding, ScheduleTerms
from contracts.schedule.day_count import PPM
from contracts.schedule.periods import accruals
from contracts.schedule.plan import Spread, amounts, unit_instalment
from tests.contracts.schedule.strategies import Derived, schedules, terms_of_any_shape


def _spread(terms: ScheduleTerms) -> Spread:
    resting = terms.interest_only_periods if terms.method.has_instalment else terms.periods - 1
    year = PPM * terms.day_count.year_parts
    return Spread(
        principal_minor=terms.principal_minor,
        factors=tuple((terms.rate_ppm * parts, year) for _due, parts in accruals(terms)),
        weights=(0,) * resting + (1,) * (terms.periods - resting),
        rounding=terms.rounding,
        multiple_minor=terms.multiple_minor,
        by_principal=terms.method not in {Method.ANNUITY, Method.FLAT},
        flat=terms.method is Method.FLAT,
    )


@given(schedules())
def test_equal_weights_give_the_formula_s_rows(derived: Derived) -> None:
    found = [(part.principal_minor, part.interest_minor) for part in amounts(_spread(derived.terms))]
    assert found == [(row.principal_minor, row.interest_minor) for row in derived.rows]


@given(terms_of_any_shape(), st.integers(2, 7))
def test_weights_count_in_proportion_only(terms: ScheduleTerms, times: int) -> None:
    assume(terms.method.has_instalment)
    exact = replace(terms, multiple_minor=1, rounding=Rounding(terms.rounding.mode, levelling=Levelling.EXACT))
    spread = _spread(exact)
    multiplied = replace(spread, weights=tuple(times * weight for weight in spread.weights))
    assert abs(times * unit_instalment(multiplied) - unit_instalment(spread)) <= times
