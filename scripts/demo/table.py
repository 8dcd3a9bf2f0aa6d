"""The table a person reads at the end of the demo."""

from rich import box
from rich.console import Console
from rich.table import Table

from scripts.audit.recounted import money
from scripts.demo.borrower import Json
from scripts.demo.case import Case, Outcome

BUCKETS = ("no arrears", "1-29 days late", "30-59 days late", "60-89 days late", "90+ days late")
NUMBERS = ("#", "asked", "months", "score", "APR/all-in", "monthly", "paid", "owed")
WIDTH_WITHOUT_TERMINAL = 120


def console_for_people(stderr: bool = False) -> Console:
    """A console that is wide enough for the table where there is no terminal to measure."""
    console = Console(stderr=stderr)
    return console if console.is_terminal else Console(stderr=stderr, width=WIDTH_WITHOUT_TERMINAL)


def print_table(console: Console, outcome: Outcome) -> None:
    """One line for each applicant: what was asked, decided, signed and paid."""
    title = f"{len(outcome.cases)} applicants, from application to last instalment"
    table = Table(title=title, title_style="bold", box=box.SIMPLE_HEAD, padding=(0, 1, 0, 0), pad_edge=False)
    for heading in NUMBERS:
        table.add_column(heading, justify="right", no_wrap=True)
    table.add_column("how it went")
    for case in outcome.cases:
        table.add_row(*_cells(case), style=_style(case))
    console.print(table)


def _style(case: Case) -> str | None:
    if not case.loan:
        return "dim"
    return "yellow" if case.loan["arrears"]["bucket"] else None


def _cells(case: Case) -> list[str]:
    decision = case.application.get("decision") or {}
    asked = [str(case.number), money(case.applicant["amount_minor"]), str(case.applicant["periods"])]
    score = str(decision.get("score", ""))
    if not case.loan:
        return [*asked, score, "", "", "", "", f"declined: {_first_reason(decision)}"]
    loan = case.loan
    prices = "/".join(f"{loan[price] / 10_000:.2f}" for price in ("apr_ppm", "all_in_ppm"))
    figures = [f"{prices}%", money(loan["instalment_minor"]), money(loan["paid_minor"])]
    return [*asked, score, *figures, money(loan["outstanding_principal_minor"]), _course(case)]


def _first_reason(decision: Json) -> str:
    reasons = [reason["en"].rstrip(".") for reason in decision.get("reasons", [])]
    more = f" (+{len(reasons) - 1})" if len(reasons) > 1 else ""
    return reasons[0] + more if reasons else ""


def _course(case: Case) -> str:
    bucket, status = case.loan["arrears"]["bucket"], case.loan["status"]
    return f"{case.habit.value}, {BUCKETS[bucket] if bucket and status == 'active' else status}"
