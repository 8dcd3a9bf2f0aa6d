"""Gas of each contract action: whole transactions on Prague rules, base cost and calldata included."""

from collections.abc import Callable
from typing import Any

from contracts.typed_data import digest
from scripts.bench.gas_schedules import FORMULAS, derivation, tables
from scripts.workbench.system import Draft, System

ROWS = 12
PAYER_MINOR = 100_000_000
LIMITS: dict[str, int] = {
    "repay": 72_000,
    "repay_by_signature": 80_000,
    "repay_late": 77_000,
    "repay_closing": 75_000,
    "originate": 185_000,
    "originate_known_subject": 165_000,
    "publish_score": 110_000,
    "publish_score_replacing": 75_000,
    "derive_per_row": 1_000,
} | {f"derive_per_row.{method.name}.act_365f".lower(): 1_000 for method in FORMULAS}
"""What the design asks for, in gas."""
PEERS = {
    "repay": "Morpho 81k, Teller 122k-187k, Aave 146k, Huma 341k, Maple 370k, Goldfinch 722k",
    "originate": "create and pay out: Teller 576k, Maple about 1.2M, Goldfinch 2.7M",
    "publish_score": "EAS attestation of a score: 249k",
}
"""What other protocols need for the same step, measured as whole transactions on their own deployments."""


def against(action: str) -> str:
    """What a figure is held against, in words."""
    limit = f"limit {LIMITS[action]:,}" if action in LIMITS else ""
    return "; ".join(part for part in (limit, PEERS.get(action, "")) if part)


class _Bench:
    """A loan of 12 rows in the middle of its life, and a way back to that moment after each measurement."""

    def __init__(self) -> None:
        self.system = System.start()
        self.borrower = self.system.person(1)
        self.gas: dict[str, int] = {}
        self.system.lend(2)  # somebody else has borrowed on the same conditions
        self._originate()
        self._mid_life()

    def _originate(self) -> None:
        system, subject = self.system, self.borrower.subject
        self.gas["publish_score"] = system.publish(subject)[1].gas_used
        self.agreement = system.agreement(self.borrower)
        self.gas["originate"] = system.originate(self.borrower, self.agreement).gas_used
        self.loan = digest(self.agreement, system.domain("LoanBook"))

    def _mid_life(self) -> None:
        system = self.system
        system.mint(self.borrower.subject, PAYER_MINOR)
        system.mint(system.role("treasurer"), PAYER_MINOR)
        for row in range(3):
            system.at_day(self.due(row))
            system.pay(self.loan, self.agreement.instalment_minor, row)

    def due(self, row: int) -> int:
        """The due day of a row."""
        rows = self.system.read("LoanBook", "deriveSchedule", self.agreement)["rows"]
        return int(rows[row] >> 224)

    def measure(self, name: str, day: int, act: Callable[[], Any]) -> None:
        """Note the gas of an act on a day, then go back."""
        moment = self.system.evm.snapshot()
        self.system.at_day(day)
        self.gas[name] = act().gas_used
        self.system.evm.restore(moment)

    def repay(self, amount_minor: int, payer: str) -> Any:
        """Pay from the payer's own cash."""
        return self.system.send("LoanBook", "repay", self.loan, amount_minor, sender=payer)


def measure() -> dict[str, int]:
    """Gas by action.

    repay: the fourth of twelve instalments, on its due day, from the borrower's own account; by a third party it
    costs the look-up of that party's standing more. originate: a subject without a loan or any
    cash before, on conditions (charges, rate, number of rows, time zone) that another loan has had.
    publish_score: the first report of a subject, three signatures. derive_per_row: each further row of a schedule,
    a monthly annuity on ACT/365F; with a name behind it, of that method and day count (and periods of weeks or
    quarters). verify_per_row: each further row of a table, with its calldata and its share of the event.
    repay_table_12, _60, _480: a row of a table of so many rows, on its due day, with its proof.
    """
    bench = _Bench()
    system, due = bench.system, bench.due(3)
    instalment = bench.agreement.instalment_minor
    payer, own = system.role("treasurer"), bench.borrower.subject
    bench.measure("repay", due, lambda: bench.repay(instalment, own))
    bench.measure("repay_third_party", due, lambda: bench.repay(instalment, payer))
    bench.measure("repay_early", due - 9, lambda: bench.repay(instalment, own))
    bench.measure("repay_partial", due, lambda: bench.repay(instalment // 3, own))
    bench.measure("repay_late", due + 20, lambda: bench.repay(_overdue(bench, due + 20), own))
    bench.measure("repay_by_signature", due, lambda: system.pay(bench.loan, instalment, 3))
    bench.measure("record_arrears", due + 20, lambda: system.send("LoanBook", "recordArrears", bench.loan))
    bench.measure("publish_score_replacing", due, lambda: system.publish(own)[1])
    bench.measure("originate_known_subject", due, lambda: _second_loan(bench, due))
    _close(bench, own)
    bench.gas["derive_per_row"] = _derive_per_row()
    return bench.gas | derivation() | tables()


def _overdue(bench: _Bench, day: int) -> int:
    return int(bench.system.read("LoanBook", "owed", bench.loan, day)["overdue_minor"])


def _second_loan(bench: _Bench, day: int) -> Any:
    system = bench.system
    system.publish(bench.borrower.subject)
    draft = Draft(disbursement_day=day, first_due_day=bench.due(4), salt=2)
    return system.originate(bench.borrower, system.agreement(bench.borrower, draft))


def _close(bench: _Bench, payer: str) -> None:
    for row in range(3, ROWS - 1):
        bench.system.at_day(bench.due(row))
        bench.repay(bench.agreement.instalment_minor, payer)
    day = bench.due(ROWS - 1)
    left = bench.system.read("LoanBook", "owed", bench.loan, day)["total_minor"]
    bench.measure("repay_closing", day, lambda: bench.repay(left, payer))


def _derive_per_row() -> int:
    """What each further row of a schedule costs at origination."""
    gas = []
    for periods in (12, 60):
        system = System.start()
        system.lend(2, Draft(periods=periods))
        person = system.person()
        system.publish(person.subject)
        gas.append(system.originate(person, system.agreement(person, Draft(periods=periods))).gas_used)
    return (gas[1] - gas[0]) // (60 - 12)
