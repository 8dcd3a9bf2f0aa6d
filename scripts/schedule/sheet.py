"""A schedule as a table in the terminal."""

from rich import box
from rich.console import Console
from rich.table import Table

from contracts.schedule import date_of
from contracts.schedule.plan import Line, Resolved
from scripts.audit.recounted import money

WIDTH_WITHOUT_TERMINAL = 100
PPM_OF_A_PERCENT = 10_000
COLUMNS = ("principal", "interest", "fees", "due", "balance")
Words = dict[str, str]


def print_sheet(resolved: Resolved, words: Words) -> None:
    """Rows, sums, what it costs and both rates."""
    console = Console()
    console = console if console.is_terminal else Console(width=WIDTH_WITHOUT_TERMINAL)
    console.print(_table(resolved, words))
    for name, text in _figures(resolved, words):
        console.print(f"{words[name]}: [bold]{text}[/bold]", highlight=False)
    kind = words["table" if resolved.table else "formula"]
    console.print(f"{words['root']} ({kind}): 0x{resolved.root.hex()}", highlight=False, soft_wrap=True)


def _table(resolved: Resolved, words: Words) -> Table:
    title = f"{words['title']}: {words[resolved.plan.method.name.lower()]}"
    table = Table(title=title, title_style="bold", box=box.SIMPLE_HEAD, show_footer=True, pad_edge=False)
    table.add_column(words["nr"], words["sum"], justify="right")
    table.add_column(words["date"])
    for name, total in zip(COLUMNS, _sums(resolved), strict=True):
        table.add_column(words[name], total, justify="right")
    for line in resolved.lines:
        table.add_row(*_cells(line), style=None if line.due_minor else "dim")
    return table


def _sums(resolved: Resolved) -> tuple[str, ...]:
    sums = resolved.totals
    amounts = (sums.principal_minor, sums.interest_minor, sums.fees_minor, sums.total_minor)
    return (*(money(amount) for amount in amounts), "")


def _cells(line: Line) -> list[str]:
    amounts = (line.principal_minor, line.interest_minor, line.fees_minor, line.due_minor, line.balance_minor)
    return [str(line.nr), date_of(line.due_day).isoformat(), *(money(amount) for amount in amounts)]


def _figures(resolved: Resolved, words: Words) -> list[tuple[str, str]]:
    repaid = resolved.totals.principal_minor + resolved.totals.interest_minor
    return [
        ("received", money(resolved.plan.received_minor)),
        ("total", money(repaid)),
        ("cost", money(resolved.cost_minor)),
        ("apr", percent(resolved.apr_ppm, words)),
        ("all_in", percent(resolved.all_in_ppm, words)),
    ]


def percent(ppm: int | None, words: Words) -> str:
    """A rate for people: two decimals."""
    return words["undefined"] if ppm is None else f"{ppm / PPM_OF_A_PERCENT:.2f} %"
