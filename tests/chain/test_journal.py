"""Our state for the execution specs behaves as theirs, operation by operation and root by root."""

from random import Random
from typing import Any

import pytest
from ethereum.forks.prague import state as specs
from ethereum.forks.prague import trie as specs_trie
from ethereum.forks.prague.fork_types import Account, Address
from ethereum_types.bytes import Bytes, Bytes32
from ethereum_types.numeric import U256, Uint

from chain.replay import journal
from chain.replay.trie import SecureTrie

ADDRESSES = [Address(bytes([number]) * 20) for number in range(1, 6)]
KEYS = [Bytes32(bytes([number]) * 32) for number in range(4)]
STEPS = 400


class Pair:
    """The same operations on both states, compared as they go."""

    def __init__(self, seed: int) -> None:
        self.random = Random(seed)
        self.ours, self.theirs = journal.JournaledState(), specs.State()
        self.depth = 0
        self._transient = specs.TransientStorage()
        self._mirror = specs.TransientStorage()

    def step(self) -> None:
        self.random.choice(
            [self.begin, self.end, self.slot, self.slot, self.slot, self.account, self.destroy, self.created]
        )()
        self.compare()

    def begin(self) -> None:
        journal.begin_transaction(self.ours, self._mirror)
        specs.begin_transaction(self.theirs, self._transient)
        self.depth += 1

    def end(self) -> None:
        if not self.depth:
            return self.roots()
        name = self.random.choice(["commit_transaction", "rollback_transaction"])
        getattr(journal, name)(self.ours, self._mirror)
        getattr(specs, name)(self.theirs, self._transient)
        self.depth -= 1
        return None

    def roots(self) -> None:
        assert journal.state_root(self.ours) == specs.state_root(self.theirs)

    def slot(self) -> None:
        address, key = self.random.choice(ADDRESSES), self.random.choice(KEYS)
        if specs.get_account_optional(self.theirs, address) is None:
            return self.account()
        value = U256(self.random.choice([0, 0, 1, 2**255]))
        journal.set_storage(self.ours, address, key, value)
        specs.set_storage(self.theirs, address, key, value)
        return None

    def account(self) -> None:
        address = self.random.choice(ADDRESSES)
        account = Account(Uint(self.random.randint(0, 3)), U256(self.random.randint(0, 3)), Bytes(b"\x01"))
        journal.set_account(self.ours, address, account)
        specs.set_account(self.theirs, address, account)

    def destroy(self) -> None:
        address = self.random.choice(ADDRESSES)
        journal.destroy_storage(self.ours, address)
        journal.set_account(self.ours, address, None)
        specs.destroy_account(self.theirs, address)

    def created(self) -> None:
        if self.depth:
            address = self.random.choice(ADDRESSES)
            specs.mark_account_created(self.ours, address)
            specs.mark_account_created(self.theirs, address)

    def compare(self) -> None:
        for address in ADDRESSES:
            self.same("get_account_optional", address)
            self.same("account_has_storage", address)
            for key in KEYS:
                self.same("get_storage", address, key)
                if self.depth:
                    self.same("get_storage_original", address, key)

    def same(self, name: str, *arguments: Any) -> None:
        assert getattr(journal, name)(self.ours, *arguments) == getattr(specs, name)(self.theirs, *arguments), name


@pytest.mark.parametrize("seed", range(4))
def test_random_operations_agree(seed: int) -> None:
    pair = Pair(seed)
    for _ in range(STEPS):
        pair.step()
    while pair.depth:
        pair.end()
    pair.roots()


@pytest.mark.parametrize("seed", range(4))
def test_random_tries_agree(seed: int) -> None:
    random = Random(seed)
    ours, theirs = SecureTrie(), specs_trie.Trie(secured=True, default=b"")
    keys = [random.randbytes(20) for _ in range(60)]
    for step in range(300):
        key, value = random.choice(keys), random.choice([b"", b"", random.randbytes(3), random.randbytes(40)])
        ours.set(key, value)
        specs_trie.trie_set(theirs, Bytes(key), Bytes(value))
        if step % 10 == 0:
            assert ours.root() == specs_trie.root(theirs)
    for key in keys:
        ours.set(key, b"")
    assert ours.root() == specs_trie.EMPTY_TRIE_ROOT


def test_the_specs_get_their_own_functions_back() -> None:
    before = {name: getattr(specs, name) for name in journal.REPLACED}
    with journal.installed():
        assert specs.state_root is journal.state_root
    assert {name: getattr(specs, name) for name in journal.REPLACED} == before
