"""Random plans as JSON: what a lender could say."""

from typing import Any

from hypothesis import strategies as st

from contracts.schedule import DayCount, Method, date_of

SEVEN_DAYS = 7
DAY_COUNTS = [count.name.lower() for count in DayCount]
METHODS = [method.name.lower() for method in Method if not method.is_table]
UNITS = {"days": 90, "weeks": 12, "months": 6, "years": 1}


@st.composite
def plans(draw: st.DrawFn, methods: list[str] | None = None) -> dict[str, Any]:
    """A plan of a formula method with any of the things that an agreement has no words for."""
    method = draw(st.sampled_from(methods or METHODS))
    unit = draw(st.sampled_from(list(UNITS)))
    periods = 1 if method == "bullet" else draw(st.integers(1, 24))
    principal = draw(st.integers(10_000 * periods, 10**9))
    counts = DAY_COUNTS if unit in {"months", "years"} else DAY_COUNTS[:-1]
    plan: dict[str, Any] = {
        "method": method,
        "principal_minor": principal,
        "rate_ppm": draw(st.integers(0, 240_000)),
        "periods": periods,
        "period": {"unit": unit, "every": draw(st.integers(1, UNITS[unit]))},
        "disbursement_date": date_of(draw(st.integers(18_000, 30_000))).isoformat(),
        "day_count": draw(st.sampled_from(counts)),
        "rounding": {"mode": draw(st.sampled_from(["half_up", "half_even", "up", "down"]))},
        "fees": {"upfront_minor": draw(st.integers(0, principal // 20)), "financed_minor": draw(st.integers(0, 5_000))},
    }
    if draw(st.booleans()):
        plan["down_payment"] = {"percent_ppm": draw(st.integers(0, 500_000))}
    if draw(st.booleans()):
        plan["moratorium"] = draw(_moratoria(method, periods))
    if draw(st.booleans()):
        plan["business_days"] = draw(business_days(plan["day_count"] != "months_360"))
    return plan


@st.composite
def _moratoria(draw: st.DrawFn, method: str, periods: int) -> dict[str, Any]:
    resting = draw(st.integers(0, periods - 1)) if method in {"annuity", "equal_principal", "flat"} else 0
    most = resting if method in {"annuity", "flat"} else periods - 1
    return {
        "principal_periods": resting,
        "interest_periods": draw(st.integers(0, most)),
        "interest": draw(st.sampled_from(["deferred", "waived"])),
    }


@st.composite
def business_days(draw: st.DrawFn, adjusted: bool) -> dict[str, Any]:
    """A calendar with holidays and make-up days."""
    dates = st.lists(st.integers(18_000, 31_000).map(lambda day: date_of(day).isoformat()), max_size=30)
    return {
        "shift": draw(st.sampled_from(["following", "modified_following", "preceding"])),
        "interest": draw(st.sampled_from(["adjusted", "unadjusted"])) if adjusted else "unadjusted",
        "weekend": draw(st.sampled_from([[6, 7], [5, 6], [7], []])),
        "holidays": draw(dates),
        "workdays": draw(dates),
    }
