"""An export is found out when any byte of it changes, and the replay names what was changed in it."""

import json
import shutil
from pathlib import Path
from random import Random

import pytest
import rlp

from chain.errors import LedgerError
from chain.export.manifest import DATA_FILES, MANIFEST_FILE, ExportFileAltered, Manifest, file_entry, read_manifest
from chain.export.read import Export
from chain.export.write import TargetOccupied
from chain.replay.base import Replay
from chain.replay.difference import Difference
from chain.replay.pyevm import PyEvmReplay
from chain.replay.seals import check_seals
from chain.replay.specs import SpecsReplay
from tests.chain.support import exported, grow, open_ledger

POSITIONS = 150
FORGED_BYTES = 40
ENGINES = [PyEvmReplay, SpecsReplay]


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("made")
    with open_ledger(folder / "node") as ledger:
        grow(ledger, blocks=5)
    exported(folder / "node", folder / "export")
    return folder / "export"


@pytest.fixture
def copy(made: Path, tmp_path: Path) -> Path:
    shutil.copytree(made, tmp_path / "export")
    return tmp_path / "export"


def rewrite(folder: Path, name: str, raw: bytes, **fields: object) -> None:
    """Change a file and let the manifest agree, as a forger would."""
    (folder / name).write_bytes(raw)
    said = read_manifest(folder / MANIFEST_FILE)
    values = {field: getattr(said, field) for field in Manifest.__dataclass_fields__} | fields
    values["files"] = {entry: file_entry(folder / entry) for entry in DATA_FILES}
    (folder / MANIFEST_FILE).write_bytes(Manifest(**values).encoded())


def blocks_of(folder: Path) -> list[list[object]]:
    return [rlp.decode(raw, use_list=True) for raw in Export(folder).raw_blocks()]


def audit(folder: Path, engine: type[Replay] = PyEvmReplay) -> None:
    export = Export(folder)
    for _ in engine(export).run():
        pass
    for _ in check_seals(export):
        pass


def test_any_changed_byte_is_found_and_its_file_named(copy: Path) -> None:
    random = Random(11)
    for _ in range(POSITIONS):
        file = copy / random.choice([*DATA_FILES, MANIFEST_FILE])
        raw = file.read_bytes()
        position = random.randrange(len(raw))
        altered = bytearray(raw)
        altered[position] ^= 1 << random.randrange(8)
        file.write_bytes(altered)
        with pytest.raises(LedgerError) as found:
            audit(copy)
        assert isinstance(found.value, ExportFileAltered)
        assert found.value.file == file
        file.write_bytes(raw)
    audit(copy)


@pytest.mark.parametrize("name", [*DATA_FILES, MANIFEST_FILE])
def test_a_missing_or_lengthened_file_is_named(copy: Path, name: str) -> None:
    raw = (copy / name).read_bytes()
    (copy / name).write_bytes(raw + b"\n")
    with pytest.raises(LedgerError, match=name):
        Export(copy)
    (copy / name).unlink()
    with pytest.raises(LedgerError, match=f"{name} is missing"):
        Export(copy)


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize(
    ("field", "name"),
    [
        (3, "state_root"),
        (4, "transaction_root"),
        (5, "receipt_root"),
        (6, "bloom"),
        (10, "gas_used"),
        (20, "requests_hash"),
    ],
)
def test_a_forged_header_field_is_named(copy: Path, engine: type[Replay], field: int, name: str) -> None:
    blocks = blocks_of(copy)
    header = blocks[-1][0]
    assert isinstance(header, list)
    header[field] = bytes([header[field][0] ^ 1]) + header[field][1:]
    rewrite(copy, "chain.rlp", b"".join(rlp.encode(block) for block in blocks))
    with pytest.raises(Difference) as found:
        audit(copy, engine)
    assert (found.value.block, found.value.field) == (5, name)


@pytest.mark.parametrize("engine", ENGINES)
def test_a_forged_parent_is_named(copy: Path, engine: type[Replay]) -> None:
    blocks = blocks_of(copy)
    header = blocks[2][0]
    assert isinstance(header, list)
    header[11] = (int.from_bytes(header[11], "big") + 500).to_bytes(4, "big")  # a later timestamp
    rewrite(copy, "chain.rlp", b"".join(rlp.encode(block) for block in blocks))
    with pytest.raises(Difference) as found:
        audit(copy, engine)
    assert found.value.block in (3, 4)


@pytest.mark.parametrize("engine", ENGINES)
def test_a_forged_transaction_is_named(copy: Path, engine: type[Replay]) -> None:
    blocks = blocks_of(copy)
    transactions = blocks[3][1]
    assert isinstance(transactions, list)
    parts = rlp.decode(transactions[0][1:], use_list=True)
    parts[7] = (999).to_bytes(32, "big")  # other data under the old signature: another sender
    transactions[0] = transactions[0][:1] + rlp.encode(parts)
    rewrite(copy, "chain.rlp", b"".join(rlp.encode(block) for block in blocks))
    with pytest.raises(Difference) as found:
        audit(copy, engine)
    assert (found.value.block, found.value.transaction, found.value.field) == (4, 0, "transaction")


@pytest.mark.parametrize("engine", ENGINES)
def test_a_forged_receipt_is_named(copy: Path, engine: type[Replay]) -> None:
    receipts = [rlp.decode(raw, use_list=True) for raw in Export(copy).raw_receipts()]
    parts = rlp.decode(receipts[1][0][1:], use_list=True)
    parts[3][0][2] = (7).to_bytes(32, "big")
    receipts[1][0] = receipts[1][0][:1] + rlp.encode(parts)
    rewrite(copy, "receipts.rlp", b"".join(rlp.encode(entry) for entry in receipts))
    with pytest.raises(Difference) as found:
        audit(copy, engine)
    assert (found.value.block, found.value.transaction, found.value.field) == (2, 0, "receipt log 0 data")


def test_a_forged_seal_is_named(copy: Path) -> None:
    lines = (copy / "seals.jsonl").read_text().splitlines()
    row = json.loads(lines[3])
    row["signature"] = json.loads(lines[2])["signature"]
    lines[3] = json.dumps(row, separators=(",", ":"))
    rewrite(copy, "seals.jsonl", ("\n".join(lines) + "\n").encode())
    with pytest.raises(Difference) as found:
        audit(copy)
    assert (found.value.block, found.value.field) == (3, "sealer")


@pytest.mark.parametrize("name", ["chain.rlp", "receipts.rlp", "seals.jsonl"])  # genesis.json has meaningless bytes
def test_any_byte_changed_under_a_forged_manifest_is_laid_to_a_block_or_the_file(copy: Path, name: str) -> None:
    raw, choose = (copy / name).read_bytes(), Random(name)
    for position in choose.sample(range(len(raw)), FORGED_BYTES):
        forged = bytearray(raw)
        forged[position] ^= choose.randrange(1, 256)
        rewrite(copy, name, bytes(forged))
        with pytest.raises(LedgerError) as found:
            list(check_seals(Export(copy)))
            audit(copy)
        assert "block " in str(found.value) or name in str(found.value), position


@pytest.mark.parametrize(("field", "value"), [("sealer", "0x" + "11" * 20), ("transactions", 6), ("head_number", 4)])
def test_a_forged_manifest_field_is_found(copy: Path, field: str, value: object) -> None:
    raw = (copy / "chain.rlp").read_bytes()
    rewrite(copy, "chain.rlp", raw, **{field: value})
    with pytest.raises((Difference, ExportFileAltered)):
        audit(copy)


def test_a_cut_off_chain_is_found(copy: Path) -> None:
    kept = list(Export(copy).raw_blocks())[:-1]
    rewrite(copy, "chain.rlp", b"".join(kept))
    with pytest.raises(Difference, match="only one of them"):
        audit(copy)


def test_a_folder_with_other_files_is_not_overwritten(tmp_path: Path) -> None:
    with open_ledger(tmp_path / "node") as ledger:
        grow(ledger)
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "letter.txt").write_text("keep")
    with pytest.raises(TargetOccupied):
        exported(tmp_path / "node", tmp_path / "mine")
    first = exported(tmp_path / "node", tmp_path / "export").manifest
    assert exported(tmp_path / "node", tmp_path / "export").manifest == first
