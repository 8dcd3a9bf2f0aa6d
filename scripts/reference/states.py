"""The picture of a loan's states and the table beside it, drawn from the twin's one table of transitions."""

from collections.abc import Iterator
from dataclasses import dataclass
from xml.etree.ElementTree import Element, SubElement, indent, tostring

from contracts.loan import TRANSITIONS, Act, LoanStatus

WIDTH, HEIGHT = 980, 760
INK, SOFT, PAPER, ARROW = "#1b2422", "#57615d", "#ffffff", "#44546a"
RUNNING_FILL, RUNNING_LINE = "#e7f1ee", "#0f5f56"
ENDED_FILL, ENDED_LINE = "#f4f1ea", "#b9b09c"
FONT = "system-ui, 'Segoe UI', Roboto, 'DejaVu Sans', sans-serif"
MONO = "ui-monospace, 'SFMono-Regular', Menlo, Consolas, 'DejaVu Sans Mono', monospace"
LINE_HEIGHT, PADDING = 19, 16
ACTS_PER_LINE = 2


@dataclass(frozen=True)
class Box:
    """Where a status stands: left, top, right, bottom in pixels."""

    left: int
    top: int
    right: int
    bottom: int

    @property
    def middle(self) -> float:
        """Half way from left to right."""
        return (self.left + self.right) / 2


LAYOUT: dict[LoanStatus, Box] = {
    LoanStatus.NONE: Box(16, 110, 116, 180),
    LoanStatus.ACTIVE: Box(232, 30, 520, 280),
    LoanStatus.DEFAULTED: Box(232, 380, 520, 540),
    LoanStatus.WRITTEN_OFF: Box(232, 610, 520, 742),
    LoanStatus.UNWOUND: Box(750, 30, 964, 96),
    LoanStatus.CANCELLED: Box(750, 112, 964, 194),
    LoanStatus.CLOSED: Box(750, 210, 964, 742),
}
"""Boxes of statuses between which an act leads lie side by side or one above the other, so that arrows are straight."""

MEANING: dict[LoanStatus, tuple[str, ...]] = {
    LoanStatus.NONE: ("no loan yet",),
    LoanStatus.ACTIVE: ("lent and being repaid,", "on time or late"),
    LoanStatus.CLOSED: ("everything was paid,", "by rows or by a payoff"),
    LoanStatus.CANCELLED: ("taken back within", "the cooling-off days"),
    LoanStatus.DEFAULTED: ("more than 90 counted days late",),
    LoanStatus.WRITTEN_OFF: ("still owed; a loss of the lender",),
    LoanStatus.UNWOUND: ("its payout was rejected",),
}

LEGEND_AT = (16.0, 640.0)
LEGEND = ("Green: something is", "still owed.", "Acts named in a box", "leave the status", "as it is.")

Arrows = dict[tuple[LoanStatus, LoanStatus], list[Act]]


class TransitionNotDrawn(Exception):
    """Two statuses have a transition, but the layout has no straight line between them."""

    def __init__(self, before: LoanStatus, after: LoanStatus) -> None:
        super().__init__(f"LAYOUT has no straight line from {before.name} to {after.name}")
        self.before, self.after = before, after


def arrows() -> Arrows:
    """The acts that lead from a status to another, in the order of the acts."""
    found: Arrows = {}
    for act, ways in TRANSITIONS.items():
        for before, afters in ways.items():
            for after in sorted(afters):
                found.setdefault((before, after), []).append(act)
    return found


def draw_states() -> str:
    """The picture as well-formed XML. Raises TransitionNotDrawn."""
    sheet = Element("svg", xmlns="http://www.w3.org/2000/svg", viewBox=f"0 0 {WIDTH} {HEIGHT}", role="img")
    sheet.set("font-family", FONT)
    SubElement(sheet, "title").text = "The states of a loan and the acts that lead from one to another"
    SubElement(sheet, "desc").text = "; ".join(_told())
    _arrow_head(sheet)
    SubElement(sheet, "rect", width=str(WIDTH), height=str(HEIGHT), fill=PAPER)
    drawn = arrows()
    for status, box in LAYOUT.items():
        _status(sheet, status, box, drawn.get((status, status), []))
    for pair in _pairs(drawn):
        _lines(sheet, pair, drawn)
    for number, text in enumerate(LEGEND):
        _text(sheet, (LEGEND_AT[0], LEGEND_AT[1] + number * LINE_HEIGHT), text, fill=SOFT)
    indent(sheet, " ")
    return tostring(sheet, encoding="unicode") + "\n"


def states_section() -> str:
    """The part of the page: the picture, and the same as a table."""
    lines = [
        "## States of a loan\n",
        "![The states of a loan and the acts between them](loan-states.svg)\n",
        "Drawn from `contracts/loan/status.py`, the table by which the twin allows and refuses; a test carries out",
        "every act in every status. What stands nowhere here is refused with `LoanNotActive`.\n",
        "| act | in status | leads to |\n|---|---|---|",
    ]
    for act, ways in TRANSITIONS.items():
        for before, afters in ways.items():
            led = " or ".join(_word(after) for after in sorted(afters))
            lines.append(f"| `{act.value}` | {_word(before)} | {led} |")
    return "\n".join([*lines, ""])


def _told() -> Iterator[str]:
    for (before, after), acts in arrows().items():
        yield f"{_word(before)} to {_word(after)}: {', '.join(act.value for act in acts)}"


def _word(status: LoanStatus) -> str:
    return status.name.lower().replace("_", " ")


def _pairs(drawn: Arrows) -> list[tuple[LoanStatus, LoanStatus]]:
    """Every two different statuses with an arrow between them, once."""
    found = [(min(pair), max(pair)) for pair in drawn if pair[0] != pair[1]]
    return list(dict.fromkeys(found))


def _lines(sheet: Element, pair: tuple[LoanStatus, LoanStatus], drawn: Arrows) -> None:
    """The arrows between two statuses, side by side where there is one each way."""
    ways = [way for way in (pair, pair[::-1]) if way in drawn]
    one, other = LAYOUT[pair[0]], LAYOUT[pair[1]]
    rows = _shared(one.top, one.bottom, other.top, other.bottom)
    columns = _shared(one.left, one.right, other.left, other.right)
    if not (rows or columns):
        raise TransitionNotDrawn(*pair)
    for number, way in enumerate(ways, start=1):
        before, after = LAYOUT[way[0]], LAYOUT[way[1]]
        label = [act.value for act in drawn[way]]
        if rows:
            _horizontal(sheet, before, after, rows[0] + (rows[1] - rows[0]) * number / (len(ways) + 1), label)
        elif columns:
            _vertical(sheet, before, after, columns[0] + (columns[1] - columns[0]) * number / (len(ways) + 1), label)


def _shared(start: int, end: int, other_start: int, other_end: int) -> tuple[int, int] | None:
    """Where two stretches lie beside each other."""
    low, high = max(start, other_start), min(end, other_end)
    return (low, high) if low < high else None


def _horizontal(sheet: Element, before: Box, after: Box, y: float, label: list[str]) -> None:
    start, end = (before.right, after.left) if before.right <= after.left else (before.left, after.right)
    _line(sheet, (start, y), (end, y))
    _text(sheet, ((start + end) / 2, y - 7), " · ".join(label), anchor="middle", family=MONO)


def _vertical(sheet: Element, before: Box, after: Box, x: float, label: list[str]) -> None:
    """Arrows in the left half of the boxes are labelled on their left, others on their right."""
    start, end = (before.bottom, after.top) if before.bottom <= after.top else (before.top, after.bottom)
    _line(sheet, (x, start), (x, end))
    top = (start + end) / 2 - (len(label) - 1) * LINE_HEIGHT / 2 + 4
    anchor, place = ("end", x - 9) if x < before.middle else ("start", x + 9)
    for number, act in enumerate(label):
        _text(sheet, (place, top + number * LINE_HEIGHT), act, anchor=anchor, family=MONO)


def _line(sheet: Element, start: tuple[float, float], end: tuple[float, float]) -> None:
    (x1, y1), (x2, y2) = start, end
    ends = {"x1": f"{x1:g}", "y1": f"{y1:g}", "x2": f"{x2:g}", "y2": f"{y2:g}"}
    SubElement(sheet, "line", ends, stroke=ARROW, **{"stroke-width": "1.6", "marker-end": "url(#head)"})


def _arrow_head(sheet: Element) -> None:
    size = {"markerWidth": "9", "markerHeight": "9", "refX": "9", "refY": "5", "viewBox": "0 0 10 10"}
    marker = SubElement(SubElement(sheet, "defs"), "marker", size, id="head", orient="auto")
    SubElement(marker, "path", d="M0 0 10 5 0 10z", fill=ARROW)


def _status(sheet: Element, status: LoanStatus, box: Box, staying: list[Act]) -> None:
    fill, line = (RUNNING_FILL, RUNNING_LINE) if status.is_running else (ENDED_FILL, ENDED_LINE)
    place = {"x": box.left, "y": box.top, "width": box.right - box.left, "height": box.bottom - box.top}
    rectangle = {name: str(value) for name, value in place.items()} | {"stroke-width": "1.6"}
    SubElement(sheet, "rect", rectangle, rx="12", fill=fill, stroke=line)
    left, y = box.left + PADDING, box.top + 28.0
    _text(sheet, (left, y), f"{status.value}  {_word(status)}", size=17, weight="700")
    for text in MEANING[status]:
        y += LINE_HEIGHT
        _text(sheet, (left, y), text, fill=SOFT)
    y += 8
    for text in _acts_in_lines(staying):
        y += LINE_HEIGHT
        _text(sheet, (left, y), text, family=MONO)


def _acts_in_lines(acts: list[Act]) -> Iterator[str]:
    for first in range(0, len(acts), ACTS_PER_LINE):
        yield " · ".join(act.value for act in acts[first : first + ACTS_PER_LINE])


def _text(
    sheet: Element,
    at: tuple[float, float],
    text: str,
    *,
    size: float = 13,
    weight: str = "400",
    fill: str = INK,
    anchor: str = "start",
    family: str = FONT,
) -> None:
    place = {"x": f"{at[0]:g}", "y": f"{at[1]:g}", "font-size": f"{size:g}", "font-weight": weight}
    written = SubElement(sheet, "text", place, fill=fill, **{"text-anchor": anchor, "font-family": family})
    written.text = text
