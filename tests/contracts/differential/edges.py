"""Agreements at the edge of a refusal: of two neighbouring numbers one is refused, the other is not, or otherwise."""

from dataclasses import replace
from typing import Any

from hypothesis import strategies as st

from contracts.schedule.limits import MAX_INSTALMENT_MINOR, MAX_PRINCIPAL_MINOR, MAX_RATE_PPM
from tests.contracts.differential.answer import Refusal
from tests.contracts.differential.case import Case
from tests.contracts.differential.strategies import between, formulas
from tests.contracts.differential.tables import seasonal
from tests.contracts.differential.twins import python_instalment, python_schedule

MOST_ROWS = 12
MOST_FEW_ROWS = 3
FAR = {
    "instalment_minor": st.sampled_from([1, MAX_INSTALMENT_MINOR]),
    "principal_minor": st.sampled_from([1, MAX_PRINCIPAL_MINOR]),
    "rate_ppm": st.sampled_from([MAX_RATE_PPM, 0]),
}


@st.composite
def edges(draw: st.DrawFn) -> Case:
    """A sound agreement of few rows, one number of which has gone as far as it may, or one step further."""
    case = draw(FEW_ROWS)
    is_instalment_agreed = case.instalment_minor != 0
    name = draw(st.sampled_from(sorted(FAR))) if is_instalment_agreed else draw(OTHERS)
    before, beyond = _closest(case, name, getattr(case, name), draw(FAR[name]))
    changed: dict[str, Any] = {name: beyond if draw(st.booleans()) else before}
    return replace(case, **changed)


def _closest(case: Case, name: str, before: int, beyond: int) -> tuple[int, int]:
    """Neighbours between two values on which the verdicts differ; the two as they are when they do not."""
    verdict = _verdict(case, name, before)
    if _verdict(case, name, beyond) == verdict:
        return before, beyond
    while abs(beyond - before) > 1:
        middle = (before + beyond) // 2
        if _verdict(case, name, middle) == verdict:
            before = middle
        else:
            beyond = middle
    return before, beyond


def _verdict(case: Case, name: str, value: int) -> str:
    changed: dict[str, Any] = {name: value}
    asked = replace(case, **changed)
    schedule = python_schedule(asked, asked.instalment_minor or 0)
    return schedule.name if isinstance(schedule, Refusal) else ""


@st.composite
def _short_formulas(draw: st.DrawFn) -> Case:
    case = draw(formulas())
    rows = min(case.periods, draw(between(1, MOST_FEW_ROWS)) if draw(st.booleans()) else MOST_ROWS)
    case = replace(
        case,
        periods=rows,
        interest_only_periods=min(case.interest_only_periods, rows - 1),
        multiple_minor=1,
        priced=False,
    )
    return replace(case, instalment_minor=python_instalment(case))


OTHERS = st.sampled_from(sorted(FAR.keys() - {"instalment_minor"}))
FEW_ROWS = st.one_of(_short_formulas(), _short_formulas(), seasonal().filter(lambda case: case.periods <= MOST_ROWS))
