"""The manifest: what an export holds, and the hash of each file."""

import json
from dataclasses import asdict, dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any

from chain.core.nesting import load_json
from chain.errors import LedgerError

FORMAT = "tallystick-export-1"
GENESIS_FILE = "genesis.json"
CHAIN_FILE = "chain.rlp"
RECEIPTS_FILE = "receipts.rlp"
SEALS_FILE = "seals.jsonl"
MANIFEST_FILE = "manifest.json"
DATA_FILES = (GENESIS_FILE, CHAIN_FILE, RECEIPTS_FILE, SEALS_FILE)
READ_BYTES = 1024 * 1024


class ExportError(LedgerError):
    """An export cannot be written or read."""


class ExportFileMissing(ExportError):
    """A file of the export is not there."""

    def __init__(self, file: Path) -> None:
        self.file = file
        super().__init__(f"{file} is missing")


class ExportFileAltered(ExportError):
    """A file of the export is not what the export was made with."""

    def __init__(self, file: Path, field: str, expected: str, found: str) -> None:
        self.file, self.field, self.expected, self.found = file, field, expected, found
        super().__init__(f"{file}: {field}: expected {expected}, found {found}")


@dataclass(frozen=True)
class FileEntry:
    """One file: its SHA-256 and length."""

    sha256: str
    bytes: int


@dataclass(frozen=True)
class Manifest:
    """What the manifest says; hashes and addresses as 0x-hex."""

    chain_id: int
    genesis_hash: str
    head_number: int
    head_hash: str
    head_tree: str
    sealer: str
    transactions: int
    files: dict[str, FileEntry]

    def encoded(self) -> bytes:
        """The one way to write it: altering any byte of the file makes it another manifest or none."""
        document: dict[str, Any] = {"format": FORMAT} | asdict(self)
        digest = sha256(_canonical(document)).hexdigest()
        return _canonical({"digest": digest} | document)


def _canonical(document: dict[str, Any]) -> bytes:
    return (json.dumps(document, indent=2, sort_keys=True) + "\n").encode()


def read_manifest(file: Path) -> Manifest:
    """Read a manifest; raises ExportFileMissing, ExportFileAltered."""
    if not file.exists():
        raise ExportFileMissing(file)
    raw = file.read_bytes()
    try:
        document = load_json(raw)
        found_format, digest = document.pop("format"), document.pop("digest")
        files = {name: FileEntry(**entry) for name, entry in document.pop("files").items()}
        manifest = Manifest(files=files, **document)
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        raise ExportFileAltered(file, "content", "a manifest", f"{type(error).__name__}: {error}") from error
    expected = json.loads(manifest.encoded())["digest"]
    if digest != expected:
        raise ExportFileAltered(file, "digest of its own content", expected, str(digest))
    if found_format != FORMAT:
        raise ExportFileAltered(file, "format", FORMAT, str(found_format))
    if manifest.encoded() != raw or tuple(sorted(files)) != tuple(sorted(DATA_FILES)):
        raise ExportFileAltered(file, "content", "the canonical form", "other bytes")
    return manifest


def file_entry(file: Path) -> FileEntry:
    """Hash and length of a file."""
    digest, length = sha256(), 0
    with file.open("rb") as stream:
        while chunk := stream.read(READ_BYTES):
            digest.update(chunk)
            length += len(chunk)
    return FileEntry(digest.hexdigest(), length)
