"""Marks in Solidity sources: one before each statement, one for either outcome of each condition.

A condition is what an `if`, a ternary, a loop or an assembly `if` decides by, and every operand of `&&` and `||` that
is not made of operands itself: each must be seen true and false. `while (true)` is none: it has one outcome.

A mark asks for the size of code at an address that is the mark's number, where none is. It changes nothing, and the
optimiser can neither drop it nor move it out of its place, so that the code is compiled as it is deployed: with the
optimiser, without which some functions have too many variables for the stack. Whoever runs the code sees which
addresses it asks for. Pure functions may not ask: in marked code they are views.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

MARK_PREFIX = 0xC0DE_0000_0000
"""Of the addresses: no contract has such a one. It is above any length of calldata."""
BLOCKS = ("Block", "UncheckedBlock")
LOOPS = ("ForStatement", "WhileStatement", "DoWhileStatement")
DECISIONS = ("IfStatement", "Conditional", *LOOPS)
YUL_DECISIONS = ("YulIf", "YulForLoop")
SHORT_CIRCUITS = ("&&", "||")
UNMARKED = ("Block", "UncheckedBlock", "PlaceholderStatement", "InlineAssembly")

PURE = re.compile(rb"\bpure\b")

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
        for node in _walk(tree):
            if node["nodeType"] == "FunctionDefinition" and node["stateMutability"] == "pure":
                self._let_look(node)
        for node in _bodies(tree):
            self._mark_node(node)
        self._marked.sources[self._unit] = self._rewritten()

    def _mark_node(self, node: Node) -> None:
        kind = node["nodeType"]
        if kind in BLOCKS:
            self._statements(node)
        elif kind == "InlineAssembly":
            self._assembly(node["AST"])
        elif kind in DECISIONS and _decides(node.get("condition")):
            self._condition(node["condition"])
        elif _is_short_circuit(node):
            self._operands(node)

    def _operands(self, node: Node) -> None:
        for operand in (node["leftExpression"], node["rightExpression"]):
            if not _is_short_circuit(_bare(operand)):
                self._condition(operand)

    def _let_look(self, function: Node) -> None:
        """Make a view of a pure function."""
        start, end = _place(function)
        head_end = _place(function["body"])[0] if function.get("body") else end
        at = start + [*PURE.finditer(self._text[start:head_end])][-1].start()
        self._text = self._text[:at] + b"view" + self._text[at + len(b"view") :]

    def _statements(self, block: Node) -> None:
        for statement in block["statements"]:
            if statement["nodeType"] not in UNMARKED:
                start, _ = _place(statement)
                self._insert(start, 0, _asm(self._point(statement, None)))

    def _condition(self, expression: Node) -> None:
        name, told = self._enclose(expression)
        body = b'assembly ("memory-safe") { ' + told + b" } return c;"
        self._helpers.append(b"function " + name + b"(bool c) view returns (bool) { " + body + b" }")

    def _enclose(self, expression: Node) -> tuple[bytes, bytes]:
        """Call a function on a condition; the function's name, and how it tells the outcome of `c`."""
        start, end = _place(expression)
        yes, no = self._point(expression, True), self._point(expression, False)
        name = f"_either{yes:x}".encode()
        self._insert(start, 1, name + b"(")
        self._insert(end, -1, b")")
        return name, b"switch c case 0 { " + _nested(no) + b" } default { " + _nested(yes) + b" }"

    def _assembly(self, block: Node) -> None:
        """Its conditions go through functions at the beginning of the block."""
        start, _ = _place(block)
        for node in _walk(block):
            if node["nodeType"] in YUL_DECISIONS:
                name, told = self._enclose(node["condition"])
                body = b" { " + told + b" r := c }"
                self._insert(start + 1, 0, b" function " + name + b"(c) -> r" + body)

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
    return f"if lt(calldatasize(), {MARK_PREFIX:#x}) {{ if extcodesize({mark:#x}) {{ invalid() }} }}".encode()


def _place(node: Node) -> tuple[int, int]:
    start, length, _ = (int(part) for part in node["src"].split(":"))
    return start, start + length


def _decides(condition: Node | None) -> bool:
    """Whether there is a condition that can come out either way: `while (true)` cannot."""
    return condition is not None and condition["nodeType"] != "Literal"


def _is_short_circuit(node: Node) -> bool:
    return bool(node["nodeType"] == "BinaryOperation" and node["operator"] in SHORT_CIRCUITS)


def _bare(expression: Node) -> Node:
    """An expression without the parentheses around it."""
    while expression["nodeType"] == "TupleExpression":
        [expression] = expression["components"]
    return expression


def _bodies(tree: Node) -> Iterator[Node]:
    """Every node of functions and modifiers; constants outside of them cannot call a helper."""
    for node in _walk(tree):
        if node["nodeType"] in ("FunctionDefinition", "ModifierDefinition") and node.get("body"):
            yield from _walk(node["body"])


def _walk(node: Any) -> Iterator[Node]:
    """Every node, the outer before the inner; not what is inside inline assembly."""
    if isinstance(node, list):
        for item in node:
            yield from _walk(item)
    elif isinstance(node, dict):
        if "nodeType" in node:
            yield node
            if node["nodeType"] == "InlineAssembly":
                return
        for value in node.values():
            yield from _walk(value)
