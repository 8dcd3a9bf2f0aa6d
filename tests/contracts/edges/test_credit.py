"""CreditRegistry where its fields and counters end."""

from dataclasses import replace

import pytest
from eth_abi.abi import encode
from eth_utils.address import to_checksum_address

from contracts.artifacts import artifact
from contracts.credit import COOLDOWN_SECONDS, Reason, next_scale
from scripts.workbench.system import DAY_SECONDS, System
from tests.contracts.conftest import Refused

SUBJECT = to_checksum_address("0x" + "50" * 20)
MAX_MINOR = 2**48 - 1
MAX_OPEN_LOANS = 2**12 - 1
FULL = 255
CANCELLED = 2
BOOK = to_checksum_address("0x" + "b0" * 20)


@pytest.fixture
def system(system: System) -> System:
    """One whose registry takes the word of a further book."""
    governor, seconds = system.role("governor"), 7 * DAY_SECONDS
    system.restricted("CreditRegistry", "setLoanBook", BOOK, True, sender=governor, delay=seconds)
    return system


def _as_book(system: System, name: str, *values: object) -> None:
    system.send("CreditRegistry", name, *values, sender=BOOK)


def _history(system: System) -> dict[str, int]:
    found: dict[str, int] = system.read("CreditRegistry", "historyOf", SUBJECT)
    return found


def test_a_counter_stops_at_255_and_is_not_taken_back_from_there(system: System) -> None:
    for _ in range(FULL + 1):
        _as_book(system, "noteWriteOff", SUBJECT)
        _as_book(system, "noteArrears", SUBJECT, 5, 4)
    found = _history(system)
    assert {found[name] for name in ("late1", "late30", "late60", "late90", "cured", "written_off")} == {FULL}
    _as_book(system, "restore", SUBJECT, 1, 1)
    assert _history(system)["cured"] == FULL


def test_what_was_never_counted_is_not_taken_back(system: System) -> None:
    _as_book(system, "restore", SUBJECT, 7, 1)
    _as_book(system, "restore", SUBJECT, 7, 0)
    assert (_history(system)["cured"], _history(system)["loans_on_time"]) == (0, 0)
    assert system.read("CreditRegistry", "exposure", SUBJECT) == {"open_loans": 2, "reserved_minor": 14}


def test_an_outcome_that_is_none_is_not_restored(system: System, refused: Refused) -> None:
    with refused("UnknownOutcome", outcome=3):
        _as_book(system, "restore", SUBJECT, 1, 3)


def test_no_more_is_reserved_than_its_field_holds(system: System, refused: Refused) -> None:
    _as_book(system, "restore", SUBJECT, MAX_MINOR, CANCELLED)
    with refused("ExposureOutOfRange", subject=SUBJECT, open_loans=2, reserved_minor=MAX_MINOR + 1):
        _as_book(system, "restore", SUBJECT, 1, CANCELLED)


def test_a_subject_has_4095_open_loans(system: System, refused: Refused) -> None:
    uid, _ = system.publish(SUBJECT, limit_minor=MAX_OPEN_LOANS + 1)
    for _ in range(MAX_OPEN_LOANS):
        _as_book(system, "reserve", SUBJECT, uid, 1)
    beyond = {"subject": SUBJECT, "open_loans": MAX_OPEN_LOANS + 1, "reserved_minor": MAX_OPEN_LOANS + 1}
    with refused("ExposureOutOfRange", **beyond):
        _as_book(system, "reserve", SUBJECT, uid, 1)
    with refused("ExposureOutOfRange", **beyond):
        _as_book(system, "restore", SUBJECT, 1, CANCELLED)


@pytest.mark.parametrize(("before", "after"), [(1, 1), (2, 1), (0, 5), (4, 5), (5, 0)])
def test_arrears_are_noted_when_they_grow_and_up_to_the_worst_bucket(
    system: System, refused: Refused, before: int, after: int
) -> None:
    with refused("WrongBuckets", bucket_before=before, bucket_after=after):
        _as_book(system, "noteArrears", SUBJECT, before, after)


@pytest.mark.parametrize("changes", [{"issued_at": 2**32}, {"expires_at": 2**32}, {"score": 2**16}])
def test_a_report_fits_its_fields(system: System, refused: Refused, changes: dict[str, int]) -> None:
    with refused("ReportOutOfRange", **changes):
        system.publish(SUBJECT, **changes)


def test_a_raised_limit_stops_at_what_its_field_holds(system: System) -> None:
    system.publish(SUBJECT, limit_minor=MAX_MINOR)
    system.restricted("CreditRegistry", "setMarketFactor", 1_100_000, sender=system.role("risk"))
    assert system.read("CreditRegistry", "limitOf", SUBJECT)["limit_minor"] == MAX_MINOR


def test_a_written_off_loan_lowers_the_limit_to_its_least(system: System) -> None:
    system.publish(SUBJECT)
    _as_book(system, "noteWriteOff", SUBJECT)
    system.evm.go_to(system.evm.timestamp + COOLDOWN_SECONDS)
    [(_, step)] = system.events(system.send("CreditRegistry", "step", SUBJECT))
    assert (step["scale_before"], step["reasons"]) == (100, Reason.WRITTEN_OFF)
    assert step["scale_after"] == system.read("CreditRegistry", "limitOf", SUBJECT)["scale"] < 100


def test_a_registry_without_signers_publishes_nothing(system: System, refused: Refused) -> None:
    authority, identity = system.contracts["AccessManager"], system.contracts["IdentityRegistry"]
    code = artifact("CreditRegistry").bytecode + encode(["address", "address"], [authority, identity])
    created = str(system.evm.transact(None, code).contract)
    young = replace(system, contracts=system.contracts | {"CreditRegistry": created})
    assert young.read("CreditRegistry", "signerSet") == bytes(32)
    assert tuple(young.read("CreditRegistry", "signers").values()) == ([], 0)
    report = young.report(SUBJECT)
    with refused("RevokedSignerSet", signer_set=0, first_signer_set=1):
        young.send("CreditRegistry", "publish", report, b"")


def test_signers_are_named_in_ascending_order_and_once(system: System, refused: Refused) -> None:
    members, governor = [key.address for key in system.oracle_keys()], system.role("governor")
    for listed in ([members[1], members[0], members[2]], [members[0], members[0], members[1]]):
        with refused("SignersNotAscending", previous=listed[0], next=listed[1]):
            system.restricted("CreditRegistry", "setSigners", listed, 3, sender=governor, delay=2 * DAY_SECONDS)
    assert all(system.read("CreditRegistry", "isSigner", member) for member in members)


def _step(system: System) -> dict[str, int]:
    """After the cooldown: what moved, and why."""
    system.evm.go_to(system.evm.timestamp + COOLDOWN_SECONDS)
    [(_, step)] = system.events(system.send("CreditRegistry", "step", SUBJECT))
    return step


@pytest.mark.parametrize(("seen", "after", "reason"), [(1, 2, Reason.LATE), (3, 4, Reason.SERIOUSLY_LATE)])
def test_only_the_worst_bucket_that_is_new_lowers_a_limit(
    system: System, seen: int, after: int, reason: Reason
) -> None:
    system.publish(SUBJECT)
    _as_book(system, "noteArrears", SUBJECT, 0, seen)
    before = _step(system)["scale_after"]
    _as_book(system, "noteArrears", SUBJECT, seen, after)
    assert _step(system) == {
        "subject": SUBJECT,
        "scale_before": before,
        "scale_after": next_scale(before, reason),
        "reasons": reason,
    }


def test_good_repayment_raises_a_limit_to_its_most_and_no_further(system: System) -> None:
    uid, _ = system.publish(SUBJECT, expires_at=2**32 - 1)
    scales = []
    for _ in range(7):
        _as_book(system, "reserve", SUBJECT, uid, 1)
        _as_book(system, "release", SUBJECT, 1, 0)
        scales.append(_step(system)["scale_after"])
    assert scales == [110, 120, 130, 140, 150, 150, 150]


def test_a_full_counter_counts_against_a_subject_at_each_step(system: System) -> None:
    system.publish(SUBJECT)
    for _ in range(FULL):
        _as_book(system, "noteArrears", SUBJECT, 0, 1)
    assert [_step(system)["reasons"] for _ in range(2)] == [Reason.LATE, Reason.LATE]
