"""Read an export; opening it checks every file against the manifest and names the one that was altered."""

from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

from chain.core.genesis import Genesis, GenesisInvalid, parse_genesis
from chain.core.nesting import load_json
from chain.export.manifest import (
    CHAIN_FILE,
    DATA_FILES,
    GENESIS_FILE,
    MANIFEST_FILE,
    RECEIPTS_FILE,
    SEALS_FILE,
    ExportFileAltered,
    ExportFileMissing,
    Manifest,
    file_entry,
    read_manifest,
)
from chain.export.write import seal_line
from chain.seals.signature import Seal

RLP_SHORT_LIST = 0xC0
RLP_LONG_LIST = 0xF7
MAX_ITEM_BYTES = 64 * 1024 * 1024


class Export:
    """The files of an export. Block 0 is the genesis file; chain.rlp holds blocks 1 to the head."""

    def __init__(self, folder: Path) -> None:
        """Check all files; raises ExportFileMissing, ExportFileAltered."""
        self.folder = folder
        self.manifest: Manifest = read_manifest(folder / MANIFEST_FILE)
        for name in DATA_FILES:
            self._check(name)
        try:
            self.genesis: Genesis = parse_genesis((folder / GENESIS_FILE).read_bytes().decode())
        except (GenesisInvalid, UnicodeDecodeError) as error:
            raise ExportFileAltered(folder / GENESIS_FILE, "content", "a genesis file", str(error)) from error
        self._expect("chain_id", str(self.manifest.chain_id), str(self.genesis.chain_id))

    def _check(self, name: str) -> None:
        file = self.folder / name
        if not file.exists():
            raise ExportFileMissing(file)
        said, found = self.manifest.files[name], file_entry(file)
        if said.bytes != found.bytes:
            raise ExportFileAltered(file, "length in bytes", str(said.bytes), str(found.bytes))
        if said.sha256 != found.sha256:
            raise ExportFileAltered(file, "sha256", said.sha256, found.sha256)

    def _expect(self, field: str, said: str, found: str) -> None:
        if said != found:
            raise ExportFileAltered(self.folder / MANIFEST_FILE, field, found, said)

    def raw_blocks(self) -> Iterator[bytes]:
        """The RLP of block 1 to the head, one after the other."""
        return self._items(CHAIN_FILE)

    def raw_receipts(self) -> Iterator[bytes]:
        """The RLP list of the receipts of block 1 to the head."""
        return self._items(RECEIPTS_FILE)

    def seals(self) -> Iterator[Seal]:
        """The seals of block 0 to the head; raises ExportFileAltered for a malformed line."""
        file = self.folder / SEALS_FILE
        with file.open("rb") as stream:
            for number, line in enumerate(stream):
                yield _parse_seal(file, number, line)

    def _items(self, name: str) -> Iterator[bytes]:
        file = self.folder / name
        with file.open("rb") as stream:
            number = 1
            while (item := _next_list(stream, file, number)) is not None:
                yield item
                number += 1


def _next_list(stream: BinaryIO, file: Path, number: int) -> bytes | None:
    """The next RLP list of a file, or None at its end."""
    first = stream.read(1)
    if not first:
        return None
    if first[0] < RLP_SHORT_LIST:
        raise ExportFileAltered(file, f"item {number}", "an RLP list", f"a byte 0x{first.hex()}")
    if first[0] <= RLP_LONG_LIST:
        head, length = first, first[0] - RLP_SHORT_LIST
    else:
        size = stream.read(first[0] - RLP_LONG_LIST)
        head, length = first + size, int.from_bytes(size, "big")
    if length > MAX_ITEM_BYTES:
        raise ExportFileAltered(file, f"item {number}", f"at most {MAX_ITEM_BYTES} bytes", f"{length}")
    body = stream.read(length)
    if len(body) != length:
        raise ExportFileAltered(file, f"item {number}", f"{length} bytes", f"{len(body)}")
    return head + body


def _parse_seal(file: Path, number: int, raw: bytes) -> Seal:
    try:
        line = raw.decode()
        row = load_json(line)
        parts = (bytes.fromhex(row[name][2:]) for name in ("block_hash", "tree_head", "signature"))
        seal = Seal(int(row["number"]), *parts)
    except (ValueError, KeyError, TypeError) as error:
        raise ExportFileAltered(file, f"line {number + 1}", "a seal", f"{type(error).__name__}") from error
    if seal_line(seal) != line or seal.number != number:
        raise ExportFileAltered(file, f"line {number + 1}", f"the seal of block {number}", line.strip()[:80])
    return seal
