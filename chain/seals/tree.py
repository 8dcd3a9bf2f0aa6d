"""The tree of all block hashes (RFC 9162, section 2.1), grown leaf by leaf."""

from collections.abc import Callable
from hashlib import sha256

NodeAt = Callable[[int, int], bytes]  # (level, index) -> hash of the complete subtree of 2**level leaves


def leaf_hash(block_hash: bytes) -> bytes:
    """The hash of one leaf."""
    return sha256(b"\x00" + block_hash).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """The hash of an inner node."""
    return sha256(b"\x01" + left + right).digest()


def completed_by(index: int, block_hash: bytes, node_at: NodeAt) -> list[tuple[int, int, bytes]]:
    """The complete subtrees that leaf `index` finishes, as (level, index, hash), its own leaf first."""
    level, value = 0, leaf_hash(block_hash)
    done = [(level, index, value)]
    while index % 2 == 1:
        value = node_hash(node_at(level, index - 1), value)
        level, index = level + 1, index // 2
        done.append((level, index, value))
    return done


def tree_head(size: int, node_at: NodeAt) -> bytes:
    """The head of the tree of the first `size` leaves (size above 0), from its complete subtrees."""
    head: bytes | None = None
    level = 0
    while size:
        if size % 2 == 1:
            subtree = node_at(level, size - 1)
            head = subtree if head is None else node_hash(subtree, head)
        level, size = level + 1, size // 2
    assert head is not None
    return head


class MemoryTree:
    """The same tree kept in memory, for whoever checks the seals of an export."""

    def __init__(self) -> None:
        self._nodes: dict[tuple[int, int], bytes] = {}
        self._size = 0

    def append(self, block_hash: bytes) -> bytes:
        """Add a leaf; the new tree head."""
        for level, index, value in completed_by(self._size, block_hash, self._at):
            self._nodes[level, index] = value
        self._size += 1
        return tree_head(self._size, self._at)

    def _at(self, level: int, index: int) -> bytes:
        return self._nodes[level, index]
