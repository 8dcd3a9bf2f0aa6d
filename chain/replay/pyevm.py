"""Replay in py-evm: its own chain class imports every block as if it came from a stranger."""

from typing import Any, ClassVar

from eth.chains.base import Chain
from eth.db.atomic import AtomicDB
from eth_utils.exceptions import ValidationError

from chain.core import calls
from chain.core.blocks import Block
from chain.core.rules import LedgerVM, virtual_machine
from chain.replay.base import BlockRejected, Outcome, Replay

COMPUTED_FIELDS = (
    "gas_used",
    "transaction_root",
    "receipt_root",
    "state_root",
    "bloom",
    "withdrawals_root",
    "requests_hash",
    "base_fee_per_gas",
    "blob_gas_used",
    "excess_blob_gas",
    "uncles_hash",
    "parent_hash",
    "block_number",
    "hash",
)


class _RecordingVM(LedgerVM):
    """The machine of `chain.core.rules`, which notes the receipts it makes."""

    applied: ClassVar[list[Any]] = []  # replaced in each replay by its own list of the receipts of the block in work

    def transaction_applied_hook(self, index: int, _: Any, __: Any, ___: Any, ____: Any, receipt: Any) -> None:
        self.applied.append(receipt)


class PyEvmReplay(Replay):
    """One pass over an export in py-evm, with the state in memory."""

    engine = "py-evm"

    def start(self) -> bytes:
        """Build the genesis state; the hash of block 0."""
        header, nodes = self.export.genesis.build()
        self._database = AtomicDB()
        for key, value in nodes.items():
            self._database[key] = value
        self._applied: list[Any] = []
        machine = _RecordingVM.configure(__name__="ReplayVM", applied=self._applied)
        chain_class = Chain.configure(
            __name__="ReplayChain", vm_configuration=((0, machine),), chain_id=self.export.genesis.chain_id
        )
        self._chain = chain_class.from_genesis_header(self._database, header)
        self._head = header
        return bytes(header.hash)

    def apply(self, block: Block, raw: bytes) -> Outcome:
        """Run one block; raises BlockRejected."""
        self._applied.clear()
        try:
            imported = self._import(block)
        except ValidationError as error:
            index = len(self._applied) if len(self._applied) < len(block.transactions) else None
            raise BlockRejected(str(error), index) from error
        self._head = imported.header
        receipts = tuple(receipt.encode() for receipt in self._applied)
        return Outcome(receipts, {name: getattr(imported.header, name) for name in COMPUTED_FIELDS})

    def _import(self, block: Block) -> Any:
        foreign = LedgerVM.get_block_class()(
            header=block.header,
            transactions=[transaction.evm for transaction in block.transactions],
            uncles=[],
            withdrawals=[],
        )
        # Without py-evm's last comparison, which would only say that the block is another: ours names the field.
        return self._chain.import_block(foreign, perform_validation=False).imported_block

    def call(self, to: bytes, data: bytes) -> bytes:
        """Run a message on the state reached; raises CallReverted, CallFailed."""
        machine = virtual_machine(self._database, self._head, self.export.genesis.chain_id)
        return calls.call(machine, calls.Message(to=to, data=data))
