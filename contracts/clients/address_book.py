"""Where the contracts of one deployment stand."""

import json
import os
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Self

from eth_utils.address import is_address, to_checksum_address

from contracts.typed_data import Domain

CONTRACT_NAMES = (
    "AccessManager",
    "IdentityRegistry",
    "CashToken",
    "CreditRegistry",
    "LoanViews",
    "LoanAmendments",
    "LoanAgreements",
    "LoanReturns",
    "LoanWorkout",
    "LoanServicing",
    "LoanBook",
    "LendingPool",
    "GuaranteeFund",
    "PasskeyVerifier",
)


VERSION_MARK = "#"
"""Stands between the name and the number of an older version: "LoanBook#1". The newest has the name alone."""


class UnreadableAddressBook(Exception):
    """The address book is absent or not of the form that `tally deploy` writes."""

    def __init__(self, path: Path, reason: str) -> None:
        super().__init__(f"address book {path}: {reason}")
        self.path, self.reason = path, reason


@dataclass(frozen=True)
class AddressBook:
    """Chain id, the block of deployment, and contract name -> checksummed address."""

    chain_id: int
    block: int
    contracts: Mapping[str, str]

    @classmethod
    def load(cls, path: Path) -> Self:
        """Read what `save` wrote. Raises UnreadableAddressBook."""
        try:
            content = json.loads(path.read_text())
        except OSError as error:
            raise UnreadableAddressBook(path, error.strerror or "cannot be read") from error
        except ValueError as error:
            raise UnreadableAddressBook(path, "not JSON") from error
        return cls._parse(path, content)

    @classmethod
    def _parse(cls, path: Path, content: Any) -> Self:
        if not isinstance(content, dict) or not isinstance(content.get("contracts"), dict):
            raise UnreadableAddressBook(path, "expected chain_id, block and contracts")
        if not isinstance(content.get("chain_id"), int) or not isinstance(content.get("block"), int):
            raise UnreadableAddressBook(path, "chain_id and block must be integers")
        for name in CONTRACT_NAMES:
            if not is_address(content["contracts"].get(name)):
                raise UnreadableAddressBook(path, f"{name} has no address")
        addresses = {name: to_checksum_address(content["contracts"][name]) for name in CONTRACT_NAMES}
        older = {name: address for name, address in content["contracts"].items() if VERSION_MARK in name}
        for name, address in older.items():
            if not is_address(address):
                raise UnreadableAddressBook(path, f"{name} has no address")
            addresses[name] = to_checksum_address(address)
        return cls(content["chain_id"], content["block"], addresses)

    def save(self, path: Path) -> None:
        """Write the book whole or not at all."""
        content = {"chain_id": self.chain_id, "block": self.block, "contracts": dict(self.contracts)}
        draft = path.with_suffix(".draft")
        with draft.open("w") as file:
            json.dump(content, file, indent=2)
            file.flush()
            os.fsync(file.fileno())
        draft.replace(path)

    def domain(self, contract: str) -> Domain:
        """The EIP-712 domain of one of the contracts."""
        return Domain(self.chain_id, self.contracts[contract])

    @property
    def versions(self) -> tuple[Self, ...]:
        """Every version beside the others, oldest first: each with its own contracts under the names without a number.

        A version has all the contracts that an older one had; what has no number serves all of them.
        """
        marked = [name.partition(VERSION_MARK) for name in self.contracts if VERSION_MARK in name]
        shared = {name: address for name, address in self.contracts.items() if VERSION_MARK not in name}
        numbers = sorted({number for _, _, number in marked}, key=int)
        older = [
            shared | {name: self.contracts[name + VERSION_MARK + of] for name, _, of in marked if of == number}
            for number in numbers
        ]
        return tuple(replace(self, contracts=contracts) for contracts in [*older, shared])

    def name_of(self, address: str) -> str | None:
        """The contract that stands at an address, of whichever version."""
        found = next((name for name, known in self.contracts.items() if known == address), None)
        return found.partition(VERSION_MARK)[0] if found else None
