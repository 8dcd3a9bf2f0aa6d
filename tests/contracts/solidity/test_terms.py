"""What an agreement may say: each limit at its edge and one step beyond it."""

from dataclasses import replace
from typing import Any

import pytest

from contracts.schedule import DayCount, Method, PeriodUnit, RoundingMode, Row
from contracts.typed_data import Agreement
from scripts.workbench.system import FIRST_DAY, Draft, Person, System
from tests.contracts.conftest import Refused

ANYONE = Person(None, "0x" + "50" * 20)  # type: ignore[arg-type]
LAST_DAY = 115_000
MAX_INSTALMENT = 2**38 - 1
ANNUITY, EQUAL, REST, BULLET, FLAT, CUSTOM = range(6)
FIRST = 0x10
EXACT = 0x100

Changes = dict[str, Any]


def _agreement(system: System, **changes: Any) -> Agreement:
    """A sound annuity of two rows with some words changed; nobody has computed a root for it."""
    sound = system.agreement(ANYONE, Draft(periods=2, rate_ppm=100))
    return replace(sound, **changes)


def _derive(system: System, **changes: Any) -> list[int]:
    rows: list[int] = system.read("LoanBook", "deriveSchedule", _agreement(system, **changes))["rows"]
    return rows


DAYS: Changes = {"period_unit": PeriodUnit.DAY, "anchor_day": 0}
RESTING: Changes = {"method": REST, "instalment_minor": 0}
ONE_ROW: Changes = {"method": BULLET, "periods": 1, "instalment_minor": 0}

WORDS: list[tuple[Changes, str]] = [
    ({"method": 7}, "UnsupportedMethod"),
    ({"method": 2**255}, "UnsupportedMethod"),
    ({"method": CUSTOM, "period_length": 0, "anchor_day": 0, "instalment_minor": 0}, "UnsupportedMethod"),
    ({"period_unit": 2}, "UnsupportedPeriodUnit"),
    ({"day_count": 6}, "UnsupportedDayCount"),
    ({**DAYS, "day_count": DayCount.MONTHS_360}, "UnsupportedDayCount"),
    ({"rounding": 4}, "UnsupportedRounding"),
    ({"rounding": FIRST}, "UnsupportedRounding"),
    ({**RESTING, "rounding": FIRST}, "UnsupportedRounding"),
    ({"method": EQUAL, "rounding": 0x20}, "UnsupportedRounding"),
    ({"rounding": 0x200}, "UnsupportedRounding"),
    ({"rounding": 0x1000}, "UnsupportedRounding"),
    ({"rounding": 2**255}, "UnsupportedRounding"),
    ({"instalment_multiple_minor": 0}, "InstalmentNotMultiple"),
    ({**RESTING, "instalment_multiple_minor": 0}, "InstalmentNotMultiple"),
    ({"instalment_multiple_minor": 7_919}, "InstalmentNotMultiple"),
    ({"anchor_day": 30}, "FirstDueDayInconsistent"),
]


@pytest.mark.parametrize(("changes", "error"), [pair for pair in WORDS if pair[1] != "FirstDueDayInconsistent"])
def test_words_that_mean_nothing_are_refused(system: System, refused: Refused, changes: Changes, error: str) -> None:
    with refused(error):
        _derive(system, **changes)


def test_the_first_due_day_is_the_anchors(system: System, refused: Refused) -> None:
    march_30 = FIRST_DAY + 58
    with refused("FirstDueDayInconsistent", first_due_day=march_30, derived_day=march_30 + 1):
        _derive(system, first_due_day=march_30)
    assert _derive(system, first_due_day=march_30, anchor_day=30)[0] >> 224 == march_30


ALLOWED_ROUNDINGS = [
    *((ANNUITY, mode) for mode in RoundingMode),
    (ANNUITY, EXACT),
    (EQUAL, FIRST),
    (EQUAL, EXACT | FIRST | RoundingMode.DOWN),
    (FLAT, EXACT | RoundingMode.UP),
]


@pytest.mark.parametrize(("method", "rounding"), ALLOWED_ROUNDINGS)
def test_every_rounding_of_a_method_is_known(system: System, method: int, rounding: int) -> None:
    assert len(_derive(system, method=method, rounding=rounding, instalment_minor=500_000 + 12_000)) == 2


def test_no_instalment_is_a_multiple_of_anything(system: System) -> None:
    assert len(_derive(system, **RESTING, instalment_multiple_minor=1_000)) == 2


EDGES: list[tuple[Changes, str, int, int]] = [
    ({}, "period_length", 1, 120),
    (DAYS, "period_length", 1, 3_660),
    ({}, "interest_only_periods", 0, 1),
    ({"method": EQUAL, "instalment_minor": 600_000}, "interest_only_periods", 0, 1),
    ({"method": FLAT, "instalment_minor": 600_000}, "interest_only_periods", 0, 1),
    (RESTING, "interest_only_periods", 0, 0),
    (ONE_ROW, "interest_only_periods", 0, 0),
    (ONE_ROW, "periods", 1, 1),
    (RESTING, "periods", 1, 480),
    (RESTING, "instalment_minor", 0, 0),
    (ONE_ROW, "instalment_minor", 0, 0),
    (DAYS, "anchor_day", 0, 0),
    (DAYS, "first_due_day", FIRST_DAY + 1, FIRST_DAY + 3_660),
    ({**DAYS, "first_due_day": 100_001}, "disbursement_day", 100_001 - 3_660, 100_000),
    ({}, "grace_days", 0, 255),
    ({}, "late_fee_minor", 0, 2**32 - 1),
    ({}, "penalty_rate_ppm", 0, 2**24 - 1),
    ({}, "penalty_max_days", 0, 2**16 - 1),
]


def _camel(name: str) -> str:
    head, *rest = name.split("_")
    return head + "".join(part.capitalize() for part in rest)


def _named(name: str) -> bytes:
    return _camel(name).encode().ljust(32, b"\0")


@pytest.mark.parametrize(("changes", "name", "least", "most"), EDGES)
def test_both_edges_of_a_term_are_allowed(system: System, changes: Changes, name: str, least: int, most: int) -> None:
    for value in (least, most):
        assert _derive(system, **(changes | {name: value}))


@pytest.mark.parametrize(("changes", "name", "least", "most"), EDGES)
def test_a_step_beyond_either_edge_is_not(
    system: System, refused: Refused, changes: Changes, name: str, least: int, most: int
) -> None:
    refusals = [(most + 1, {"most": most})]
    if least and name != "disbursement_day":  # days before 1970 are no numbers
        refusals.append((least - 1, {"least": least}))
    for value, bound in refusals:
        with refused("TermOutOfRange", term=_named(name), value=value, **bound):
            _derive(system, **(changes | {name: value}))


@pytest.mark.parametrize("anchor", [1, 31])
def test_the_anchor_is_a_day_of_a_month(system: System, refused: Refused, anchor: int) -> None:
    first = FIRST_DAY + 1 if anchor == 1 else FIRST_DAY + 28
    assert _derive(system, anchor_day=anchor, first_due_day=first)
    beyond = 0 if anchor == 1 else 32
    with refused("TermOutOfRange", term=_named("anchor_day"), value=beyond, least=1, most=31):
        _derive(system, anchor_day=beyond)


def test_amounts_fit_their_slots(system: System, refused: Refused) -> None:
    most = {"principal_minor": 2 * MAX_INSTALMENT, "rate_ppm": 0, "instalment_minor": MAX_INSTALMENT}
    rows = _derive(system, **most)
    assert [row >> 112 & (1 << 112) - 1 for row in rows] == [MAX_INSTALMENT, MAX_INSTALMENT]
    with refused("TermOutOfRange", term=_named("instalment_minor"), value=2**38, least=1, most=MAX_INSTALMENT):
        _derive(system, **(most | {"instalment_minor": 2**38}))
    with refused("TermOutOfRange", term=_named("principal_minor"), value=2**44):
        _derive(system, principal_minor=2**44)
    with refused("TermOutOfRange", term=_named("rate_ppm"), value=2**24, most=2**24 - 1):
        _derive(system, rate_ppm=2**24)


def test_a_row_fits_its_slot(system: System, refused: Refused) -> None:
    most = 2**39 - 1
    at_the_edge = {**RESTING, "rate_ppm": 0, "periods": 1, "principal_minor": most}
    assert _derive(system, **at_the_edge)[0] >> 112 & (1 << 112) - 1 == most
    with refused("RowTooLarge", row=0, total_minor=2**39, most_minor=most):
        _derive(system, **(at_the_edge | {"principal_minor": 2**39}))
    spread: Changes = {"method": EQUAL, "instalment_minor": MAX_INSTALMENT, "periods": 64, "rate_ppm": 0}
    assert sum(row >> 112 & (1 << 112) - 1 for row in _derive(system, **spread, principal_minor=2**44 - 1)) == 2**44 - 1
    dear: Changes = {"principal_minor": 2**44 - 1, "rate_ppm": 1_000_000}
    interest = ((2**44 - 1) * 28 * 2 + 365) // (2 * 365)
    with refused("RowTooLarge", row=0, total_minor=interest, most_minor=most):
        _derive(system, **RESTING, **dear)
    with refused("RowTooLarge", row=0, total_minor=interest + 2**38 - 1):
        _derive(system, method=EQUAL, instalment_minor=2**38 - 1, periods=65, **dear)


def test_the_first_day_is_that_of_1970(system: System) -> None:
    assert _derive(system, **DAYS, disbursement_day=0, first_due_day=3_660)


def test_the_last_due_day_can_be_kept(system: System, refused: Refused) -> None:
    late: Changes = {**DAYS, **RESTING, "disbursement_day": 100_000, "period_length": 1_000, "periods": 15}
    first = LAST_DAY - 14 * 1_000
    assert _derive(system, **late, first_due_day=first)[-1] >> 224 == LAST_DAY
    with refused("TermOutOfRange", term=_named("last_due_day"), value=LAST_DAY + 1, least=0, most=LAST_DAY):
        _derive(system, **late, first_due_day=first + 1)


def test_the_last_month_can_be_kept(system: System, refused: Refused) -> None:
    start: Changes = {**RESTING, "disbursement_day": 100_000, "first_due_day": 100_009, "anchor_day": 26}
    assert LAST_DAY - (_derive(system, **start, period_length=12, periods=42)[-1] >> 224) < 366
    with refused("TermOutOfRange", term=_named("last_due_day"), most=LAST_DAY):
        _derive(system, **start, period_length=12, periods=43)


TABLE_WORDS = ["period_unit", "period_length", "interest_only_periods", "anchor_day", "instalment_minor"]


def _table(system: System, **changes: Any) -> bytes:
    rows = [Row(1, FIRST_DAY + 30, 1_000_000, 0)]
    words: Changes = {
        "method": int(Method.CUSTOM),
        "periods": 1,
        "period_length": 0,
        "anchor_day": 0,
        "instalment_minor": 0,
        "first_due_day": rows[0].due_day,
    }
    agreement = _agreement(system, **(words | changes))
    root: bytes = system.read("LoanBook", "verifyTable", agreement, [row.word for row in rows])
    return root


@pytest.mark.parametrize("name", TABLE_WORDS)
def test_a_table_has_no_periods_of_its_own(system: System, refused: Refused, name: str) -> None:
    assert _table(system)
    with refused("TermOutOfRange", term=_named(name), value=1, least=0, most=0):
        _table(system, **{name: 1})


@pytest.mark.parametrize("multiple", [0, 2])
def test_a_table_has_no_multiple(system: System, refused: Refused, multiple: int) -> None:
    with refused("TermOutOfRange", term=_named("instalment_multiple_minor"), value=multiple, least=1, most=1):
        _table(system, instalment_multiple_minor=multiple)


@pytest.mark.parametrize("rounding", [FIRST, EXACT, 4])
def test_a_table_is_rounded_by_a_mode_alone(system: System, refused: Refused, rounding: int) -> None:
    assert _table(system, rounding=RoundingMode.DOWN)
    with refused("UnsupportedRounding", rounding=rounding):
        _table(system, rounding=rounding)


def test_a_table_counts_no_months(system: System, refused: Refused) -> None:
    with refused("UnsupportedDayCount", day_count=DayCount.MONTHS_360):
        _table(system, day_count=DayCount.MONTHS_360)


def test_the_methods_are_numbered_as_the_twins(system: System) -> None:
    assert [method.value for method in Method] == list(range(7))
    assert [unit.value for unit in PeriodUnit] == [0, 1]
