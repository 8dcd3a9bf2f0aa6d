"""Times in which the ledger made no block, and their proof."""

from dataclasses import dataclass
from typing import Any

import rlp

from scripts.workbench.system import System

TIMESTAMP = 11
"""The field of a header."""


@dataclass(frozen=True)
class Halt:
    """Two blocks with nothing between them."""

    before: bytes
    after: bytes
    start: int
    end: int

    def event(self) -> tuple[str, dict[str, Any]]:
        """What is told of it."""
        return "ClockStopped", {"from_at": self.start, "until_at": self.end, "reason": 1}


def halt_for(system: System, seconds: int) -> Halt:
    """Blocks, then none for so many seconds, then blocks again."""
    evm = system.evm
    evm.skip_blocks(2)
    last = evm.number - 1
    before = evm.header(last)
    start = _timestamp(before)
    evm.go_to(start + seconds)
    evm.skip_blocks(2)
    after = evm.header(last + 1)
    return Halt(before, after, start, _timestamp(after))


def _timestamp(header: bytes) -> int:
    return int.from_bytes(rlp.decode(header)[TIMESTAMP], "big")


def record(system: System, halt: Halt) -> list[tuple[str, dict[str, Any]]]:
    """Prove it to the LoanBook; what that tells."""
    return system.events(system.send("LoanBook", "recordHalt", halt.before, halt.after))
