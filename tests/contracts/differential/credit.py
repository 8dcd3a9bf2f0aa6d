"""CreditRegistry and its Python twin side by side: each act is done on both, and both say the same after it."""

from typing import Any

from eth_account import Account
from eth_utils.crypto import keccak

from contracts.clients.errors import ContractError
from contracts.credit import (
    CreditRefused,
    Policy,
    SubjectCredit,
    next_scale,
    note_arrears,
    note_write_off,
    publish,
    release,
    require_current,
    reserve,
    reserve_more,
    restore,
    revoke,
    step,
)
from contracts.deployment import Accounts, Terms, deploy
from contracts.keys import DEVNET_CHAIN_ID
from contracts.recount.credit import vars_of
from contracts.typed_data import digest
from scripts.workbench.evm import Snapshot
from scripts.workbench.system import FIRST_DAY, System, WorkbenchExecutor, function, noon
from tests.contracts.differential.fast_evm import FastEvm

SUBJECTS = ("0x" + "51" * 20, "0x" + "52" * 20)
DAY_SECONDS = 86_400
REGISTRY = "CreditRegistry"
ZERO = bytes(32)


class CreditPair:
    """A deployed registry on the fast EVM, driven as its LoanBook and its roles would, and the twin."""

    def __init__(self) -> None:
        evm = FastEvm(noon(FIRST_DAY))
        accounts = Accounts.load(None, DEVNET_CHAIN_ID)
        self.system = System(evm, deploy(WorkbenchExecutor(evm, accounts.treasurer), Terms(accounts, 0)))
        self._book = str(Account.from_key(keccak(b"a book of its own")).address)
        self.list_book(True)
        self._start: Snapshot = evm.snapshot()
        self.reset()

    def reset(self) -> None:
        """Back to the state after deployment."""
        self.system.evm.restore(self._start)
        self.policy = Policy(signer_set=1)
        self.credits = {subject: SubjectCredit() for subject in SUBJECTS}
        self.paused, self.listed = False, True

    @property
    def now(self) -> int:
        """Ledger time, UTC seconds."""
        return self.system.evm.timestamp

    def wait(self, seconds: int) -> None:
        """Let time pass."""
        self.system.evm.go_to(self.now + seconds)

    def uid(self, subject: str) -> bytes:
        """The subject's current report, zeros when there is none."""
        return self.credits[subject].uid or ZERO

    def publish(self, subject: str, limit_minor: int, seconds: int) -> None:
        """The quorum's next report."""
        if self.policy.signer_set < self.policy.first_signer_set:
            self._expect("RevokedSignerSet", lambda: self.system.publish(subject, limit_minor=limit_minor))
            return
        report = self.system.report(subject, limit_minor=limit_minor, expires_at=self.now + seconds)
        instant = self.now
        self.system.send(REGISTRY, "publish", report, self.system.quorum(report))
        uid = self._digest(report)
        self.credits[subject] = publish(self.credits[subject], report, uid, self.policy.signer_set, instant)

    def revoke(self, subject: str, uid: bytes) -> None:
        """The risk role revokes a report."""
        risk = self.system.role("risk")
        self._both(subject, lambda c: revoke(c, uid), "revoke", (subject, uid, ZERO), risk)

    def reserve(self, subject: str, uid: bytes, amount_minor: int) -> None:
        """The book begins a loan."""
        self._if_open(
            subject, lambda c: reserve(c, uid, amount_minor, self.policy, self.now), "reserve", (uid, amount_minor)
        )

    def reserve_more(self, subject: str, uid: bytes, amount_minor: int) -> None:
        """The book tops a loan up."""
        self._if_open(
            subject,
            lambda c: reserve_more(c, uid, amount_minor, self.policy, self.now),
            "reserveMore",
            (uid, amount_minor),
        )

    def release(self, subject: str, amount_minor: int, outcome: int) -> None:
        """The book gives principal back."""
        values = (subject, amount_minor, outcome)
        self._both(subject, lambda c: release(c, amount_minor, outcome), "release", values, self._book)

    def restore(self, subject: str, amount_minor: int, outcome: int) -> None:
        """The book takes a release back."""
        values = (subject, amount_minor, outcome)
        self._both(subject, lambda c: restore(c, amount_minor, outcome), "restore", values, self._book)

    def note_arrears(self, subject: str, before: int, after: int) -> None:
        """The book notes a worse bucket."""
        values = (subject, before, after)
        self._both(subject, lambda c: note_arrears(c, before, after), "noteArrears", values, self._book)

    def note_write_off(self, subject: str) -> None:
        """The book writes a loan off."""
        self._both(subject, note_write_off, "noteWriteOff", (subject,), self._book)

    def pause(self, paused: bool) -> None:
        """The book pauses itself or goes on."""
        self.system.send(REGISTRY, "setPaused", paused, sender=self._book)
        self.paused = paused

    def list_book(self, listed: bool) -> None:
        """The governor lists or unlists the book, after the role's delay."""
        self.system.restricted(
            REGISTRY, "setLoanBook", self._book, listed, sender=self.system.role("governor"), delay=7 * DAY_SECONDS
        )
        self.listed = listed

    def step(self, subject: str) -> None:
        """Anyone steps a limit."""
        instant = self.now
        self._both(subject, lambda c: step(c, self.policy, instant)[0], "step", (subject,), self._stranger)

    def set_factor(self, factor_ppm: int) -> None:
        """The risk role sets the market factor after its delay; refused when the twin says so."""
        risk = self.system.role("risk")
        target, data = self.system.contracts[REGISTRY], function(REGISTRY, "setMarketFactor", 1).encode([factor_ppm])
        self.system.send("AccessManager", "schedule", target, data, 0, sender=risk)
        self.wait(DAY_SECONDS)
        instant = self.now
        if self.policy.takes_factor(factor_ppm, instant):
            self.system.evm.transact(target, data, risk)
            self._factor(factor_ppm, instant)
            return
        self._expect("MarketFactor", lambda: self.system.evm.transact(target, data, risk))
        self.system.send("AccessManager", "cancel", risk, target, data, sender=risk)

    def revoke_sets(self, first: int) -> None:
        """The risk role revokes sets of signers."""
        risk = self.system.role("risk")
        if self.policy.first_signer_set < first <= self.policy.signer_set + 1:
            self.system.send(REGISTRY, "revokeSignerSetsBefore", first, ZERO, sender=risk)
            self._sets(self.policy.signer_set, first)
            return
        self._expect(
            "InvalidFirstSignerSet",
            lambda: self.system.send(REGISTRY, "revokeSignerSetsBefore", first, ZERO, sender=risk),
        )

    def rotate(self) -> None:
        """The governor appoints the same signers anew: another set by number."""
        members = [key.address for key in self.system.oracle_keys()]
        governor = self.system.role("governor")
        self.system.restricted(REGISTRY, "setSigners", members, 3, sender=governor, delay=2 * DAY_SECONDS)
        self._sets(self.policy.signer_set + 1, self.policy.first_signer_set)

    def require_same(self) -> None:
        """The registry's views say what the twin says."""
        for subject, credit in self.credits.items():
            assert self.shown(subject) == _expected(credit, self.policy, self.now)
            self._require_same_verdict(subject)
        assert tuple(self.system.read(REGISTRY, "policy").values()) == (
            self.policy.signer_set,
            self.policy.first_signer_set,
            self.policy.factor_ppm,
            self.policy.factor_changed_at,
        )

    def shown(self, subject: str) -> dict[str, Any]:
        """All that the registry says of a subject, but for its report."""
        limit = self.system.read(REGISTRY, "limitOf", subject)
        use = self.system.read(REGISTRY, "exposure", subject)
        return {**limit, **use, **self.system.read(REGISTRY, "historyOf", subject)}

    def _require_same_verdict(self, subject: str) -> None:
        credit, uid = self.credits[subject], self.uid(subject)
        try:
            expected = require_current(credit, uid, self.policy, self.now)
        except CreditRefused as refused:
            self._expect(type(refused).__name__, lambda: self.system.read(REGISTRY, "requireCurrent", subject, uid))
        else:
            assert self.system.read(REGISTRY, "requireCurrent", subject, uid) == expected

    def _both(self, subject: str, twin: Any, name: str, values: tuple[Any, ...], sender: str) -> None:
        try:
            after = twin(self.credits[subject])
        except CreditRefused as refused:
            self._expect(type(refused).__name__, lambda: self.system.send(REGISTRY, name, *values, sender=sender))
            return
        self.system.send(REGISTRY, name, *values, sender=sender)
        self.credits[subject] = after

    def _if_open(self, subject: str, twin: Any, name: str, values: tuple[Any, ...]) -> None:
        if self.paused or not self.listed:
            self._expect(
                "PausedLoanBook" if self.listed else "NotLoanBook", lambda: self._send_as_book(name, subject, *values)
            )
            return
        self._both(subject, twin, name, (subject, *values), self._book)

    def _send_as_book(self, name: str, *values: Any) -> None:
        self.system.send(REGISTRY, name, *values, sender=self._book)

    def _expect(self, error: str, act: Any) -> None:
        try:
            act()
        except ContractError as refused:
            assert refused.name.startswith(error), (error, refused)
            return
        raise AssertionError(f"the twin refuses ({error}), the registry does not")

    def _digest(self, report: Any) -> bytes:
        return digest(report, self.system.domain(REGISTRY))

    def _factor(self, factor_ppm: int, instant: int) -> None:
        self.policy = Policy(self.policy.signer_set, self.policy.first_signer_set, factor_ppm, instant)

    def _sets(self, current: int, first: int) -> None:
        self.policy = Policy(current, first, self.policy.factor_ppm, self.policy.factor_changed_at)

    @property
    def _stranger(self) -> str:
        return str(Account.from_key(keccak(b"stranger")).address)


def _expected(credit: SubjectCredit, policy: Policy, instant: int) -> dict[str, Any]:
    reasons = credit.reasons(policy, instant)
    return {
        "report_minor": credit.report.limit_minor if credit.report else 0,
        "scale": credit.scale,
        "limit_minor": credit.limit_minor(policy),
        "signer_set": credit.signer_set,
        "stepped_at": credit.seen.at,
        "next_scale": next_scale(credit.scale, reasons),
        "next_reasons": int(reasons),
        "open_loans": credit.open_loans,
        "reserved_minor": credit.reserved_minor,
        **vars_of(credit.history),
    }
