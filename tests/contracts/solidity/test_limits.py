"""Limits in use, sets of signers, the market factor and steps of a limit, by the registry itself."""

import pytest
from eth_utils.crypto import keccak

from contracts.clients import kept_uid
from contracts.credit import Reason
from scripts.workbench.system import DAY_SECONDS, System
from tests.contracts.conftest import Refused

SUBJECT = "0x" + "50" * 20
COOLDOWN_SECONDS = 30 * DAY_SECONDS
REASON = keccak(b"why")


def _as_book(system: System, name: str, *values: object) -> None:
    system.send("CreditRegistry", name, *values, sender=system.contracts["LoanBook"])


def _factor(system: System, factor_ppm: int) -> None:
    system.restricted("CreditRegistry", "setMarketFactor", factor_ppm, sender=system.role("risk"))


def _list(system: System, listed: bool) -> None:
    book, governor = system.contracts["LoanBook"], system.role("governor")
    system.restricted("CreditRegistry", "setLoanBook", book, listed, sender=governor, delay=7 * DAY_SECONDS)


def _rotate(system: System) -> None:
    members, governor = [key.address for key in system.oracle_keys()], system.role("governor")
    system.restricted("CreditRegistry", "setSigners", members, 3, sender=governor, delay=2 * DAY_SECONDS)


def test_an_unlisted_book_reserves_nothing_and_gives_everything_back(system: System, refused: Refused) -> None:
    uid, _ = system.publish(SUBJECT)
    _as_book(system, "reserve", SUBJECT, uid, 1_000)
    _list(system, False)
    assert system.read("CreditRegistry", "loanBooks") == []
    with refused("NotLoanBook"):
        _as_book(system, "reserve", SUBJECT, uid, 1_000)
    _as_book(system, "noteArrears", SUBJECT, 0, 1)
    _as_book(system, "noteWriteOff", SUBJECT)
    _as_book(system, "release", SUBJECT, 1_000, 1)
    _as_book(system, "restore", SUBJECT, 1_000, 1)
    _as_book(system, "release", SUBJECT, 1_000, 0)
    assert system.read("CreditRegistry", "exposure", SUBJECT) == {"open_loans": 0, "reserved_minor": 0}


def test_nobody_else_touches_limits_or_history(system: System, refused: Refused) -> None:
    for name, values in (
        ("reserveMore", (SUBJECT, REASON, 1)),
        ("restore", (SUBJECT, 1, 0)),
        ("noteArrears", (SUBJECT, 0, 1)),
        ("noteWriteOff", (SUBJECT,)),
        ("setPaused", (True,)),
    ):
        with refused("NotLoanBook"):
            system.send("CreditRegistry", name, *values)


def test_a_paused_book_reserves_nothing(system: System, refused: Refused) -> None:
    uid, _ = system.publish(SUBJECT)
    _as_book(system, "setPaused", True)
    for name in ("reserve", "reserveMore"):
        with refused("PausedLoanBook", loan_book=system.contracts["LoanBook"]):
            _as_book(system, name, SUBJECT, uid, 1)
    _as_book(system, "setPaused", False)
    _as_book(system, "reserve", SUBJECT, uid, 1)


def test_the_limit_of_the_report_is_the_last_that_fits(system: System, refused: Refused) -> None:
    uid, _ = system.publish(SUBJECT, limit_minor=1_000)
    _as_book(system, "reserve", SUBJECT, uid, 600)
    with refused("LimitExceeded", wanted_minor=401, available_minor=400):
        _as_book(system, "reserveMore", SUBJECT, uid, 401)
    _as_book(system, "reserveMore", SUBJECT, uid, 400)
    assert system.read("CreditRegistry", "exposure", SUBJECT) == {"open_loans": 1, "reserved_minor": 1_000}


def test_no_more_is_given_back_than_was_reserved(system: System, refused: Refused) -> None:
    uid, _ = system.publish(SUBJECT)
    _as_book(system, "reserve", SUBJECT, uid, 1_000)
    with refused("NotReserved", amount_minor=1_001, reserved_minor=1_000):
        _as_book(system, "release", SUBJECT, 1_001, 0)
    with refused("UnknownOutcome", outcome=4):
        _as_book(system, "release", SUBJECT, 1_000, 4)
    _as_book(system, "release", SUBJECT, 1_000, 2)
    with refused("NotReserved", open_loans=0):
        _as_book(system, "release", SUBJECT, 0, 0)


def test_a_revoked_set_takes_its_reports_with_it_and_the_next_sets_count(system: System, refused: Refused) -> None:
    old, _ = system.publish(SUBJECT)
    _rotate(system)
    _as_book(system, "reserve", SUBJECT, old, 1)
    system.send("CreditRegistry", "revokeSignerSetsBefore", 2, REASON, sender=system.role("risk"))
    with refused("RevokedSignerSet", signer_set=1, first_signer_set=2):
        _as_book(system, "reserve", SUBJECT, old, 1)
    with refused("RevokedSignerSet"):
        system.read("CreditRegistry", "requireCurrent", SUBJECT, old)
    new, _ = system.publish(SUBJECT)
    _as_book(system, "reserve", SUBJECT, new, 1)


def test_a_leaked_current_set_publishes_nothing_until_it_is_replaced(system: System, refused: Refused) -> None:
    system.send("CreditRegistry", "revokeSignerSetsBefore", 2, REASON, sender=system.role("risk"))
    with refused("RevokedSignerSet", signer_set=1, first_signer_set=2):
        system.publish(SUBJECT)
    _rotate(system)
    system.publish(SUBJECT)
    for wrong in (1, 2, 4):
        with refused("InvalidFirstSignerSet", given=wrong):
            system.send("CreditRegistry", "revokeSignerSetsBefore", wrong, REASON, sender=system.role("risk"))


def test_a_rotation_is_public_before_it_happens_and_the_guardian_stops_it(system: System, refused: Refused) -> None:
    members, governor = [key.address for key in system.oracle_keys()], system.role("governor")
    from scripts.workbench.system import function

    data = function("CreditRegistry", "setSigners", 2).encode((members[:3], 3))
    target = system.contracts["CreditRegistry"]
    system.send("AccessManager", "schedule", target, data, 0, sender=governor)
    system.evm.go_to(system.evm.timestamp + 2 * DAY_SECONDS - 1)
    with refused("AccessManagerNotReady"):
        system.evm.transact(target, data, governor)
    system.send("AccessManager", "cancel", governor, target, data, sender=system.role("guardian"))
    system.evm.go_to(system.evm.timestamp + DAY_SECONDS)
    with refused("AccessManagerNotScheduled"):
        system.evm.transact(target, data, governor)


def test_the_market_scales_what_can_be_reserved(system: System, refused: Refused) -> None:
    uid, _ = system.publish(SUBJECT, limit_minor=1_000)
    _factor(system, 900_000)
    with refused("LimitExceeded", available_minor=900):
        _as_book(system, "reserve", SUBJECT, uid, 901)
    _as_book(system, "reserve", SUBJECT, uid, 900)
    assert system.read("CreditRegistry", "requireCurrent", SUBJECT, uid) == 900


@pytest.mark.parametrize("factor", [899_999, 1_100_001])
def test_the_market_factor_moves_by_a_tenth_at_most(system: System, refused: Refused, factor: int) -> None:
    with refused("MarketFactorOutOfRange", lowest_ppm=900_000, highest_ppm=1_100_000):
        _factor(system, factor)


def test_the_market_factor_stays_within_its_bounds(system: System, refused: Refused) -> None:
    for factor in (1_100_000, 1_200_000):
        _factor(system, factor)
    with refused("MarketFactorOutOfRange", highest_ppm=1_200_000):
        _factor(system, 1_200_001)
    for factor in range(1_100_000, 400_000, -100_000):
        _factor(system, factor)
    with refused("MarketFactorOutOfRange", lowest_ppm=500_000):
        _factor(system, 499_999)


def test_changes_of_the_market_factor_are_not_heaped_up(system: System, refused: Refused) -> None:
    from scripts.workbench.system import function

    risk, target = system.role("risk"), system.contracts["CreditRegistry"]
    calls = [function("CreditRegistry", "setMarketFactor", 1).encode([factor]) for factor in (900_000, 800_000)]
    for data in calls:
        system.send("AccessManager", "schedule", target, data, 0, sender=risk)
    system.evm.go_to(system.evm.timestamp + DAY_SECONDS)
    system.evm.transact(target, calls[0], risk)
    with refused("MarketFactorCoolingDown"):
        system.evm.transact(target, calls[1], risk)


def test_anyone_steps_a_limit_after_the_cooldown_and_not_before(system: System, refused: Refused) -> None:
    with refused("NoReport"):
        system.send("CreditRegistry", "step", SUBJECT)
    uid, _ = system.publish(SUBJECT, limit_minor=1_000)
    began = system.evm.timestamp
    _as_book(system, "reserve", SUBJECT, uid, 500)
    _as_book(system, "release", SUBJECT, 500, 0)
    system.evm.go_to(began + COOLDOWN_SECONDS - 1)
    with refused("LimitCoolingDown", until=began + COOLDOWN_SECONDS):
        system.send("CreditRegistry", "step", SUBJECT)
    system.evm.go_to(began + COOLDOWN_SECONDS)
    [(name, event)] = system.events(system.send("CreditRegistry", "step", SUBJECT))
    moved = (event["scale_before"], event["scale_after"], event["reasons"])
    assert (name, moved) == ("LimitStepped", (100, 110, Reason.GOOD_REPAYMENT))
    _as_book(system, "reserve", SUBJECT, uid, 1_100)
    with refused("LimitCoolingDown"):
        system.send("CreditRegistry", "step", SUBJECT)


def test_a_new_report_keeps_scale_history_and_what_is_reserved(system: System) -> None:
    uid, _ = system.publish(SUBJECT)
    _as_book(system, "reserve", SUBJECT, uid, 500)
    _as_book(system, "noteArrears", SUBJECT, 0, 3)
    system.evm.go_to(system.evm.timestamp + COOLDOWN_SECONDS)
    system.send("CreditRegistry", "step", SUBJECT)
    history = system.read("CreditRegistry", "historyOf", SUBJECT)
    again, _ = system.publish(SUBJECT)
    assert system.read("CreditRegistry", "current", SUBJECT)["uid"] == kept_uid(again)
    assert system.read("CreditRegistry", "limitOf", SUBJECT)["scale"] == 75
    assert system.read("CreditRegistry", "historyOf", SUBJECT) == history
    assert system.read("CreditRegistry", "exposure", SUBJECT) == {"open_loans": 1, "reserved_minor": 500}


def test_a_history_that_worsens_is_told_in_full(system: System) -> None:
    uid, _ = system.publish(SUBJECT)
    book = system.contracts["LoanBook"]
    _as_book(system, "reserve", SUBJECT, uid, 500)
    receipt = system.send("CreditRegistry", "noteArrears", SUBJECT, 5, 2, sender=book)
    [(name, event)] = system.events(receipt)
    told = event["history"]
    assert name == "HistoryChanged"
    assert told == system.read("CreditRegistry", "historyOf", SUBJECT)
    assert (told["late1"], told["late30"], told["late60"], told["cured"]) == (1, 1, 0, 1)
