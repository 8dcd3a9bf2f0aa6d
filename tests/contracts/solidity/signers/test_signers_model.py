"""IdentityRegistry's signers against a small model: random orders, vetoes, recoveries and waits.

After every step contract and model say the same of every key, and: a subject has at least one signer and at most
eight, nothing takes effect before its wait is over, and what was vetoed never does.
"""

from collections.abc import Callable
from dataclasses import dataclass, field

import pytest
from eth_account.signers.local import LocalAccount
from hypothesis import HealthCheck, event, given, settings
from hypothesis import strategies as st

from contracts.clients.errors import ContractError
from contracts.deployment import Accounts, Terms, deploy
from contracts.keys import DEVNET_CHAIN_ID
from contracts.typed_data import Registration, SignerChange
from scripts.workbench.evm import Snapshot
from scripts.workbench.system import CAPITAL_MINOR, FIRST_DAY, System, WorkbenchExecutor, noon
from tests.contracts.differential.fast_evm import FastEvm
from tests.contracts.solidity.signers.registry import (
    CONTEST_SECONDS,
    CONTESTED_RECOVERY_SECONDS,
    MAX_SIGNERS,
    RECOVERY_SECONDS,
    SIGNER_CHANGE_SECONDS,
    Registry,
    key,
    signer_of,
)

NO_ONE = -1
KEYS = 12
CHOICE = st.integers(0, 4 * KEYS - 1)
"""Three of four choices are sensible ones (a present signer, an absent key), the fourth is any key."""
MAYBE = st.one_of(st.just(NO_ONE), CHOICE, CHOICE)
WAITS = (
    1,
    SIGNER_CHANGE_SECONDS - 1,
    SIGNER_CHANGE_SECONDS,
    SIGNER_CHANGE_SECONDS,
    RECOVERY_SECONDS - 1,
    RECOVERY_SECONDS,
    CONTESTED_RECOVERY_SECONDS,
    CONTEST_SECONDS,
)
STEP = st.one_of(
    st.tuples(st.just("announce"), CHOICE, MAYBE, MAYBE),
    st.tuples(st.just("announce"), CHOICE, CHOICE, st.just(NO_ONE)),
    st.tuples(st.just("veto"), CHOICE, st.sampled_from(("change", "recovery", "recovery", "former"))),
    st.tuples(st.just("recover"), CHOICE),
    st.tuples(st.sampled_from(("apply", "apply_recovery", "cancel"))),
    st.tuples(st.just("wait"), st.sampled_from(WAITS)),
    st.tuples(st.just("change"), CHOICE, CHOICE, MAYBE),
)
STEPS = st.lists(STEP, min_size=20, max_size=40)


@dataclass
class Pending:
    """What waits: ids and messages as sent, and the first instant at which it may be applied."""

    id: bytes
    message: SignerChange | Registration
    at: int
    contested: bool = False


@dataclass
class Model:
    """What the rules say of a subject whose first signer is key 0."""

    signers: set[int] = field(default_factory=lambda: {0})
    nonce: int = 0
    change: Pending | None = None
    recovery: Pending | None = None
    contested_until: int = 0
    stopped: list[bytes] = field(default_factory=list)

    def change_refused(self, by: int, add: int, remove: int) -> str | None:
        """The error that an order meets, first rule first."""
        adds, removes = add != NO_ONE, remove != NO_ONE
        rules = (
            (self.change is not None, "SignerChangePending"),
            (not adds and not removes, "EmptySignerChange"),
            (removes and remove not in self.signers, "SignerAbsent"),
            (adds and add in self.signers, "SignerPresent"),
            (removes and not adds and len(self.signers) == 1, "LastSigner"),
            (adds and not removes and len(self.signers) == MAX_SIGNERS, "TooManySigners"),
            (by not in self.signers, "InvalidSignature"),
        )
        return next((name for broken, name in rules if broken), None)


@dataclass
class Walk:
    """One subject on the contract and in the model."""

    registry: Registry
    keys: list[LocalAccount]
    model: Model = field(default_factory=Model)
    doing: str = ""

    @property
    def now(self) -> int:
        return self.registry.system.evm.timestamp

    def step(self, name: str, *values: int) -> None:
        self.doing = name
        getattr(self, name)(*values)
        self.compare()

    def present(self, choice: int) -> int:
        """A signer, or one time in four any key."""
        return self.choose(choice, sorted(self.model.signers))

    def absent(self, choice: int) -> int:
        """A key that is no signer, or one time in four any."""
        return self.choose(choice, [number for number in range(KEYS) if number not in self.model.signers])

    @staticmethod
    def choose(choice: int, sensible: list[int]) -> int:
        if choice == NO_ONE:
            return NO_ONE
        return sensible[choice % len(sensible)] if choice < 3 * KEYS else choice % KEYS

    def change(self, *choices: int) -> None:
        """Announce, wait and apply."""
        self.announce(*choices)
        self.wait(SIGNER_CHANGE_SECONDS)
        self.apply()

    def announce(self, orderer: int, added: int, removed: int) -> None:
        by, add, remove = self.present(orderer), self.absent(added), self.present(removed)
        accounts = [None if number == NO_ONE else self.keys[number] for number in (add, remove)]
        refused = self.model.change_refused(by, add, remove)
        sent: list[SignerChange] = []
        self.expect(refused, lambda: sent.append(self.registry.announce(self.keys[by], *accounts)))
        for order in sent:
            self.model.nonce += 1
            self.model.change = Pending(self.registry.digest(order), order, self.now + SIGNER_CHANGE_SECONDS)

    def apply(self) -> None:
        pending, model = self.model.change, self.model
        if pending is None:
            nothing = self.registry.order(signer_of(self.keys[1]))
            return self.expect("NotPending", lambda: self.registry.apply(nothing))
        assert isinstance(pending.message, SignerChange)
        order = pending.message
        early = "StillWaiting" if self.now < pending.at else None
        self.expect(early, lambda: self.registry.apply(order))
        if early is None:
            model.change = None
            model.signers -= self.numbers(order.removed_signer)
            model.signers |= self.numbers(order.added_signer)
        return None

    def veto(self, objector: int, what: str) -> None:
        model, by = self.model, self.present(objector)
        former = model.stopped[-1] if model.stopped else bytes(32)
        pending = {"change": model.change, "recovery": model.recovery, "former": None}[what]
        change = pending.id if pending else former
        refused = None
        if by not in model.signers:
            refused = "InvalidSignature"
        elif pending is None:
            refused = "NotPending"
        elif pending.contested:
            refused = "RecoveryContested"
        self.expect(refused, lambda: self.registry.veto(self.keys[by], change))
        if refused is None:
            self.stop(what)
            if what == "recovery":
                model.contested_until = self.now + CONTEST_SECONDS

    def recover(self, choice: int) -> None:
        model, to, sent = self.model, self.absent(choice), list[Registration]()
        refused = "RecoveryPending" if model.recovery else None
        self.expect(refused, lambda: sent.append(self.registry.announce_recovery(self.keys[to])))
        for registration in sent:
            contested = self.now <= model.contested_until
            wait = CONTESTED_RECOVERY_SECONDS if contested else RECOVERY_SECONDS
            recovery = self.registry.signing()["recovery"]
            model.recovery = Pending(recovery, registration, self.now + wait, contested)

    def apply_recovery(self) -> None:
        pending, model = self.model.recovery, self.model
        if pending is None:
            return
        early = "StillWaiting" if self.now < pending.at else None
        self.expect(early, lambda: self.registry.send("applyRecovery", pending.message))
        if early is None:
            assert isinstance(pending.message, Registration)
            self.model = Model(self.numbers(pending.message.signer), model.nonce, stopped=model.stopped)

    def cancel(self) -> None:
        recovery = self.model.recovery.id if self.model.recovery else bytes(32)
        refused = None if self.model.recovery else "NotPending"
        values = (self.registry.subject, recovery)
        self.expect(refused, lambda: self.registry.send("cancelRecovery", *values, role="guardian"))
        if refused is None:
            self.stop("recovery")

    def wait(self, seconds: int) -> None:
        self.registry.wait(seconds)

    def stop(self, what: str) -> None:
        self.model.stopped.append(getattr(self.model, what).id)
        setattr(self.model, what, None)

    def numbers(self, signer: bytes) -> set[int]:
        return {number for number, account in enumerate(self.keys) if signer_of(account) == signer}

    def expect(self, refused: str | None, act: Callable[[], object]) -> None:
        try:
            act()
        except ContractError as error:
            assert error.name == refused, (error, refused)
        else:
            assert refused is None, f"accepted what {refused} should have refused"
        event(f"{self.doing}: {refused or 'done'}")

    def compare(self) -> None:
        """The contract says what the model says."""
        model, signing = self.model, self.registry.signing()
        read = self.registry.system.read
        found = {
            number
            for number, account in enumerate(self.keys)
            if read("IdentityRegistry", "isSigner", self.registry.subject, signer_of(account))
        }
        assert found == model.signers
        assert 1 <= len(found) == signing["signers"] <= MAX_SIGNERS
        for name, pending in (("change", model.change), ("recovery", model.recovery)):
            waits = (pending.id, pending.at) if pending else (bytes(32), 0)
            assert (signing[name], signing[f"{name}_at"]) == waits
        assert signing["nonce"] == model.nonce
        assert signing["contested"] == bool(model.recovery and model.recovery.contested)
        assert signing["contested_until"] == model.contested_until


@pytest.fixture(scope="module")
def fast() -> tuple[Registry, Snapshot]:
    evm = FastEvm(noon(FIRST_DAY))
    accounts = Accounts.load(None, DEVNET_CHAIN_ID)
    contracts = deploy(WorkbenchExecutor(evm, accounts.treasurer), Terms(accounts, CAPITAL_MINOR))
    system = System(evm, contracts)
    registry = Registry(system, system.person())
    return registry, evm.snapshot()


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(steps=STEPS)
def test_signers_follow_the_model(fast: tuple[Registry, Snapshot], steps: list[tuple[str, int]]) -> None:
    registry, start = fast
    registry.system.evm.restore(start)
    walk = Walk(registry, [registry.person.key, *(key(f"key {number}") for number in range(1, KEYS))])
    for step in steps:
        walk.step(*step)


def test_the_walk_notices_a_signer_that_the_model_lacks(fast: tuple[Registry, Snapshot]) -> None:
    registry, start = fast
    registry.system.evm.restore(start)
    walk = Walk(registry, [registry.person.key, *(key(f"key {number}") for number in range(1, KEYS))])
    walk.model.signers.add(3)
    with pytest.raises(AssertionError):
        walk.compare()


def test_vetoed_changes_stay_vetoed(fast: tuple[Registry, Snapshot]) -> None:
    registry, start = fast
    registry.system.evm.restore(start)
    order = registry.announce(registry.person.key, key("key 1"))
    registry.veto(registry.person.key, registry.digest(order))
    for seconds in (SIGNER_CHANGE_SECONDS, CONTEST_SECONDS):
        registry.wait(seconds)
        with pytest.raises(ContractError, match="NotPending"):
            registry.apply(order)
