"""LoanBook.recordHalt: two headers prove that the ledger stood still, and no loan got later meanwhile."""

import pytest

from contracts.clients.errors import ContractError
from scripts.workbench.evm import HISTORY_BLOCKS
from scripts.workbench.header import encode_header
from scripts.workbench.system import DAY_SECONDS, System
from tests.contracts.conftest import Refused
from tests.contracts.solidity.halts import Halt, halt_for, record
from tests.contracts.solidity.twinned import DUE, Twinned


def test_a_proven_halt_stops_the_clocks(system: System) -> None:
    loan = Twinned.begun(system)
    loan.go_to(DUE + 1)
    halt = halt_for(system, 40 * DAY_SECONDS)
    assert record(system, halt) == [halt.event()]
    assert loan.stops == ((DUE + 1, DUE + 41),)
    loan.go_to(DUE + 43)
    paid = dict(loan.repay(1_000))["PaymentApplied"]
    assert (paid["late_fee_minor"], paid["penalty_minor"]) == (0, 0)


def test_a_day_is_no_halt_and_a_second_more_is(system: System, refused: Refused) -> None:
    short = halt_for(system, DAY_SECONDS)
    with refused("HaltTooShort", seconds_=DAY_SECONDS, least_seconds=DAY_SECONDS):
        record(system, short)
    record(system, halt_for(system, DAY_SECONDS + 1))


def test_a_halt_counts_once(system: System, refused: Refused) -> None:
    halt = halt_for(system, 3 * DAY_SECONDS)
    record(system, halt)
    with refused("StopOverlaps", known_from_at=halt.start, known_until_at=halt.end):
        record(system, halt)


def test_halts_are_kept_in_order_whenever_they_are_recorded(system: System) -> None:
    halts = [halt_for(system, (2 + index) * DAY_SECONDS) for index in range(4)]
    for index in (2, 0, 3, 1):
        record(system, halts[index])
    stops = system.read("LoanBook", "stops")["stops_"]
    assert stops == [{"from_at": halt.start, "until_at": halt.end} for halt in halts]


def test_a_late_record_between_others_counts_for_a_loan_that_is_late(system: System) -> None:
    loan = Twinned.begun(system)
    loan.go_to(DUE + 5)
    first, second = halt_for(system, 10 * DAY_SECONDS), halt_for(system, 20 * DAY_SECONDS)
    record(system, second)
    record(system, first)
    loan.go_to(DUE + 50)
    assert loan.state.days_late(loan.day, loan.stops) == 20
    loan.repay(1_000)


def _pause(system: System, paused: bool) -> None:
    system.send("LoanBook", "setPaused", paused, sender=system.role("guardian"))


def test_a_halt_within_a_pause_stops_nothing_more(system: System, refused: Refused) -> None:
    since = system.evm.timestamp
    _pause(system, True)
    halt = halt_for(system, 3 * DAY_SECONDS)
    with refused("StopOverlaps", known_from_at=since, known_until_at=0):
        record(system, halt)
    _pause(system, False)
    with refused("StopOverlaps", known_from_at=since):
        record(system, halt)


def test_a_halt_before_a_pause_is_recorded_while_it_lasts(system: System) -> None:
    halt = halt_for(system, 3 * DAY_SECONDS)
    _pause(system, True)
    record(system, halt)
    system.evm.go_to(system.evm.timestamp + DAY_SECONDS)
    _pause(system, False)
    assert len(system.read("LoanBook", "stops")["stops_"]) == 2


def test_headers_must_follow_each_other(system: System, refused: Refused) -> None:
    halt = halt_for(system, 3 * DAY_SECONDS)
    earlier = system.evm.header(system.evm.number - 4)
    assert earlier != halt.before
    with refused("HeadersNotConsecutive"):
        record(system, Halt(earlier, halt.after, 0, 0))


def test_a_header_that_the_ledger_does_not_know_is_refused(system: System, refused: Refused) -> None:
    halt = halt_for(system, 3 * DAY_SECONDS)
    forged = encode_header({"number": system.evm.number - 2, "timestamp": 2**40, "parentHash": bytes(32)})
    with refused("UnknownHeader", number=system.evm.number - 2):
        record(system, Halt(halt.before, forged, 0, 0))


def test_a_ledger_remembers_so_many_blocks_and_no_more(system: System, refused: Refused) -> None:
    halt = halt_for(system, 3 * DAY_SECONDS)
    system.evm.skip_blocks(HISTORY_BLOCKS - 1)
    with refused("UnknownHeader"):
        record(system, Halt(halt.before, halt.after, 0, 0))


@pytest.mark.parametrize("junk", [b"", b"\xc0", b"\xf9\x02", bytes(600)])
def test_junk_is_refused(system: System, junk: bytes) -> None:
    halt = halt_for(system, 3 * DAY_SECONDS)
    for before, after in ((junk, halt.after), (halt.before, junk)):
        with pytest.raises(ContractError):
            record(system, Halt(before, after, 0, 0))
