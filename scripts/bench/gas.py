"""Gas of each contract action: receipts of whole transactions on anvil with Osaka rules, base cost and calldata too."""

from collections.abc import Callable, Collection, Sequence
from dataclasses import replace
from functools import partial

from contracts.keys import DEVNET_CHAIN_ID
from contracts.typed_data import digest
from scripts.bench.gas_batch import BORROWERS, Batch
from scripts.bench.gas_passkey import PasskeyBorrower
from scripts.bench.gas_profile import ProfilingEvm, Share
from scripts.bench.gas_schedules import derivation, tables
from scripts.workbench.engines import ANVIL
from scripts.workbench.evm import Receipt
from scripts.workbench.system import FIRST_DAY, Draft, System, noon

ROWS = 12
PAID_ROWS = 3
PAYER_MINOR = 100_000_000
DAYS_EARLY, DAYS_LATE = 9, 20


class NoTransaction(Exception):
    """A figure that is no single transaction has no profile."""

    def __init__(self, action: str) -> None:
        super().__init__(f"{action} is not measured by one transaction")
        self.action = action


class Bench:
    """A loan of 12 rows in the middle of its life, and a way back to that moment after each measurement."""

    def __init__(self, watched: Collection[str] = ()) -> None:
        self.evm = ProfilingEvm(DEVNET_CHAIN_ID, noon(FIRST_DAY))
        self.system = System.on(self.evm)
        self.gas: dict[str, int] = {}
        self.profiles: dict[str, Sequence[Share]] = {}
        self._watched = watched
        self.borrower = self.system.person(1)
        self.system.lend(2)  # somebody else has borrowed on the same conditions
        self._originate()
        self.by_passkey = PasskeyBorrower(self.system, Draft(), PAYER_MINOR)
        self._mid_life()

    def note(self, name: str, act: Callable[[], Receipt]) -> None:
        """Keep the gas of an act of one transaction, and its profile when that is wanted."""
        self.evm.watching = name in self._watched
        self.gas[name] = act().gas_used
        if name in self._watched:
            self.profiles[name] = self.evm.shares

    def measure(self, name: str, day: int, act: Callable[[], Receipt]) -> None:
        """Note the gas of an act on a day, then go back."""
        moment = self.evm.snapshot()
        self.system.at_day(day)
        self.note(name, act)
        self.evm.restore(moment)

    def due(self, row: int) -> int:
        """The due day of a row."""
        rows = self.system.read("LoanBook", "deriveSchedule", self.agreement)["rows"]
        return int(rows[row] >> 224)

    def repay(self, amount_minor: int, payer: str) -> Receipt:
        """Pay from the payer's own cash."""
        return self.system.send("LoanBook", "repay", self.loan, amount_minor, sender=payer)

    def _originate(self) -> None:
        system, subject = self.system, self.borrower.subject
        self.note("publish_score", lambda: system.publish(subject)[1])
        self.agreement = system.agreement(self.borrower)
        self.note("originate", lambda: system.originate(self.borrower, self.agreement))
        self.loan = digest(self.agreement, system.domain("LoanBook"))

    def _mid_life(self) -> None:
        system = self.system
        system.mint(self.borrower.subject, PAYER_MINOR)
        system.mint(system.role("treasurer"), PAYER_MINOR)
        for row in range(PAID_ROWS):
            system.at_day(self.due(row))
            system.pay(self.loan, self.agreement.instalment_minor, row)
            self.by_passkey.pay(row)


def measure() -> dict[str, int]:
    """Gas by action.

    repay: the fourth of twelve instalments, on its due day, from the borrower's own account; by a third party it
    costs the look-up of that party's standing more. repay_by_passkey: a borrower whose signer is a passkey, checked by
    PasskeyVerifier with the P-256 precompile. repay_in_batch: one of the instalments of 50 borrowers, collected by
    their mandates in one call. originate: a subject without a loan or any
    cash before, on conditions (charges, rate, number of rows, time zone) that another loan has had.
    publish_score: the first report of a subject, three signatures. derive_per_row: each further row of a schedule,
    a monthly annuity on ACT/365F; with a name behind it, of that method and day count (and periods of weeks or
    quarters). verify_per_row: each further row of a table, with its calldata and its share of the event.
    repay_table_12, _60, _480: a row of a table of so many rows, on its due day, with its proof.
    """
    return _acts(Bench()) | {"derive_per_row": _derive_per_row()} | derivation() | tables()


def profiles(actions: Collection[str]) -> dict[str, Sequence[Share]]:
    """Where the gas of actions goes, in their order. Raises NoTransaction."""
    bench = Bench(actions)
    _acts(bench)
    for action in actions:
        if action not in bench.profiles:
            raise NoTransaction(action)
    return {action: bench.profiles[action] for action in actions}


def _acts(bench: Bench) -> dict[str, int]:
    _payments(bench)
    system, due = bench.system, bench.due(PAID_ROWS)
    late = due + DAYS_LATE
    bench.measure("record_arrears", late, lambda: system.send("LoanBook", "recordArrears", bench.loan))
    bench.measure("publish_score_replacing", due, lambda: system.publish(bench.borrower.subject)[1])
    _second_loans(bench, due)
    _batch(bench, due)
    _close(bench)
    return bench.gas


def _payments(bench: Bench) -> None:
    system, due = bench.system, bench.due(PAID_ROWS)
    instalment, own, other = bench.agreement.instalment_minor, bench.borrower.subject, system.role("treasurer")
    overdue = _owed(bench, due + DAYS_LATE)["overdue_minor"]
    bench.measure("repay", due, lambda: bench.repay(instalment, own))
    bench.measure("repay_third_party", due, lambda: bench.repay(instalment, other))
    bench.measure("repay_early", due - DAYS_EARLY, lambda: bench.repay(instalment, own))
    bench.measure("repay_partial", due, lambda: bench.repay(instalment // 3, own))
    bench.measure("repay_late", due + DAYS_LATE, lambda: bench.repay(overdue, own))
    bench.measure("repay_by_signature", due, lambda: system.pay(bench.loan, instalment, PAID_ROWS))
    bench.measure("repay_by_passkey", due, lambda: bench.by_passkey.pay(PAID_ROWS))


def _owed(bench: Bench, day: int) -> dict[str, int]:
    owed: dict[str, int] = bench.system.read("LoanBook", "owed", bench.loan, day)
    return owed


def _second_loans(bench: Bench, day: int) -> None:
    """On conditions that others have had, and on new ones."""
    system, moment = bench.system, bench.evm.snapshot()
    system.at_day(day)
    system.publish(bench.borrower.subject)
    draft = Draft(disbursement_day=day, first_due_day=bench.due(PAID_ROWS + 1), salt=2)
    scored = bench.evm.snapshot()
    for name, rate_ppm in (("originate_known_subject", draft.rate_ppm), ("originate_new_conditions", 99_000)):
        bench.evm.restore(scored)
        agreement = system.agreement(bench.borrower, replace(draft, rate_ppm=rate_ppm))
        bench.note(name, partial(system.originate, bench.borrower, agreement))
    bench.evm.restore(moment)


def _batch(bench: Bench, day: int) -> None:
    """The second instalment of each: the first one has written what is written once."""
    moment = bench.evm.snapshot()
    bench.system.at_day(day)
    batch = Batch(bench.system, Draft(disbursement_day=day, first_due_day=bench.due(PAID_ROWS + 1)))
    bench.system.at_day(bench.due(PAID_ROWS + 1))
    batch.collect()
    bench.system.at_day(bench.due(PAID_ROWS + 2))
    bench.note("repay_in_batch", batch.collect)
    bench.gas["repay_in_batch"] //= BORROWERS
    bench.evm.restore(moment)


def _close(bench: Bench) -> None:
    own = bench.borrower.subject
    for row in range(PAID_ROWS, ROWS - 1):
        bench.system.at_day(bench.due(row))
        bench.repay(bench.agreement.instalment_minor, own)
    day = bench.due(ROWS - 1)
    left = _owed(bench, day)["total_minor"]
    bench.measure("repay_closing", day, lambda: bench.repay(left, own))


def _derive_per_row() -> int:
    """What each further row of a schedule costs at origination."""
    gas = []
    for periods in (12, 60):
        system = System.start(ANVIL)
        system.lend(2, Draft(periods=periods))
        person = system.person()
        system.publish(person.subject)
        gas.append(system.originate(person, system.agreement(person, Draft(periods=periods))).gas_used)
    return (gas[1] - gas[0]) // (60 - 12)
