"""Payments price a row by itself; whatever row a loan stands at, that price is the row of the signed table."""

from hypothesis import assume, given

from tests.contracts.differential.strategies import examples
from tests.contracts.differential.walk import Walk, require_same_walk, walks


@examples(300)
@given(walks())
def test_each_row_is_priced_alone_as_in_the_table(walk: Walk) -> None:
    assume(require_same_walk(walk))
