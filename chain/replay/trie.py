"""An incremental Merkle Patricia trie: only the path to a changed key is hashed again.

Written for the replay in the execution specs, whose own trie is rebuilt from all keys at every block. It shares no
code with py-evm's trie, so that the two replays stay independent. Format: Ethereum yellow paper, appendix D.
"""

from abc import ABC, abstractmethod

from eth_hash.auto import keccak

EMPTY_ROOT = bytes.fromhex("56e81f171bcc55a6ff8345e692c0f86e5b48e01b996cadc001622fb5e363b421")
HASH_BYTES = 32
BRANCHES = 16
SHORT = 56


def _prefixed(length: int, offset: int) -> bytes:
    if length < SHORT:
        return bytes([offset + length])
    size = length.to_bytes((length.bit_length() + 7) // 8, "big")
    return bytes([offset + SHORT - 1 + len(size)]) + size


def encode_bytes(raw: bytes) -> bytes:
    """RLP of a byte string."""
    if len(raw) == 1 and raw[0] < 0x80:
        return raw
    return _prefixed(len(raw), 0x80) + raw


def encode_list(items: list[bytes]) -> bytes:
    """RLP of a list of items that are encoded already."""
    body = b"".join(items)
    return _prefixed(len(body), 0xC0) + body


def _compact(path: bytes, *, leaf: bool) -> bytes:
    flag = 2 if leaf else 0
    nibbles = bytes([flag + 1]) + path if len(path) % 2 else bytes([flag, 0]) + path
    return bytes(16 * high + low for high, low in zip(nibbles[::2], nibbles[1::2], strict=True))


def _nibbles(key: bytes) -> bytes:
    return bytes(nibble for byte in key for nibble in (byte >> 4, byte & 15))


class _Node(ABC):
    """A node caches what its parent holds of it: its hash, or itself when shorter than a hash."""

    __slots__ = ("_reference",)

    def __init__(self) -> None:
        self._reference: bytes | None = None

    def reference(self) -> bytes:
        """What a parent holds, RLP-encoded."""
        if self._reference is None:
            encoded = self.encoded()
            self._reference = encoded if len(encoded) < HASH_BYTES else encode_bytes(bytes(keccak(encoded)))
        return self._reference

    @abstractmethod
    def encoded(self) -> bytes:
        """RLP of the node itself."""


class _Leaf(_Node):
    __slots__ = ("path", "value")

    def __init__(self, path: bytes, value: bytes) -> None:
        super().__init__()
        self.path, self.value = path, value

    def encoded(self) -> bytes:
        return encode_list([encode_bytes(_compact(self.path, leaf=True)), encode_bytes(self.value)])


class _Extension(_Node):
    __slots__ = ("child", "path")

    def __init__(self, path: bytes, child: _Node) -> None:
        super().__init__()
        self.path, self.child = path, child

    def encoded(self) -> bytes:
        return encode_list([encode_bytes(_compact(self.path, leaf=False)), self.child.reference()])


class _Branch(_Node):
    """Keys are hashes of one length, so no key ends at a branch."""

    __slots__ = ("children",)

    def __init__(self) -> None:
        super().__init__()
        self.children: list[_Node | None] = [None] * BRANCHES

    def encoded(self) -> bytes:
        items = [b"\x80" if child is None else child.reference() for child in self.children]
        return encode_list([*items, b"\x80"])


class SecureTrie:
    """Keys are hashed before they are placed; an absent key and an empty value are the same."""

    def __init__(self) -> None:
        self._root: _Node | None = None

    def set(self, key: bytes, value: bytes) -> None:
        """Place `value` at `key`; empty removes it."""
        path = _nibbles(keccak(key))
        self._root = _insert(self._root, path, value) if value else _remove(self._root, path)

    def root(self) -> bytes:
        """The root hash."""
        return EMPTY_ROOT if self._root is None else bytes(keccak(self._root.encoded()))


def _common(left: bytes, right: bytes) -> int:
    length = 0
    for a, b in zip(left, right, strict=False):
        if a != b:
            break
        length += 1
    return length


def _insert(node: _Node | None, path: bytes, value: bytes) -> _Node:
    if node is None:
        return _Leaf(path, value)
    if isinstance(node, _Branch):
        node.children[path[0]] = _insert(node.children[path[0]], path[1:], value)
        node._reference = None
        return node
    assert isinstance(node, _Leaf | _Extension)
    shared = _common(node.path, path)
    if shared == len(node.path):
        return _insert_below(node, path[shared:], value)
    return _split(node, shared, path, value)


def _insert_below(node: _Leaf | _Extension, rest: bytes, value: bytes) -> _Node:
    if isinstance(node, _Leaf):
        node.value = value
    else:
        node.child = _insert(node.child, rest, value)
    node._reference = None
    return node


def _split(node: _Leaf | _Extension, shared: int, path: bytes, value: bytes) -> _Node:
    branch = _Branch()
    branch.children[node.path[shared]] = _shortened(node, shared + 1)
    branch.children[path[shared]] = _Leaf(path[shared + 1 :], value)
    return _Extension(path[:shared], branch) if shared else branch


def _shortened(node: _Leaf | _Extension, taken: int) -> _Node:
    rest = node.path[taken:]
    if isinstance(node, _Leaf):
        return _Leaf(rest, node.value)
    return _Extension(rest, node.child) if rest else node.child


def _remove(node: _Node | None, path: bytes) -> _Node | None:
    if node is None:
        return None
    if isinstance(node, _Leaf):
        return None if node.path == path else node
    if isinstance(node, _Extension):
        return _remove_below_extension(node, path)
    assert isinstance(node, _Branch)
    node.children[path[0]] = _remove(node.children[path[0]], path[1:])
    node._reference = None
    return _collapsed(node)


def _remove_below_extension(node: _Extension, path: bytes) -> _Node | None:
    if not path.startswith(node.path):
        return node
    child = _remove(node.child, path[len(node.path) :])
    return None if child is None else _joined(node.path, child)


def _collapsed(branch: _Branch) -> _Node | None:
    left = [(index, child) for index, child in enumerate(branch.children) if child is not None]
    if len(left) > 1:
        return branch
    if not left:
        return None
    index, child = left[0]
    return _joined(bytes([index]), child)


def _joined(path: bytes, child: _Node) -> _Node:
    """A child reached by `path`, merged where its own kind has a path."""
    if isinstance(child, _Leaf):
        return _Leaf(path + child.path, child.value)
    if isinstance(child, _Extension):
        return _Extension(path + child.path, child.child)
    return _Extension(path, child)
