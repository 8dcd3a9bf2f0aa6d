"""Whole loans on the fast EVM: two signatures, cash, a product that sells every shape, and payments row by row."""

from collections.abc import Sequence
from functools import cache
from typing import Any

from eth_utils.crypto import keccak

from contracts.deployment import Accounts, Terms, deploy
from contracts.keys import DEVNET_CHAIN_ID, load_key
from contracts.schedule import Method, Row, table_proof
from contracts.typed_data import Agreement, digest, sign
from scripts.workbench.evm import Snapshot
from scripts.workbench.system import FIRST_DAY, ZONE_MINUTES, System, WorkbenchExecutor, noon
from tests.contracts.differential.answer import Table
from tests.contracts.differential.case import Case
from tests.contracts.differential.fast_evm import FastEvm

ANYTHING = keccak(text="any loan that there can be")
CAPITAL_MINOR = 2**47
LIMIT_MINOR = 2**44
FIRST_LENDING_DAY = FIRST_DAY + 2
LAST_LENDING_DAY = FIRST_DAY + 1_800
"""The underwriter's key ends some days later."""
MAX_TERM_DAYS = 2**16 - 1
CAPS: dict[str, Any] = {
    "max_rate_ppm": 2**24 - 1,
    "max_upfront_fee_ppm": 0,
    "max_penalty_rate_ppm": 0,
    "max_penalty_days": 2**16 - 1,
    "max_late_fee_minor": 0,
    "max_total_cost_ppm": 2**24 - 1,
    "max_periods": 480,
    "max_principal_minor": 2**44 - 1,
    "min_kyc_level": 0,
    "active": True,
    "methods": 2 ** len(Method) - 1,
    "max_term_days": MAX_TERM_DAYS,
}


class Lending:
    """A deployed system that lends on any terms; each loan begins from the same state."""

    def __init__(self) -> None:
        evm = FastEvm(noon(FIRST_DAY))
        accounts = Accounts.load(None, DEVNET_CHAIN_ID)
        self.system = System(evm, deploy(WorkbenchExecutor(evm, accounts.treasurer), Terms(accounts, CAPITAL_MINOR)))
        self._offer_everything()
        self._borrower = self.system.person()
        self._fresh: Snapshot = evm.snapshot()

    @classmethod
    @cache
    def shared(cls) -> "Lending":
        """One system for the whole process."""
        return cls()

    def lend(self, case: Case, instalment_minor: int, table: Table) -> "Loan":
        """Both sides sign the case, the money moves, and the borrower gets as much again to repay with."""
        system = self.system
        system.evm.restore(self._fresh)
        system.at_day(case.disbursement_day)
        uid, _ = system.publish(self._borrower.subject, limit_minor=LIMIT_MINOR)
        agreement = self._agreement(case, instalment_minor, table, uid)
        self._originate(agreement, table)
        system.mint(self._borrower.subject, sum(principal + interest for _, principal, interest in table.rows))
        return Loan(system, digest(agreement, system.domain("LoanBook")), case, table, self._borrower.subject)

    def _offer_everything(self) -> None:
        """Through the risk role's delay, as any product."""
        self.system.offer(ANYTHING, CAPS)

    def _agreement(self, case: Case, instalment_minor: int, table: Table, uid: bytes) -> Agreement:
        return case.agreement(
            instalment_minor,
            borrower=self._borrower.subject,
            lender=self.system.contracts["LendingPool"],
            currency=self.system.contracts["CashToken"],
            latest_origination_day=case.disbursement_day,
            time_zone_minutes=ZONE_MINUTES,
            upfront_fee_minor=0,
            product_id=ANYTHING,
            score_report=uid,
            schedule_root=bytes.fromhex(table.root[2:]),
            deadline=noon(case.disbursement_day + 1),
        )

    def _originate(self, agreement: Agreement, table: Table) -> None:
        system, domain = self.system, self.system.domain("LoanBook")
        by_borrower = sign(self._borrower.key, agreement, domain)
        by_lender = sign(load_key("underwriter", None, DEVNET_CHAIN_ID), agreement, domain)
        words = [[row.word for row in rows_of(table)]] if Method(agreement.method).is_table else []
        system.send("LoanBook", "originate", agreement, self._borrower.signer, by_borrower, by_lender, *words)


class Loan:
    """A running loan; its table's rows are brought along where the contract does not know them."""

    def __init__(self, system: System, loan: bytes, case: Case, table: Table, borrower: str) -> None:
        self._system, self._loan, self._case, self._borrower = system, loan, case, borrower
        self._rows = rows_of(table)
        self.paid_rows = 0

    def repay(self, amount_minor: int, rows_after: int) -> None:
        """Pay from the borrower's own cash; `rows_after` rows are complete then."""
        rows = self._proved(self.paid_rows, rows_after + 1)
        self._system.send("LoanBook", "repay", self._loan, amount_minor, *rows, sender=self._borrower)
        self.paid_rows = rows_after

    def view(self) -> dict[str, Any]:
        """The loan's state."""
        row = self._proved(self.paid_rows, self.paid_rows + 1)
        view: dict[str, Any] = self._system.read("LoanBook", "loan", self._loan, *row)
        return view

    def owed(self, day: int) -> dict[str, Any]:
        """What is owed on a day."""
        words = [[row.word for row in self._rows]] if self._is_table else []
        owed: dict[str, Any] = self._system.read("LoanBook", "owed", self._loan, day, *words)
        return owed

    @property
    def _is_table(self) -> bool:
        return Method(self._case.method).is_table

    def _proved(self, start: int, stop: int) -> list[list[tuple[int, list[bytes]]]]:
        """The argument for rows start to stop - 1 of a table with their proofs; none for a formula."""
        if not self._is_table:
            return []
        numbers = range(len(self._rows))[start:stop]
        return [[(self._rows[number].word, table_proof(self._rows, number)) for number in numbers]]


def rows_of(table: Table) -> Sequence[Row]:
    """The rows as the Python twin has them."""
    return [Row(nr, *row) for nr, row in enumerate(table.rows, 1)]
