"""Terms at and beyond the limits, one or two at a time, in agreements that are otherwise sound."""

from dataclasses import replace
from typing import Any

from hypothesis import strategies as st

from contracts.typed_data.struct import MAX_JSON_INTEGER
from tests.contracts.differential.case import Case
from tests.contracts.differential.strategies import between, formulas
from tests.contracts.differential.tables import seasonal
from tests.contracts.differential.twins import python_instalment

WORD = 2**256 - 1
LIMITS: dict[str, tuple[int, ...]] = {
    "principal_minor": (0, 2**44 - 1, 2**44),
    "rate_ppm": (2**24 - 1, 2**24),
    "periods": (0, 1, 480, 481),
    "disbursement_day": (0, 100_000, 100_001),
    "first_due_day": (0, 115_000, 115_001),
    "anchor_day": (0, 1, 31, 32),
    "day_count": (0, 4, 5, 6),
    "multiple_minor": (0, 2),
    "rounding": (3, 4, 0x10, 0x20, 0x100, 0x200, 0x110, 0x113, 0x1000),
    "method": (0, 1, 2, 3, 4, 5, 6, 7),
    "period_unit": (0, 1, 2),
    "period_length": (0, 1, 120, 121, 3_660, 3_661),
    "interest_only_periods": (0, 1, 479, 480),
    "instalment_minor": (0, 1, 2**38 - 1, 2**38),
}


NAMES = st.lists(st.sampled_from(sorted(LIMITS)), min_size=1, max_size=2, unique=True)
EDGES = {name: st.sampled_from(limits) for name, limits in LIMITS.items()}
NEAR = st.integers(-2, 2)
FIRST_PERIODS = st.sampled_from([-1, 0, 3_660, 3_661])
FAR = st.sampled_from([WORD, 2**255, 2**64, 2**32, MAX_JSON_INTEGER])
SOUND = st.one_of(formulas(), formulas(), seasonal())


@st.composite
def outlaws(draw: st.DrawFn) -> Case:
    """Agreements with a number that may not be, or that does not go with the others."""
    case = draw(SOUND)
    if case.instalment_minor is None:
        case = replace(case, instalment_minor=python_instalment(case))
    changed: dict[str, Any] = {name: _draw_value(draw, case, name) for name in draw(NAMES)}
    return replace(case, priced=False, **changed)


def _draw_value(draw: st.DrawFn, case: Case, name: str) -> int:
    how = draw(between(0, 5))
    if how < 3:
        return draw(EDGES[name])
    if how == 3:
        return draw(FAR)
    if how == 4 and name == "first_due_day":
        return case.disbursement_day + max(0, draw(FIRST_PERIODS))
    return max(0, int(getattr(case, name)) + draw(NEAR))
