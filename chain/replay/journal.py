"""State for the execution specs with an undo journal and incremental tries.

Whose code is whose: the specs' fork rules, EVM, gas, transactions, blocks, receipts and cryptography run unmodified
(`ethereum.forks.prague`). Of their state module the functions in `REPLACED` are exchanged for the ones here while
`installed()` lasts, because theirs copy the whole state at each call frame and rebuild every trie at each block; all
functions built on these (accounts, balances, nonces, code) stay theirs. Their analysis of jump destinations stays
theirs too, only its answers are remembered. Tests compare both state modules on random operations and chains.
"""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import lru_cache
from typing import Any

from ethereum.forks.prague import state as specs_state
from ethereum.forks.prague.fork_types import encode_account
from ethereum.forks.prague.trie import copy_trie
from ethereum.forks.prague.vm import interpreter
from ethereum_rlp import rlp
from ethereum_types.numeric import U256

from chain.replay.trie import SecureTrie

FORK = "ethereum.forks.prague"
ZERO = U256(0)
JUMP_ANALYSES_KEPT = 1_024

Undo = Callable[[], None]


class JournaledState:
    """All accounts and slots in flat dictionaries; a journal of undo steps; tries that follow at each block."""

    def __init__(self) -> None:
        self.accounts: dict[bytes, Any] = {}
        self.slots: dict[bytes, dict[bytes, Any]] = {}
        self.created_accounts: set[bytes] = set()
        self.journal: list[Undo] = []
        self.marks: list[int] = []
        self.originals: dict[tuple[bytes, bytes], Any] = {}
        self.changed_accounts: set[bytes] = set()
        self.changed_slots: dict[bytes, set[bytes]] = {}
        self.account_trie = SecureTrie()
        self.storage_tries: dict[bytes, SecureTrie] = {}

    def put_account(self, address: bytes, account: Any) -> None:
        """Set or (None) remove an account, without a journal entry."""
        if account is None:
            self.accounts.pop(address, None)
        else:
            self.accounts[address] = account
        self.changed_accounts.add(address)

    def put_slot(self, address: bytes, key: bytes, value: Any) -> None:
        """Set or (0) remove a slot, without a journal entry."""
        slots = self.slots.setdefault(address, {})
        if value == ZERO:
            slots.pop(key, None)
        else:
            slots[key] = value
        if not slots:
            del self.slots[address]
        self.changed_slots.setdefault(address, set()).add(key)

    def note(self, undo: Undo) -> None:
        """Remember how to take a change back, inside a transaction."""
        if self.marks:
            self.journal.append(undo)


def begin_transaction(state: JournaledState, transient_storage: Any) -> None:
    """Start a (nested) state transaction."""
    if not state.marks:
        state.originals.clear()
        state.journal.clear()
    state.marks.append(len(state.journal))
    transient_storage._snapshots.append({key: copy_trie(trie) for key, trie in transient_storage._tries.items()})


def commit_transaction(state: JournaledState, transient_storage: Any) -> None:
    """Keep what was done since the last begin."""
    state.marks.pop()
    if not state.marks:
        state.created_accounts.clear()
    transient_storage._snapshots.pop()


def rollback_transaction(state: JournaledState, transient_storage: Any) -> None:
    """Take back what was done since the last begin."""
    mark = state.marks.pop()
    while len(state.journal) > mark:
        state.journal.pop()()
    if not state.marks:
        state.created_accounts.clear()
    transient_storage._tries = transient_storage._snapshots.pop()


def get_account_optional(state: JournaledState, address: bytes) -> Any:
    """The account, or None where there is none."""
    return state.accounts.get(address)


def set_account(state: JournaledState, address: bytes, account: Any) -> None:
    """Set or (None) remove an account."""
    old = state.accounts.get(address)
    state.note(lambda: state.put_account(address, old))
    state.put_account(address, account)


def destroy_storage(state: JournaledState, address: bytes) -> None:
    """Remove all slots of an account."""
    for key in list(state.slots.get(address, ())):
        set_slot(state, address, key, ZERO)


def get_storage(state: JournaledState, address: bytes, key: bytes) -> Any:
    """The value of a slot."""
    return state.slots.get(address, {}).get(key, ZERO)


def set_storage(state: JournaledState, address: bytes, key: bytes, value: Any) -> None:
    """Set a slot of an existing account."""
    assert address in state.accounts
    set_slot(state, address, key, value)


def set_slot(state: JournaledState, address: bytes, key: bytes, value: Any) -> None:
    """Set a slot, noting its value before the transaction."""
    old = get_storage(state, address, key)
    if state.marks:
        state.originals.setdefault((address, key), old)
        state.note(lambda: state.put_slot(address, key, old))
    state.put_slot(address, key, value)


def get_storage_original(state: JournaledState, address: bytes, key: bytes) -> Any:
    """The value of a slot before the current transaction."""
    if address in state.created_accounts:
        return ZERO
    found = state.originals.get((address, key))
    return get_storage(state, address, key) if found is None else found


def account_has_storage(state: JournaledState, address: bytes) -> bool:
    """Whether an account has any slot set."""
    return address in state.slots


def storage_root(state: JournaledState, address: bytes) -> bytes:
    """The root of an account's slots."""
    assert not state.marks
    trie = state.storage_tries.setdefault(address, SecureTrie())
    slots = state.slots.get(address, {})
    for key in state.changed_slots.pop(address, ()):
        value = slots.get(key)
        trie.set(key, b"" if value is None else rlp.encode(value))
    return trie.root()


def state_root(state: JournaledState) -> bytes:
    """The root of all accounts."""
    assert not state.marks
    state.changed_accounts |= state.changed_slots.keys()
    for address in state.changed_accounts:
        account = state.accounts.get(address)
        encoded = b"" if account is None else _encode(state, address, account)
        state.account_trie.set(address, encoded)
    state.changed_accounts.clear()
    root: bytes = specs_state.Root(state.account_trie.root())
    return root


def _encode(state: JournaledState, address: bytes, account: Any) -> bytes:
    encoded: bytes = encode_account(account, specs_state.Root(storage_root(state, address)))
    return encoded


REPLACED: dict[str, Any] = {
    function.__name__: function
    for function in (
        begin_transaction,
        commit_transaction,
        rollback_transaction,
        get_account_optional,
        set_account,
        destroy_storage,
        get_storage,
        set_storage,
        get_storage_original,
        account_has_storage,
        storage_root,
        state_root,
    )
}


@contextmanager
def installed() -> Iterator[None]:
    """Let the specs' Prague modules use this state; what they had is put back at the end."""
    originals = {name: getattr(specs_state, name) for name in REPLACED}
    places = [
        (module, name)
        for module_name, module in list(sys.modules.items())
        if module_name.startswith(FORK)
        for name, original in originals.items()
        if getattr(module, name, None) is original
    ]
    analysis = interpreter.get_valid_jump_destinations
    try:
        for module, name in places:
            setattr(module, name, REPLACED[name])
        interpreter.get_valid_jump_destinations = lru_cache(JUMP_ANALYSES_KEPT)(analysis)
        yield
    finally:
        for module, name in places:
            setattr(module, name, originals[name])
        interpreter.get_valid_jump_destinations = analysis
