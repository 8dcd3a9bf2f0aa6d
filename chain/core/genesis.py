"""The first block, from a genesis file in geth's format."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from eth.db.atomic import AtomicDB
from eth.vm.chain_context import ChainContext
from eth.vm.forks.prague import PragueVM
from eth_hash.auto import keccak

from chain.core.nesting import load_json
from chain.core.rules import MIN_GAS_LIMIT, ZERO_ADDRESS, ZERO_HASH
from chain.core.system_contracts import SYSTEM_CONTRACTS
from chain.errors import LedgerError

ADDRESS_BYTES = 20
WORD_LIMIT = 2**256
NONCE_LIMIT = 2**64 - 1
MAX_EXTRA_DATA_BYTES = 32
FORKS_BY_TIME = ("shanghaiTime", "cancunTime", "pragueTime")
ZERO_FIELDS = (
    "number", "nonce", "difficulty", "mixHash", "coinbase", "parentHash", "gasUsed", "blobGasUsed", "excessBlobGas",
    "parentBeaconBlockRoot",
)  # fmt: skip


class GenesisInvalid(LedgerError):
    """The genesis file cannot start this ledger."""

    def __init__(self, field: str, reason: str) -> None:
        self.field, self.reason = field, reason
        super().__init__(f"genesis file: {field}: {reason}")


@dataclass(frozen=True)
class GenesisAccount:
    """One account of the first state."""

    balance: int
    nonce: int
    code: bytes
    storage: dict[int, int]


@dataclass(frozen=True)
class Genesis:
    """A checked genesis file. `text` is the file itself, kept unchanged for the export."""

    text: str
    chain_id: int
    timestamp: int
    gas_limit: int
    extra_data: bytes
    accounts: dict[bytes, GenesisAccount]

    @property
    def digest(self) -> bytes:
        """keccak256 of the file's text."""
        return bytes(keccak(self.text.encode()))

    def build(self) -> tuple[Any, dict[bytes, bytes]]:
        """The first header and the trie nodes and codes of its state."""
        database = AtomicDB()
        empty = PragueVM.create_genesis_header(difficulty=0, gas_limit=self.gas_limit, timestamp=self.timestamp)
        state = PragueVM.build_state(database, empty, ChainContext(self.chain_id))
        for address, account in self.accounts.items():
            _apply(state, address, account)
        state.persist()
        header = PragueVM.create_genesis_header(
            difficulty=0,
            gas_limit=self.gas_limit,
            timestamp=self.timestamp,
            base_fee_per_gas=0,
            coinbase=ZERO_ADDRESS,
            extra_data=self.extra_data,
            mix_hash=ZERO_HASH,
            parent_beacon_block_root=ZERO_HASH,
            state_root=state.state_root,
        )
        return header, dict(database.wrapped_db.kv_store)


def _apply(state: Any, address: bytes, account: GenesisAccount) -> None:
    for slot, value in account.storage.items():
        state.set_storage(address, slot, value)
    state.set_nonce(address, account.nonce)
    state.set_balance(address, account.balance)
    if account.code:
        state.set_code(address, account.code)


def load_genesis(path: Path) -> Genesis:
    """Read and check a genesis file; raises GenesisInvalid."""
    try:
        text = path.read_bytes().decode()
    except (OSError, UnicodeDecodeError) as error:
        raise GenesisInvalid(str(path), f"cannot be read ({error})") from error
    return parse_genesis(text)


def parse_genesis(text: str) -> Genesis:
    """Check the text of a genesis file; raises GenesisInvalid."""
    try:
        document = load_json(text)
        genesis = Genesis(
            text=text,
            chain_id=int(document["config"]["chainId"]),
            timestamp=_number(document["timestamp"]),
            gas_limit=_number(document["gasLimit"]),
            extra_data=_data(document.get("extraData", "0x")),
            accounts={_address(name): _account(entry) for name, entry in document["alloc"].items()},
        )
        _check(genesis, document)
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise GenesisInvalid("file", f"not in geth's genesis format ({type(error).__name__}: {error})") from error
    return genesis


def _account(entry: dict[str, Any]) -> GenesisAccount:
    return GenesisAccount(
        balance=_number(entry.get("balance", 0)),
        nonce=_number(entry.get("nonce", 0), NONCE_LIMIT),
        code=_data(entry.get("code", "0x")),
        storage={_number(slot): _number(value) for slot, value in entry.get("storage", {}).items()},
    )


def _address(value: str) -> bytes:
    address = _data(value)
    if len(address) != ADDRESS_BYTES:
        raise ValueError(f"{value} is no address")
    return address


def _number(value: str | int, limit: int = WORD_LIMIT) -> int:
    number = value if isinstance(value, int) else int(value, 0)
    if not 0 <= number < limit:
        raise ValueError(f"{value} is out of range")
    return number


def _data(value: str) -> bytes:
    return bytes.fromhex(value.removeprefix("0x"))


def _check(genesis: Genesis, document: dict[str, Any]) -> None:
    _check_forks(document["config"])
    if "baseFeePerGas" not in document or _number(document["baseFeePerGas"]) != 0:
        raise GenesisInvalid("baseFeePerGas", "must be 0x0")
    for field in ZERO_FIELDS:  # what the first block holds in any case: otherwise geth would make another of the file
        if _number(document.get(field) or 0) != 0:
            raise GenesisInvalid(field, "must be 0")
    if len(genesis.extra_data) > MAX_EXTRA_DATA_BYTES:
        raise GenesisInvalid("extraData", f"longer than {MAX_EXTRA_DATA_BYTES} bytes")
    if genesis.gas_limit < MIN_GAS_LIMIT:
        raise GenesisInvalid("gasLimit", f"{genesis.gas_limit} is below {MIN_GAS_LIMIT}")
    for address, code in SYSTEM_CONTRACTS.items():
        account = genesis.accounts.get(address)
        if account is None or account.code != code:
            raise GenesisInvalid(f"alloc.0x{address.hex()}", "the system contract of Prague is missing or altered")


def _check_forks(config: dict[str, Any]) -> None:
    for name in FORKS_BY_TIME:
        if config.get(name) != 0:
            raise GenesisInvalid(f"config.{name}", "must be 0: the ledger follows Prague from its first block")
    for name, start in config.items():
        if name.endswith("Block") and start not in (0, None):
            raise GenesisInvalid(f"config.{name}", "must be 0: the ledger follows Prague from its first block")
        if name.endswith("Time") and name not in FORKS_BY_TIME and start is not None:
            raise GenesisInvalid(f"config.{name}", "this ledger does not know the fork")
