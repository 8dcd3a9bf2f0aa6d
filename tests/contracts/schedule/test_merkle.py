"""Every row of a table is proven by its siblings, and by nothing else."""

import time

import pytest
from eth_utils.crypto import keccak
from hypothesis import given
from hypothesis import strategies as st

from contracts.schedule import Method, Row, proof_root, schedule_root, table_proof
from tests.contracts.schedule import reference

SIZES = (*range(1, 41), 480)
ALL_PROOFS_SECONDS = 0.7
"""Of 480 rows: a tenth of it when the table is hashed once, twice as much when it is hashed for each."""


def _rows(count: int) -> list[Row]:
    return [Row(nr, 20_000 + nr, 7 * nr, 480 - nr) for nr in range(1, count + 1)]


@pytest.mark.parametrize("count", SIZES)
def test_every_row_is_proven(count: int) -> None:
    rows = _rows(count)
    root = schedule_root(Method.CUSTOM, rows)
    for index, row in enumerate(rows):
        proof = table_proof(rows, index)
        assert proof_root(index, row.word, proof) == root
        assert len(proof) <= (count - 1).bit_length()


@pytest.mark.parametrize("count", SIZES)
def test_the_root_is_that_of_pairing_neighbours(count: int) -> None:
    rows = _rows(count)
    table = [(row.due_day, row.principal_minor, row.interest_minor) for row in rows]
    assert "0x" + schedule_root(Method.CUSTOM_FLAT, rows).hex() == reference.root(Method.CUSTOM_FLAT, table)


@given(st.sampled_from(SIZES), st.data())
def test_another_index_word_or_sibling_leads_elsewhere(count: int, data: st.DataObject) -> None:
    rows = _rows(count)
    root, index = schedule_root(Method.CUSTOM, rows), data.draw(st.integers(0, count - 1))
    proof, word = table_proof(rows, index), rows[index].word
    assert proof_root(index + 1, word, proof) != root
    assert proof_root(index, word ^ 1 << data.draw(st.integers(0, 255)), proof) != root
    assert proof_root(index, word, [*proof, bytes(32)]) != root
    for level in range(len(proof)):
        assert proof_root(index, word, proof[:level] + proof[level + 1 :]) != root


def test_a_table_is_hashed_once_for_the_proofs_of_all_its_rows() -> None:
    rows = _rows(480)
    start = time.perf_counter()
    proofs = [table_proof(rows, index) for index in range(len(rows))]
    assert time.perf_counter() - start < ALL_PROOFS_SECONDS
    assert proof_root(479, rows[479].word, proofs[479]) == schedule_root(Method.CUSTOM, rows)


def test_a_node_alone_moves_up_unchanged() -> None:
    rows = _rows(3)
    leaves = [keccak(index.to_bytes(32, "big") + row.word.to_bytes(32, "big")) for index, row in enumerate(rows)]
    below = keccak(min(leaves[:2]) + max(leaves[:2]))
    assert table_proof(rows, 2) == [below]
    assert table_proof(rows, 0) == [leaves[1], leaves[2]]
    assert schedule_root(Method.CUSTOM, rows) == keccak(min(below, leaves[2]) + max(below, leaves[2]))


def test_the_root_of_a_formula_is_the_hash_of_the_rows_words() -> None:
    row = Row(nr=1, due_day=3, principal_minor=2, interest_minor=1)
    assert schedule_root(Method.ANNUITY, [row]) == keccak((3 << 224 | 2 << 112 | 1).to_bytes(32, "big"))
    assert schedule_root(Method.CUSTOM, [row]) != schedule_root(Method.ANNUITY, [row])
