"""Plans as JSON: what each field may say, and the refusal that names it."""

from typing import Any

import pytest

from contracts.schedule import DayCount, Levelling, Method, PeriodUnit, Residue, RoundingMode, date_of
from contracts.schedule.plan import PlanRefused, parse_plan

PLAN: dict[str, Any] = {
    "method": "annuity",
    "principal_minor": 1_000_000,
    "rate_ppm": 120_000,
    "periods": 12,
    "disbursement_date": "2026-01-31",
}
ROW = {"due_date": "2026-03-01", "principal_minor": 1_000_000}
CUSTOM = {"method": "custom", "periods": None, "rows": [ROW]}


def test_the_least_that_must_be_said() -> None:
    plan = parse_plan(PLAN)
    assert (plan.period_unit, plan.period_length, plan.anchor_day) == (PeriodUnit.MONTH, 1, 31)
    assert date_of(plan.first_due_day).isoformat() == "2026-02-28"
    assert plan.day_count is DayCount.ACT_365F


@pytest.mark.parametrize(
    ("unit", "every", "kind", "length", "first"),
    [
        ("days", 10, PeriodUnit.DAY, 10, "2026-02-10"),
        ("weeks", 2, PeriodUnit.DAY, 14, "2026-02-14"),
        ("months", 3, PeriodUnit.MONTH, 3, "2026-04-30"),
        ("years", 2, PeriodUnit.MONTH, 24, "2028-01-31"),
    ],
)
def test_a_week_is_seven_days_and_a_year_twelve_months(
    unit: str, every: int, kind: PeriodUnit, length: int, first: str
) -> None:
    plan = parse_plan(PLAN | {"period": {"unit": unit, "every": every}})
    assert (plan.period_unit, plan.period_length) == (kind, length)
    assert date_of(plan.first_due_day).isoformat() == first


def test_an_anchor_moves_the_first_due_day_to_a_whole_period_or_more() -> None:
    plan = parse_plan(PLAN | {"anchor_day": 10})
    assert date_of(plan.first_due_day).isoformat() == "2026-03-10"


def test_an_instant_is_a_day_of_the_product_s_time_zone() -> None:
    instant = 1_769_875_200  # 2026-01-31 16:00 UTC
    at = {"disbursement_date": None, "disbursement_at": instant, "time_zone": "+08:00"}
    plan = parse_plan(PLAN | at)
    assert date_of(plan.disbursement_day).isoformat() == "2026-02-01"
    assert plan.time_zone_minutes == 480


def test_rounding_rules() -> None:
    rounding = {"mode": "UP", "residue": "first", "levelling": "exact", "multiple_minor": 10}
    plan = parse_plan(PLAN | {"method": "equal_principal", "rounding": rounding})
    assert (plan.rounding.mode, plan.rounding.residue) == (RoundingMode.UP, Residue.FIRST)
    assert (plan.rounding.levelling, plan.multiple_minor) == (Levelling.EXACT, 10)


def test_a_bullet_has_one_row() -> None:
    plan = parse_plan({**PLAN, "method": "bullet", "periods": None})
    assert (plan.method, plan.periods) == (Method.BULLET, 1)


@pytest.mark.parametrize(
    "edge",
    [
        {"principal_minor": 1},
        {"principal_minor": 2**44 - 1},
        {"rate_ppm": 0},
        {"rate_ppm": 2**24 - 1},
        {"periods": 1},
        {"periods": 480},
        {"period": {"unit": "days", "every": 3_660}},
        {"period": {"unit": "weeks", "every": 522}},
        {"period": {"unit": "months", "every": 120}},
        {"period": {"unit": "years", "every": 10}},
        {"disbursement_date": "1970-01-01"},
        {"disbursement_date": "2243-10-17"},
        {"first_due_date": "2026-02-01"},
        {"first_due_date": "2036-02-08"},
        {"time_zone": "-12:00"},
        {"time_zone": "+14:00"},
        {"disbursement_date": None, "disbursement_at": 43_200, "time_zone": "-12:00"},
        {"method": "custom", "periods": 1, "rows": [ROW | {"due_date": "2284-11-10"}]},
        {"moratorium": {"principal_periods": 11, "interest_periods": 11}},
        {"down_payment": {"amount_minor": 999_999}},
        {"down_payment": {"percent_ppm": 999_999}},
        {"fees": {"upfront_minor": 999_999}},
        {"fees": {"financed_minor": 2**44 - 1 - 1_000_000}},
        {"weights": [1_000_000] * 12},
        {"method": "bullet", "periods": 1},
        {"method": "custom", "periods": 480, "rows": [ROW] * 480},
    ],
)
def test_each_limit_may_be_reached(edge: dict[str, Any]) -> None:
    parse_plan(PLAN | edge)


REFUSALS: list[tuple[dict[str, Any], str, Any, str]] = [
    ({"method": "balloon"}, "method", "balloon", "annuity"),
    ({"method": None}, "method", None, "must be given"),
    ({"principal_minor": 0}, "principal_minor", 0, "from 1"),
    ({"principal_minor": 2**44}, "principal_minor", 2**44, str(2**44 - 1)),
    ({"principal_minor": 100.5}, "principal_minor", 100.5, "whole numbers"),
    ({"principal_minor": True}, "principal_minor", True, "whole numbers"),
    ({"rate_ppm": -1}, "rate_ppm", -1, "from 0"),
    ({"rate_ppm": 2**24}, "rate_ppm", 2**24, str(2**24 - 1)),
    ({"periods": 0}, "periods", 0, "from 1 to 480"),
    ({"periods": 481}, "periods", 481, "from 1 to 480"),
    ({"method": "bullet", "periods": 2}, "periods", 2, "from 1 to 1"),
    ({"period": {"unit": "quarters"}}, "period.unit", "quarters", "days, weeks, months, years"),
    ({"period": {"every": 121}}, "period.every", 121, "from 1 to 120"),
    ({"period": {"unit": "days", "every": 3_661}}, "period.every", 3_661, "from 1 to 3660"),
    ({"period": {"unit": "weeks", "every": 523}}, "period.every", 523, "from 1 to 522"),
    ({"period": {"unit": "years", "every": 11}}, "period.every", 11, "from 1 to 10"),
    ({"period": {"length": 2}}, "period.length", 2, "every, unit"),
    ({"period": "monthly"}, "period", "monthly", "object"),
    ({"disbursement_date": "2026-02-30"}, "disbursement_date", "2026-02-30", "YYYY-MM-DD"),
    ({"disbursement_date": "1969-12-31"}, "disbursement_date", "1969-12-31", "1970-01-01"),
    ({"disbursement_date": "2243-10-18"}, "disbursement_date", "2243-10-18", "2243-10-17"),
    ({"disbursement_at": -1}, "disbursement_at", -1, "from 0"),
    ({"first_due_date": "2026-01-31"}, "first_due_date", "2026-01-31", "2026-02-01"),
    ({"first_due_date": "2036-02-09"}, "first_due_date", "2036-02-09", "2036-02-08"),
    ({"first_due_date": "2026-02-27", "anchor_day": 31}, "first_due_date", "2026-02-27", "day 31"),
    (
        {"period": {"unit": "years", "every": 10}, "disbursement_date": "2026-01-15", "anchor_day": 31},
        "anchor_day",
        31,
        "2036-01-23 at the latest",
    ),
    ({"disbursement_date": 20260131}, "disbursement_date", 20260131, "YYYY-MM-DD"),
    ({"disbursement_date": "20260131"}, "disbursement_date", "20260131", "YYYY-MM-DD"),
    ({"disbursement_date": "2026-W05-6"}, "disbursement_date", "2026-W05-6", "YYYY-MM-DD"),
    (
        {"disbursement_date": None, "disbursement_at": 43_199, "time_zone": "-12:00"},
        "disbursement_at",
        43_199,
        "from 43200",
    ),
    ({"anchor_day": 0}, "anchor_day", 0, "from 1 to 31"),
    ({"anchor_day": 32}, "anchor_day", 32, "from 1 to 31"),
    ({"period": {"unit": "days"}, "anchor_day": 5}, "anchor_day", 5, "known here"),
    ({"day_count": "act_364"}, "day_count", "act_364", "act_365f"),
    ({"day_count": "months_360", "period": {"unit": "weeks"}}, "day_count", "months_360", "months or years"),
    ({"day_count": "months_360", **CUSTOM}, "day_count", "months_360", "months or years"),
    ({"rounding": {"mode": "ceiling"}}, "rounding.mode", "ceiling", "half_up"),
    ({"rounding": {"residue": "first"}}, "rounding.residue", "first", "last"),
    ({"rounding": {"levelling": "none"}}, "rounding.levelling", "none", "levelled"),
    ({"rounding": {"multiple_minor": 0}}, "rounding.multiple_minor", 0, "from 1"),
    ({"moratorium": {"principal_periods": 12}}, "moratorium.principal_periods", 12, "from 0 to 11"),
    ({"moratorium": {"interest_periods": 1}}, "moratorium.interest_periods", 1, "from 0 to 0"),
    ({"moratorium": {"interest": "forgiven"}}, "moratorium.interest", "forgiven", "waived"),
    (
        {"method": "bullet", "periods": 1, "moratorium": {"interest_periods": 1}},
        "moratorium.interest_periods",
        1,
        "to 0",
    ),
    ({"down_payment": {"amount_minor": 1_000_000}}, "down_payment.amount_minor", 1_000_000, "999999"),
    ({"down_payment": {"percent_ppm": 1_000_000}}, "down_payment.percent_ppm", 1_000_000, "999999"),
    (
        {"down_payment": {"percent_ppm": 900_000}, "rounding": {"multiple_minor": 1_000_000}},
        "down_payment.percent_ppm",
        900_000,
        "leave something",
    ),
    ({"down_payment": {"amount_minor": 1}, **CUSTOM}, "down_payment", "given", "none"),
    ({"fees": {"upfront_minor": 1_000_000}}, "fees.upfront_minor", 1_000_000, "999999"),
    ({"fees": {"financed_minor": 2**44}}, "fees.financed_minor", 2**44, "from 0"),
    ({"weights": [1] * 11}, "weights", [1] * 11, "12 whole numbers"),
    ({"weights": [1] * 11 + [0]}, "weights", [1] * 11 + [0], "last"),
    ({"weights": [1_000_001] * 12}, "weights", [1_000_001] * 12, "1000000"),
    ({"weights": "rising"}, "weights", "rising", "list"),
    ({"method": "interest_only", "weights": [1] * 12}, "weights", [1] * 12, "only annuity"),
    ({"weights": [1] * 12, "moratorium": {"principal_periods": 1}}, "moratorium.principal_periods", 1, "from 0 to 0"),
    ({**CUSTOM, "rows": []}, "rows", 0, "1 to 480"),
    ({**CUSTOM, "rows": [ROW] * 481}, "rows", 481, "1 to 480"),
    ({**CUSTOM, "periods": 2}, "periods", 2, "from 1 to 1"),
    ({**CUSTOM, "rows": [{"principal_minor": 1}]}, "rows[0].due_date", None, "must be given"),
    ({**CUSTOM, "rows": [ROW | {"interest_minor": -1}]}, "rows[0].interest_minor", -1, "from 0"),
    ({**CUSTOM, "rows": ["all"]}, "rows[0]", "all", "object"),
    ({**CUSTOM, "rows": [ROW | {"due_date": "2284-11-11"}]}, "rows[0].due_date", "2284-11-11", "to 2284-11-10"),
    ({**CUSTOM, "rows": [ROW | {"due_date": "1969-12-31"}]}, "rows[0].due_date", "1969-12-31", "from 1970-01-01"),
    ({"rows": [ROW]}, "rows", [ROW], "known here"),
    ({"business_days": {"shift": "nearest"}}, "business_days.shift", "nearest", "modified_following"),
    ({"business_days": {"interest": "both"}}, "business_days.interest", "both", "unadjusted"),
    ({"business_days": {"weekend": [True]}}, "business_days.weekend", [True], "1 (Monday) to 7"),
    ({"business_days": {"weekend": [6.0]}}, "business_days.weekend", [6.0], "1 (Monday) to 7"),
    ({"business_days": {"weekend": [0]}}, "business_days.weekend", [0], "1 (Monday) to 7"),
    ({"business_days": {"weekend": [1, 2, 3, 4, 5, 6, 7]}}, "business_days.weekend", [1, 2, 3, 4, 5, 6, 7], "not all"),
    ({"business_days": {"holidays": ["1 May"]}}, "business_days.holidays[0]", "1 May", "YYYY-MM-DD"),
    ({"business_days": {"workdays": [5]}}, "business_days.workdays[0]", 5, "YYYY-MM-DD"),
    ({"time_zone": "Asia/Shanghai"}, "time_zone", "Asia/Shanghai", "-12:00 to +14:00"),
    ({"time_zone": "+08:60"}, "time_zone", "+08:60", "-12:00 to +14:00"),
    ({"time_zone": "+\u0660\u0668:00"}, "time_zone", "+\u0660\u0668:00", "-12:00 to +14:00"),
    ({"time_zone": "+14:01"}, "time_zone", "+14:01", "+14:00"),
    ({"time_zone": "-12:01"}, "time_zone", "-12:01", "-12:00"),
    ({"time_zone": 480}, "time_zone", 480, "+08:00"),
    ({"currency": "CNY"}, "currency", "CNY", "known here"),
]


@pytest.mark.parametrize(
    ("change", "field", "value", "limit"), REFUSALS, ids=[f"{row[1]} {row[2]}"[:60] for row in REFUSALS]
)
def test_a_refusal_names_field_value_and_limit(change: dict[str, Any], field: str, value: Any, limit: str) -> None:
    with pytest.raises(PlanRefused) as refused:
        parse_plan(PLAN | change)
    assert (refused.value.field, refused.value.value) == (field, value)
    assert limit in refused.value.limit
    assert field in str(refused.value)
