"""Whole contracts on revm (Cancun rules): what costs tens of milliseconds on the workbench costs half of one here."""

import re
from collections.abc import Mapping
from typing import Any

import pyrevm
from eth.vm.forks.prague.constants import HISTORY_STORAGE_CONTRACT_CODE
from eth_utils.address import to_checksum_address
from eth_utils.crypto import keccak

from contracts.clients.reverts import decode_revert
from contracts.keys import DEVNET_CHAIN_ID
from scripts.workbench.evm import BLOCKHASH_BLOCKS, HISTORY_ADDRESS, HISTORY_BLOCKS, NOBODY, Evm, Log, Receipt, Snapshot

GAS_LIMIT = 2**32
CODE_LIMIT: int | None = None
"""The rules' own, unless another is set."""
_REVERT = re.compile(r"Revert \{ gas_used: \d+, output: 0x([0-9a-f]*) \}")


class FastEvm(Evm):
    """The workbench's face over revm. Gas is that of the rules, without limits to a transaction."""

    def __init__(self, timestamp: int, chain_id: int = DEVNET_CHAIN_ID) -> None:
        self.chain_id = chain_id
        self.number = 300
        self.timestamp = timestamp
        self._checkpoints: dict[bytes, Any] = {}
        environment = pyrevm.Env(cfg=pyrevm.CfgEnv(chain_id=chain_id, limit_contract_code_size=CODE_LIMIT))
        self._revm = pyrevm.EVM(env=environment, spec_id="CANCUN", gas_limit=GAS_LIMIT)
        self._enter_block()
        self.install(HISTORY_ADDRESS, HISTORY_STORAGE_CONTRACT_CODE, {})

    def _enter_block(self) -> None:
        block = pyrevm.BlockEnv(number=self.number, timestamp=self.timestamp, gas_limit=GAS_LIMIT)
        self._revm.set_block_env(block)

    def block_hash(self, number: int) -> bytes:
        """The (invented) hash of a past block."""
        return bytes(self._revm.block_hash(number))

    def header(self, number: int) -> bytes:
        """None of its blocks has one, for revm invents their hashes; see make_known. Raises LookupError."""
        raise LookupError(f"block {number} has no header")

    def make_known(self, header: bytes, number: int) -> None:
        """Let the ledger have had a block of this header, longer ago than BLOCKHASH tells."""
        if self.number - number <= BLOCKHASH_BLOCKS:
            raise LookupError(f"block {number} is one of the last {BLOCKHASH_BLOCKS} before {self.number}")
        slot = number % HISTORY_BLOCKS
        self._revm.insert_account_storage(HISTORY_ADDRESS, slot, int.from_bytes(keccak(header), "big"))

    def skip_blocks(self, number: int) -> None:
        """Let so many empty blocks pass, one a second."""
        self.number += number
        self.go_to(self.timestamp + number)

    def snapshot(self) -> Snapshot:
        """Remember this state; only the last remembered one can be returned to, any number of times."""
        self._checkpoints = {b"last": self._revm.snapshot()}
        return Snapshot(b"last", self.number, self.timestamp)

    def restore(self, snapshot: Snapshot) -> None:
        """Come back to the remembered state, time included."""
        self._revm.revert(self._checkpoints[snapshot.root])
        self._checkpoints[snapshot.root] = self._revm.snapshot()
        self.number, self.timestamp = snapshot.number, snapshot.timestamp
        self._enter_block()

    def transact(self, to: str | None, data: bytes, sender: str = NOBODY) -> Receipt:
        """Run a transaction; raises the ContractError that reverted it, leaving no trace."""
        contract = None if to else to_checksum_address(self._revm.deploy(sender, data))
        output = self._message(to, data, sender, static=False) if to else b""
        result: Any = self._revm.result
        self.number += 1
        self._enter_block()
        return Receipt(result.gas_used, tuple(map(_log, result.logs)), contract, output)

    def call(self, to: str, data: bytes, sender: str = NOBODY) -> bytes:
        """The output of a call; raises the ContractError that reverted it."""
        return self._message(to, data, sender, static=True)

    def install(self, address: str, code: bytes, storage: Mapping[int, int]) -> None:
        """Put code and storage at an address, as a genesis file does."""
        self._revm.insert_account_info(address, pyrevm.AccountInfo(nonce=1, code=code))
        for slot, value in storage.items():
            self._revm.insert_account_storage(address, slot, value)

    def code(self, address: str) -> bytes:
        """The code at an address."""
        return bytes(self._revm.get_code(address) or b"")

    def accounts(self) -> list[bytes]:
        """Every address that was ever asked for, also in calls and in what was reverted."""
        return [bytes.fromhex(address[2:]) for address in self._revm.db_accounts]

    @property
    def gas_used(self) -> int:
        """Gas of the last call or transaction, base cost and calldata included."""
        result: Any = self._revm.result
        return int(result.gas_used)

    def _message(self, to: str, data: bytes, sender: str, *, static: bool) -> bytes:
        try:
            return bytes(self._revm.message_call(caller=sender, to=to, calldata=data, is_static=static))
        except RuntimeError as failure:  # pyrevm says everything that goes wrong by this one
            reverted = _REVERT.fullmatch(str(failure))
            if reverted is None:
                raise
            raise decode_revert(bytes.fromhex(reverted[1])) from None


def _log(entry: Any) -> Log:
    topics = tuple(bytes.fromhex(topic.removeprefix("0x")) for topic in entry.topics)
    return Log(to_checksum_address(entry.address), topics, bytes(entry.data[1]))
