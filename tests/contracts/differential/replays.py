"""Another lending system's scripts on the real LoanBook, on their own days: two signatures, cash, payments."""

from functools import cache
from typing import Any

from contracts.clients import TableRow, table_rows
from contracts.deployment import Accounts, Terms, deploy
from contracts.keys import DEVNET_CHAIN_ID
from contracts.loan import ArrearsUnchanged, LoanNotActive, LoanState, apply_payment, record_arrears, rows_needed
from contracts.typed_data import digest
from scripts.workbench.evm import Snapshot
from scripts.workbench.system import ZONE_MINUTES, System, WorkbenchExecutor, noon
from tests.contracts.differential.fast_evm import FastEvm
from tests.contracts.differential.lending import ANYTHING, CAPITAL_MINOR, CAPS, LIMIT_MINOR
from tests.contracts.loan.replays import Position, agreement_of, begun, case_of

FIRST_REPLAY_DAY = 18_960
"""2021-11-29, before the scripts' first days."""
FEE_CAP_PPM = 200_000


class Replays:
    """A deployed system in which each script begins from the same state."""

    def __init__(self) -> None:
        evm = FastEvm(noon(FIRST_REPLAY_DAY))
        accounts = Accounts.load(None, DEVNET_CHAIN_ID)
        self.system = System(evm, deploy(WorkbenchExecutor(evm, accounts.treasurer), Terms(accounts, CAPITAL_MINOR)))
        self.system.offer(ANYTHING, CAPS | {"max_upfront_fee_ppm": FEE_CAP_PPM})
        self._borrower = self.system.person()
        self._fresh: Snapshot = evm.snapshot()

    @classmethod
    @cache
    def shared(cls) -> "Replays":
        """One system for the whole process."""
        return cls()

    def begin(self, golden: dict[str, Any]) -> "Replay":
        """Both sides sign the script's terms on its first day; the borrower gets enough to repay."""
        system, borrower, case = self.system, self._borrower, case_of(golden)
        system.evm.restore(self._fresh)
        system.at_day(case.disbursement_day)
        uid, _ = system.publish(borrower.subject, limit_minor=LIMIT_MINOR)
        agreement = agreement_of(
            golden,
            borrower=borrower.subject,
            lender=system.contracts["LendingPool"],
            currency=system.contracts["CashToken"],
            time_zone_minutes=ZONE_MINUTES,
            product_id=ANYTHING,
            score_report=uid,
            deadline=noon(case.disbursement_day + 1),
        )
        system.originate(borrower, agreement, case.table())
        state = begun(golden)
        system.mint(borrower.subject, sum(row.due_minor for row in state.rows))
        return Replay(system, digest(agreement, system.domain("LoanBook")), borrower.subject, state)


class Replay:
    """A running loan on the ledger; the twin beside it knows which rows an act must bring."""

    def __init__(self, system: System, loan: bytes, borrower: str, state: LoanState) -> None:
        self._system, self._loan, self._borrower, self._state = system, loan, borrower, state

    def act(self, kind: str, day: int, amount_minor: int) -> None:
        """One event of a script, on its day."""
        self._system.at_day(day)
        if kind == "repay":
            after, _ = apply_payment(self._state, amount_minor, day)
            self._send("repay", day, amount_minor, amount_minor)
        else:
            try:
                after, _ = record_arrears(self._state, day)
            except (ArrearsUnchanged, LoanNotActive):
                return
            self._send("recordArrears", day, 0)
        self._state = after

    def _send(self, name: str, day: int, reaching_minor: int, *values: Any) -> None:
        rows = self._brought(rows_needed(self._state, reaching_minor, day))
        self._system.send("LoanBook", name, self._loan, *values, *rows, sender=self._borrower)

    def _brought(self, needed: range) -> list[list[TableRow]]:
        """The argument for rows of a table; none for a formula."""
        return [table_rows(self._state.rows, needed)] if self._state.terms.schedule.method.is_table else []

    @property
    def position(self) -> Position:
        """How far the contract says that the loan is."""
        open_row = range(self._state.row, min(self._state.row + 1, len(self._state.rows)))
        view = self._system.read("LoanBook", "loan", self._loan, *self._brought(open_row))
        return Position(view["row"], view["paid_row_minor"])

    @property
    def lender_cash_minor(self) -> int:
        """What the lender holds."""
        return self._system.cash(self._system.contracts["LendingPool"])
