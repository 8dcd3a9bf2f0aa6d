"""The story of the demo: who applies, who signs, and how they pay while time goes by."""

import asyncio
import json
import time
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path

import httpx
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from scripts.demo.bank import Bank, Calendar
from scripts.demo.borrower import Borrower, Json
from scripts.demo.habits import OBSERVED_DAYS, Act, Habit, acts_of, assign, by_day
from scripts.system.plan import SystemPlan

APPLICANTS = Path(__file__).with_name("applicants.json")
SALARY_INSTALMENTS = 12  # one credit by the bank covers so many instalments
SALARY_MARGIN_MINOR = 100_000
HTTP_CONNECTIONS = 32


def applicants() -> list[Json]:
    """The applicants of the demo: row number in the source, amount, instalments, features."""
    people: list[Json] = json.loads(APPLICANTS.read_text())["applicants"]
    return people


def application(person: Json) -> Json:
    """The body of POST /v1/applications for one of the applicants; name and phone are made up."""
    features = person["features"]
    terms = {"amount_minor": person["amount_minor"], "periods": person["periods"], "purpose": features["purpose"]}
    personal = {"name": f"Applicant {person['row']}", "phone": f"+4930{person['row']:07d}"}
    return {**terms, "features": features, "personal": personal}


@dataclass
class Case:
    """One applicant and all that became of the application."""

    number: int
    applicant: Json
    borrower: Borrower
    application: Json = field(default_factory=dict)
    offer: Json = field(default_factory=dict)
    loan: Json = field(default_factory=dict)
    habit: Habit | None = None
    payments: list[Json] = field(default_factory=list)
    cash_minor: int = 0

    @property
    def loan_id(self) -> str:
        return str(self.loan.get("loan", ""))


@dataclass
class Outcome:
    """What the demo did: every case, and the figures of the payment path."""

    cases: list[Case]
    payments: int = 0
    payment_seconds: float = 0.0

    def loans(self) -> list[Case]:
        return [case for case in self.cases if case.loan]

    def summary(self) -> Json:
        loans = self.loans()
        return {
            "applicants": len(self.cases),
            "loans": len(loans),
            "declined": sum(case.application["status"] == "declined" for case in self.cases),
            "closed": sum(case.loan["status"] == "closed" for case in loans),
            "in_arrears": sum(case.loan["arrears"]["bucket"] > 0 for case in loans),
            "lent_minor": sum(case.loan["principal_minor"] for case in loans),
            "paid_minor": sum(case.loan["paid_minor"] for case in loans),
            "payments": self.payments,
            "payment_seconds": round(self.payment_seconds, 1),
        }


def run_story(plan: SystemPlan, console: Console) -> Outcome:
    """Take the applicants of applicants.json through the running system; progress goes to `console`."""
    return asyncio.run(_run(plan, console))


async def _run(plan: SystemPlan, console: Console) -> Outcome:
    limits = httpx.Limits(max_connections=HTTP_CONNECTIONS)
    async with httpx.AsyncClient(base_url=plan.api_url, timeout=30, limits=limits) as http:
        cases = [Case(n, person, Borrower(http)) for n, person in enumerate(applicants(), 1)]
        with _progress(console) as progress:
            await _each(progress, "apply, scored by the quorum", cases, _apply)
            offered = [case for case in cases if case.application["status"] == "offered"]
            await _each(progress, "sign the agreement, paid out", offered, _sign)
            outcome = Outcome(cases)
            await _repay(plan, outcome, progress)
            await _each(progress, "read the final statements", offered, _refresh)
    return outcome


def _progress(console: Console) -> Progress:
    columns = (TextColumn("{task.description:<32}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    return Progress(*columns, console=console)


async def _each(progress: Progress, title: str, cases: Iterable[Case], step: Callable[[Case], Awaitable[None]]) -> None:
    cases = list(cases)
    task = progress.add_task(title, total=len(cases))

    async def one(case: Case) -> None:
        await step(case)
        progress.advance(task)

    await asyncio.gather(*(one(case) for case in cases))


async def _apply(case: Case) -> None:
    borrower, person = case.borrower, case.applicant
    await borrower.register()
    await borrower.login()
    draft = await borrower.apply(application(person))
    case.application = await borrower.decision(draft["id"])


async def _sign(case: Case) -> None:
    case.offer = await case.borrower.get(f"/v1/offers/{case.application['offer_id']}")
    case.loan = await case.borrower.accept(case.offer)
    if case.loan["status"] == "failed":
        raise RuntimeError(f"applicant {case.number} was not paid out: {case.loan}")
    cash = await case.borrower.get(f"/v1/subjects/{case.borrower.subject}/cash")
    case.cash_minor = cash["balance_minor"]


async def _refresh(case: Case) -> None:
    case.loan = await case.borrower.get(f"/v1/loans/{case.loan_id}")


async def _repay(plan: SystemPlan, outcome: Outcome, progress: Progress) -> None:
    """Let time go by, day by day on which somebody pays; end when the one who stopped has long been in arrears."""
    loans = {case.number: case for case in outcome.loans()}
    for number, habit in assign({n: case.loan["periods"] for n, case in loans.items()}).items():
        loans[number].habit = habit
    bank, calendar = Bank(plan.rpc_url, plan.addresses, plan.data / "bank"), Calendar(plan.rpc_url)
    days = by_day([act for case in loans.values() for act in _acts(case)])
    task = progress.add_task("repay while months go by", total=sum(len(acts) for _, acts in days))
    began = time.monotonic()
    for day, acts in days:
        await asyncio.to_thread(calendar.go_to, day)
        await asyncio.to_thread(_salaries, bank, [loans[act.borrower] for act in acts], day)
        await asyncio.gather(*(_pay(loans[act.borrower], act) for act in acts))
        outcome.payments += len(acts)
        progress.advance(task, len(acts))
    outcome.payment_seconds = time.monotonic() - began
    await _observe_arrears(calendar, loans.values())


def _acts(case: Case) -> list[Act]:
    due_days = [row["due_day"] for row in case.loan["rows"]]
    return acts_of(case.number, case.habit or Habit.ON_TIME, due_days)


def _salaries(bank: Bank, cases: list[Case], day: int) -> None:
    """Credit whoever could not pay the next instalment."""
    short = [case for case in cases if case.cash_minor < case.loan["instalment_minor"] + SALARY_MARGIN_MINOR]
    credits = {case.borrower.subject: _salary_minor(case) for case in short}
    if credits:
        bank.credit(credits, f"salary/{day}")
    for case in short:
        case.cash_minor += _salary_minor(case)


def _salary_minor(case: Case) -> int:
    return SALARY_INSTALMENTS * int(case.loan["instalment_minor"]) + SALARY_MARGIN_MINOR


async def _pay(case: Case, act: Act) -> None:
    payment = await case.borrower.pay(case.loan_id)
    if payment["status"] != "confirmed":
        raise RuntimeError(f"applicant {case.number}, instalment {act.row}: {payment}")
    case.payments.append(payment)
    case.cash_minor -= sum(payment["allocation"].values())


async def _observe_arrears(calendar: Calendar, cases: Iterable[Case]) -> None:
    """Go on until the one who stopped is in the last arrears bucket, and wait until the ledger says so."""
    for case in [case for case in cases if case.habit is Habit.STOPS]:
        loan = await case.borrower.get(f"/v1/loans/{case.loan_id}")
        await asyncio.to_thread(calendar.go_to, loan["next_due_day"] + OBSERVED_DAYS)
        await case.borrower.until(f"/v1/loans/{case.loan_id}", lambda found: found["arrears"]["bucket"] == 4)
