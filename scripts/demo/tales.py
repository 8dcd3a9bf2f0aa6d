"""What became of the loans that went another way than whole instalments: one sentence each, with its amounts."""

from collections.abc import Callable

from rich.console import Console
from rich.panel import Panel
from rich.table import Table

from contracts.schedule import date_of
from scripts.audit.recounted import money
from scripts.demo.borrower import Json
from scripts.demo.case import Case, Outcome
from scripts.demo.habits import Habit


def print_tales(console: Console, outcome: Outcome) -> None:
    """A panel with the tale of each such loan; nothing when there is none."""
    if not outcome.told():
        return
    tales = Table.grid(padding=(0, 2))
    for case in outcome.told():
        tales.add_row(f"[bold]{case.number}[/bold]", tale(case))
    console.print(Panel(tales, title="Loans that went another way", expand=False))


def tale(case: Case) -> str:
    """The tale of a loan in a sentence."""
    return TALES[case.habit](case.figures)


def _part_payment(of: Json) -> str:
    return (
        f"paid {money(of['part_minor'])} of an instalment on its due day and {of['days_late']} days later the other"
        f" {money(of['rest_minor'])}, with a late fee of {money(of['late_fee_minor'])} and a penalty of"
        f" {money(of['penalty_minor'])} on what was late; then it went on as agreed."
    )


def _amendment(of: Json) -> str:
    return (
        f"missed an instalment in hardship, and both sides signed new terms: charges of {money(of['waived_minor'])}"
        f" were waived, {money(of['capitalised_minor'])} of interest joined the principal, nothing was due until"
        f" {date_of(of['first_due_day'])}, and {of['periods']} instalments of {money(of['instalment_minor'])} followed."
    )


def _guarantee(of: Json) -> str:
    return (
        f"had a guarantor, who put {money(of['cap_minor'])} into the fund before the loan began and was paid"
        f" {money(of['premium_minor'])} for it; {of['days_past_due']} days after a missed instalment the lender called"
        f" the default, and the fund paid it {money(of['covered_minor'])} of the {money(of['lost_minor'])} outstanding,"
        " which the borrower still owes."
    )


def _withdrawal(of: Json) -> str:
    return (
        f"withdrew after {of['days']} days and paid back {money(of['amount_minor'])}: the {money(of['received_minor'])}"
        f" that was paid out and {money(of['cost_minor'])} of interest for these days, no fee."
    )


TALES: dict[Habit, Callable[[Json], str]] = {
    Habit.PARTED: _part_payment,
    Habit.HARDSHIP: _amendment,
    Habit.GUARANTEED: _guarantee,
    Habit.WITHDRAWS: _withdrawal,
}
