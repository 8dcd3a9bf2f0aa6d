"""Anybody proves that the ledger made no block for a while."""

from tests.contracts.model.act import Act, Outcome, Scene
from tests.contracts.model.model import Model
from tests.contracts.model.refused import require
from tests.contracts.model.world import STRANGER

HALT_SECONDS = 86_400
HALT = 1
"""Why clocks stood still."""


def record_halt(scene: Scene) -> Act | None:
    """Prove one of the last times without a block, long enough or not, known or not."""
    model = scene.model
    if not model.silences or not scene.chance(40):
        return None
    start, end = scene.rng.choice(model.silences[-4:])
    headers = scene.world.headers_around(start, end)

    def predict() -> Outcome:
        require(end - start > HALT_SECONDS, "HaltTooShort")
        require(not _overlaps(model, start, end), "StopOverlaps")
        told = {"from_at": start, "until_at": end, "reason": HALT}
        return Outcome(commit=lambda: model.stops_at.append((start, end)), events=[("ClockStopped", told)])

    return Act("recordHalt", "LoanBook", "recordHalt", headers, STRANGER, predict)


def _overlaps(model: Model, start: int, end: int) -> bool:
    running = [(model.paused_since, model.now + 1)] if model.paused_since else []
    return any(since < end and start < until for since, until in [*model.stops_at, *running])
