"""The bytes of a transaction: legacy form with EIP-155, gas price zero, value zero."""

import rlp
from eth_account.signers.local import LocalAccount
from eth_typing import Hash32
from eth_utils.crypto import keccak

GAS_PRICE = 0
TRANSFER_GAS = 21_000
MAX_GAS = 2**24
"""Osaka's cap of one transaction (EIP-7825)."""
GAS_MARGIN_PERCENT, GAS_MARGIN = 150, 20_000
"""What is allowed above the estimate: acts sent before this one may make its storage dearer."""


def with_margin(estimated_gas: int) -> int:
    """The gas limit for an act that was estimated to need so much."""
    return min(estimated_gas * GAS_MARGIN_PERCENT // 100 + GAS_MARGIN, MAX_GAS)


def signed(account: LocalAccount, chain_id: int, nonce: int, gas: int, to: str | None, data: bytes) -> bytes:
    """The raw transaction. The same arguments always give the same bytes (RFC 6979)."""
    head = [nonce, GAS_PRICE, gas, bytes.fromhex(to[2:]) if to else b"", 0, data]
    unsigned: bytes = rlp.encode([*head, chain_id, 0, 0])
    signature = account.unsafe_sign_hash(Hash32(keccak(unsigned)))
    v = signature.v - 27 + 35 + 2 * chain_id
    raw: bytes = rlp.encode([*head, v, signature.r, signature.s])
    return raw


def filler(account: LocalAccount, chain_id: int, nonce: int) -> bytes:
    """A transaction to oneself that does nothing but use up a nonce."""
    return signed(account, chain_id, nonce, TRANSFER_GAS, account.address, b"")


def hash_of(raw: bytes) -> str:
    """The transaction hash as 0x text."""
    return "0x" + keccak(raw).hex()
