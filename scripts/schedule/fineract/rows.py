"""The instalments of a case."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction

from contracts.schedule import Levelling, Rounding, ScheduleDegenerate, divide, to_multiple
from contracts.schedule.plan import Spread, amounts
from scripts.schedule.fineract.dates import due_days, periods
from scripts.schedule.fineract.errors import Unsupported
from scripts.schedule.fineract.factors import (
    COMMON_YEAR,
    cumulative_factor,
    flat_factor,
    progressive_factor,
    rate_of,
    units_of_year,
)
from scripts.schedule.fineract.loan import Loan, Unit

EQUAL_MONTH_DAYS = {Unit.DAYS: 1, Unit.WEEKS: 7, Unit.MONTHS: 30, Unit.YEARS: 365}
"""Days by which CUMULATIVE computes an instalment when interest is daily."""


@dataclass(frozen=True, slots=True)
class Instalment:
    """One row; amounts in minor units, the balance after it."""

    nr: int
    due_day: int
    principal_minor: int
    interest_minor: int
    balance_minor: int


def draw(loan: Loan) -> list[Instalment]:
    """The rows of a loan, the down payment first. Raises Unsupported."""
    if loan.down_payment_minor >= loan.principal_minor:
        raise Unsupported("the down payment is the whole loan")
    amounts_of: Callable[[Loan, int], Iterator[tuple[int, int]]] = _progressive if loan.progressive else _cumulative
    balance = loan.principal_minor - loan.down_payment_minor
    rows = []
    if loan.down_payment_minor:
        rows.append(Instalment(1, loan.start_day, loan.down_payment_minor, 0, balance))
    try:
        for due, (principal, interest) in zip(due_days(loan), amounts_of(loan, balance), strict=False):
            balance -= principal
            rows.append(Instalment(len(rows) + 1, due, principal, interest, balance))
    except ScheduleDegenerate as refused:
        raise Unsupported(f"the terms do not carry a schedule: {refused}") from refused
    return rows


def charges_overdue(loan: Loan, row: int, interest_minor: int, earlier_minor: Sequence[int]) -> bool:
    """Whether a row (0 is the first period) charges its interest on one of the balances before its own."""
    if not loan.recalculates or loan.flat or not loan.progressive:
        return False
    factor = progressive_factor(loan, *periods(loan)[row])
    return any(_round(loan, balance * factor) == interest_minor for balance in earlier_minor)


def _progressive(loan: Loan, balance: int) -> Iterator[tuple[int, int]]:
    """The instalment of the periods as they are; on the balance it is levelled, flat it is not."""
    if loan.equal_principal:
        raise Unsupported("PROGRESSIVE has equal instalments only")
    if loan.interest_grace:
        raise Unsupported("PROGRESSIVE has no rule for interest that is due later")
    grace = min(loan.principal_grace, loan.repayments - 1)
    factors = (progressive_factor(loan, *period) for period in periods(loan))
    spread = Spread(
        principal_minor=balance,
        factors=tuple((factor.numerator, factor.denominator) for factor in factors),
        weights=(0,) * grace + (1,) * (loan.repayments - grace),
        rounding=Rounding(loan.mode, levelling=Levelling.EXACT if loan.flat else Levelling.LEVELLED),
        multiple_minor=loan.multiple_minor or 1,
        flat=loan.flat,
    )
    return ((part.principal_minor, part.interest_minor) for part in amounts(spread))


def _cumulative(loan: Loan, balance: int) -> Iterator[tuple[int, int]]:
    if loan.principal_grace >= loan.repayments or loan.interest_grace >= loan.repayments:
        raise Unsupported("the grace is as long as the loan")
    return _flat(loan, balance) if loan.flat else _declining(loan, balance)


def _declining(loan: Loan, balance: int) -> Iterator[tuple[int, int]]:
    """An instalment set once; interest put off is due with the first row after; the last row takes the rest."""
    repaying = loan.repayments - loan.principal_grace
    part = divide(balance, repaying, loan.mode)
    instalment = _instalment(loan, balance, repaying)
    carried = 0
    for row, period in enumerate(periods(loan)):
        charged = _round(loan, balance * cumulative_factor(loan, *period))
        carried += charged
        interest = 0 if row < loan.interest_grace else carried
        carried -= interest
        principal = part if loan.equal_principal else instalment - interest
        if row < loan.principal_grace:
            principal = 0
        if row + 1 == loan.repayments or principal > balance:
            principal = balance
        balance -= principal
        yield principal, interest
        if not balance:
            return


def _instalment(loan: Loan, balance: int, repaying: int) -> int:
    """P * r / (1 - (1 + r)^-n), r by equal months of a 365 day year (LoanApplicationTerms.pmtForInstallment)."""
    if loan.daily:
        rate = rate_of(loan, loan.year_days or COMMON_YEAR) * loan.every * EQUAL_MONTH_DAYS[loan.unit]
    else:
        rate = rate_of(loan, units_of_year(loan)) * loan.every
    growth = (1 + rate) ** repaying
    exact = balance * rate * growth / (growth - 1) if rate else Fraction(balance, repaying)
    return _to_multiple(loan, exact)


def _flat(loan: Loan, balance: int) -> Iterator[tuple[int, int]]:
    """Equal parts of principal and of the interest on the whole payout; the last row takes both residues.

    Interest put off is spread over the other rows, or if the principal is in equal parts due with the first of them.
    """
    left = _round(loan, loan.principal_minor * flat_factor(loan, due_days(loan)[-1]))
    spread_over = loan.repayments - (0 if loan.equal_principal else loan.interest_grace)
    interest = divide(left, spread_over, loan.mode)
    part = _flat_part(loan, balance, interest)
    for row in range(loan.repayments):
        catches_up = loan.equal_principal and row == loan.interest_grace
        charged = interest * (row + 1 if catches_up else 1) if row >= loan.interest_grace else 0
        amounts_due = (0 if row < loan.principal_grace else min(part, balance), min(charged, left))
        principal, charged = (balance, left) if row + 1 == loan.repayments else amounts_due
        balance, left = balance - principal, left - charged
        yield principal, charged
        if not balance:
            return


def _flat_part(loan: Loan, balance: int, interest: int) -> int:
    """The principal of a row: with a multiple, so that principal and interest together are one."""
    part = divide(balance, loan.repayments - loan.principal_grace, loan.mode)
    if not loan.multiple_minor:
        return part
    return _to_multiple(loan, Fraction(part)) + _to_multiple(loan, Fraction(interest)) - interest


def _round(loan: Loan, exact: Fraction) -> int:
    return divide(exact.numerator, exact.denominator, loan.mode)


def _to_multiple(loan: Loan, exact: Fraction) -> int:
    return to_multiple(exact.numerator, exact.denominator, loan.multiple_minor or 1, loan.mode)
