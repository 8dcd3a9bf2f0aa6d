"""A Fineract case against its table."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from decimal import Decimal, InvalidOperation
from typing import Any

from contracts.schedule import date_of
from scripts.schedule.fineract import Instalment, Loan, Unsupported, charges_overdue, draw, due_days, read_loan
from scripts.schedule.verdict import Status, Verdict

Fields = Mapping[str, Any]
MOST_AMOUNT = 10**15
COMPARED = ("nr", "date", "principal", "interest", "due", "balance")
"""Of each row. Its fees are 0: a table with others is not compared."""


def check_schedule(case: Fields) -> Verdict:
    """Draw a case's rows from its terms and compare them with the table it comes with."""
    name = str(case.get("id", "?"))
    figures: dict[str, Any] = {"rows": []}
    try:
        loan = read_loan(case)
        instalments = draw(loan)
        figures = {"rows": [_row(loan, row) for row in instalments]}
        payouts, expected = _expected(case, loan, instalments)
        _require_same_start(loan, expected)
        _require_no_overdue(loan, instalments, expected)
        difference = _payout_difference(loan, payouts) or _difference(figures["rows"], expected)
    except Unsupported as unsupported:
        return Verdict(name, Status.UNSUPPORTED, unsupported.reason, figures)
    return Verdict(name, Status.FAILED if difference else Status.PASSED, difference, figures)


def _row(loan: Loan, row: Instalment) -> dict[str, Any]:
    due = row.principal_minor + row.interest_minor
    amounts = {"principal": row.principal_minor, "interest": row.interest_minor, "fees": 0, "due": due}
    texts = {name: amount_text(minor, loan.decimals) for name, minor in amounts.items()}
    balance = amount_text(row.balance_minor, loan.decimals)
    return {"nr": row.nr, "date": _iso(row.due_day), **texts, "balance": balance}


def amount_text(minor: int, decimals: int) -> str:
    """An amount in the file's style: no trailing zeros, but at least one decimal ("100.0", "83.57")."""
    digits = f"{minor:0{decimals + 1}d}"
    whole, part = (digits[:-decimals], digits[-decimals:]) if decimals else (digits, "")
    return f"{whole}.{part.rstrip('0') or '0'}"


def _expected(case: Fields, loan: Loan, instalments: Sequence[Instalment]) -> tuple[list[Fields], list[Fields]]:
    """The table's payouts and instalments. Raises Unsupported when it is not the one that the terms alone lead to."""
    lines = case.get("schedule")
    if not isinstance(lines, list) or not lines:
        raise Unsupported("nothing to compare with: the case has no table")
    if not all(isinstance(line, dict) for line in lines):
        raise Unsupported("the table has lines that are not objects")
    payouts, rows = ([line for line in lines if ("nr" in line) is numbered] for numbered in (False, True))
    _require_figures(rows)
    _require_one_payout(loan, payouts, rows)
    _require_first_table(loan, rows, len(instalments))
    return payouts, rows


def _require_figures(rows: Sequence[Fields]) -> None:
    for row in rows:
        for name in COMPARED:
            if name not in row:
                raise Unsupported(f"nothing to compare with: row {row['nr']!r} has no {name}")


def _require_one_payout(loan: Loan, payouts: Sequence[Fields], rows: Sequence[Fields]) -> None:
    """Tranches of one day are one payout; one that is planned for later and not repaid by any row is none."""
    if len(payouts) < 2:
        return
    day = _iso(loan.start_day)
    first = sum(read_amount(line, "balance") for line in payouts if line.get("date") == day)
    later = [read_amount(line, "balance") for line in payouts if line.get("date") != day]
    repaid = sum(read_amount(row, "principal") for row in rows)
    if first != _lent(loan) or (later and repaid >= first + min(later)):
        raise Unsupported(f"several disbursements: the table has {len(payouts)}, the terms say one")


def _iso(day: int) -> str:
    return date_of(day).isoformat()


def _lent(loan: Loan) -> Decimal:
    return Decimal(loan.principal_minor).scaleb(-loan.decimals)


def _require_first_table(loan: Loan, rows: Sequence[Fields], instalments: int) -> None:
    """Tables drawn anew during the loan's life follow from payments and charges, which terms do not give."""
    if len(rows) != instalments:
        raise Unsupported(f"changed after disbursement: the table has {len(rows)} instalments, the terms {instalments}")
    if not (loan.principal_grace or loan.interest_grace) and any(_pays_nothing(row) for row in rows):
        raise Unsupported("re-amortised after disbursement: rows pay nothing, and the terms give no grace")
    if any(read_amount(row, "penalties") for row in rows):
        raise Unsupported("penalties were charged after disbursement")
    if any(read_amount(row, "fees") for row in rows):
        raise Unsupported("instalment fees: the terms do not give them")


def _pays_nothing(row: Fields) -> bool:
    return not any(read_amount(row, name) for name in ("principal", "interest", "due"))


def _require_same_start(loan: Loan, expected: Sequence[Fields]) -> None:
    """Whether due dates count from the disbursement or the application is a product's setting that no file has."""
    if loan.other_seed_day == loan.seed_day:
        return
    dates = [str(row.get("date")) for row in expected][-loan.repayments :]
    ours, others = (
        [_iso(day) for day in due_days(replace(loan, seed_day=seed))] for seed in (loan.seed_day, loan.other_seed_day)
    )
    if dates == others != ours:
        raise Unsupported("due dates count from the application or the disbursement, and the settings do not say which")


def _require_no_overdue(loan: Loan, instalments: Sequence[Instalment], expected: Sequence[Fields]) -> None:
    """A table drawn when instalments were overdue: the first other interest is that of an earlier balance."""
    balances = [loan.principal_minor, *(row.balance_minor for row in instalments)]
    first = len(instalments) - loan.repayments
    for index, (row, other) in enumerate(zip(instalments, expected, strict=True)):
        interest = int(read_amount(other, "interest").scaleb(loan.decimals))
        if interest != row.interest_minor:
            if index >= first and charges_overdue(loan, index - first, interest, balances[first:index]):
                raise Unsupported(f"redrawn while overdue: row {row.nr} charges interest on overdue principal")
            return


def _payout_difference(loan: Loan, payouts: Sequence[Fields]) -> str:
    """How a table's only payout differs from the terms, in words."""
    for line in payouts if len(payouts) == 1 else ():
        if line.get("date") != _iso(loan.start_day):
            return f"payout: date is {_iso(loan.start_day)}, the table has {line.get('date')}"
        if read_amount(line, "balance") != _lent(loan):
            return f"payout: balance is {_lent(loan)}, the table has {line.get('balance')}"
    return ""


def _difference(rows: Sequence[Fields], expected: Sequence[Fields]) -> str:
    """The first difference, in words; empty when there is none."""
    for row, other in zip(rows, expected, strict=True):
        for name in COMPARED:
            if not _same(name, row[name], other):
                return f"row {row['nr']}: {name} is {row[name]}, the table has {other[name]}"
    return ""


def _same(name: str, found: object, other: Fields) -> bool:
    if name in {"nr", "date"}:
        return str(found) == str(other[name])
    return Decimal(str(found)) == read_amount(other, name)


def read_amount(line: Fields, name: str) -> Decimal:
    """A figure of a table, 0 when it is left out. Raises Unsupported."""
    try:
        amount = Decimal(str(line.get(name, 0)))
    except InvalidOperation:
        amount = Decimal("NaN")
    if not amount.is_finite() or not -MOST_AMOUNT <= amount <= MOST_AMOUNT:
        raise Unsupported(f"the table's {name} {line.get(name)!r} is not an amount")
    return amount
