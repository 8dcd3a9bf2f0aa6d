"""Where a contract will stand before it is created."""

from eth_utils.address import to_checksum_address
from eth_utils.crypto import keccak
from rlp import encode

MAX_NONCE = 1_000_000
"""A deployer that has sent more transactions than this is not looked through."""


FIRST_NONCE_OF_A_CONTRACT = 1


class NonceNotFound(Exception):
    """No transaction of the deployer, as far as they are looked through, created the contract."""

    def __init__(self, deployer: str, contract: str) -> None:
        super().__init__(f"none of the first {MAX_NONCE} transactions of {deployer} created {contract}")
        self.deployer, self.contract = deployer, contract


def created_by(deployer: str, nonce: int) -> str:
    """The address of the contract that a transaction of this nonce creates (checksummed)."""
    return to_checksum_address(keccak(encode([bytes.fromhex(deployer[2:]), nonce]))[12:])


def safe_of(pool: str) -> str:
    """The safe of a pool, which is the first contract that the pool creates (checksummed)."""
    return created_by(pool, FIRST_NONCE_OF_A_CONTRACT)


def created_later(deployer: str, contract: str, transactions: int) -> str:
    """Where the deployer's contract stands that it creates so many transactions after another one of its contracts.

    Raises NonceNotFound.
    """
    for nonce in range(MAX_NONCE):
        if created_by(deployer, nonce) == contract:
            return created_by(deployer, nonce + transactions)
    raise NonceNotFound(deployer, contract)
