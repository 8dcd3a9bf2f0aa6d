"""Of whole lives every figure counts: whatever event of LoanBook is altered or left out, the recount differs."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest

from contracts.clients import Event
from contracts.recount import recount
from tests.contracts.model.driver import live
from tests.contracts.model.world import World

SEEDS = (4, 34, 41, 43, 50, 54, 61, 62)
STEPS = 220
MOST_TRIED = 3
SILENT = ("AuthorityUpdated", "CollectionFailed")
"""Events that change nothing of what LoanBook keeps."""
HARMLESS = {"ClockStopped: reason", "ProductChanged: from_day"}
"""Why clocks stood still is told, not kept; a day that has passed is as good as another that has."""
EXPECTED = {
    "ArrearsChanged",
    "ClockStopped",
    "CoverApplied",
    "FacilityChanged",
    "ImpairmentChanged",
    "LoanAmended",
    "LoanCancelled",
    "LoanClosed",
    "LoanCured",
    "LoanDefaulted",
    "LoanOriginated",
    "LoanSettled",
    "LoanUnwound",
    "LoanWrittenOff",
    "MandateSet",
    "PausedChanged",
    "PaymentApplied",
    "PaymentReturned",
    "PaymentValued",
    "ProductChanged",
    "RecoveryPassed",
    "ScheduleTable",
}


def _alterations(event: Event) -> Iterator[tuple[str, Event | None]]:
    """The event left out, and once with each number or truth in it changed."""
    yield "left out", None
    for name, value in event.args.items():
        other: Any = not value if isinstance(value, bool) else value + 1 if isinstance(value, int) else None
        if other is not None:
            yield name, replace(event, args={**event.args, name: other})


def _differs(world: World, events: list[Event], at: int, altered: Event | None) -> bool:
    changed = [*events[:at], *([altered] if altered else []), *events[at + 1 :]]
    return not recount(changed, world.evm.call, world.book).clean


def test_every_figure_of_every_event_counts() -> None:
    """Of at most three events of a kind, the last ones: what later events undo is not noticed of the earlier."""
    world, tried, unnoticed = World.shared(), Counter[str](), dict[str, set[str]]()
    for seed in SEEDS:
        live(seed, STEPS)
        events = world.all_events()
        for at, event in reversed(list(enumerate(events))):
            left = unnoticed.get(event.name, {what for what, _ in _alterations(event)})
            if event.contract != "LoanBook" or event.name in SILENT or tried[event.name] == MOST_TRIED or not left:
                continue
            tried[event.name] += 1
            alterations = [one for one in _alterations(event) if one[0] in left]
            unnoticed[event.name] = {what for what, altered in alterations if not _differs(world, events, at, altered)}
    assert {f"{name}: {what}" for name, left in unnoticed.items() for what in left} == HARMLESS
    assert set(tried) == EXPECTED


def test_a_life_left_as_it_was_recounts_clean() -> None:
    world = World.shared()
    live(SEEDS[0], STEPS)
    findings = recount(world.all_events(), world.evm.call, world.book)
    assert findings.differences == []
    assert findings.entries > 0


@pytest.mark.parametrize("seed", SEEDS[:3])
def test_each_entry_in_the_books_of_a_loan_balances(seed: int) -> None:
    world = World.shared()
    live(seed, STEPS)
    findings = recount(world.all_events(), world.evm.call, world.book)
    assert findings.entries >= findings.loans + findings.payments
