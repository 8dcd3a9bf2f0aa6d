"""A damaged, foreign or busy data folder is refused with its name and what was found; nothing is repaired."""

import json
import shutil
from pathlib import Path
from random import Random

import pytest

from chain.core.genesis import GenesisInvalid, parse_genesis
from chain.core.ledger import Ledger
from chain.devnet import genesis_document
from chain.seals.keys import load_sealer
from chain.seals.signature import Sealer
from chain.store.errors import FileDamaged, FileMissing, FolderInUse, OtherLedger, StoreError
from scripts.bench.ledger import signed_payments
from tests.chain.support import CHAIN_ID, NodeProcess, accepted, devnet_genesis, exported, grow, open_ledger

PAGE_BYTES = 4096
HITS = 25


@pytest.fixture(scope="module")
def sound(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("sound") / "node"
    with open_ledger(folder) as ledger:
        grow(ledger, blocks=8)
    return folder


@pytest.fixture
def copy(sound: Path, tmp_path: Path) -> Path:
    shutil.copytree(sound, tmp_path / "node")
    return tmp_path / "node"


def data_file(folder: Path) -> Path:
    return folder / "ledger" / "data.mdb"


def opens(folder: Path) -> None:
    with open_ledger(folder) as ledger, ledger.view() as view:
        assert view.head == 8


def test_a_sound_copy_opens(copy: Path) -> None:
    opens(copy)


def test_a_truncated_file_is_named(copy: Path) -> None:
    raw = data_file(copy).read_bytes()
    data_file(copy).write_bytes(raw[: len(raw) // 2])
    with pytest.raises(FileDamaged, match=r"data\.mdb is damaged"):
        opens(copy)
    assert data_file(copy).stat().st_size == len(raw) // 2


def test_a_cut_file_is_not_exported(copy: Path, tmp_path: Path) -> None:
    raw = data_file(copy).read_bytes()
    data_file(copy).write_bytes(raw[: len(raw) // 2])
    with pytest.raises(FileDamaged, match=r"data\.mdb is damaged"):
        exported(copy, tmp_path / "export")


def test_the_folder_opens_as_any_block_left_it(tmp_path: Path) -> None:
    """LMDB does not write pages at the end that a transaction took and gave back: a short file may be whole."""
    deploy, payments = signed_payments(CHAIN_ID, 400)
    with open_ledger(tmp_path / "node") as ledger:
        accepted(ledger, deploy)
        ledger.produce(0)
        accepted(ledger, *payments)
        while (block := ledger.produce(0)) is not None:
            left = tmp_path / f"after-{block.number}"
            shutil.copytree(tmp_path / "node", left)
            with open_ledger(left) as copied, copied.view() as view:
                assert view.head == block.number


def test_an_empty_file_is_named(copy: Path) -> None:
    data_file(copy).write_bytes(b"")
    with pytest.raises(FileDamaged, match=r"data\.mdb"):
        opens(copy)


def test_overwritten_heads_are_named(copy: Path) -> None:
    with data_file(copy).open("r+b") as stream:
        stream.write(b"\xa5" * 2 * PAGE_BYTES)
    with pytest.raises(FileDamaged, match=r"data\.mdb"):
        opens(copy)


def test_overwritten_pages_never_crash_the_node(copy: Path) -> None:
    """A page that the head does not need may go unnoticed at the start; the process must live in any case."""
    raw, random = data_file(copy).read_bytes(), Random(3)
    pages = len(raw) // PAGE_BYTES
    refused = 0
    for _ in range(HITS):
        page = random.randrange(2, pages)
        data_file(copy).write_bytes(raw)
        with data_file(copy).open("r+b") as stream:
            stream.seek(page * PAGE_BYTES)
            stream.write(random.randbytes(PAGE_BYTES))
        try:
            opens(copy)
        except FileDamaged:
            refused += 1
    assert refused > 0


def test_a_missing_file_is_named(copy: Path) -> None:
    data_file(copy).unlink()
    with pytest.raises(FileMissing, match=r"data\.mdb is missing"):
        opens(copy)


def test_a_missing_ledger_is_not_begun_anew(copy: Path) -> None:
    shutil.rmtree(copy / "ledger")
    with pytest.raises(FileMissing):
        opens(copy)
    assert not (copy / "ledger").exists()


def test_an_interrupted_first_start_begins_anew(tmp_path: Path) -> None:
    (tmp_path / "node" / "ledger.unfinished").mkdir(parents=True)
    (tmp_path / "node" / "ledger.unfinished" / "data.mdb").write_bytes(b"half")
    with open_ledger(tmp_path / "node") as ledger, ledger.view() as view:
        assert view.head == 0


@pytest.mark.parametrize(
    ("changed", "field"),
    [({"chain_id": CHAIN_ID + 1}, "chain id"), ({"timestamp": 1_600_000_000}, "genesis block")],
)
def test_another_genesis_is_refused(copy: Path, changed: dict[str, int], field: str) -> None:
    genesis = parse_genesis(json.dumps(genesis_document(**changed)))
    with pytest.raises(OtherLedger, match=field):
        Ledger(copy, genesis, load_sealer(None, CHAIN_ID))


def test_another_sealer_is_refused(copy: Path) -> None:
    with pytest.raises(OtherLedger, match="sealer"):
        Ledger(copy, devnet_genesis(), Sealer(b"\x07" * 32))


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("gasLimit", "0x1c9c380"),
        ("baseFeePerGas", "0x1"),
        ("alloc", {}),
        ("config", {"chainId": 1}),
        ("config", genesis_document()["config"] | {"osakaTime": 0}),
        ("config", genesis_document()["config"] | {"londonBlock": 5}),
        ("difficulty", "0x1"),
        ("mixHash", "0x" + "11" * 32),
        ("coinbase", "0x" + "11" * 20),
        ("nonce", "0x42"),
        ("excessBlobGas", "0x20000"),
        ("extraData", "0x" + "00" * 33),
        ("alloc", genesis_document()["alloc"] | {"0x" + "11" * 19: {"balance": "0x1"}}),
        ("alloc", genesis_document()["alloc"] | {"0x" + "11" * 20: {"balance": hex(2**256)}}),
    ],
)
def test_a_genesis_that_breaks_the_rules_is_refused(field: str, value: object) -> None:
    with pytest.raises(GenesisInvalid):
        parse_genesis(json.dumps(genesis_document() | {field: value}))


def test_a_second_ledger_on_the_folder_is_refused(copy: Path) -> None:
    with open_ledger(copy), pytest.raises(FolderInUse, match="in use by another node"):
        opens(copy)
    opens(copy)


def test_a_refused_start_leaves_the_folder_free(copy: Path) -> None:
    with pytest.raises(StoreError):
        Ledger(copy, devnet_genesis(), Sealer(b"\x07" * 32))
    opens(copy)


@pytest.mark.processes
def test_the_command_says_it_and_exits_with_an_error(copy: Path) -> None:
    raw = data_file(copy).read_bytes()
    data_file(copy).write_bytes(raw[: len(raw) // 2])
    code, output = NodeProcess(copy).finish()
    assert code == 1
    assert "data.mdb is damaged" in output
    assert "Traceback" not in output
