"""The story of the demo: who applies, who signs, and how they pay while time goes by."""

import asyncio
import json
import time
from collections.abc import Awaitable, Callable, Iterable
from pathlib import Path

import httpx
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from scripts.demo.bank import Bank, Calendar
from scripts.demo.borrower import Borrower, Json
from scripts.demo.case import Case, Outcome
from scripts.demo.deeds import LAST_BUCKET, do
from scripts.demo.guarantor import Guarantor
from scripts.demo.habits import OBSERVED_DAYS, Act, Agenda, Deed, Habit, acts_of, assign
from scripts.demo.lender import Lender
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


def run_story(plan: SystemPlan, console: Console) -> Outcome:
    """Take the applicants of applicants.json through the running system; progress goes to `console`."""
    return asyncio.run(_run(plan, console))


async def _run(plan: SystemPlan, console: Console) -> Outcome:
    limits = httpx.Limits(max_connections=HTTP_CONNECTIONS)
    async with httpx.AsyncClient(base_url=plan.api_url, timeout=30, limits=limits) as http:
        cases = [Case(n, person, Borrower(http)) for n, person in enumerate(applicants(), 1)]
        world = World(plan, http)
        with _progress(console) as progress:
            await _each(progress, "apply, scored by the quorum", cases, _apply)
            offered = [case for case in cases if case.offer]
            _give_habits(offered)
            await _each(progress, "sign the agreement, paid out", offered, world.sign)
            outcome = Outcome(cases)
            await _live(world, outcome, progress)
            await _each(progress, "read the final statements", offered, Case.refresh)
    return outcome


def _give_habits(offered: Iterable[Case]) -> None:
    cases = {case.number: case for case in offered}
    for number, habit in assign({number: case.agreement.periods for number, case in cases.items()}).items():
        cases[number].habit = habit


class World:
    """Whoever there is besides the borrowers: a bank, the lender, a guarantor, and the calendar."""

    def __init__(self, plan: SystemPlan, http: httpx.AsyncClient) -> None:
        self.bank, self.calendar = Bank(plan.rpc_url, plan.addresses, plan.data / "bank"), Calendar(plan.rpc_url)
        self.lender, self.guarantor = Lender(self.bank.ledger, plan.data / "lender"), Guarantor(http)

    async def sign(self, case: Case) -> None:
        """The borrower signs what is offered and is paid out; a guarantor has bound itself before."""
        if case.habit is Habit.GUARANTEED:
            await self.guarantor.stand_for(case, self.lender, self.bank)
        case.loan = await case.borrower.accept(case.offer)
        if case.loan["status"] == "failed":
            raise RuntimeError(f"applicant {case.number} was not paid out: {case.loan}")
        if case.habit is Habit.GUARANTEED:
            await self.guarantor.attach(case, self.lender)
        cash = await case.borrower.get(f"/v1/subjects/{case.borrower.subject}/cash")
        case.cash_minor = cash["balance_minor"]


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
    if case.application["status"] == "offered":
        case.offer = await borrower.get(f"/v1/offers/{case.application['offer_id']}")


async def _live(world: World, outcome: Outcome, progress: Progress) -> None:
    """Let time go by, day by day on which something is done; end when the one who stopped has long been in arrears."""
    loans = {case.number: case for case in outcome.loans()}
    agenda = Agenda(act for case in loans.values() for act in _acts(case))
    task = progress.add_task("repay while months go by", total=len(agenda))
    began = time.monotonic()
    while agenda:
        day, acts = agenda.next_day()
        await asyncio.to_thread(world.calendar.go_to, day)
        await asyncio.to_thread(_salaries, world.bank, [(loans[act.borrower], act) for act in acts], day)
        await asyncio.gather(*(do(loans[act.borrower], act, world.lender) for act in acts))
        for act in acts:
            if act.deed is Deed.AMEND:
                agenda.plan(_acts_after_amendment(loans[act.borrower]))
        progress.update(task, advance=len(acts), total=progress.tasks[task].completed + len(acts) + len(agenda))
    outcome.payments = sum(len(case.payments) for case in loans.values())
    outcome.payment_seconds = time.monotonic() - began
    await _observe_arrears(world.calendar, loans.values())


def _acts(case: Case) -> list[Act]:
    return acts_of(case.number, case.habit, case.loan["disbursement_day"], _due_days(case))


def _acts_after_amendment(case: Case) -> list[Act]:
    return acts_of(case.number, Habit.ON_TIME, case.loan["disbursement_day"], _due_days(case))


def _due_days(case: Case) -> list[int]:
    return [row["due_day"] for row in case.loan["rows"]]


def _salaries(bank: Bank, acts: list[tuple[Case, Act]], day: int) -> None:
    """Credit whoever could not pay for what it does today."""
    short = {case.number: case for case, act in acts if case.cash_minor < _needed_minor(case, act)}.values()
    credits = {case.borrower.subject: _salary_minor(case) for case in short}
    if credits:
        bank.credit(credits, f"salary/{day}")
    for case in short:
        case.cash_minor += _salary_minor(case)


def _needed_minor(case: Case, act: Act) -> int:
    loan = case.loan
    paid = loan["principal_minor"] if act.deed is Deed.WITHDRAW else loan["instalment_minor"]
    return int(paid) + SALARY_MARGIN_MINOR


def _salary_minor(case: Case) -> int:
    return SALARY_INSTALMENTS * int(case.loan["instalment_minor"]) + SALARY_MARGIN_MINOR


async def _observe_arrears(calendar: Calendar, cases: Iterable[Case]) -> None:
    """Go on until the one who stopped is in the last arrears bucket, and wait until the ledger says so."""
    for case in [case for case in cases if case.habit is Habit.STOPS]:
        loan = await case.borrower.get(f"/v1/loans/{case.loan_id}")
        await asyncio.to_thread(calendar.go_to, loan["next_due_day"] + OBSERVED_DAYS)
        await case.borrower.until(f"/v1/loans/{case.loan_id}", lambda found: found["arrears"]["bucket"] == LAST_BUCKET)
