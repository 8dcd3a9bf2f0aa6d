"""What is checked before a ledger is used. It reads only; whoever finds damage restores a copy."""

import rlp
from eth_hash.auto import keccak

from chain.core.blocks import BlockUndecodable, decode_block, decode_receipts
from chain.core.commit import tree_node
from chain.core.genesis import Genesis, GenesisInvalid, parse_genesis
from chain.core.transactions import TransactionRefused
from chain.core.view import View
from chain.seals.signature import Sealer, SealInvalid
from chain.seals.tree import tree_head
from chain.store.environment import Environment, Reader, Table
from chain.store.errors import FileDamaged, OtherLedger
from chain.store.schema import FORMAT_VERSION, META_FORMAT, META_GENESIS, META_SEALER


def verify_store(environment: Environment, genesis: Genesis, sealer: Sealer) -> None:
    """Check format, genesis, sealer, head block, its state root and its seal.

    Raises FileDamaged or OtherLedger, which say what was found.
    """
    with environment.read() as reader:
        _verify_identity(environment, reader, genesis, sealer)
        _verify_head(environment, reader, genesis, sealer)


def _verify_identity(environment: Environment, reader: Reader, genesis: Genesis, sealer: Sealer) -> None:
    file = environment.file
    found_format = reader.get(Table.META, META_FORMAT)
    if found_format != FORMAT_VERSION:
        raise FileDamaged(file, f"format {found_format!r} where {FORMAT_VERSION!r} belongs")
    stored = stored_genesis(environment, reader)
    if stored.chain_id != genesis.chain_id:
        raise OtherLedger(file, "chain id", str(genesis.chain_id), str(stored.chain_id))
    expected, found = _first_hash(genesis), View(reader, environment, genesis.chain_id).block(0).hash.hex()
    if found != expected:
        raise OtherLedger(file, "genesis block", f"0x{expected}", f"0x{found}")
    known = reader.get(Table.META, META_SEALER) or b""
    if known != sealer.address:
        raise OtherLedger(file, "sealer", f"0x{sealer.address.hex()}", f"0x{known.hex()}")


def _first_hash(genesis: Genesis) -> str:
    header, _ = genesis.build()
    return bytes(header.hash).hex()


def stored_genesis(environment: Environment, reader: Reader) -> Genesis:
    """The genesis file that started the ledger in this store; raises FileDamaged."""
    text = reader.get(Table.META, META_GENESIS) or b""
    try:
        return parse_genesis(text.decode())
    except (GenesisInvalid, UnicodeDecodeError) as error:
        raise FileDamaged(environment.file, f"the stored genesis file cannot be read: {error}") from error


def _verify_head(environment: Environment, reader: Reader, genesis: Genesis, sealer: Sealer) -> None:
    view = View(reader, environment, genesis.chain_id)
    try:
        block = decode_block(view.raw_block(view.head))
        decode_receipts(view.raw_receipts(view.head))
        signer = view.seal(view.head).signer(genesis.chain_id)
    except (BlockUndecodable, TransactionRefused, SealInvalid, rlp.exceptions.RLPException) as error:
        raise FileDamaged(environment.file, f"head block {view.head}: {error}") from error
    _expect(environment, view.number_of(block.hash) == view.head, f"head block {view.head} has another hash")
    _expect(environment, signer == sealer.address, f"the seal of head block {view.head} is not the sealer's")
    root = block.header.state_root
    node = reader.get(Table.NODES, root)
    _expect(environment, node is not None, f"the state root 0x{root.hex()} of head block {view.head} is missing")
    _expect(environment, node is None or keccak(node) == root, f"the state root of block {view.head} is altered")
    head = tree_head(view.head + 1, lambda level, index: tree_node(reader, level, index))
    _expect(environment, head == view.seal(view.head).tree_head, f"the tree head of block {view.head} is altered")


def _expect(environment: Environment, holds: bool, found: str) -> None:
    if not holds:
        raise FileDamaged(environment.file, found)
