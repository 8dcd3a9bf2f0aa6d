"""Bugs of rights: prices that a stranger moves, delays, senders, attestations, quorums."""

from collections.abc import Sequence
from typing import Any

from eth_utils.address import to_checksum_address
from eth_utils.crypto import keccak

from contracts.artifacts import artifact
from contracts.deployment.plan import CONSUMER_INSTALMENT, CONSUMER_INSTALMENT_CAPS
from contracts.keys import DEVNET_CHAIN_ID, load_key
from contracts.typed_data import Attestation, Retraction, digest, sign
from contracts.typed_data.struct import Struct
from scripts.workbench.system import DAY_SECONDS, FIRST_DAY, RELAYER, System, function
from tests.contracts.bugs.lives import lent
from tests.contracts.conftest import Refused
from tests.contracts.solidity.pool_acts import VESTING_DAYS, Depositor, settle, valuate, wait

BROUGHT_MINOR = 1_000_000
SIGNERS, MORE_THAN_A_THIRD = 4, 2


def test_a_gift_to_an_empty_pool_takes_nothing_from_the_next_depositor(system: System) -> None:
    first = Depositor(system, "treasurer")
    first.request_redeem(first.shares - 1)
    settle(system)
    victim = Depositor.admitted(system, "risk", BROUGHT_MINOR)
    system.mint(system.contracts["LendingPool"], BROUGHT_MINOR)  # the gift
    victim.request_deposit(BROUGHT_MINOR)
    settle(system)
    victim.claim_shares()
    wait(system, VESTING_DAYS)
    valuate(system)
    worth = system.read("LendingPool", "convertToAssets", victim.shares)
    assert worth >= BROUGHT_MINOR - 2


def test_no_key_changes_policy_sooner_than_its_delay(system: System, refused: Refused) -> None:
    """Nor does the admin, which could open the function to a role without delay: it waits longest."""
    act: tuple[Any, ...] = (CONSUMER_INSTALMENT, tuple((CONSUMER_INSTALMENT_CAPS | {"active": False}).values()), 0)
    with refused("AccessManagerNotScheduled"):
        system.send("LoanBook", "setProduct", *act, sender=system.role("risk"))
    for other in ("governor", "guardian", "treasurer"):
        with refused("AccessManagedUnauthorized"):
            system.send("LoanBook", "setProduct", *act, sender=system.role(other))
    book, selector = system.contracts["LoanBook"], function("LoanBook", "setProduct", 3).selector
    opened = (book, [selector], 2**64 - 1)  # to everyone
    with refused("AccessManagerNotScheduled"):
        system.send("AccessManager", "setTargetFunctionRole", *opened, sender=system.role("governor"))
    with refused("AuthorityIsFixed"):
        system.send("AccessManager", "updateAuthority", book, RELAYER, sender=system.role("governor"))


def test_who_pays_is_who_sends_whatever_calldata_says(system: System, refused: Refused) -> None:
    loan, agreement = lent(system)
    data = function("LoanBook", "repay", 2).encode([loan, 1_000])
    borrower = bytes.fromhex(agreement.borrower[2:])
    with refused("PartyNotInStanding", party=to_checksum_address(RELAYER)):
        system.evm.transact(system.contracts["LoanBook"], data + borrower, RELAYER)


def test_one_collection_of_many_is_carried_out_by_the_book_alone(system: System, refused: Refused) -> None:
    """`collect` is the only call of many; what it calls itself by takes no sender's word for anything."""
    loan, agreement = lent(system)
    system.allow(loan, 2**40, FIRST_DAY + 100)
    system.at_day(agreement.first_due_day)
    with refused("OnlySelf"):
        system.send("LoanBook", "collectOne", loan)
    ours = set(system.contracts) - {"AccessManager"}  # the manager's own call of many acts as its sender
    names = {entry["name"] for contract in ours for entry in artifact(contract).abi if "name" in entry}
    assert names.isdisjoint({"multicall", "isTrustedForwarder", "trustedForwarder"})


def test_an_expired_attestation_does_not_count(system: System, refused: Refused) -> None:
    uid = _furnished(system)
    assert system.read("CreditRegistry", "requireAttestation", uid) is False
    wait(system, 101)
    with refused("ExpiredAttestation", uid=uid):
        system.read("CreditRegistry", "requireAttestation", uid)


def test_a_revoked_attestation_does_not_count(system: System, refused: Refused) -> None:
    uid = _furnished(system)
    retraction = Retraction(uid, keccak(b"withdrawn"), system.evm.timestamp + 600)
    system.send("CreditRegistry", "revokeAttestationBySignature", retraction, _signed(system, retraction))
    with refused("RevokedAttestation", uid=uid):
        system.read("CreditRegistry", "requireAttestation", uid)


def test_two_quorums_share_an_honest_signer(system: System, refused: Refused) -> None:
    """Of 3f + 1 signers 2f + 1 sign: f + 1 would prove one honest signer, and let two reports both gather them."""
    members = [key.address for key in system.oracle_keys()]
    with refused("InvalidSignerSet", signers=SIGNERS, quorum=MORE_THAN_A_THIRD):
        _set_signers(system, members, MORE_THAN_A_THIRD)
    _set_signers(system, members, 3)


def _set_signers(system: System, members: Sequence[str], quorum: int) -> None:
    governor = system.role("governor")
    system.restricted("CreditRegistry", "setSigners", members, quorum, sender=governor, delay=2 * DAY_SECONDS)


def _furnished(system: System) -> bytes:
    """An attestation of another lender, valid for 100 days."""
    furnisher = system.contracts["LendingPool"]
    system.restricted("CreditRegistry", "setFurnisher", furnisher, True, sender=system.role("governor"))
    attestation = Attestation(
        subject=system.person().subject,
        furnisher=furnisher,
        kind=keccak(b"consumer-instalment"),
        loans_paid=3,
        loans_late=0,
        worst_bucket=0,
        written_off_minor=0,
        outstanding_minor=40_000,
        observed_at=system.evm.timestamp,
        expires_at=system.evm.timestamp + 100 * DAY_SECONDS,
        consent_id=keccak(b"consent"),
        salt=keccak(b"salt"),
    )
    system.send("CreditRegistry", "furnish", attestation, _signed(system, attestation))
    return digest(attestation, system.domain("CreditRegistry"))


def _signed(system: System, message: Struct) -> bytes:
    return sign(load_key("underwriter", None, DEVNET_CHAIN_ID), message, system.domain("CreditRegistry"))
