"""CreditRegistry: which reports count."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from eth_account import Account
from eth_utils.crypto import keccak

from contracts.clients import kept_uid
from contracts.typed_data import ScoreReport, digest, sign
from scripts.workbench.evm import HISTORY_BLOCKS
from scripts.workbench.system import System
from tests.contracts.conftest import Refused
from tests.contracts.solidity.test_register import malleated

SUBJECT = "0x" + "50" * 20


def _publish(system: System, report: ScoreReport, signatures: bytes) -> None:
    system.send("CreditRegistry", "publish", report, signatures)


def test_a_quorum_makes_a_report_current(system: System) -> None:
    report = system.report(SUBJECT)
    receipt = system.send("CreditRegistry", "publish", report, system.quorum(report))
    uid = digest(report, system.domain("CreditRegistry"))
    current = system.read("CreditRegistry", "current", SUBJECT)
    expected = {"uid": kept_uid(uid), "score": report.score, "limit_minor": report.limit_minor, "sequence": 1}
    assert current == expected | {
        "issued_at": report.issued_at,
        "expires_at": report.expires_at,
        "revoked": False,
    }
    [(name, event)] = system.events(receipt)
    signers = [key.address for key in system.oracle_keys()[:3]]
    assert (name, event["uid"], event["signers"], event["report"]) == ("ReportPublished", uid, signers, report)


def test_all_four_may_sign(system: System) -> None:
    report = system.report(SUBJECT)
    _publish(system, report, system.quorum(report, system.oracle_keys()))


def test_two_of_four_are_too_few(system: System, refused: Refused) -> None:
    report = system.report(SUBJECT)
    with refused("TooFewSignatures", given=2, quorum=3):
        _publish(system, report, system.quorum(report, system.oracle_keys()[:2]))
    with refused("TooFewSignatures", given=0):
        _publish(system, report, b"")


def test_a_signer_counts_once(system: System, refused: Refused) -> None:
    report, (first, second, *_) = system.report(SUBJECT), system.oracle_keys()
    with refused("SignersNotAscending", previous=second.address, next=second.address):
        _publish(system, report, system.quorum(report, [first, second, second]))


def test_signers_come_in_ascending_order(system: System, refused: Refused) -> None:
    report, (first, second, third, _) = system.report(SUBJECT), system.oracle_keys()
    with refused("SignersNotAscending", previous=second.address, next=first.address):
        _publish(system, report, system.quorum(report, [second, first, third]))


def test_a_stranger_is_no_signer(system: System, refused: Refused) -> None:
    report, (first, second, *_) = system.report(SUBJECT), system.oracle_keys()
    stranger = Account.from_key(keccak(b"stranger"))
    keys = sorted([first, second, stranger], key=lambda key: str(key.address).lower())
    with refused("UnknownSigner", signer=stranger.address):
        _publish(system, report, system.quorum(report, keys))


def test_the_upper_half_of_s_is_refused(system: System, refused: Refused) -> None:
    report = system.report(SUBJECT)
    signatures = system.quorum(report)
    with refused("MalformedSignature", position=0):
        _publish(system, report, malleated(signatures[:65]) + signatures[65:])


def test_signatures_are_whole(system: System, refused: Refused) -> None:
    report = system.report(SUBJECT)
    with refused("MalformedSignatures", length=194):
        _publish(system, report, system.quorum(report)[:-1])


@pytest.mark.parametrize("field", [field.name for field in ScoreReport.fields() if field.type == "bytes32"])
def test_signatures_cover_every_commitment(system: System, field: str) -> None:
    report = system.report(SUBJECT)
    signatures = system.quorum(report)
    with pytest.raises(Exception, match=r"UnknownSigner|WrongBlockHash|WrongSignerSet|SignersNotAscending"):
        changes: dict[str, Any] = {field: keccak(b"tampered")}
        _publish(system, replace(report, **changes), signatures)


def test_a_report_of_another_chain_or_contract_is_refused(system: System) -> None:
    report, home = system.report(SUBJECT), system.domain("CreditRegistry")
    for domain in (replace(home, chain_id=1), system.domain("LoanBook")):
        signatures = b"".join(sign(key, report, domain) for key in system.oracle_keys()[:3])
        with pytest.raises(Exception, match=r"UnknownSigner|SignersNotAscending"):
            _publish(system, report, signatures)


def test_the_sequence_leaves_no_gap_and_no_repetition(system: System, refused: Refused) -> None:
    system.publish(SUBJECT)
    for wrong in (0, 1, 3):
        report = system.report(SUBJECT, sequence=wrong)
        with refused("WrongSequence", given=wrong, expected=2):
            _publish(system, report, system.quorum(report))


def test_a_published_report_cannot_be_published_again(system: System, refused: Refused) -> None:
    report = system.report(SUBJECT)
    signatures = system.quorum(report)
    _publish(system, report, signatures)
    with refused("WrongSequence", given=1, expected=2):
        _publish(system, report, signatures)


REFUSALS: list[tuple[Callable[[System], dict[str, Any]], str]] = [
    (lambda s: {"expires_at": s.evm.timestamp - 1}, "ReportExpired"),
    (lambda s: {"issued_at": s.evm.timestamp + 1}, "ReportFromFuture"),
    (lambda s: {"signer_set": keccak(b"old set")}, "WrongSignerSet"),
    (lambda s: {"block_hash": keccak(b"fork")}, "WrongBlockHash"),
    (lambda s: {"block_number": s.evm.number}, "StaleReport"),
    (lambda s: {"score": 2**16}, "ReportOutOfRange"),
    (lambda s: {"limit_minor": 2**48}, "ReportOutOfRange"),
]


@pytest.mark.parametrize(("change", "error"), REFUSALS)
def test_what_makes_a_report_unpublishable(
    system: System, refused: Refused, change: Callable[[System], dict[str, Any]], error: str
) -> None:
    report = system.report(SUBJECT, **change(system))
    with refused(error):
        _publish(system, report, system.quorum(report))


def test_the_oldest_block_the_machine_remembers_is_good_enough(system: System) -> None:
    number = system.evm.number - 256
    report = system.report(SUBJECT, block_number=number, block_hash=system.evm.block_hash(number))
    _publish(system, report, system.quorum(report))


def test_reports_of_an_old_signer_set_are_refused(system: System, refused: Refused) -> None:
    report = system.report(SUBJECT)
    signatures = system.quorum(report)
    _replace_signers(system)
    with refused("WrongSignerSet", given=report.signer_set):
        _publish(system, report, signatures)


def _replace_signers(system: System) -> None:
    governor, fewer = system.role("governor"), [key.address for key in system.oracle_keys()[:3]]
    values = (fewer, 3)
    data = _calldata("CreditRegistry", "setSigners", *values)
    system.send("AccessManager", "schedule", system.contracts["CreditRegistry"], data, 0, sender=governor)
    system.evm.go_to(system.evm.timestamp + 2 * 86_400)
    system.send("CreditRegistry", "setSigners", *values, sender=governor)
    assert not system.read("CreditRegistry", "isSigner", system.oracle_keys()[3].address)


def _calldata(contract: str, name: str, *values: Any) -> bytes:
    from scripts.workbench.system import function

    return function(contract, name, len(values)).encode(values)


@pytest.mark.parametrize(("signers", "quorum"), [(4, 0), (4, 2), (4, 5), (3, 2), (0, 0)])
def test_a_quorum_is_more_than_two_thirds(system: System, refused: Refused, signers: int, quorum: int) -> None:
    governor, members = system.role("governor"), [key.address for key in system.oracle_keys()[:signers]]
    data = _calldata("CreditRegistry", "setSigners", members, quorum)
    system.send("AccessManager", "schedule", system.contracts["CreditRegistry"], data, 0, sender=governor)
    system.evm.go_to(system.evm.timestamp + 2 * 86_400)
    with refused("InvalidSignerSet", signers=signers, quorum=quorum):
        system.send("CreditRegistry", "setSigners", members, quorum, sender=governor)


def test_a_revoked_report_does_not_count(system: System, refused: Refused) -> None:
    uid, _ = system.publish(SUBJECT)
    values, risk = (SUBJECT, uid, keccak(b"why")), system.role("risk")
    with refused("AccessManagedUnauthorized"):
        system.send("CreditRegistry", "revoke", *values)
    system.send("CreditRegistry", "revoke", *values, sender=risk)
    with refused("RevokedReport", uid=uid):
        system.read("CreditRegistry", "requireCurrent", SUBJECT, uid)
    with refused("RevokedReport"):
        system.send("CreditRegistry", "revoke", *values, sender=risk)


def test_an_expired_or_superseded_report_does_not_count(system: System, refused: Refused) -> None:
    first, _ = system.publish(SUBJECT)
    second, _ = system.publish(SUBJECT, expires_at=system.evm.timestamp + 100)
    assert system.read("CreditRegistry", "requireCurrent", SUBJECT, second) > 0
    with refused("ReportSuperseded", uid=first, current=kept_uid(second)):
        system.read("CreditRegistry", "requireCurrent", SUBJECT, first)
    system.evm.go_to(system.evm.timestamp + 101)
    with refused("ReportExpired", uid=second):
        system.read("CreditRegistry", "requireCurrent", SUBJECT, second)


def test_nobody_without_a_report_has_one(system: System, refused: Refused) -> None:
    with refused("ReportSuperseded"):
        system.read("CreditRegistry", "requireCurrent", SUBJECT, bytes(32))


def test_limits_are_reserved_by_loan_books_only(system: System, refused: Refused) -> None:
    uid, _ = system.publish(SUBJECT)
    with refused("NotLoanBook"):
        system.send("CreditRegistry", "reserve", SUBJECT, uid, 1)
    with refused("NotLoanBook"):
        system.send("CreditRegistry", "release", SUBJECT, 1, 0)


def test_the_signer_set_digest_is_that_of_its_members(system: System) -> None:
    from eth_abi.abi import encode

    addresses = [key.address for key in system.oracle_keys()]
    assert system.read("CreditRegistry", "signerSet") == keccak(encode(["address[]", "uint256"], [addresses, 3]))
    assert system.read("CreditRegistry", "signers") == {"members": addresses, "quorum": 3}


def test_older_blocks_are_looked_up_in_the_history_contract(system: System, refused: Refused) -> None:
    number = system.evm.number - 300
    forked = system.report(SUBJECT, block_number=number, block_hash=keccak(b"fork"))
    with refused("WrongBlockHash", actual=system.evm.block_hash(number)):
        _publish(system, forked, system.quorum(forked))
    report = system.report(SUBJECT, block_number=number, block_hash=system.evm.block_hash(number))
    _publish(system, report, system.quorum(report))


def test_a_block_that_the_history_contract_has_forgotten_is_stale(system: System, refused: Refused) -> None:
    forgotten = system.evm.number - HISTORY_BLOCKS - 1
    report = system.report(SUBJECT, block_number=forgotten)
    with refused("StaleReport", block_number=forgotten):
        _publish(system, report, system.quorum(report))
