"""The rules once more, read from the design and not from the code: dates and exact fractions, one plain loop each.

It is slow and takes no short cuts, so that a mistake here and one in the code are unlikely to be the same.
"""

import calendar
from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from fractions import Fraction
from math import ceil, floor
from typing import Any

from eth_hash.auto import keccak

Terms = dict[str, int]
Table = list[tuple[int, int, int]]
"""Due day, principal, interest."""

ANNUITY, EQUAL_PRINCIPAL, INTEREST_ONLY, BULLET, FLAT, CUSTOM, CUSTOM_FLAT = range(7)
ONE_DAY = timedelta(days=1)


def to_date(day: int) -> date:
    """1970-01-01 and so many days."""
    return date(1970, 1, 1) + day * ONE_DAY


def months_later(when: date, months: int, anchor: int) -> date:
    """Step by step through the calendar, then the anchor or the month's end."""
    year, month = when.year, when.month
    for _ in range(abs(months)):
        month += 1 if months > 0 else -1
        if month == 13:
            year, month = year + 1, 1
        if month == 0:
            year, month = year - 1, 12
    return date(year, month, min(anchor, calendar.monthrange(year, month)[1]))


def due_dates(terms: Terms) -> list[date]:
    """The due date of every row of a formula."""
    first, length = to_date(terms["first_due_day"]), terms["period_length"]
    if terms["period_unit"] == 1:
        return [first + row * length * ONE_DAY for row in range(terms["periods"])]
    return [months_later(first, row * length, terms["anchor_day"]) for row in range(terms["periods"])]


def year_fraction(day_count: int, start: date, end: date) -> Fraction:
    """The time between two dates, in years, by the five conventions that two dates determine."""
    if day_count == 4:
        return _actual_actual(start, end)
    if day_count < 2:
        return Fraction((end - start).days, (365, 360)[day_count])
    first, last = start.day, end.day
    if day_count == 2:
        first, last = (30 if number == 31 else number for number in (first, last))
    else:
        if _is_last_of_february(start) and _is_last_of_february(end):
            last = 30
        if _is_last_of_february(start):
            first = 30
        if last == 31 and first in (30, 31):
            last = 30
        if first == 31:
            first = 30
    return Fraction((end.year - start.year) * 360 + (end.month - start.month) * 30 + (last - first), 360)


def _actual_actual(start: date, end: date) -> Fraction:
    total = Fraction(0)
    for year in range(start.year, end.year + 1):
        begin, finish = max(start, date(year, 1, 1)), min(end, date(year + 1, 1, 1))
        total += Fraction((finish - begin).days, 366 if calendar.isleap(year) else 365)
    return total


def _is_last_of_february(when: date) -> bool:
    return when.month == 2 and (when + ONE_DAY).month == 3


def year_fractions(terms: Terms) -> list[Fraction]:
    """The time of every row of a formula, in years."""
    dates = due_dates(terms)
    start = to_date(terms["disbursement_day"])
    if terms["day_count"] != 5:
        return [
            year_fraction(terms["day_count"], begin, end)
            for begin, end in zip([start, *dates[:-1]], dates, strict=True)
        ]
    months = 0
    while months_later(dates[0], -months - 1, terms["anchor_day"]) >= start:
        months += 1
    odd = (months_later(dates[0], -months, terms["anchor_day"]) - start).days
    return [Fraction(months * 30 + odd, 360)] + [Fraction(terms["period_length"], 12)] * (terms["periods"] - 1)


def rounded(exact: Fraction, mode: int) -> int:
    """A fraction to an integer; the magnitude where it is negative."""
    if exact < 0:
        return -rounded(-exact, mode)
    half_up = floor(exact + Fraction(1, 2))
    return (half_up, round(exact), ceil(exact), floor(exact))[mode]


def schedule(terms: Terms, instalment: int) -> Table:
    """The rows of a formula, whether they are sound or not."""
    n, k, method = terms["periods"], terms["interest_only_periods"], terms["method"]
    mode, first_takes_residue = terms["rounding"] & 15, terms["rounding"] >> 4 & 15
    principal = terms["principal_minor"]
    balance, table = principal, []
    for row, (when, time) in enumerate(zip(due_dates(terms), year_fractions(terms), strict=True)):
        base = principal if method == FLAT else balance
        interest = rounded(base * Fraction(terms["rate_ppm"], 10**6) * time, mode)
        if row == n - 1:
            repaid = balance
        elif row < k or method == INTEREST_ONLY:
            repaid = 0
        elif method == EQUAL_PRINCIPAL:
            repaid = principal - (n - 1 - k) * instalment if first_takes_residue and row == k else instalment
        else:
            repaid = instalment - interest
        table.append(((when - date(1970, 1, 1)).days, repaid, interest))
        balance -= repaid
    return table


def instalment_of(terms: Terms) -> int:
    """The instalment of a formula: exact present values, then the levelling passes."""
    method, rows = terms["method"], terms["periods"] - terms["interest_only_periods"]
    if method not in (ANNUITY, EQUAL_PRINCIPAL, FLAT):
        return 0
    instalment = _to_multiple(terms, _exact_instalment(terms, rows))
    if method == EQUAL_PRINCIPAL or terms["rounding"] >> 8 == 1:
        return instalment
    for _ in range(3):
        difference = _last_difference(terms, instalment)
        if abs(difference) <= rows // 2:
            break
        step = rounded(Fraction(difference, rows), terms["rounding"] & 15)
        candidate = _to_multiple(terms, Fraction(instalment + step))
        if abs(_last_difference(terms, candidate)) >= abs(difference):
            break
        instalment = candidate
    return instalment


def _exact_instalment(terms: Terms, rows: int) -> Fraction:
    principal, rate = terms["principal_minor"], Fraction(terms["rate_ppm"], 10**6)
    times = year_fractions(terms)[-rows:]
    if terms["method"] == EQUAL_PRINCIPAL:
        return Fraction(principal, rows)
    if terms["method"] == FLAT:
        return Fraction(principal + sum(rounded(principal * rate * t, terms["rounding"] & 15) for t in times), rows)
    worth_of_one_a_row, discount = Fraction(0), Fraction(1)
    for time in times:
        discount /= 1 + rate * time
        worth_of_one_a_row += discount
    return principal / worth_of_one_a_row


def _to_multiple(terms: Terms, amount: Fraction) -> int:
    multiple = terms["multiple_minor"]
    return max(multiple * rounded(amount / multiple, terms["rounding"] & 15), multiple)


def _last_difference(terms: Terms, instalment: int) -> int:
    _, principal, interest = schedule(terms, instalment)[-1]
    return principal + interest - instalment


def root(method: int, table: Table) -> str:
    """The hash of all rows, or the Merkle root by pairing neighbours again and again."""
    words = [day << 224 | principal << 112 | interest for day, principal, interest in table]
    if method < CUSTOM:
        return "0x" + keccak(b"".join(word.to_bytes(32, "big") for word in words)).hex()
    nodes = [keccak(row.to_bytes(32, "big") + word.to_bytes(32, "big")) for row, word in enumerate(words)]
    while len(nodes) > 1:
        pairs = [nodes[left : left + 2] for left in range(0, len(nodes), 2)]
        nodes = [keccak(b"".join(sorted(pair))) if len(pair) == 2 else pair[0] for pair in pairs]
    return "0x" + nodes[0].hex()


def times(terms: Terms, table: Table) -> Iterator[Fraction]:
    """Years from disbursement to each row, as Annex I of the directive counts them."""
    start = to_date(terms["disbursement_day"])
    for row, (day, _, _) in enumerate(table):
        if terms["method"] >= CUSTOM:
            yield _interval(start, to_date(day), to_date(day).day)
        elif terms["period_unit"] == 0:
            first = _interval(start, to_date(table[0][0]), terms["anchor_day"])
            yield first + Fraction(row * terms["period_length"], 12)
        elif terms["period_length"] % 7 == 0:
            weeks, days = divmod(table[0][0] - terms["disbursement_day"], 7)
            yield Fraction(weeks + row * terms["period_length"] // 7, 52) + Fraction(days, 365)
        else:
            yield Fraction(day - terms["disbursement_day"], 365)


def _interval(start: date, end: date, anchor: int) -> Fraction:
    months = 0
    while months_later(end, -months - 1, anchor) >= start:
        months += 1
    begin = months_later(end, -months, anchor)
    year_before = months_later(begin, -12, begin.day)
    return Fraction(months, 12) + Fraction((begin - start).days, (begin - year_before).days)


def present_value(terms: Terms, table: Table, fee: int, rate: Fraction) -> float:
    """Payments less the advance at an annual rate, over the advance."""
    advance = terms["principal_minor"] - fee
    payments = zip(times(terms, table), table, strict=True)
    worth = sum(float(row[1] + row[2]) / pow(1 + float(rate), float(when)) for when, row in payments)
    return float(worth / advance - 1)


def all_in_ppm(terms: Terms, table: Table, fee: int) -> int | None:
    """All charges over the principal in use day by day, a year; the fee never was in use."""
    balance, previous, used = terms["principal_minor"] - fee, terms["disbursement_day"], 0
    for day, principal, _ in table:
        used += sum(max(balance, 0) for _ in range(previous, day))
        balance, previous = balance - principal, day
    charges = fee + sum(interest for _, _, interest in table)
    return floor(Fraction(charges * 365 * 10**6, used) + Fraction(1, 2)) if used else None


def refusal(terms: Terms, instalment: int, table: Sequence[Sequence[int]]) -> tuple[str, list[Any]] | None:
    """The first rule that the rows break, and its values; None when they break none."""
    return _table_refusal(terms, table) if terms["method"] >= CUSTOM else _formula_refusal(terms, instalment)


def _formula_refusal(terms: Terms, instalment: int) -> tuple[str, list[Any]] | None:
    balance, n = terms["principal_minor"], terms["periods"]
    for row, (_, principal, interest) in enumerate(schedule(terms, instalment)):
        if _is_degenerate(terms, instalment, row, balance, principal, interest, row == n - 1):
            return "ScheduleDegenerate", [row, interest, balance]
        if principal + interest > 2**39 - 1:
            return "RowTooLarge", [row, principal + interest, 2**39 - 1]
        balance -= principal
    return None


def _is_degenerate(
    terms: Terms, instalment: int, row: int, balance: int, principal: int, interest: int, last: bool
) -> bool:
    equal_instalments = terms["method"] in (ANNUITY, FLAT)
    if last:
        if equal_instalments:
            return interest >= instalment or balance + interest > 2 * instalment
        return terms["method"] == EQUAL_PRINCIPAL and balance > 2 * instalment
    if principal >= balance:
        return True
    if row < terms["interest_only_periods"] or terms["method"] == INTEREST_ONLY:
        return interest == 0
    return interest >= instalment if equal_instalments else principal < 1


def _table_refusal(  # noqa: C901, PLR0911
    terms: Terms, table: Sequence[Sequence[int]]
) -> tuple[str, list[Any]] | None:
    if len(table) != terms["periods"]:
        return "RowCountMismatch", [len(table), terms["periods"]]
    balance, previous, accrued = terms["principal_minor"], terms["disbursement_day"], 0
    for row, (day, principal, interest) in enumerate(table):
        if day < previous or (row > 0 and day == previous):
            return "TableDayNotLater", [row, day, previous]
        if day > 115_000:
            return "TermOutOfRange", ["lastDueDay", day, 0, 115_000]
        base = terms["principal_minor"] if terms["method"] == CUSTOM_FLAT else balance
        time = year_fraction(terms["day_count"], to_date(previous), to_date(day))
        accrued += rounded(base * Fraction(terms["rate_ppm"], 10**6) * time, terms["rounding"])
        if interest > accrued:
            return "TableInterestExceeds", [row, interest, accrued]
        if principal > balance:
            return "TablePrincipalExceeds", [row, principal, balance]
        if principal == interest == 0:
            return "ScheduleDegenerate", [row, 0, balance]
        if principal + interest >= 2**39:
            return "RowTooLarge", [row, principal + interest, 2**39 - 1]
        accrued, balance, previous = accrued - interest, balance - principal, day
    return ("TableBalanceLeft", [balance]) if balance or not table[-1][1] else None
