"""The table a person reads at the end of the demo."""

from rich.console import Console
from rich.table import Table

from scripts.audit.recounted import money
from scripts.demo.story import Case, Outcome

BUCKETS = ("no arrears", "1-29 days late", "30-59 days late", "60-89 days late", "90+ days late")


def print_table(console: Console, outcome: Outcome) -> None:
    """One line for each applicant: what was asked, decided, signed and paid."""
    table = Table(title="20 applicants, from application to last instalment", title_style="bold")
    for heading in ("#", "asked", "months", "score"):
        table.add_column(heading, justify="right")
    table.add_column("decision")
    for heading in ("APR", "instalment", "paid", "still owed"):
        table.add_column(heading, justify="right")
    table.add_column("how it went")
    for case in outcome.cases:
        table.add_row(*_cells(case), style=None if case.loan else "dim")
    console.print(table)


def _cells(case: Case) -> list[str]:
    decision = case.application.get("decision") or {}
    asked = [str(case.number), money(case.applicant["amount_minor"]), str(case.applicant["periods"])]
    score = str(decision.get("score", ""))
    if not case.loan:
        reasons = ", ".join(reason["en"] for reason in decision.get("reasons", [])[:2])
        return [*asked, score, "declined", "", "", "", "", reasons]
    loan = case.loan
    figures = [f"{loan['apr_ppm'] / 10_000:.2f} %", money(loan["instalment_minor"]), money(loan["paid_minor"])]
    return [*asked, score, "approved", *figures, money(loan["outstanding_principal_minor"]), _course(case)]


def _course(case: Case) -> str:
    habit = case.habit.value if case.habit else ""
    bucket = case.loan["arrears"]["bucket"]
    return f"{habit}; {case.loan['status'] if bucket == 0 else BUCKETS[bucket]}"
