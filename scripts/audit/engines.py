"""Both replays side by side: py-evm in this process, the execution specs in another."""

import multiprocessing
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from queue import Empty
from typing import Any

POLL_SECONDS = 0.1

Tell = Callable[[str, int, int], None]
"""Receives (engine, block reached, head)."""


class ReplayFailed(Exception):
    """A replay found a difference; the message names block, transaction and field. `engine` says which replay."""

    def __init__(self, engine: str, message: str) -> None:
        super().__init__(message)
        self.engine = engine


@dataclass(frozen=True)
class EngineRun:
    """A replay that found no difference."""

    engine: str
    blocks: int
    transactions: int
    seconds: float

    @property
    def rate(self) -> float:
        return self.transactions / self.seconds if self.seconds else 0.0


def replay_both(folder: Path, tell: Tell) -> tuple[EngineRun, EngineRun, Any]:
    """Replay an export in py-evm and in the execution specs at once.

    Returns both runs and py-evm's result (its logs, and calls on the final state). Raises ReplayFailed.
    """
    from chain.replay.pyevm import PyEvmReplay

    context = multiprocessing.get_context("spawn")
    queue: multiprocessing.Queue[tuple[str, Any]] = context.Queue()
    other = context.Process(target=_replay_specs, args=(folder, queue), daemon=True)
    other.start()
    try:
        replay = PyEvmReplay(_open(folder))
        mine = _run(replay, tell)
        theirs = _collect(queue, other, tell)
    finally:
        other.terminate()
        other.join()
    return mine, theirs, replay.result


def _open(folder: Path) -> Any:
    from chain.export.read import Export

    return Export(folder)


def _run(replay: Any, tell: Tell) -> EngineRun:
    from chain.errors import LedgerError

    began = time.perf_counter()
    try:
        for progress in replay.run():
            tell(replay.engine, progress.block, progress.head)
    except LedgerError as difference:
        raise ReplayFailed(replay.engine, str(difference)) from difference
    return EngineRun(replay.engine, replay.result.blocks, replay.result.transactions, time.perf_counter() - began)


def _replay_specs(folder: Path, queue: Any) -> None:
    from chain.replay.specs import SpecsReplay

    try:
        replay = SpecsReplay(_open(folder))
        done = _run(replay, lambda engine, block, head: queue.put(("progress", (engine, block, head))))
        queue.put(("done", done))
    except ReplayFailed as failed:
        queue.put(("failed", (failed.engine, str(failed))))


def _collect(queue: Any, process: Any, tell: Tell) -> EngineRun:
    while True:
        try:
            kind, value = queue.get(timeout=POLL_SECONDS)
        except Empty:
            if process.exitcode is not None and queue.empty():
                raise ReplayFailed("execution specs", f"the replay ended with status {process.exitcode}") from None
            continue
        if kind == "done":
            run: EngineRun = value
            return run
        if kind == "failed":
            raise ReplayFailed(*value)
        tell(*value)
