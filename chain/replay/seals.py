"""Check the seals of an export: every tree head, every signature, one sealer."""

from collections.abc import Iterator
from itertools import chain as concatenate

from chain.core.blocks import BlockUndecodable, decode_block
from chain.core.transactions import TransactionRefused
from chain.export.read import Export
from chain.replay.difference import Difference, Progress, shown
from chain.seals.signature import Seal, SealInvalid
from chain.seals.tree import MemoryTree

ENGINE = "seals"


def check_seals(export: Export) -> Iterator[Progress]:
    """Walk all seals; yields Progress, raises Difference naming block and field at the first that is wrong.

    The block hashes are those of chain.rlp (block 0: the genesis file's), so that seals and blocks cannot part.
    """
    tree = MemoryTree()
    manifest = export.manifest
    number, tree_head, head_hash = -1, b"", b""
    seals = export.seals()
    for number, head_hash in enumerate(concatenate([_genesis_hash(export)], _block_hashes(export))):
        seal = next(seals, None)
        if seal is None:
            raise Difference(ENGINE, number, "seal", "one for each block", "none")
        tree_head = tree.append(head_hash)
        _check(seal, head_hash, tree_head, export)
        yield Progress(number, manifest.head_number, 0)
    for field, said, found in (
        ("number of blocks", str(manifest.head_number), str(number)),
        ("head hash", manifest.head_hash, shown(head_hash)),
        ("head tree", manifest.head_tree, shown(tree_head)),
        ("seals", "one for each block", "more" if next(seals, None) else "one for each block"),
    ):
        if said != found:
            raise Difference(ENGINE, number, field, said, found)


def _check(seal: Seal, block_hash: bytes, tree_head: bytes, export: Export) -> None:
    try:
        signer = shown(seal.signer(export.manifest.chain_id))
    except SealInvalid as invalid:
        signer = invalid.reason
    for field, said, found in (
        ("block hash", shown(seal.block_hash), shown(block_hash)),
        ("tree head", shown(seal.tree_head), shown(tree_head)),
        ("sealer", export.manifest.sealer, signer),
    ):
        if said != found:
            raise Difference(ENGINE, seal.number, field, said, found)


def _genesis_hash(export: Export) -> bytes:
    header, _ = export.genesis.build()
    return bytes(header.hash)


def _block_hashes(export: Export) -> Iterator[bytes]:
    for number, raw in enumerate(export.raw_blocks(), start=1):
        try:
            yield decode_block(raw).hash
        except (BlockUndecodable, TransactionRefused) as error:
            raise Difference(ENGINE, number, "block", "a decodable block", str(error)) from error
