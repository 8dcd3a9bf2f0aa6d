"""Who may do what, and how long before: the roles of AccessManager and the functions they open."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, fields
from enum import IntEnum
from pathlib import Path
from typing import Any, Self

from eth_utils.address import is_address, to_checksum_address

from contracts.keys import DEVNET_CHAIN_ID, public_roles

DAY_SECONDS = 86_400
SIGNER_COUNT = 4
QUORUM = 3


class AccountsMissing(Exception):
    """Off the devnet, the accounts that get the roles must be given in full."""

    def __init__(self, missing: str) -> None:
        super().__init__(f"no account for {missing}: give --accounts FILE with every role's address")
        self.missing = missing


class Role(IntEnum):
    """Role ids of AccessManager."""

    ADMIN = 0
    REGISTRAR = 1
    RAILS = 2
    RISK = 3
    SIGNER_ADMIN = 4
    UNDERWRITING_ADMIN = 5
    BOOKKEEPER = 6
    REVOKER = 7
    GUARDIAN = 8
    TREASURER = 9
    COLLECTOR = 10
    IMPAIRER = 11
    COVER = 12
    MARKET = 13
    RECOVERER = 14
    FURNISHER_ADMIN = 15
    PAUSER = 16
    TRUSTEE = 17


@dataclass(frozen=True)
class Accounts:
    """The addresses that get the roles, and the oracle's signers."""

    governor: str
    guardian: str
    registrar: str
    rails: str
    risk: str
    underwriter: str
    treasurer: str
    signers: tuple[str, ...]

    @classmethod
    def of(cls, addresses: Mapping[str, Any]) -> Self:
        """From role name -> address, the signers as signer-1 to signer-4. Raises AccountsMissing."""
        names = [field.name for field in fields(cls) if field.name != "signers"]
        single = {name: _address(addresses, name) for name in names}
        signers = [_address(addresses, f"signer-{index}") for index in range(1, SIGNER_COUNT + 1)]
        return cls(**single, signers=tuple(sorted(signers, key=str.lower)))

    @classmethod
    def load(cls, path: Path | None, chain_id: int) -> Self:
        """From a JSON file, or without one the public devnet accounts. Raises AccountsMissing."""
        if path is not None:
            return cls.of(json.loads(path.read_text()))
        if chain_id != DEVNET_CHAIN_ID:
            raise AccountsMissing("any role")
        return cls.of({role: address for address, role in public_roles().items()})


def _address(addresses: Mapping[str, Any], name: str) -> str:
    if not is_address(addresses.get(name)):
        raise AccountsMissing(name)
    return to_checksum_address(addresses[name])


FUNCTIONS: dict[str, dict[Role, tuple[str, ...]]] = {
    "AccessManager": {Role.GUARDIAN: ("suspend",), Role.TRUSTEE: ("resume",)},
    "IdentityRegistry": {
        Role.REGISTRAR: ("register", "registerInstitution", "setKyc", "setFrozen"),
        Role.RECOVERER: ("announceRecovery",),
        Role.GUARDIAN: ("cancelRecovery",),
        Role.RISK: ("setVerifier",),
    },
    "CashToken": {
        Role.RAILS: ("mint", "redeem", "redeemOrdered", "rejectRedemption"),
        Role.BOOKKEEPER: ("setLoanBook", "setEscrow"),
    },
    "CreditRegistry": {
        Role.REVOKER: ("revoke", "revokeSignerSetsBefore"),
        Role.SIGNER_ADMIN: ("setSigners",),
        Role.BOOKKEEPER: ("setLoanBook",),
        Role.MARKET: ("setMarketFactor",),
        Role.FURNISHER_ADMIN: ("setFurnisher", "resolveDispute"),
    },
    "LoanBook": {
        Role.RISK: ("openFacility", "setProduct"),
        Role.RAILS: ("repayValued", "returnPayment", "unwind"),
        Role.COLLECTOR: ("declareDefault", "writeOff"),
        Role.IMPAIRER: ("setImpairment",),
        Role.COVER: ("applyCover",),
        Role.PAUSER: ("setPaused",),
    },
    "LendingPool": {
        Role.TREASURER: ("setDepositor",),
        Role.RISK: ("setSponsor",),
        Role.BOOKKEEPER: ("setLoanBook",),
        Role.UNDERWRITING_ADMIN: ("setUnderwriter",),
    },
}
"""The restricted functions of each contract by the role that may call them."""

DELAYS: dict[Role, int] = {
    Role.ADMIN: 7 * DAY_SECONDS,
    Role.RISK: DAY_SECONDS,
    Role.SIGNER_ADMIN: 2 * DAY_SECONDS,
    Role.UNDERWRITING_ADMIN: DAY_SECONDS,
    Role.BOOKKEEPER: 7 * DAY_SECONDS,
    Role.MARKET: DAY_SECONDS,
    Role.FURNISHER_ADMIN: DAY_SECONDS,
}
"""Seconds between announcing an act and carrying it out; roles not named act at once.

ADMIN can hand out every role but GUARDIAN, and rewire every function, so its delay is the longest: a shorter one would
bypass the others.
"""

GUARDIAN_GRANT_SECONDS = 14 * DAY_SECONDS
"""From TRUSTEE's appointing a guardian until it is one: twice ADMIN's delay, in which a TRUSTEE whose key was stolen is
replaced before whom it appointed can cancel that."""


def holders(accounts: Accounts, contracts: Mapping[str, str]) -> dict[Role, str]:
    """Who holds each role: people by their accounts, and contracts that act for others."""
    return {
        Role.REGISTRAR: accounts.registrar,
        Role.RAILS: accounts.rails,
        Role.RISK: accounts.risk,
        Role.SIGNER_ADMIN: accounts.governor,
        Role.UNDERWRITING_ADMIN: accounts.governor,
        Role.BOOKKEEPER: accounts.governor,
        Role.REVOKER: accounts.risk,
        Role.GUARDIAN: accounts.guardian,
        Role.TREASURER: accounts.treasurer,
        Role.COLLECTOR: accounts.risk,
        Role.IMPAIRER: accounts.risk,
        Role.COVER: contracts["GuaranteeFund"],
        Role.MARKET: accounts.risk,
        Role.FURNISHER_ADMIN: accounts.governor,
        Role.RECOVERER: accounts.registrar,
        Role.PAUSER: accounts.guardian,
        Role.TRUSTEE: accounts.treasurer,
        Role.ADMIN: accounts.governor,
    }
