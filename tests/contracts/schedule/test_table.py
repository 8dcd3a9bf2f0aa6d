"""A table is held to its rate, its principal and its days, and to nothing more."""

from collections.abc import Callable
from dataclasses import replace

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from contracts.schedule import (
    LAST_DAY,
    MAX_ROW_MINOR,
    DayCount,
    Method,
    Row,
    RowCountMismatch,
    RowTooLarge,
    ScheduleDegenerate,
    ScheduleRefused,
    ScheduleTerms,
    TableBalanceLeft,
    TableDayNotLater,
    TableInterestExceeds,
    TablePrincipalExceeds,
    TermOutOfRange,
    UnsupportedDayCount,
    UnsupportedMethod,
    interest,
    parts_between,
    verify_table,
)
from tests.contracts.schedule import reference
from tests.contracts.schedule.make_golden import terms_words
from tests.contracts.schedule.strategies import Derived, tables
from tests.contracts.schedule.vectors import monthly

BASE = monthly("2026-01-15", "2026-02-15", 15)
FIRST, SECOND = 20_499, 20_527  # 2026-02-15, 2026-03-15
ACCRUED = (12_315, 11_123)
"""Of the whole principal until each of the two days."""


def _terms(*rows: tuple[int, int, int], **changes: object) -> tuple[ScheduleTerms, list[Row]]:
    numbered = [Row(nr, *row) for nr, row in enumerate(rows, 1)]
    return replace(BASE.as_table(numbered), **changes), numbered  # type: ignore[arg-type]


@given(tables())
def test_every_formula_s_rows_are_a_table(found: Derived) -> None:
    verify_table(found.terms, found.rows)


CORRUPTIONS: list[tuple[str, Callable[[Row], Row], type[ScheduleRefused]]] = [
    ("a cent more interest", lambda row: replace(row, interest_minor=row.interest_minor + 1), TableInterestExceeds),
    ("a cent more principal", lambda row: replace(row, principal_minor=row.principal_minor + 1), ScheduleRefused),
    ("a cent less principal", lambda row: replace(row, principal_minor=row.principal_minor - 1), ScheduleRefused),
    ("all principal at once", lambda row: replace(row, principal_minor=2**45), TablePrincipalExceeds),
    ("nothing to pay", lambda row: replace(row, principal_minor=0, interest_minor=0), ScheduleRefused),
    ("beyond the last day", lambda row: replace(row, due_day=LAST_DAY + 1), ScheduleRefused),
]


@pytest.mark.parametrize(("what", "corrupt", "error"), CORRUPTIONS, ids=[what for what, *_ in CORRUPTIONS])
@given(tables(), st.data())
def test_one_changed_row_is_refused(
    what: str, corrupt: Callable[[Row], Row], error: type[ScheduleRefused], found: Derived, data: st.DataObject
) -> None:
    index = data.draw(st.integers(0, len(found.rows) - 1))
    rows = [*found.rows]
    rows[index] = corrupt(rows[index])
    assume(rows[index].principal_minor >= 0)
    terms = replace(found.terms, first_due_day=rows[0].due_day)
    with pytest.raises(error):
        verify_table(terms, rows)


@given(tables(), st.data())
def test_one_row_missing_twice_or_out_of_order_is_refused(found: Derived, data: st.DataObject) -> None:
    rows, index = found.rows, data.draw(st.integers(0, len(found.rows) - 1))
    _require_refused(found.terms, [*rows[: index + 1], *rows[index:]])
    if len(rows) > 1:
        other = data.draw(st.integers(0, len(rows) - 1).filter(lambda drawn: drawn != index))
        swapped = [rows[{index: other, other: index}.get(place, place)] for place in range(len(rows))]
        _require_refused(found.terms, swapped)
        if rows[index].principal_minor:  # a row of interest alone may be forgiven
            _require_refused(found.terms, rows[:index] + rows[index + 1 :])


def _require_refused(terms: ScheduleTerms, rows: list[Row]) -> None:
    with pytest.raises(ScheduleRefused):
        verify_table(terms.as_table(rows), rows)


@given(tables(), st.lists(st.tuples(st.integers(0, 400), st.integers(0, 30_000), st.integers(0, 500)), min_size=1))
def test_a_second_reading_of_the_rules_says_the_same(found: Derived, drawn: list[tuple[int, int, int]]) -> None:
    day, left, rows = found.terms.disbursement_day, found.terms.principal_minor % 50_000 + 1, []
    terms = replace(found.terms, principal_minor=left)
    for nr, (days, principal, charged) in enumerate(drawn, 1):
        day += days
        repaid = left if nr == len(drawn) else min(principal, left)
        rows.append(Row(nr, day, repaid, charged))
        left -= repaid
    terms = terms.as_table(rows)
    expected = reference.refusal(
        terms_words(terms), 0, [(r.due_day, r.principal_minor, r.interest_minor) for r in rows]
    )
    try:
        verify_table(terms, rows)
    except ScheduleRefused as refused:
        assert expected == (type(refused).__name__, list(vars(refused).values()))
    else:
        assert expected is None


@given(tables())
def test_interest_may_wait_and_may_be_forgiven(found: Derived) -> None:
    *early, last = found.rows
    assume(all(row.principal_minor for row in found.rows))
    free = [replace(row, interest_minor=0) for row in found.rows]
    verify_table(found.terms, free)
    waiting = sum(row.interest_minor for row in found.rows)
    assume(last.principal_minor + waiting <= MAX_ROW_MINOR)
    late = [*(replace(row, interest_minor=0) for row in early), replace(last, interest_minor=waiting)]
    verify_table(found.terms, late)
    with pytest.raises(TableInterestExceeds):
        verify_table(found.terms, [*late[:-1], replace(last, interest_minor=waiting + 1)])


def test_a_down_payment_may_be_due_on_the_first_day() -> None:
    start = BASE.disbursement_day
    verify_table(*_terms((start, 300_000, 0), (FIRST, 700_000, 0)))
    with pytest.raises(TableDayNotLater) as refused:
        verify_table(*_terms((start - 1, 300_000, 0), (FIRST, 700_000, 0)))
    assert vars(refused.value) == {"row": 0, "due_day": start - 1, "previous_day": start}
    with pytest.raises(TableDayNotLater) as refused:
        verify_table(*_terms((start, 300_000, 0), (start, 700_000, 0)))
    assert vars(refused.value) == {"row": 1, "due_day": start, "previous_day": start}


def test_the_last_day_of_all_and_one_beyond() -> None:
    verify_table(*_terms((FIRST, 1, 0), (LAST_DAY, 999_999, 0)))
    with pytest.raises(TermOutOfRange) as refused:
        verify_table(*_terms((FIRST, 1, 0), (LAST_DAY + 1, 999_999, 0)))
    assert vars(refused.value) == {"term": "lastDueDay", "value": 115_001, "least": 0, "most": 115_000}


def test_interest_up_to_what_has_accrued() -> None:
    verify_table(*_terms((FIRST, 1, ACCRUED[0]), (SECOND, 999_999, ACCRUED[1])))
    with pytest.raises(TableInterestExceeds) as refused:
        verify_table(*_terms((FIRST, 1, ACCRUED[0]), (SECOND, 999_999, ACCRUED[1] + 1)))
    assert vars(refused.value) == {"row": 1, "interest_minor": 11_124, "accrued_minor": 11_123}


def test_a_flat_rate_accrues_on_the_whole_principal() -> None:
    rows = ((FIRST, 999_999, 0), (SECOND, 1, sum(ACCRUED)))
    verify_table(*_terms(*rows, method=Method.CUSTOM_FLAT))
    with pytest.raises(TableInterestExceeds) as refused:
        verify_table(*_terms(*rows))
    assert refused.value.accrued_minor == ACCRUED[0]


def test_principal_up_to_the_balance_and_all_of_it() -> None:
    with pytest.raises(TablePrincipalExceeds) as exceeded:
        verify_table(*_terms((FIRST, 400_000, 0), (SECOND, 600_001, 0)))
    assert vars(exceeded.value) == {"row": 1, "principal_minor": 600_001, "balance_minor": 600_000}
    for last, left in ((599_999, 1), (0, 600_000)):
        with pytest.raises(TableBalanceLeft) as refused:
            verify_table(*_terms((FIRST, 400_000, 0), (SECOND, last, 1)))
        assert refused.value.balance_minor == left
    with pytest.raises(TableBalanceLeft) as early:
        verify_table(*_terms((FIRST, 1_000_000, 0), (SECOND, 0, 1)))
    assert early.value.balance_minor == 0


def test_a_row_pays_at_least_a_cent() -> None:
    verify_table(*_terms((FIRST, 1, 0), (SECOND, 999_999, 0)))
    verify_table(*_terms((FIRST, 0, 1), (SECOND, 1_000_000, 0)))
    with pytest.raises(ScheduleDegenerate) as refused:
        verify_table(*_terms((FIRST, 0, 0), (SECOND, 1_000_000, 0)))
    assert vars(refused.value) == {"row": 0, "interest_minor": 0, "balance_minor": 1_000_000}


def test_the_largest_row_and_one_beyond() -> None:
    rows = ((FIRST, MAX_ROW_MINOR - 1, 1), (SECOND, 1, 0))
    verify_table(*_terms(*rows, principal_minor=MAX_ROW_MINOR))
    with pytest.raises(RowTooLarge) as refused:
        verify_table(*_terms((FIRST, MAX_ROW_MINOR - 1, 2), (SECOND, 1, 0), principal_minor=MAX_ROW_MINOR))
    assert vars(refused.value) == {"row": 0, "total_minor": 2**39, "most_minor": 2**39 - 1}


def test_a_table_has_a_row() -> None:
    terms, _ = _terms((FIRST, 1_000_000, 0), periods=0)
    with pytest.raises(RowCountMismatch):
        verify_table(terms, [])


@pytest.mark.parametrize("periods", [1, 3])
def test_as_many_rows_as_agreed(periods: int) -> None:
    with pytest.raises(RowCountMismatch) as refused:
        verify_table(*_terms((FIRST, 1, 0), (SECOND, 999_999, 0), periods=periods))
    assert vars(refused.value) == {"rows": 2, "periods": periods}


def test_the_agreed_first_day_is_the_first_row_s() -> None:
    with pytest.raises(TermOutOfRange) as refused:
        verify_table(*_terms((FIRST, 1_000_000, 0), first_due_day=FIRST + 1))
    assert vars(refused.value) == {"term": "firstDueDay", "value": FIRST + 1, "least": FIRST, "most": FIRST}


def test_a_formula_is_no_table_and_a_table_counts_no_months() -> None:
    terms, rows = _terms((FIRST, 1_000_000, 0))
    with pytest.raises(UnsupportedMethod):
        verify_table(replace(terms, method=Method.BULLET), rows)
    with pytest.raises(UnsupportedDayCount):
        verify_table(replace(terms, day_count=DayCount.MONTHS_360), rows)


def test_480_rows_of_a_day() -> None:
    start = BASE.disbursement_day
    daily = interest(1_000_000, BASE.rate_ppm, parts_between(BASE.day_count, start, start + 1), BASE.day_count)
    rows = [(start + 1 + k, 0, daily) for k in range(479)] + [(start + 480, 1_000_000, daily)]
    verify_table(*_terms(*rows))
