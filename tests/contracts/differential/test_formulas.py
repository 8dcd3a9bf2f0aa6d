"""Formulas: Solidity, Python and TypeScript give the same rows, root and refusal, the twins the same prices."""

from hypothesis import given
from hypothesis import strategies as st

from tests.contracts.differential.agreement import require_agreement
from tests.contracts.differential.case import Case
from tests.contracts.differential.edges import edges
from tests.contracts.differential.outlaws import outlaws
from tests.contracts.differential.strategies import examples, formulas, perturbed


@examples(600)
@given(st.one_of(formulas(), formulas(), perturbed()))
def test_all_three_derive_the_same_rows(case: Case) -> None:
    require_agreement(case)


@examples(300)
@given(edges())
def test_all_three_draw_the_same_line_between_what_holds_and_what_does_not(case: Case) -> None:
    require_agreement(case)


@examples(300)
@given(outlaws())
def test_all_three_refuse_the_same_terms(case: Case) -> None:
    require_agreement(case)
