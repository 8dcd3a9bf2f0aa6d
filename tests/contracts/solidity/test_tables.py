"""LoanBook.verifyTable: what a table may say, and the root that stands for it."""

from dataclasses import replace
from typing import Any

import pytest

from contracts.schedule import DayCount, Method, RoundingMode, Row, proof_root, schedule_root, table_proof
from contracts.schedule.day_count import interest as interest_of
from contracts.typed_data import Agreement
from scripts.workbench.system import FIRST_DAY, Draft, Person, System
from tests.contracts.conftest import Refused

ANYONE = Person(None, "0x" + "50" * 20)  # type: ignore[arg-type]
ONLY_ONES = 1_000_000
"""A rate at which a day of 365 costs a 365th of the principal."""
ISDA = DayCount.ACT_ACT_ISDA
PARTS_OF_ALL_DAYS = 365 * 366 * 314 + 365 * 314
"""From 1970-01-01 to the last day that can be due, 2284-11-10: 314 days into a leap year."""
YEAR = 365
P = YEAR * 1_000

Words = list[tuple[int, int, int]]


def table(*rows: tuple[int, int, int]) -> list[Row]:
    """Rows by days after the first, principal and interest."""
    return [Row(nr, FIRST_DAY + day, principal, interest) for nr, (day, principal, interest) in enumerate(rows, 1)]


def terms(rows: list[Row], **changes: Any) -> Draft:
    """A table at 100 % a year on 365 days, so that the principal of 365,000 accrues 1,000 a day."""
    return Draft(
        principal_minor=P,
        rate_ppm=ONLY_ONES,
        periods=len(rows),
        first_due_day=rows[0].due_day if rows else FIRST_DAY,
        anchor_day=0,
        method=changes.pop("method", Method.CUSTOM),
        period_length=0,
        **changes,
    )


def _agreement(system: System, rows: list[Row], changes: dict[str, Any]) -> Agreement:
    return replace(system._draft(ANYONE, terms(rows)), **changes)


def _verify(system: System, rows: list[Row], **changes: Any) -> bytes:
    words = [row.word for row in rows]
    root: bytes = system.read("LoanBook", "verifyTable", _agreement(system, rows, changes), words)
    return root


STEADY: Words = [(10, 100_000, 10_000), (20, 100_000, 7_260), (30, 165_000, 4_521)]
"""Interest of ten days on 365,000, 265,000 and 165,000, the halves rounded up: 10,000, 7,260.27, 4,520.55."""


def test_interest_may_be_all_that_accrues(system: System, refused: Refused) -> None:
    assert _verify(system, table(*STEADY)) == schedule_root(Method.CUSTOM, table(*STEADY))
    for row, (day, principal, interest) in enumerate(STEADY):
        rows = [*STEADY[:row], (day, principal, interest + 1), *STEADY[row + 1 :]]
        with refused("TableInterestExceeds", row=row, interest_minor=interest + 1, accrued_minor=interest):
            _verify(system, table(*rows))


def test_interest_not_asked_for_may_be_asked_for_later_or_never(system: System, refused: Refused) -> None:
    _verify(system, table((10, 100_000, 0), (20, 100_000, 17_260), (30, 165_000, 4_521)))
    _verify(system, table((10, 100_000, 0), (20, 100_000, 0), (30, 165_000, 21_781)))
    _verify(system, table((10, 100_000, 0), (20, 100_000, 0), (30, 165_000, 0)))
    with refused("TableInterestExceeds", row=2, interest_minor=21_782, accrued_minor=21_781):
        _verify(system, table((10, 100_000, 0), (20, 100_000, 0), (30, 165_000, 21_782)))


def test_a_flat_table_accrues_on_the_whole_principal(system: System, refused: Refused) -> None:
    flat = [(10, 100_000, 10_000), (20, 100_000, 10_000), (30, 165_000, 10_000)]
    rows = table(*flat)
    assert _verify(system, rows, method=Method.CUSTOM_FLAT) == schedule_root(Method.CUSTOM_FLAT, rows)
    with refused("TableInterestExceeds", row=1, interest_minor=10_000, accrued_minor=7_260):
        _verify(system, rows)
    with refused("TableInterestExceeds", row=2, interest_minor=10_001, accrued_minor=10_000):
        _verify(system, table(*flat[:2], (30, 165_000, 10_001)), method=Method.CUSTOM_FLAT)


@pytest.mark.parametrize(("mode", "accrued"), [(0, 7_260), (1, 7_260), (2, 7_261), (3, 7_260)])
def test_interest_is_rounded_by_the_agreed_mode(system: System, refused: Refused, mode: int, accrued: int) -> None:
    rows = table(STEADY[0], (20, 100_000, accrued), (30, 165_000, 0))
    _verify(system, rows, rounding=mode)
    with refused("TableInterestExceeds", row=1, accrued_minor=accrued):
        _verify(system, table(STEADY[0], (20, 100_000, accrued + 1), (30, 165_000, 0)), rounding=mode)


ACCRUED = [(DayCount.ACT_365F, 59_000), (DayCount.ACT_360, 59_819), (DayCount.ACT_ACT_ISDA, 59_000)]
THIRTIES = [(DayCount.THIRTY_E_360, 60_833), (DayCount.THIRTY_360_US, 60_833)]


@pytest.mark.parametrize(("day_count", "accrued"), [*ACCRUED, *THIRTIES])
def test_interest_accrues_by_the_agreed_day_count(
    system: System, refused: Refused, day_count: DayCount, accrued: int
) -> None:
    """From 2026-01-31 to 2026-03-31: 59 days, two months."""
    _verify(system, table((59, P, accrued)), day_count=day_count)
    with refused("TableInterestExceeds", accrued_minor=accrued):
        _verify(system, table((59, P, accrued + 1)), day_count=day_count)


def test_a_down_payment_may_be_due_at_once_but_not_before(system: System, refused: Refused) -> None:
    _verify(system, table((0, 65_000, 0), (30, 300_000, 0)))
    with refused("TermOutOfRange", term=b"firstDueDay".ljust(32, b"\0"), value=FIRST_DAY - 1, least=FIRST_DAY):
        _verify(system, table((-1, 65_000, 0), (30, 300_000, 0)))


@pytest.mark.parametrize("day", [30, 29, 0])
def test_days_ascend(system: System, refused: Refused, day: int) -> None:
    with refused("TableDayNotLater", row=1, due_day=FIRST_DAY + day, previous_day=FIRST_DAY + 30):
        _verify(system, table((30, 65_000, 0), (day, 300_000, 0)))


def test_days_end_where_all_schedules_end(system: System, refused: Refused) -> None:
    last = 115_000 - FIRST_DAY
    _verify(system, table((30, 1, 0), (last, P - 1, 0)))
    with refused("TermOutOfRange", term=b"lastDueDay".ljust(32, b"\0"), value=115_001, most=115_000):
        _verify(system, table((30, 1, 0), (last + 1, P - 1, 0)))


def test_the_first_due_day_is_the_first_rows(system: System, refused: Refused) -> None:
    rows = table((30, P, 0))
    first = FIRST_DAY + 30
    with refused("TermOutOfRange", value=first + 1, least=first, most=first):
        _verify(system, rows, first_due_day=first + 1)


def test_the_principal_adds_up(system: System, refused: Refused) -> None:
    with refused("TablePrincipalExceeds", row=1, principal_minor=P - 999, balance_minor=P - 1_000):
        _verify(system, table((10, 1_000, 0), (20, P - 999, 0)))
    with refused("TableBalanceLeft", balance_minor=1):
        _verify(system, table((10, 1_000, 0), (20, P - 1_001, 0)))
    with refused("TableBalanceLeft", balance_minor=0):
        _verify(system, table((10, P, 0), (20, 0, 5)))


def test_every_row_asks_for_something(system: System, refused: Refused) -> None:
    _verify(system, table((10, 0, 1), (20, 1, 0), (30, P - 1, 0)))
    with refused("ScheduleDegenerate", row=1, interest_minor=0, balance_minor=P - 1):
        _verify(system, table((10, 1, 0), (20, 0, 0), (30, P - 1, 0)))


def test_a_row_fits_its_slot(system: System, refused: Refused) -> None:
    most = 2**39 - 1
    _verify(system, table((10, most, 0)), principal_minor=most)
    _verify(system, table((10, most - 5, 5)), principal_minor=most - 5)
    with refused("RowTooLarge", row=0, total_minor=2**39, most_minor=most):
        _verify(system, table((10, most, 1)), principal_minor=most)


def test_the_number_of_rows_is_agreed(system: System, refused: Refused) -> None:
    rows = table((10, 1, 0), (20, P - 1, 0))
    for periods in (1, 3):
        with refused("RowCountMismatch", rows=2, periods=periods):
            _verify(system, rows, periods=periods)
    with refused("RowCountMismatch", rows=0, periods=2):
        system.read("LoanBook", "verifyTable", _agreement(system, rows, {}), [])


@pytest.mark.parametrize("method", [method for method in Method if not method.is_table])
def test_a_formula_is_not_a_table(system: System, refused: Refused, method: Method) -> None:
    rows = table((28, P, 0))
    formula: dict[str, Any] = {"method": int(method), "period_length": 1, "anchor_day": 31}
    formula |= {"instalment_minor": 1 if method.has_instalment else 0}
    with refused("UnsupportedMethod", method=method):
        _verify(system, rows, **formula)


@pytest.mark.parametrize("number", [1, 2, 3, 4, 5, 7, 8, 9, 12, 31, 32, 33, 256, 257, 480])
def test_the_root_is_the_twins_and_its_proofs_are_short(system: System, number: int) -> None:
    rows = table(*((day + 1, 1, 0) for day in range(number - 1)), (number, P - number + 1, 0))
    root = _verify(system, rows)
    assert root == schedule_root(Method.CUSTOM, rows)
    depth = (number - 1).bit_length()
    for row in {0, number // 2, number - 1}:
        proof = table_proof(rows, row)
        assert len(proof) <= depth <= 9
        assert proof_root(row, rows[row].word, proof) == root


@pytest.mark.parametrize("method", [Method.CUSTOM, Method.CUSTOM_FLAT])
@pytest.mark.parametrize("mode", range(4))
def test_interest_is_exact_where_every_number_is_at_its_most(
    system: System, refused: Refused, method: Method, mode: int
) -> None:
    """The most principal at the highest rate over all days there are, in the smallest parts of a year."""
    most, rate, last = 2**44 - 1, 2**24 - 1, 115_000
    rows = [Row(1, 0, 1, 0), Row(2, last, most - 1, 2**112 - 1)]
    accrued = interest_of(most - (method is Method.CUSTOM), rate, PARTS_OF_ALL_DAYS, ISDA, RoundingMode(mode))
    numbers: dict[str, Any] = {"principal_minor": most, "rate_ppm": rate, "disbursement_day": 0, "first_due_day": 0}
    with refused("TableInterestExceeds", row=1, interest_minor=2**112 - 1, accrued_minor=accrued):
        _verify(system, rows, method=method, day_count=ISDA, rounding=mode, **numbers)
