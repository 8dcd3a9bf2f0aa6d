"""The rules of the ledger: Prague, post-merge headers, base fee 0, a constant gas limit."""

from typing import Any

from eth.db.chain import ChainDB
from eth.vm.chain_context import ChainContext
from eth.vm.forks.prague import PragueVM
from eth.vm.forks.prague.computation import PragueComputation
from eth.vm.forks.prague.state import PragueState
from eth_utils.exceptions import ValidationError

MAX_TRANSACTION_GAS = 2**24  # what EIP-7825 allows from Osaka on; refused above it already now
MIN_GAS_LIMIT = 2 * MAX_TRANSACTION_GAS  # the target is half the limit, and any legal transaction must fit it
GAS_LIMIT = 60_000_000
MAX_TRANSACTION_BYTES = 128 * 1024
MAX_INITCODE_BYTES = 49_152  # EIP-3860
ZERO_ADDRESS = bytes(20)
ZERO_HASH = bytes(32)


class LedgerChainDB(ChainDB):  # type: ignore[misc]
    """py-evm's chain database without the tries of transactions and receipts, which are kept as plain rows."""

    def __init__(self, db: Any) -> None:
        super().__init__(db)
        self.receipts: tuple[Any, ...] = ()

    def persist_trie_data_dict(self, trie_data_dict: dict[bytes, bytes]) -> None:
        """The roots are in the header; nothing reads these nodes again."""

    def get_receipts(self, header: Any, receipt_decoder: Any) -> tuple[Any, ...]:
        """The receipts of the block being executed."""
        return self.receipts


class _LedgerComputation(PragueComputation):  # type: ignore[misc]
    @property
    def is_origin_computation(self) -> bool:
        """Whether this is the outermost call.

        py-evm asks whether the caller is the sender of the transaction; since EIP-7702 a sender may have code that
        calls and creates, and would pay for the code that creates a contract twice.
        """
        return bool(self.msg.depth == 0)


class _LedgerState(PragueState):  # type: ignore[misc]
    computation_class = _LedgerComputation


class LedgerVM(PragueVM):  # type: ignore[misc]
    """py-evm's Prague machine with three of its departures from Prague set right.

    Each would let it make a block that geth and the execution specs call invalid.
    """

    _state_class = _LedgerState

    def apply_transaction(self, header: Any, transaction: Any) -> Any:
        """Run a transaction whose sender can pay the value and all gas at the fee cap, as EIP-1559 asks.

        py-evm asks for the value and the gas at the price that is paid in the end.
        """
        want = transaction.value + transaction.gas * transaction.max_fee_per_gas
        have = self.state.get_balance(transaction.sender)
        if have < want:
            raise ValidationError(f"insufficient funds for gas * price + value: have {have} want {want}")
        return super().apply_transaction(header, transaction)

    @classmethod
    def finalize_gas_used(cls, transaction: Any, computation: Any) -> int:
        """The gas paid for: after refunds, and never below the floor of EIP-7623.

        py-evm lets what fills up to the floor raise the limit of the refund, and so ends below the floor.
        """
        used = transaction.gas - computation.get_gas_remaining()
        refund = cls.calculate_net_gas_refund(used, computation.get_gas_refund())
        return int(used - refund + computation.data_floor_gas)


def gas_target(gas_limit: int) -> int:
    """Blocks are filled to this much gas, or the base fee would rise above 0 for ever."""
    return gas_limit // 2


def next_header(parent: Any, timestamp: int) -> Any:
    """The empty header of the block after `parent`, at `timestamp` (UTC seconds, above the parent's)."""
    return PragueVM.create_header_from_parent(
        parent,
        timestamp=timestamp,
        gas_limit=parent.gas_limit,
        coinbase=ZERO_ADDRESS,
        extra_data=b"",
        mix_hash=ZERO_HASH,
        parent_beacon_block_root=ZERO_HASH,
    )


def virtual_machine(database: Any, header: Any, chain_id: int) -> Any:
    """The machine at `header`, whose state root is the state before the block."""
    return LedgerVM(
        header=header,
        chaindb=LedgerChainDB(database),
        chain_context=ChainContext(chain_id),
        consensus_context=None,
    )
