"""Geometry of the picture of a schedule: time runs to the right, money upwards."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from typing import Self

from contracts.schedule import date_of, day_of
from contracts.schedule.plan import Line, Resolved

WIDTH = 480
LEFT, RIGHT = 74, 456
BALANCE, ROWS = (238, 118), (408, 190)
"""Top and height of the two panels."""
WIDEST_BAR, BAR_SHARE, OVERLAP = 26.0, 0.74, 0.5
THIN_BAR = 2.0
"""Bars that would be thinner close up to a solid area."""
RULES = 5
"""Most intervals between the lines across a panel."""
MINOR = 100
UNITS = {
    "en": ((10**9, " bn"), (10**6, " m"), (10**3, " k")),
    "zh": ((10**8, "亿"), (10**4, "万")),
}
UNIT_FROM = 20
"""A panel is labelled in a unit once it holds so many."""
CUT_FROM, CUT_TO = 4, 1.6
"""A row of more than so many times the next larger ones is cut at so many times them."""
DATES = 6
LEAST_PART = 0.5


@dataclass(frozen=True, slots=True)
class Frame:
    """A panel with its scales."""

    top: float
    height: float
    first_day: int
    last_day: int
    most_minor: int
    left: float = LEFT
    right: float = RIGHT

    @classmethod
    def of(cls, resolved: Resolved, panel: tuple[int, int], most_minor: int) -> Self:
        """The panel for a plan's whole time and amounts up to `most_minor`."""
        return cls(*panel, resolved.plan.disbursement_day, resolved.rows[-1].due_day, max(most_minor, 1))

    def x(self, day: float) -> float:
        """Where a day is."""
        inset = WIDEST_BAR / 2
        days = max(self.last_day - self.first_day, 1)
        return self.left + inset + (self.right - self.left - 2 * inset) * (day - self.first_day) / days

    def y(self, minor: float) -> float:
        """Where an amount is."""
        return self.top + self.height * (1 - minor / self.most_minor)


@dataclass(frozen=True, slots=True)
class BarPart:
    """One colour of a bar."""

    name: str
    top: float
    height: float


@dataclass(frozen=True, slots=True)
class Bar:
    """What is due on one day; `cut` is where it is shortened, None when it is shown whole."""

    left: float
    width: float
    due_minor: int
    parts: tuple[BarPart, ...]
    cut: float | None


def top_of_rows(resolved: Resolved) -> int:
    """The largest amount that the panel of rows shows: single rows far larger than the others are cut."""
    dues = sorted((due for due in _dues(resolved).values()), reverse=True)
    for larger, next_one in pairwise(dues):
        if larger <= CUT_FROM * next_one:
            return larger if larger == dues[0] else int(CUT_TO * larger)
    return dues[0]


def _dues(resolved: Resolved) -> dict[int, int]:
    """What is due on each day."""
    dues: dict[int, int] = {}
    for line in resolved.lines:
        if line.due_minor:
            dues[line.due_day] = dues.get(line.due_day, 0) + line.due_minor
    return dues


def bars(frame: Frame, resolved: Resolved) -> Iterator[Bar]:
    """A bar for each day on which something is due: principal at the foot, then interest, then fees."""
    dues = _dues(resolved)
    nearest = min((later - earlier for earlier, later in pairwise(sorted(dues))), default=frame.last_day)
    pitch = frame.x(nearest) - frame.x(0)
    width = min(pitch * BAR_SHARE, WIDEST_BAR) if pitch * BAR_SHARE >= THIN_BAR else pitch + OVERLAP
    for day, due in dues.items():
        cut = frame.top + 14 if due > frame.most_minor else None
        parts = tuple(_parts(frame, [line for line in resolved.lines if line.due_day == day]))
        yield Bar(frame.x(day) - width / 2, width, due, parts, cut)


def _parts(frame: Frame, lines: list[Line]) -> Iterator[BarPart]:
    foot = 0.0
    for name in ("principal", "interest", "fees"):
        amount = sum(getattr(line, f"{name}_minor") for line in lines)
        top, bottom = (frame.y(min(edge, frame.most_minor)) for edge in (foot + amount, foot))
        foot += amount
        if bottom - top >= LEAST_PART or 0 < amount <= foot <= frame.most_minor:
            yield BarPart(name, top, max(bottom - top, LEAST_PART))


def balance_path(frame: Frame, resolved: Resolved) -> tuple[str, str]:
    """The line of the balance, level between due days, and the area below it."""
    points = [f"M{frame.x(frame.first_day):.1f},{frame.y(resolved.lines[0].balance_minor):.1f}"]
    for line in resolved.lines[1:]:
        points.append(f"H{frame.x(line.due_day):.1f}V{frame.y(line.balance_minor):.1f}")
    line_path = "".join(points)
    return line_path, f"{line_path}V{frame.y(0):.1f}H{frame.x(frame.first_day):.1f}Z"


def rules(frame: Frame, language: str) -> Iterator[tuple[float, str]]:
    """Lines across the panel at round amounts, all in one unit."""
    most = frame.most_minor // MINOR
    size, unit = next(((size, unit) for size, unit in UNITS[language] if most >= UNIT_FROM * size), (1, ""))
    for minor in range(0, frame.most_minor + 1, _round_step(frame.most_minor)):
        yield frame.y(minor), f"{minor / MINOR / size:,.2f}".rstrip("0").rstrip(".") + unit if minor else "0"


def _round_step(most_minor: int) -> int:
    """1, 2 or 5 times a power of ten."""
    power = 1
    while True:
        for step in (power, 2 * power, 5 * power):
            if most_minor <= RULES * step:
                return step
        power *= 10


def date_ticks(frame: Frame, resolved: Resolved) -> list[tuple[float, str]]:
    """Dates below the panel: the first of a few years or months, or for short plans the due days themselves."""
    days = sorted({frame.first_day, *(line.due_day for line in resolved.lines)})
    if len(days) <= DATES:
        return _apart(
            [(frame.x(day), f"{date_of(day):%m-%d}" if _one_year(frame) else f"{date_of(day):%Y-%m}") for day in days]
        )
    months = list(_months(frame))
    step = next(step for step in (1, 2, 3, 6, 12, 24, 60, 120, 240, 600) if len(months) / step <= DATES)
    chosen = [month for month in months if (month.year * 12 + month.month - 1) % step == 0]
    form = "%Y" if step >= 12 else "%Y-%m"
    return _apart([(frame.x(day_of(month)), f"{month:{form}}") for month in chosen]) or [
        (frame.x(day), f"{date_of(day):%Y-%m-%d}") for day in (days[0], days[-1])
    ]


def _one_year(frame: Frame) -> bool:
    return date_of(frame.first_day).year == date_of(frame.last_day).year


def _months(frame: Frame) -> Iterator[date]:
    """The first of each month within the plan."""
    month = date_of(frame.first_day).replace(day=1)
    last = date_of(frame.last_day)
    while month <= last:
        if day_of(month) >= frame.first_day:
            yield month
        month = date(month.year + month.month // 12, month.month % 12 + 1, 1)


def _apart(ticks: list[tuple[float, str]]) -> list[tuple[float, str]]:
    """Those ticks that leave room between them."""
    kept: list[tuple[float, str]] = []
    for place, text in ticks:
        if not kept or place - kept[-1][0] >= 7 * max(len(text), len(kept[-1][1])):
            kept.append((place, text))
    return kept
