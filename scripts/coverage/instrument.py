"""Marks in Solidity sources: one before each statement, one on either side of each condition.

A mark is a comparison of CALLDATASIZE with a number that no calldata has. It changes nothing, may stand in pure
functions, and the optimiser can neither drop it nor move it out of its place, so that the code is compiled as it is
deployed: with the optimiser, without which some functions have too many variables for the stack. Whoever runs the
code recognises a mark by its number, which is pushed by PUSH6.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

MARK_PREFIX = 0xC0DE_0000_0000
"""Six bytes: above any length of calldata, and no other constant of the sources."""
BLOCKS = ("Block", "UncheckedBlock")
LOOPS = ("ForStatement", "WhileStatement", "DoWhileStatement")
SHORT_CIRCUITS = ("&&", "||")
UNMARKED = ("Block", "UncheckedBlock", "PlaceholderStatement", "InlineAssembly")

Node = dict[str, Any]


@dataclass(frozen=True)
class Point:
    """A place that a mark stands for: `arm` is None for a statement, else the outcome of a condition."""

    mark: int
    unit: str
    line: int
    text: str
    arm: bool | None


@dataclass
class Marked:
    """The sources with marks, and what each mark stands for."""

    sources: dict[str, str]
    points: dict[int, Point] = field(default_factory=dict)


def instrument(sources: dict[str, str], trees: dict[str, Node], own: str) -> Marked:
    """Mark the sources whose unit names begin with `own`; `trees` are their syntax trees by unit name."""
    marked = Marked(dict(sources))
    for unit, text in sources.items():
        if unit.startswith(own):
            _Marker(unit, text.encode(), marked).mark(trees[unit])
    return marked


class _Marker:
    """Marks one source; works on bytes, as syntax trees count them."""

    def __init__(self, unit: str, text: bytes, marked: Marked) -> None:
        self._unit, self._text, self._marked = unit, text, marked
        self._inserts: list[tuple[int, int, bytes]] = []
        self._helpers: list[bytes] = []

    def mark(self, tree: Node) -> None:
        """Rewrite the source and note its points."""
        for node in _bodies(tree):
            kind = node["nodeType"]
            if kind in BLOCKS:
                self._statements(node)
            elif kind in ("IfStatement", "Conditional", *LOOPS) and node.get("condition"):
                self._condition(node["condition"])
            elif kind == "BinaryOperation" and node["operator"] in SHORT_CIRCUITS:
                self._condition(node["leftExpression"])
        self._marked.sources[self._unit] = self._rewritten()

    def _statements(self, block: Node) -> None:
        for statement in block["statements"]:
            if statement["nodeType"] not in UNMARKED:
                start, _ = _place(statement)
                self._insert(start, 0, _asm(self._point(statement, None)))

    def _condition(self, expression: Node) -> None:
        start, end = _place(expression)
        yes, no = self._point(expression, True), self._point(expression, False)
        name = f"_either{yes:x}".encode()
        self._insert(start, 1, name + b"(")
        self._insert(end, -1, b")")
        told = b"switch c case 0 { " + _nested(no) + b" } default { " + _nested(yes) + b" }"
        body = b'assembly ("memory-safe") { ' + told + b" } return c;"
        self._helpers.append(b"function " + name + b"(bool c) pure returns (bool) { " + body + b" }")

    def _insert(self, at: int, order: int, text: bytes) -> None:
        """At one place what closes comes first, then marks, then what opens, the outer before the inner."""
        self._inserts.append((at, order, text))

    def _point(self, node: Node, arm: bool | None) -> int:
        start, end = _place(node)
        mark = MARK_PREFIX + len(self._marked.points) + 1
        text = " ".join(self._text[start:end].decode().split())
        line = self._text.count(b"\n", 0, start) + 1
        self._marked.points[mark] = Point(mark, self._unit, line, text, arm)
        return mark

    def _rewritten(self) -> str:
        parts, last = [], 0
        for at, _, text in sorted(self._inserts, key=lambda each: (each[0], each[1])):
            parts += [self._text[last:at], text]
            last = at
        return b"".join([*parts, self._text[last:], b"\n", *self._helpers]).decode()


def _asm(mark: int) -> bytes:
    return b'assembly ("memory-safe") { ' + _nested(mark) + b" } "


def _nested(mark: int) -> bytes:
    """Inside a condition of its own, so that it is not moved out of a loop whose body may not run."""
    return f"if lt(calldatasize(), {MARK_PREFIX:#x}) {{ if eq(calldatasize(), {mark:#x}) {{ invalid() }} }}".encode()


def _place(node: Node) -> tuple[int, int]:
    start, length, _ = (int(part) for part in node["src"].split(":"))
    return start, start + length


def _bodies(tree: Node) -> Iterator[Node]:
    """Every node of functions and modifiers; constants outside of them cannot call a helper."""
    for node in _walk(tree):
        if node["nodeType"] in ("FunctionDefinition", "ModifierDefinition") and node.get("body"):
            yield from _walk(node["body"])


def _walk(node: Any) -> Iterator[Node]:
    """Every node, the outer before the inner; inline assembly is left as it is."""
    if isinstance(node, list):
        for item in node:
            yield from _walk(item)
    elif isinstance(node, dict):
        if "nodeType" in node:
            if node["nodeType"] == "InlineAssembly":
                return
            yield node
        for value in node.values():
            yield from _walk(value)
