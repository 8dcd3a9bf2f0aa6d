"""What the demo knows of each applicant, and all of it summed up."""

from dataclasses import dataclass, field
from typing import Any

from contracts.loan import LoanStatus
from contracts.typed_data import Agreement
from scripts.demo.borrower import Borrower, Json
from scripts.demo.habits import Habit

TOLD = {
    Habit.PARTED: "part_payment",
    Habit.HARDSHIP: "amendment",
    Habit.GUARANTEED: "guarantee",
    Habit.WITHDRAWS: "withdrawal",
}
"""The loans that the summary tells of one by one, by its keys."""
ENDINGS = tuple(status.name.lower() for status in (LoanStatus.CLOSED, LoanStatus.CANCELLED, LoanStatus.DEFAULTED))
"""As the API names them; the summary counts each."""


@dataclass
class Case:
    """One applicant and all that became of the application. `figures` is what happened beside ordinary payments."""

    number: int
    applicant: Json
    borrower: Borrower
    application: Json = field(default_factory=dict)
    offer: Json = field(default_factory=dict)
    loan: Json = field(default_factory=dict)
    habit: Habit = Habit.ON_TIME
    payments: list[Json] = field(default_factory=list)
    cash_minor: int = 0
    figures: Json = field(default_factory=dict)

    @property
    def loan_id(self) -> str:
        return str(self.loan.get("loan", ""))

    @property
    def loan_bytes(self) -> bytes:
        return bytes.fromhex(self.loan_id.removeprefix("0x"))

    @property
    def agreement(self) -> Agreement:
        """What borrower and lender signed."""
        return Agreement.from_message(self.offer["typed_data"]["message"])

    async def refresh(self) -> None:
        """Read the loan again."""
        self.loan = await self.borrower.get(f"/v1/loans/{self.loan_id}")


@dataclass
class Outcome:
    """What the demo did: every case, and the figures of the payment path."""

    cases: list[Case]
    payments: int = 0
    payment_seconds: float = 0.0

    def loans(self) -> list[Case]:
        return [case for case in self.cases if case.loan]

    def told(self) -> list[Case]:
        """The loans that went another way than paying whole instalments, in the order of TOLD."""
        by_habit = {case.habit: case for case in self.loans() if case.figures}
        return [by_habit[habit] for habit in TOLD if habit in by_habit]

    def summary(self) -> dict[str, Any]:
        loans = self.loans()
        ended = {status: sum(case.loan["status"] == status for case in loans) for status in ENDINGS}
        return {
            "applicants": len(self.cases),
            "loans": len(loans),
            "declined": sum(case.application["status"] == "declined" for case in self.cases),
            **ended,
            "in_arrears": sum(case.loan["arrears"]["bucket"] > 0 for case in loans),
            "lent_minor": sum(case.agreement.principal_minor for case in loans),
            "paid_minor": sum(case.loan["paid_minor"] for case in loans),
            "payments": self.payments,
            "payment_seconds": round(self.payment_seconds, 1),
            **{TOLD[case.habit]: {"loan": case.loan_id, **case.figures} for case in self.told()},
        }
