"""A case's events, and the tables between them."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Any

from contracts.schedule import day_of
from scripts.schedule.compare import read_amount
from scripts.schedule.fineract import Unsupported

Fields = Mapping[str, Any]
MOST_EVENTS = 10_000
HUNDRED = 2
"""Decimals of an amount: minor units are hundredths."""


class Kind(StrEnum):
    """What can happen."""

    TODAY = "today"
    DISBURSE = "disburse"
    REPAY = "repay"
    CLOSE_OF_BUSINESS = "close_of_business"


@dataclass(frozen=True, slots=True)
class Event:
    """One line of a script; amount in minor units.

    `day` is the one that it counts for, `today` the one on which it is booked. An event that cannot be read has no
    kind and says why in `trouble`: what comes before it is compared all the same.
    """

    kind: Kind | None
    day: int
    today: int
    amount_minor: int = 0
    trouble: str = ""


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """Tables after a number of events: `payouts` are lines without a number, `rows` those with one."""

    after: int
    line: object
    payouts: Sequence[Fields]
    rows: Sequence[Fields]
    totals: Fields | None


def read_events(case: Fields) -> list[Event]:
    """The events in order. Raises Unsupported when they are not a list of objects."""
    today, events = 0, []
    for fields in _objects(case, "events"):
        event = _event(fields, today)
        today = event.today
        events.append(event)
    return events


def _event(fields: Fields, today: int) -> Event:
    name = str(fields.get("kind"))
    if name not in set(Kind):
        return Event(None, today, today, trouble=f"event {name!r} is not known")
    kind = Kind(name)
    try:
        day = today if kind is Kind.CLOSE_OF_BUSINESS else _day(fields)
        moves_money = kind in {Kind.DISBURSE, Kind.REPAY}
        amount = _minor(fields) if moves_money else 0
    except Unsupported as unsupported:
        return Event(None, today, today, trouble=unsupported.reason)
    return Event(kind, day, day if kind is Kind.TODAY else today, amount)


def read_checkpoints(case: Fields) -> list[Checkpoint]:
    """The tables in the order of the events before them. Raises Unsupported."""
    return sorted((_checkpoint(fields) for fields in _objects(case, "checkpoints")), key=lambda point: point.after)


def _checkpoint(fields: Fields) -> Checkpoint:
    after, lines, totals = fields.get("after"), list(_objects(fields, "schedule")), fields.get("totals")
    if not isinstance(after, int) or isinstance(after, bool) or not 0 <= after <= MOST_EVENTS:
        raise Unsupported(f"a checkpoint is after {after!r} events")
    if totals is not None and not isinstance(totals, dict):
        raise Unsupported("the totals of a checkpoint are not an object")
    payouts, rows = ([line for line in lines if ("nr" in line) is numbered] for numbered in (False, True))
    return Checkpoint(after, fields.get("line"), payouts, rows, totals)


def _objects(fields: Fields, name: str) -> Iterator[Fields]:
    found = fields.get(name)
    if not isinstance(found, list) or not found or not all(isinstance(one, dict) for one in found):
        raise Unsupported(f"nothing to replay: {name} is not a list of objects")
    if len(found) > MOST_EVENTS:
        raise Unsupported(f"more than {MOST_EVENTS} {name}")
    yield from found


def _day(fields: Fields) -> int:
    try:
        return day_of(date.fromisoformat(str(fields.get("date"))))
    except ValueError:
        raise Unsupported(f"the date {fields.get('date')!r} of an event is not one") from None


def _minor(fields: Fields) -> int:
    if "amount" not in fields:
        raise Unsupported("an event has no amount")
    minor = read_amount(fields, "amount").scaleb(HUNDRED)
    if minor != minor.to_integral_value() or minor <= Decimal(0):
        raise Unsupported(f"the amount {fields['amount']!r} of an event is not one in hundredths")
    return int(minor)
