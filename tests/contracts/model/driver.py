"""Runs of random steps. Each step draws from its own seed, so that a failing run is cut down to the steps it needs."""

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from random import Random

from contracts.clients.errors import ContractError
from contracts.clients.events import Event
from contracts.credit import CreditRefused
from contracts.loan import LoanRefused
from contracts.schedule import ScheduleRefused
from tests.contracts.model.act import Act, Outcome, Scene
from tests.contracts.model.acts.catalogue import CATALOGUE
from tests.contracts.model.checks import Broken, check_events, check_everything, check_touched, same
from tests.contracts.model.model import Model
from tests.contracts.model.refused import Refused
from tests.contracts.model.world import World

DAY_SECONDS = 86_400
WHOLE_EVERY = 50
"""Steps between two comparisons of everything."""
MOST_RERUNS = 200
"""To cut down a failing run."""


@dataclass
class Tally:
    """How many steps were run, and which acts were accepted and refused."""

    steps: int = 0
    comparisons: int = 0
    accepted: Counter[str] = field(default_factory=Counter)
    refused: Counter[str] = field(default_factory=Counter)
    errors: Counter[str] = field(default_factory=Counter)

    def add(self, other: "Tally") -> None:
        """Count another run too."""
        self.steps += other.steps
        self.comparisons += other.comparisons
        for mine, others in (
            (self.accepted, other.accepted),
            (self.refused, other.refused),
            (self.errors, other.errors),
        ):
            mine.update(others)

    @property
    def never_accepted(self) -> list[str]:
        """Kinds of acts that nothing came of: a defect of the draws."""
        return sorted(set(CATALOGUE) - set(self.accepted))

    def __str__(self) -> str:
        kinds = ", ".join(f"{kind} {self.accepted[kind]:,}/{self.refused[kind]:,}" for kind in sorted(CATALOGUE))
        accepted, refused = self.accepted.total(), self.refused.total()
        return (
            f"{self.steps:,} steps: {accepted:,} acts accepted, {refused:,} refused by {len(self.errors)} errors, "
            f"each as the model says ({kinds}); {self.comparisons:,} comparisons of the recount"
        )


class RunBroken(AssertionError):
    """A run that failed, cut down; says how to see it again."""

    def __init__(self, seed: int, reason: str, trace: Sequence[str]) -> None:
        steps = "\n".join(f"  {line}" for line in trace)
        super().__init__(
            f"seed {seed}: {reason}\nafter\n{steps}\nagain: python -m tests.contracts.model.fuzz --seed {seed} --runs 1"
        )
        self.seed = seed


def run(seed: int, steps: int) -> Tally:
    """One run from a fresh deployment. Raises RunBroken, cut down to few steps."""
    trace: list[str] = []
    try:
        return _attempt(seed, range(steps), trace)
    except Exception as found:  # whatever breaks a run is a finding
        shortest: list[str] = []
        with suppress(Exception):
            _attempt(seed, _cut_down(seed, list(range(steps)), _kind(found)), shortest)
        raise RunBroken(seed, _said(found), shortest or trace[-20:]) from found


def _said(error: Exception) -> str:
    return str(error) if isinstance(error, Broken) else repr(error)


def _attempt(seed: int, steps: Iterable[int], trace: list[str]) -> Tally:
    world = World.shared()
    model, tally = world.begin(), Tally()
    for number in steps:
        tally.steps += 1
        _step(Scene(world, model, Random(f"{seed}/{number}")), tally, trace)
        if tally.steps % WHOLE_EVERY == 0:
            check_everything(world, model)
    check_everything(world, model)
    tally.comparisons += check_events(world)
    return tally


def live(seed: int, steps: int) -> Model:
    """What a run leaves behind, in the world that all runs share."""
    world = World.shared()
    model = world.begin()
    for number in range(steps):
        _step(Scene(world, model, Random(f"{seed}/{number}")), Tally(), [])
    return model


def _step(scene: Scene, tally: Tally, trace: list[str]) -> None:
    _let_time_pass(scene)
    names, weights = zip(*((name, weight) for name, (weight, _) in CATALOGUE.items()), strict=True)
    (name,) = scene.rng.choices(names, weights)
    act = CATALOGUE[name][1](scene)
    if act is None:
        return
    trace.append(f"{scene.model.now} {act}")
    expected = _predicted(scene.model, act)
    before = dict(scene.model.cash)
    try:
        events = scene.world.send(act.contract, act.function, act.values, act.sender)
    except ContractError as error:
        same(f"{act.kind} refused by", expected if isinstance(expected, str) else "nothing", error.name)
        tally.refused[name] += 1
        tally.errors[error.name] += 1
    else:
        if isinstance(expected, str):
            raise Broken(f"{act.kind} was accepted, the model refuses it by {expected}")
        tally.accepted[name] += 1
        _commit(scene.model, act, expected, events)
    _require_authorised(scene.model, act, before)
    touched = {party for party in act.parties if party in scene.model.parties}
    check_touched(scene.world, scene.model, act.loans, touched)


def _let_time_pass(scene: Scene) -> None:
    """Seconds, days, a month, now and then a quarter: time is what makes loans late."""
    rng, evm = scene.rng, scene.world.evm
    how = rng.choices(("second", "hours", "days", "month", "quarter"), (57, 20, 15, 6, 2))[0]
    days = {"days": rng.randint(1, 9), "month": rng.randint(25, 40), "quarter": rng.randint(80, 130)}.get(how, 0)
    evm.go_to(evm.timestamp + days * DAY_SECONDS + (rng.randint(1, 50_000) if how == "hours" else 1))
    if how != "second":
        scene.model.silences.append((scene.model.now, evm.timestamp))
    scene.model.now = evm.timestamp


def _predicted(model: Model, act: Act) -> Outcome | str:
    try:
        outcome = act.predict()
        model.require_cash(outcome.moves)
    except Refused as refused:
        return refused.name
    except (LoanRefused, ScheduleRefused, CreditRefused) as refused:
        return type(refused).__name__
    return outcome


def _commit(model: Model, act: Act, outcome: Outcome, events: Sequence[Event]) -> None:
    _require_events(act, outcome, events)
    model.move(outcome.moves)
    outcome.commit()
    act.seen(list(events))


def _require_events(act: Act, outcome: Outcome, events: Sequence[Event]) -> None:
    rest = iter(events)
    for name, members in outcome.events:
        event = next((one for one in rest if one.name == name), None)
        if event is None:
            raise Broken(f"{act.kind} has no event {name} in its place")
        for member, value in members.items():
            same(f"{name}.{member}", value, event.args[member])


def _require_authorised(model: Model, act: Act, before: dict[str, int]) -> None:
    """Nobody's cash falls without that party's authority in this step."""
    for account, cash in before.items():
        if model.cash[account] < cash and account not in act.authorised:
            raise Broken(
                f"{act.kind}: cash of {account} fell from {cash} to {model.cash[account]} without its authority"
            )


def _cut_down(seed: int, steps: list[int], kind: str) -> list[int]:
    """Fewer steps that fail in the same way, by leaving out ever smaller parts."""
    budget = iter(range(MOST_RERUNS))
    size = len(steps) // 2
    while size:
        for start in reversed(range(0, len(steps), size)):
            fewer = steps[:start] + steps[start + size :]
            if fewer and next(budget, None) is not None and _failure(seed, fewer) == kind:
                steps = fewer
        size //= 2
    return steps


def _failure(seed: int, steps: Sequence[int]) -> str:
    """How a run fails, without its numbers; empty when it does not."""
    try:
        _attempt(seed, steps, [])
    except Exception as error:
        return _kind(error)
    return ""


def _kind(error: Exception) -> str:
    return f"{type(error).__name__} {re.sub('0x[0-9a-fA-F]+|[0-9]+', '', str(error))[:60]}"
