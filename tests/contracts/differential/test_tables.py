"""Tables: Solidity, Python and TypeScript accept the same rows under the same root, and refuse the same ones alike."""

from hypothesis import given
from hypothesis import strategies as st

from tests.contracts.differential.agreement import require_agreement
from tests.contracts.differential.answer import Table
from tests.contracts.differential.case import Case
from tests.contracts.differential.strategies import examples
from tests.contracts.differential.tables import corrupted, of_formulas, seasonal


@examples(500)
@given(st.one_of(seasonal(), corrupted()))
def test_all_three_hold_a_table_against_its_rate_alike(case: Case) -> None:
    require_agreement(case)


@examples(300)
@given(of_formulas())
def test_the_rows_of_every_formula_are_a_table(case: Case) -> None:
    assert isinstance(require_agreement(case), Table)
