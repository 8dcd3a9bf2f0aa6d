"""The root that both sides sign: a hash of all rows, or of a table a Merkle root that proves single rows."""

from collections.abc import Sequence
from functools import lru_cache

from eth_utils.crypto import keccak

from contracts.schedule.method import Method
from contracts.schedule.row import Row


def schedule_root(method: Method, rows: Sequence[Row]) -> bytes:
    """What both sides sign: keccak256 of the rows' words one after another; of a table its Merkle root."""
    if method.is_table:
        return _levels(_words(rows))[-1][0]
    return keccak(b"".join(_bytes32(row.word) for row in rows))


def table_proof(rows: Sequence[Row], index: int) -> list[bytes]:
    """The siblings from a row (0 is the first) up to the root; none where its branch moves up alone."""
    siblings: list[bytes] = []
    for level in _levels(_words(rows))[:-1]:
        siblings += level[index ^ 1 : (index ^ 1) + 1]
        index //= 2
    return siblings


def proof_root(index: int, word: int, proof: Sequence[bytes]) -> bytes:
    """The root that a row's word with its proof leads to."""
    node = _leaf(index, word)
    for sibling in proof:
        node = _parent(node, sibling)
    return node


def _words(rows: Sequence[Row]) -> tuple[int, ...]:
    return tuple(row.word for row in rows)


@lru_cache(maxsize=16)
def _levels(words: tuple[int, ...]) -> list[list[bytes]]:
    """Nodes from the leaves up to the root. An odd last node moves up unchanged (OpenZeppelin's MerkleProof pairs).

    Kept, so that the proofs of many rows of a table hash it once.
    """
    levels = [[_leaf(index, word) for index, word in enumerate(words)]]
    while len(levels[-1]) > 1:
        below = levels[-1]
        pairs = [_parent(*below[left : left + 2]) for left in range(0, len(below) - 1, 2)]
        levels.append(pairs + below[2 * len(pairs) :])
    return levels


def _leaf(index: int, word: int) -> bytes:
    """The index makes a leaf unlike any inner node: none of their hashes is below 480."""
    return keccak(_bytes32(index) + _bytes32(word))


def _parent(one: bytes, other: bytes) -> bytes:
    return keccak(min(one, other) + max(one, other))


def _bytes32(number: int) -> bytes:
    return number.to_bytes(32, "big")
