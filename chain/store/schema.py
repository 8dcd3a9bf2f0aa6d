"""Keys and values of each table. Numbers are big-endian, so that keys sort by number.

nodes         py-evm's keys: trie nodes, codes and headers by hash
blocks        number -> RLP of the whole block
receipts      number -> RLP list of the encoded receipts
numbers       block hash -> number
transactions  transaction hash -> number, index
logs          kind, address or first topic, number -> nothing: which blocks hold such a log
seals         number -> tree head, signature
tree          level, index -> hash of a complete subtree of the tree of block hashes
queue         sender, nonce -> arrival, raw transaction
meta          name -> value
"""

from chain.store.environment import Reader, Table

NUMBER_BYTES = 8
INDEX_BYTES = 4
NONCE_BYTES = 8

META_FORMAT = b"format"
META_GENESIS = b"genesis"
META_HEAD = b"head"
META_SEALER = b"sealer"
META_CLOCK = b"clock"
META_SNAPSHOTS = b"snapshots"

FORMAT_VERSION = b"tallystick-ledger-1"

LOG_ADDRESS = b"a"
LOG_TOPIC = b"t"


def number_key(number: int) -> bytes:
    """The key of a block number."""
    return number.to_bytes(NUMBER_BYTES, "big")


def transaction_place(number: int, index: int) -> bytes:
    """Where a transaction stands: block number and index in the block."""
    return number_key(number) + index.to_bytes(INDEX_BYTES, "big")


def parse_place(value: bytes) -> tuple[int, int]:
    """Block number and index of `transaction_place`."""
    return int.from_bytes(value[:NUMBER_BYTES], "big"), int.from_bytes(value[NUMBER_BYTES:], "big")


def queue_key(sender: bytes, nonce: int) -> bytes:
    """The key of a queued transaction."""
    return sender + nonce.to_bytes(NONCE_BYTES, "big")


def tree_key(level: int, index: int) -> bytes:
    """The key of a complete subtree of 2**level leaves."""
    return bytes([level]) + number_key(index)


def head_number(reader: Reader) -> int | None:
    """The number of the last whole block, or None in an empty store."""
    value = reader.get(Table.META, META_HEAD)
    return None if value is None else int.from_bytes(value, "big")
