"""What an export itself tells about the contracts: which of this repository's were deployed, and where."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from eth_utils.address import to_checksum_address
from eth_utils.crypto import keccak

from contracts.artifacts import artifact
from contracts.clients.address_book import CONTRACT_NAMES, AddressBook


class ContractNotFound(Exception):
    """No transaction of the export deployed this contract with the code this repository compiles."""

    def __init__(self, name: str) -> None:
        super().__init__(f"no transaction deploys {name} with the code that this repository compiles")
        self.name = name


@dataclass(frozen=True)
class FoundContracts:
    """The contracts of the system, and later copies of them that somebody else may have deployed."""

    book: AddressBook
    copies: tuple[str, ...]


def find_contracts(export: Any) -> FoundContracts:
    """The address book, from the deployments that succeeded: their data must begin with our compiled creation code.

    The first of each counts: whoever opens the ledger deploys before anybody else can. Raises ContractNotFound.
    """
    found: dict[str, list[str]] = {name: [] for name in CONTRACT_NAMES}
    for transaction in _creations(export):
        for name in CONTRACT_NAMES:
            if transaction.evm.data.startswith(artifact(name).bytecode):
                found[name].append(_created(transaction))
    for name, addresses in found.items():
        if not addresses:
            raise ContractNotFound(name)
    contracts = {name: addresses[0] for name, addresses in found.items()}
    copies = tuple(f"{name} at {address}" for name, addresses in found.items() for address in addresses[1:])
    return FoundContracts(AddressBook(chain_id=export.manifest.chain_id, block=0, contracts=contracts), copies)


def _creations(export: Any) -> Iterator[Any]:
    """Every transaction that created a contract; one that failed on the way created none."""
    from chain.core.blocks import decode_block, decode_receipts

    for raw, raw_receipts in zip(export.raw_blocks(), export.raw_receipts(), strict=True):
        block = decode_block(raw)
        if all(transaction.evm.to for transaction in block.transactions):
            continue
        for transaction, receipt in zip(block.transactions, decode_receipts(raw_receipts), strict=True):
            if receipt.succeeded and not transaction.evm.to:
                yield transaction


def transactions(export: Any) -> Iterator[tuple[Any, int]]:
    """Every transaction of the export with the number of its block."""
    from chain.core.blocks import decode_block

    for raw in export.raw_blocks():
        block = decode_block(raw)
        for transaction in block.transactions:
            yield transaction, block.number


def _created(transaction: Any) -> str:
    import rlp

    return to_checksum_address(keccak(rlp.encode([transaction.sender, transaction.nonce]))[12:])
