"""LoanBook.setPaused: nothing begins, everything can be paid, and no loan gets later meanwhile."""

import pytest

from scripts.workbench.system import Draft, System
from tests.contracts.conftest import Refused
from tests.contracts.solidity.twinned import DUE, FAR_DAY, MAX, Twinned


@pytest.fixture
def loan(system: System) -> Twinned:
    return Twinned.begun(system)


def _pause(loan: Twinned, paused: bool) -> list[tuple[str, dict[str, object]]]:
    system = loan.system
    return system.events(system.send("LoanBook", "setPaused", paused, sender=system.role("guardian")))


def test_the_days_of_a_pause_do_not_count(loan: Twinned) -> None:
    loan.go_to(DUE + 1)
    _pause(loan, True)
    loan.go_to(DUE + 31)
    _pause(loan, False)
    assert loan.stops == ((DUE + 1, DUE + 31),)
    loan.go_to(DUE + 33)
    assert loan.owed.total_minor == loan.system.read("LoanBook", "owed", loan.loan, loan.day)["total_minor"]
    assert loan.state.days_late(loan.day, loan.stops) == 3
    paid = dict(loan.repay(1_000))["PaymentApplied"]
    assert (paid["late_fee_minor"], paid["penalty_minor"]) == (0, 0)


def test_a_pause_that_lasts_does_not_count_either(loan: Twinned) -> None:
    loan.go_to(DUE + 10)
    _pause(loan, True)
    loan.go_to(DUE + 40).record_arrears()
    assert loan.state.bucket == 1
    loan.repay(loan.owed.overdue_minor)


def test_everything_that_pays_works(loan: Twinned) -> None:
    loan.system.allow(loan.loan, 2**44 - 1, FAR_DAY)
    loan.go_to(DUE)
    _pause(loan, True)
    loan.repay(1_000)
    loan.repay_valued(1_000, DUE)
    assert loan.system.events(loan.system.send("LoanBook", "collect", [loan.loan]))[0][0] == "PaymentApplied"
    loan.send("settle", MAX)


def test_nobody_defaults(loan: Twinned, refused: Refused) -> None:
    loan.go_to(DUE + 91)
    _pause(loan, True)
    with refused("LoanBookPaused", since_at=loan.system.evm.timestamp):
        loan.send("declareDefault", sender="risk")
    loan.go_to(DUE + 200)
    _pause(loan, False)
    loan.default()


def test_no_loan_begins(loan: Twinned, refused: Refused) -> None:
    system, other = loan.system, loan.system.person(2)
    system.publish(other.subject)
    agreement = system.agreement(other, Draft())
    _pause(loan, True)
    with refused("PausedLoanBook"):
        system.originate(other, agreement)
    system.evm.go_to(system.evm.timestamp + 3_600)
    _pause(loan, False)
    system.originate(other, agreement)


def test_each_pause_is_told_with_its_instants(loan: Twinned) -> None:
    since = loan.system.evm.timestamp
    assert ("PausedChanged", {"paused": True}) in _pause(loan, True)
    loan.system.evm.go_to(since + 3_600)
    events = _pause(loan, False)
    assert ("ClockStopped", {"from_at": since, "until_at": since + 3_600, "reason": 0}) in events
    assert ("PausedChanged", {"paused": False}) in events
    found = loan.system.read("LoanBook", "stops")
    assert found == {"stops_": [{"from_at": since, "until_at": since + 3_600}], "paused_since": 0}


def test_several_pauses_add_up(loan: Twinned) -> None:
    for start, end in ((DUE - 9, DUE + 2), (DUE + 5, DUE + 8), (DUE + 20, DUE + 60)):
        loan.go_to(start)
        _pause(loan, True)
        loan.go_to(end)
        _pause(loan, False)
    loan.go_to(DUE + 70)
    assert loan.state.days_late(loan.day, loan.stops) == 70 - 2 - 3 - 40
    loan.repay(30_000)
    loan.record_arrears() if loan.state.bucket == 0 else loan.check()


def test_a_pause_lasts_an_hour_so_that_stops_stay_few(loan: Twinned, refused: Refused) -> None:
    since = loan.system.evm.timestamp
    _pause(loan, True)
    loan.system.evm.go_to(since + 3_599)
    with refused("PauseTooShort", lasted_seconds=3_599, least_seconds=3_600):
        _pause(loan, False)
    loan.system.evm.go_to(since + 3_600)
    _pause(loan, False)


def test_pausing_twice_is_refused(loan: Twinned, refused: Refused) -> None:
    with refused("PauseUnchanged", paused=False):
        _pause(loan, False)
    _pause(loan, True)
    with refused("PauseUnchanged", paused=True):
        _pause(loan, True)


def test_only_the_pauser(loan: Twinned, refused: Refused) -> None:
    with refused("AccessManagedUnauthorized"):
        loan.system.send("LoanBook", "setPaused", True, sender=loan.system.role("risk"))
