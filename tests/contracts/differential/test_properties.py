"""What holds of every table the contract derives, whatever the terms."""

from collections.abc import Iterator
from dataclasses import asdict, replace
from fractions import Fraction
from itertools import pairwise

from hypothesis import assume, given
from hypothesis import strategies as st

from contracts.schedule import Method, Residue, date_of, level_instalment
from contracts.schedule.limits import MAX_DAY, MAX_RATE_PPM
from tests.contracts.differential.answer import Table
from tests.contracts.differential.case import Case, RowTuple
from tests.contracts.differential.fast_book import FastBook
from tests.contracts.differential.strategies import examples, formulas
from tests.contracts.schedule import reference

EXAMPLES = 250
PPM = 1_000_000


def derived(case: Case) -> Table:
    """The contract's rows; cases that it refuses are no examples."""
    table = FastBook.shared().schedule(case, _instalment(case))
    if not isinstance(table, Table):
        assume(False)
        raise TypeError(table)
    return table


def _instalment(case: Case) -> int:
    return level_instalment(case.terms) if case.instalment_minor is None else case.instalment_minor


def balances(case: Case, rows: tuple[RowTuple, ...]) -> Iterator[tuple[int, int, RowTuple]]:
    """Each row with the balance and the day at its start."""
    balance, start = case.principal_minor, case.disbursement_day
    for row in rows:
        yield balance, start, row
        balance, start = balance - row[1], row[0]


@examples(EXAMPLES)
@given(formulas())
def test_the_rows_repay_the_principal_exactly_and_never_more(case: Case) -> None:
    rows = derived(case).rows
    assert len(rows) == case.periods
    assert sum(principal for _, principal, _ in rows) == case.principal_minor
    assert all(0 <= principal <= balance for balance, _, (_, principal, _) in balances(case, rows))
    assert all(principal + interest > 0 for _, principal, interest in rows)


@examples(EXAMPLES)
@given(formulas())
def test_each_row_is_due_later_than_the_one_before_on_its_own_day(case: Case) -> None:
    days = [due for due, _, _ in derived(case).rows]
    assert all(before < after for before, after in pairwise([case.disbursement_day, *days]))
    assert list(map(date_of, days)) == reference.due_dates(asdict(case))


@examples(EXAMPLES)
@given(formulas())
def test_each_row_s_interest_is_the_exact_one_rounded_once(case: Case) -> None:
    times = reference.year_fractions(asdict(case))
    for time, (balance, _, (_, _, interest)) in zip(times, balances(case, derived(case).rows), strict=True):
        base = case.principal_minor if case.method == Method.FLAT else balance
        assert interest == reference.rounded(Fraction(base * case.rate_ppm, PPM) * time, case.rounding & 15)


@examples(EXAMPLES)
@given(formulas())
def test_rows_before_the_last_ask_for_what_was_agreed(case: Case) -> None:
    instalment = _instalment(case)
    for nr, (_, principal, interest) in enumerate(derived(case).rows[:-1]):
        if nr < case.interest_only_periods or case.method == Method.INTEREST_ONLY:
            assert principal == 0
        elif case.method in (Method.ANNUITY, Method.FLAT):
            assert principal + interest == instalment
        elif nr > case.interest_only_periods or case.rounding >> 4 & 15 != Residue.FIRST:
            assert principal == instalment


@examples(EXAMPLES)
@given(formulas(), st.one_of(st.integers(1, 50), st.integers(1, 5_000)))
def test_a_higher_rate_asks_for_no_less_interest_in_any_row(case: Case, more: int) -> None:
    case = replace(case, instalment_minor=_instalment(case))
    dearer = derived(replace(case, rate_ppm=min(case.rate_ppm + more, MAX_RATE_PPM)))
    assert all(low[2] <= high[2] for low, high in zip(derived(case).rows, dearer.rows, strict=True))


@examples(EXAMPLES)
@given(formulas().filter(lambda case: case.periods > 1 and case.method != Method.FLAT), st.data())
def test_the_table_goes_on_unchanged_from_any_row(case: Case, data: st.DataObject) -> None:
    case = replace(case, instalment_minor=_instalment(case))
    rows = derived(case).rows
    again = data.draw(st.integers(1, case.periods - 1))
    balance, start, (due, _, _) = list(balances(case, rows))[again]
    assume(start <= MAX_DAY)
    rest = replace(
        case,
        principal_minor=balance,
        disbursement_day=start,
        first_due_day=due,
        periods=case.periods - again,
        interest_only_periods=max(0, case.interest_only_periods - again),
    )
    assert derived(rest).rows == rows[again:]
