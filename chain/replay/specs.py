"""Replay in the Python execution specs: their Prague fork rules and EVM, unmodified, over our journaled state.

`chain.replay.journal` says which functions of theirs are exchanged for ours and why. Their `state_transition`
judges every block; two of their functions are watched, not changed, to learn which transaction they are at.
"""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import Any, ClassVar

from ethereum.crypto.hash import Hash32, keccak256
from ethereum.exceptions import EthereumException
from ethereum.forks.prague import fork
from ethereum.forks.prague import state as specs_state
from ethereum.forks.prague.blocks import Block as SpecsBlock
from ethereum.forks.prague.blocks import Header
from ethereum.forks.prague.bloom import logs_bloom
from ethereum.forks.prague.fork_types import Account, Address, Bloom
from ethereum.forks.prague.requests import compute_requests_hash
from ethereum.forks.prague.trie import EMPTY_TRIE_ROOT, root
from ethereum.forks.prague.vm import BlockEnvironment, Message, TransactionEnvironment
from ethereum.forks.prague.vm.exceptions import Revert
from ethereum.forks.prague.vm.interpreter import process_message_call
from ethereum.forks.prague.vm.precompiled_contracts.mapping import PRE_COMPILED_CONTRACTS
from ethereum_rlp import rlp
from ethereum_rlp.exceptions import RLPException
from ethereum_types.bytes import Bytes, Bytes8, Bytes32
from ethereum_types.numeric import U64, U256, Uint

from chain.core.blocks import Block
from chain.core.calls import CALL_GAS_CAP, CallFailed, CallReverted
from chain.core.genesis import Genesis
from chain.replay import journal
from chain.replay.base import BlockRejected, Outcome, Replay
from chain.replay.difference import Progress

ZERO_ADDRESS = Address(bytes(20))
NO_OMMERS = keccak256(rlp.encode(()))
NO_REQUESTS = compute_requests_hash([])


class _Watch:
    """What their functions were last seen doing."""

    output: Any = None
    transaction: int | None = None


class SpecsReplay(Replay):
    """One pass over an export in the execution specs."""

    engine = "execution specs"
    new_state: ClassVar[Callable[[], Any]] = journal.JournaledState
    state_code: ClassVar[Callable[[], AbstractContextManager[None]]] = journal.installed

    def run(self) -> Iterator[Progress]:
        """Replay all blocks; raises Difference at the first thing that does not agree."""
        with type(self).state_code():
            self._watch = _Watch()
            with _watched(self._watch):
                yield from super().run()

    def start(self) -> bytes:
        """Build the genesis state; the hash of block 0."""
        state = type(self).new_state()
        _fill(state, self.export.genesis)
        header = _genesis_header(self.export.genesis, fork.state_root(state))
        block = SpecsBlock(header=header, transactions=(), ommers=(), withdrawals=())
        self._chain = fork.BlockChain(blocks=[block], state=state, chain_id=U64(self.export.genesis.chain_id))
        return bytes(keccak256(rlp.encode(header)))

    def apply(self, block: Block, raw: bytes) -> Outcome:
        """Run one block; raises BlockRejected."""
        self._watch.output, self._watch.transaction = None, None
        try:
            foreign = rlp.decode_to(SpecsBlock, raw)
            fork.state_transition(self._chain, foreign)
        except (EthereumException, RLPException, AssertionError) as error:
            outcome = None if self._watch.output is None else self._outcome()
            if outcome is None or _agrees(block, outcome):  # no field to name: their reason is all there is
                raise BlockRejected(f"{type(error).__name__} {error}".strip(), self._watch.transaction) from error
            return outcome  # executed, but a field differs: the comparison names it
        return self._outcome()

    def _outcome(self) -> Outcome:
        output = self._watch.output
        receipts = tuple(_encoded(output.receipts_trie._data[key]) for key in output.receipt_keys)
        header = {
            "gas_used": int(output.block_gas_used),
            "transaction_root": bytes(root(output.transactions_trie)),
            "receipt_root": bytes(root(output.receipts_trie)),
            "state_root": bytes(fork.state_root(self._chain.state)),
            "bloom": int.from_bytes(logs_bloom(output.block_logs), "big"),
            "withdrawals_root": bytes(root(output.withdrawals_trie)),
            "blob_gas_used": int(output.blob_gas_used),
            "requests_hash": bytes(compute_requests_hash(output.requests)),
        }
        return Outcome(receipts, header)

    def call(self, to: bytes, data: bytes) -> bytes:
        """Run a message on the state reached; raises CallReverted, CallFailed."""
        with type(self).state_code():
            return _call(self._chain, Address(to), Bytes(data))


def _agrees(block: Block, outcome: Outcome) -> bool:
    return all(getattr(block.header, field) == found for field, found in outcome.header.items())


@contextmanager
def _watched(watch: _Watch) -> Iterator[None]:
    apply_body, process_transaction = fork.apply_body, fork.process_transaction

    def watching_body(*args: Any, **kwargs: Any) -> Any:
        watch.output = apply_body(*args, **kwargs)
        return watch.output

    def watching_transaction(block_env: Any, block_output: Any, tx: Any, index: Any) -> None:
        watch.transaction = int(index)
        process_transaction(block_env, block_output, tx, index)
        watch.transaction = None

    fork.apply_body, fork.process_transaction = watching_body, watching_transaction
    try:
        yield
    finally:
        fork.apply_body, fork.process_transaction = apply_body, process_transaction


def _encoded(receipt: Any) -> bytes:
    return bytes(receipt) if isinstance(receipt, bytes) else bytes(rlp.encode(receipt))


def _fill(state: Any, genesis: Genesis) -> None:
    for raw, entry in genesis.accounts.items():
        address = Address(raw)
        account = Account(nonce=Uint(entry.nonce), balance=U256(entry.balance), code=Bytes(entry.code))
        specs_state.set_account(state, address, account)
        for slot, value in entry.storage.items():
            specs_state.set_storage(state, address, Bytes32(slot.to_bytes(32, "big")), U256(value))


def _genesis_header(genesis: Genesis, first_root: Any) -> Any:
    return Header(
        parent_hash=Hash32(bytes(32)),
        ommers_hash=NO_OMMERS,
        coinbase=ZERO_ADDRESS,
        state_root=first_root,
        transactions_root=EMPTY_TRIE_ROOT,
        receipt_root=EMPTY_TRIE_ROOT,
        bloom=Bloom(bytes(256)),
        difficulty=Uint(0),
        number=Uint(0),
        gas_limit=Uint(genesis.gas_limit),
        gas_used=Uint(0),
        timestamp=U256(genesis.timestamp),
        extra_data=Bytes(genesis.extra_data),
        prev_randao=Bytes32(bytes(32)),
        nonce=Bytes8(bytes(8)),
        base_fee_per_gas=Uint(0),
        withdrawals_root=EMPTY_TRIE_ROOT,
        blob_gas_used=U64(0),
        excess_blob_gas=U64(0),
        parent_beacon_block_root=Hash32(bytes(32)),
        requests_hash=NO_REQUESTS,
    )


def _call(chain: Any, to: Any, data: Any) -> bytes:
    header = chain.blocks[-1].header
    block_env = BlockEnvironment(
        chain_id=chain.chain_id,
        state=chain.state,
        block_gas_limit=header.gas_limit,
        block_hashes=fork.get_last_256_block_hashes(chain),
        coinbase=header.coinbase,
        number=header.number,
        base_fee_per_gas=header.base_fee_per_gas,
        time=header.timestamp,
        prev_randao=header.prev_randao,
        excess_blob_gas=header.excess_blob_gas,
        parent_beacon_block_root=header.parent_beacon_block_root,
    )
    transient = specs_state.TransientStorage()
    specs_state.begin_transaction(chain.state, transient)
    try:
        output = process_message_call(_message(block_env, transient, to, data))
    finally:
        specs_state.rollback_transaction(chain.state, transient)
    if isinstance(output.error, Revert):
        raise CallReverted(bytes(output.return_data))
    if output.error is not None:
        raise CallFailed(type(output.error).__name__)
    return bytes(output.return_data)


def _message(block_env: Any, transient: Any, to: Any, data: Any) -> Any:
    tx_env = TransactionEnvironment(
        origin=ZERO_ADDRESS,
        gas_price=Uint(0),
        gas=Uint(CALL_GAS_CAP),
        access_list_addresses=set(),
        access_list_storage_keys=set(),
        transient_storage=transient,
        blob_versioned_hashes=(),
        authorizations=(),
        index_in_block=None,
        tx_hash=None,
    )
    return Message(
        block_env=block_env,
        tx_env=tx_env,
        caller=ZERO_ADDRESS,
        target=to,
        current_target=to,
        gas=Uint(CALL_GAS_CAP),
        value=U256(0),
        data=data,
        code_address=to,
        code=fork.get_account(block_env.state, to).code,
        depth=Uint(0),
        should_transfer_value=False,
        is_static=False,
        accessed_addresses={ZERO_ADDRESS, to, *PRE_COMPILED_CONTRACTS},
        accessed_storage_keys=set(),
        disable_precompiles=False,
        parent_evm=None,
    )
