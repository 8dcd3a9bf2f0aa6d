"""Ways to alter a history."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from contracts.clients import Event


def change(name: str, **changes: Any) -> Callable[[Event], Event | None]:
    def change(event: Event) -> Event | None:
        if event.name != name:
            return event
        altered = {key: value(event.args[key]) if callable(value) else value for key, value in changes.items()}
        return replace(event, args={**event.args, **altered})

    return change


def drop(name: str) -> Callable[[Event], Event | None]:
    return lambda event: None if event.name == name else event


def plus_one(value: int) -> int:
    return value + 1


def caps(name: str, value: object) -> Callable[[Event], Event | None]:
    return change("ProductChanged", caps=lambda caps: caps | {name: value})


def again(events: list[Event], name: str, **changes: Any) -> list[Event]:
    """The events, and then the last of a name once more in a block of its own."""
    last = [event for event in events if event.name == name][-1]
    number = events[-1].block_number + 1
    return [*events, replace(last, block_number=number, args={**last.args, **changes})]
