"""What a schedule reads of a signed agreement, and what it refuses in it."""

from dataclasses import replace

import pytest
from hypothesis import given

from contracts.schedule import (
    DayCount,
    Levelling,
    Method,
    PeriodUnit,
    Residue,
    Rounding,
    RoundingMode,
    Row,
    ScheduleTerms,
    TableInterestExceeds,
    UnsupportedDayCount,
    UnsupportedMethod,
    UnsupportedRounding,
    agreed_rows,
    derive,
    level_instalment,
)
from contracts.typed_data import Agreement
from tests.contracts.schedule.strategies import Derived, schedules, tables
from tests.contracts.schedule.vectors import monthly

YEAR = monthly("2026-01-15", "2026-02-15", 15, periods=12)
NOBODY = "0x" + "00" * 20


def agreement(terms: ScheduleTerms, instalment_minor: int, **changes: int) -> Agreement:
    """An agreement over a schedule between nobodies."""
    blank = {"address": NOBODY, "bytes32": bytes(32)}
    values = {field.name: blank.get(field.type, 0) for field in Agreement.fields()}
    names = {name for name in values if hasattr(terms, name)}
    values |= {name: getattr(terms, name) for name in names}
    values |= {"rounding": terms.rounding.word, "instalment_multiple_minor": terms.multiple_minor}
    return Agreement(**values | {"instalment_minor": instalment_minor} | changes)  # type: ignore[arg-type]


SIGNED = """
borrower lender currency principalMinor method ratePpm periods periodUnit periodLength interestOnlyPeriods
disbursementDay latestOriginationDay firstDueDay anchorDay timeZoneMinutes dayCount rounding instalmentMinor
instalmentMultipleMinor upfrontFeeMinor aprPpm graceDays lateFeeMinor penaltyRatePpm penaltyMaxDays waterfall
coolingOffDays productId scoreReport documentHash scheduleRoot salt deadline
"""


def test_the_agreement_has_its_fields_in_signing_order() -> None:
    assert [field.key for field in Agreement.fields()] == SIGNED.split()


@given(schedules(max_periods=6))
def test_signed_terms_are_the_terms(found: Derived) -> None:
    signed = agreement(found.terms, found.instalment_minor)
    assert ScheduleTerms.of(signed) == found.terms
    assert agreed_rows(signed) == found.rows


@given(tables(max_periods=6))
def test_an_agreed_table_is_verified(found: Derived) -> None:
    signed = agreement(found.terms, 0)
    assert agreed_rows(signed, found.rows) == found.rows
    dearer = [replace(found.rows[0], interest_minor=found.rows[0].interest_minor + 1), *found.rows[1:]]
    with pytest.raises(TableInterestExceeds):
        agreed_rows(signed, dearer)


def test_a_formula_brings_no_table() -> None:
    rows = derive(YEAR, level_instalment(YEAR))
    with pytest.raises(UnsupportedMethod) as refused:
        agreed_rows(agreement(YEAR, rows[0].due_minor), rows)
    assert refused.value.method == Method.ANNUITY


@pytest.mark.parametrize("method", Method)
def test_a_residue_goes_first_only_among_equal_parts(method: Method) -> None:
    terms = replace(YEAR, method=method, rounding=Rounding(RoundingMode.UP, Residue.FIRST))
    if method == Method.EQUAL_PRINCIPAL:
        assert ScheduleTerms.of(agreement(terms, 1)) == terms
        return
    with pytest.raises(UnsupportedRounding) as refused:
        ScheduleTerms.of(agreement(terms, 1))
    assert refused.value.rounding == 0x12


@pytest.mark.parametrize("method", Method)
def test_a_table_has_no_instalment_to_level(method: Method) -> None:
    terms = replace(YEAR, method=method, rounding=Rounding(levelling=Levelling.EXACT))
    if not method.is_table:
        assert ScheduleTerms.of(agreement(terms, 1)) == terms
        return
    with pytest.raises(UnsupportedRounding) as refused:
        ScheduleTerms.of(agreement(terms, 1))
    assert refused.value.rounding == 0x100


@pytest.mark.parametrize(
    "changes",
    [
        {"period_unit": PeriodUnit.DAY, "day_count": DayCount.MONTHS_360},
        {"method": Method.CUSTOM, "day_count": DayCount.MONTHS_360},
        {"method": Method.CUSTOM_FLAT, "day_count": DayCount.MONTHS_360},
    ],
)
def test_months_are_counted_only_where_there_are_some(changes: dict[str, int]) -> None:
    with pytest.raises(UnsupportedDayCount):
        ScheduleTerms.of(agreement(YEAR, 1, **changes))


@pytest.mark.parametrize("changes", [{"method": 7}, {"period_unit": 2}, {"day_count": 6}])
def test_a_number_that_nothing_has_is_no_term(changes: dict[str, int]) -> None:
    with pytest.raises(ValueError):
        ScheduleTerms.of(agreement(YEAR, 1, **changes))


def test_rows_as_a_table_keep_rate_day_count_and_mode() -> None:
    rows = [Row(1, 20_480, 1_000_000, 5)]
    rounding = Rounding(RoundingMode.DOWN, levelling=Levelling.EXACT)
    flat = replace(YEAR, method=Method.FLAT, rounding=rounding, multiple_minor=10, interest_only_periods=2)
    table = flat.as_table(rows)
    assert table == ScheduleTerms(
        principal_minor=YEAR.principal_minor,
        rate_ppm=YEAR.rate_ppm,
        periods=1,
        disbursement_day=YEAR.disbursement_day,
        first_due_day=20_480,
        anchor_day=0,
        day_count=YEAR.day_count,
        rounding=Rounding(RoundingMode.DOWN),
        method=Method.CUSTOM_FLAT,
        period_length=0,
    )
