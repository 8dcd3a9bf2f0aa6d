"""Write an export: built aside and moved into place, so that a folder holds a whole export or none."""

import json
import os
import shutil
from collections.abc import Callable
from pathlib import Path

from chain.core.blocks import decode_block
from chain.export.manifest import (
    CHAIN_FILE,
    DATA_FILES,
    GENESIS_FILE,
    MANIFEST_FILE,
    RECEIPTS_FILE,
    SEALS_FILE,
    ExportError,
    Manifest,
    file_entry,
)
from chain.export.source import Source
from chain.seals.signature import Seal

Progress = Callable[[int, int], None]  # (blocks done, blocks in all)


class TargetOccupied(ExportError):
    """The folder holds something that is not an earlier export."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        super().__init__(f"{folder} holds other files than an export; choose another folder")


class SourceBroken(ExportError):
    """The blocks of the source do not follow each other."""

    def __init__(self, block: int, expected: str, found: str) -> None:
        self.block, self.expected, self.found = block, expected, found
        super().__init__(f"block {block} names the parent {found}, but its parent is {expected}")


def write_export(source: Source, target: Path, progress: Progress = lambda done, total: None) -> Manifest:
    """Write the whole ledger of `source` into the folder `target`, replacing an earlier export there.

    Raises TargetOccupied, SourceBroken, or what the source raises.
    """
    target = target.resolve()
    if target.exists() and any(target.iterdir()) and not (target / MANIFEST_FILE).exists():
        raise TargetOccupied(target)
    aside = target.with_name(f".{target.name}.unfinished")
    shutil.rmtree(aside, ignore_errors=True)
    aside.mkdir(parents=True)
    try:
        manifest = _write_files(source, aside, progress)
        _replace(aside, target)
    finally:
        shutil.rmtree(aside, ignore_errors=True)
    return manifest


def _write_files(source: Source, folder: Path, progress: Progress) -> Manifest:
    (folder / GENESIS_FILE).write_bytes(source.genesis.text.encode())
    totals = _write_blocks(source, folder, progress)
    manifest = Manifest(
        chain_id=source.genesis.chain_id,
        genesis_hash=_hex(totals.genesis_hash),
        head_number=source.head,
        head_hash=_hex(totals.previous),
        head_tree=_hex(totals.tree_head),
        sealer=_hex(source.sealer),
        transactions=totals.transactions,
        files={name: file_entry(folder / name) for name in DATA_FILES},
    )
    (folder / MANIFEST_FILE).write_bytes(manifest.encoded())
    for name in (*DATA_FILES, MANIFEST_FILE):
        _sync(folder / name)
    return manifest


class _Totals:
    genesis_hash = b""
    previous = b""
    tree_head = b""
    transactions = 0


def _write_blocks(source: Source, folder: Path, progress: Progress) -> _Totals:
    totals = _Totals()
    with (
        (folder / CHAIN_FILE).open("wb") as chain,
        (folder / RECEIPTS_FILE).open("wb") as receipts,
        (folder / SEALS_FILE).open("w") as seals,
    ):
        for number, record in enumerate(source.records()):
            block = decode_block(record.raw_block)
            if number == 0:
                totals.genesis_hash = block.hash
            else:
                if block.header.parent_hash != totals.previous:
                    raise SourceBroken(number, _hex(totals.previous), _hex(block.header.parent_hash))
                chain.write(record.raw_block)
                receipts.write(record.raw_receipts)
            seals.write(seal_line(record.seal))
            totals.previous, totals.tree_head = block.hash, record.seal.tree_head
            totals.transactions += len(block.transactions)
            progress(number, source.head)
    return totals


def seal_line(seal: Seal) -> str:
    """A seal as one line of seals.jsonl."""
    row = {
        "number": seal.number,
        "block_hash": _hex(seal.block_hash),
        "tree_head": _hex(seal.tree_head),
        "signature": _hex(seal.signature),
    }
    return json.dumps(row, separators=(",", ":")) + "\n"


def _replace(aside: Path, target: Path) -> None:
    old = target.with_name(f".{target.name}.replaced")
    shutil.rmtree(old, ignore_errors=True)
    if target.exists():
        target.rename(old)
    aside.rename(target)
    _sync(target.parent)
    shutil.rmtree(old, ignore_errors=True)


def _sync(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _hex(raw: bytes) -> str:
    return f"0x{bytes(raw).hex()}"
