"""LoanBook.recordHalt: two headers prove that the ledger stood still, and no loan got later meanwhile."""

from dataclasses import dataclass
from typing import Any

import pytest
import rlp

from contracts.clients.errors import ContractError
from scripts.workbench.evm import HISTORY_BLOCKS
from scripts.workbench.header import encode_header
from scripts.workbench.system import DAY_SECONDS, System
from tests.contracts.conftest import Refused
from tests.contracts.solidity.twinned import DUE, Twinned

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


def _halt(system: System, seconds: int) -> Halt:
    """Blocks, then none for so long, then blocks again."""
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


def _record(system: System, halt: Halt) -> list[tuple[str, dict[str, Any]]]:
    return system.events(system.send("LoanBook", "recordHalt", halt.before, halt.after))


def test_a_proven_halt_stops_the_clocks(system: System) -> None:
    loan = Twinned.begun(system)
    loan.go_to(DUE + 1)
    halt = _halt(system, 40 * DAY_SECONDS)
    assert _record(system, halt) == [halt.event()]
    assert loan.stops == ((DUE + 1, DUE + 41),)
    loan.go_to(DUE + 43)
    paid = dict(loan.repay(1_000))["PaymentApplied"]
    assert (paid["late_fee_minor"], paid["penalty_minor"]) == (0, 0)


def test_a_day_is_no_halt_and_a_second_more_is(system: System, refused: Refused) -> None:
    short = _halt(system, DAY_SECONDS)
    with refused("HaltTooShort", seconds_=DAY_SECONDS, least_seconds=DAY_SECONDS):
        _record(system, short)
    _record(system, _halt(system, DAY_SECONDS + 1))


def test_a_halt_counts_once(system: System, refused: Refused) -> None:
    halt = _halt(system, 3 * DAY_SECONDS)
    _record(system, halt)
    with refused("StopOverlaps", known_from_at=halt.start, known_until_at=halt.end):
        _record(system, halt)


def test_halts_are_kept_in_order_whenever_they_are_recorded(system: System) -> None:
    halts = [_halt(system, (2 + index) * DAY_SECONDS) for index in range(4)]
    for index in (2, 0, 3, 1):
        _record(system, halts[index])
    stops = system.read("LoanBook", "stops")["stops_"]
    assert stops == [{"from_at": halt.start, "until_at": halt.end} for halt in halts]


def test_a_late_record_between_others_counts_for_a_loan_that_is_late(system: System) -> None:
    loan = Twinned.begun(system)
    loan.go_to(DUE + 5)
    first, second = _halt(system, 10 * DAY_SECONDS), _halt(system, 20 * DAY_SECONDS)
    _record(system, second)
    _record(system, first)
    loan.go_to(DUE + 50)
    assert loan.state.days_late(loan.day, loan.stops) == 20
    loan.repay(1_000)


def _pause(system: System, paused: bool) -> None:
    system.send("LoanBook", "setPaused", paused, sender=system.role("guardian"))


def test_a_halt_within_a_pause_stops_nothing_more(system: System, refused: Refused) -> None:
    since = system.evm.timestamp
    _pause(system, True)
    halt = _halt(system, 3 * DAY_SECONDS)
    with refused("StopOverlaps", known_from_at=since, known_until_at=0):
        _record(system, halt)
    _pause(system, False)
    with refused("StopOverlaps", known_from_at=since):
        _record(system, halt)


def test_a_halt_before_a_pause_is_recorded_while_it_lasts(system: System) -> None:
    halt = _halt(system, 3 * DAY_SECONDS)
    _pause(system, True)
    _record(system, halt)
    system.evm.go_to(system.evm.timestamp + DAY_SECONDS)
    _pause(system, False)
    assert len(system.read("LoanBook", "stops")["stops_"]) == 2


def test_headers_must_follow_each_other(system: System, refused: Refused) -> None:
    halt = _halt(system, 3 * DAY_SECONDS)
    earlier = system.evm.header(system.evm.number - 4)
    assert earlier != halt.before
    with refused("HeadersNotConsecutive"):
        _record(system, Halt(earlier, halt.after, 0, 0))


def test_a_header_that_the_ledger_does_not_know_is_refused(system: System, refused: Refused) -> None:
    halt = _halt(system, 3 * DAY_SECONDS)
    forged = encode_header({"number": system.evm.number - 2, "timestamp": 2**40, "parentHash": bytes(32)})
    with refused("UnknownHeader", number=system.evm.number - 2):
        _record(system, Halt(halt.before, forged, 0, 0))


def test_a_ledger_remembers_so_many_blocks_and_no_more(system: System, refused: Refused) -> None:
    halt = _halt(system, 3 * DAY_SECONDS)
    system.evm.skip_blocks(HISTORY_BLOCKS - 1)
    with refused("UnknownHeader"):
        _record(system, Halt(halt.before, halt.after, 0, 0))


@pytest.mark.parametrize("junk", [b"", b"\xc0", b"\xf9\x02", bytes(600)])
def test_junk_is_refused(system: System, junk: bytes) -> None:
    halt = _halt(system, 3 * DAY_SECONDS)
    for before, after in ((junk, halt.after), (halt.before, junk)):
        with pytest.raises(ContractError):
            _record(system, Halt(before, after, 0, 0))
