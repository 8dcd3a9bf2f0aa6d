"""A block's header as RLP, from its fields by their JSON-RPC names."""

from collections.abc import Mapping

import rlp
from eth_utils.crypto import keccak

NO_UNCLES = keccak(rlp.encode([]))
EMPTY_TRIE = keccak(rlp.encode(b""))
NO_REQUESTS = bytes.fromhex("e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855")
"""SHA-256 of nothing: the requests hash of a block without any (EIP-7685)."""
EMPTY_BLOCK: Mapping[str, int | bytes] = {
    "parentHash": bytes(32),
    "sha3Uncles": NO_UNCLES,
    "miner": bytes(20),
    "stateRoot": EMPTY_TRIE,
    "transactionsRoot": EMPTY_TRIE,
    "receiptsRoot": EMPTY_TRIE,
    "logsBloom": bytes(256),
    "difficulty": 0,
    "number": 0,
    "gasLimit": 0,
    "gasUsed": 0,
    "timestamp": 0,
    "extraData": b"",
    "mixHash": bytes(32),
    "nonce": bytes(8),
    "baseFeePerGas": 0,
    "withdrawalsRoot": EMPTY_TRIE,
    "blobGasUsed": 0,
    "excessBlobGas": 0,
    "parentBeaconBlockRoot": bytes(32),
    "requestsHash": NO_REQUESTS,
}
"""Every field of a header since Prague, in its order."""


def encode_header(fields: Mapping[str, int | bytes]) -> bytes:
    """The RLP of a header; a field that is not given is that of an empty block."""
    return bytes(rlp.encode([_item(fields.get(name, empty)) for name, empty in EMPTY_BLOCK.items()]))


def header_of_block(block: Mapping[str, str]) -> bytes:
    """The RLP of the header of a block as JSON-RPC shows it."""
    return encode_header({name: _read(block[name], empty) for name, empty in EMPTY_BLOCK.items()})


def _read(text: str, like: int | bytes) -> int | bytes:
    return int(text, 16) if isinstance(like, int) else bytes.fromhex(text[2:])


def _item(value: int | bytes) -> bytes:
    return value.to_bytes((value.bit_length() + 7) // 8, "big") if isinstance(value, int) else value
