"""What a schedule follows from, as offers and loans tell it, so that a phone can compute the rows and prices anew."""

from collections.abc import Sequence
from typing import Any

from pydantic import Field

from api.kit.types import Schema
from api.offers.example import EXAMPLE_ROOT
from contracts.schedule import RateUndefined, Row, ScheduleTerms, all_in_rate_ppm
from contracts.typed_data import Agreement


class ShapeOut(Schema):
    """The terms of the agreement that its rows follow from, in the numbers that are signed."""

    principal_minor: int = Field(examples=[1_200_000])
    rate_ppm: int = Field(examples=[96_000])
    method: int = Field(
        ge=0,
        le=6,
        examples=[0],
        description="0 annuity, 1 equal principal, 2 interest only, 3 bullet, 4 flat, 5 table, 6 table at a flat rate",
    )
    periods: int = Field(examples=[12], description="the number of rows")
    period_unit: int = Field(ge=0, le=1, examples=[0], description="0 month, 1 day")
    period_length: int = Field(examples=[1], description="units from one due day to the next; 0 for a table")
    interest_only_periods: int = Field(examples=[0], description="how many first rows repay nothing")
    disbursement_day: int = Field(examples=[20_416])
    first_due_day: int = Field(examples=[20_446])
    anchor_day: int = Field(examples=[24], description="day of the month on which rows are due; 0 without months")
    day_count: int = Field(
        ge=0,
        le=5,
        examples=[0],
        description="0 ACT/365F, 1 ACT/360, 2 30E/360, 3 30/360 US, 4 ACT/ACT ISDA, 5 months and days / 360",
    )
    rounding: int = Field(examples=[0], description="mode | residue << 4 | levelling << 8; 0 rounds half up, levelled")
    instalment_minor: int = Field(examples=[105_259], description="0 where the method has none")
    instalment_multiple_minor: int = Field(examples=[1])
    schedule_root: str = Field(examples=[EXAMPLE_ROOT], description="what both sides sign of the rows")


def shape_of(agreement: Agreement) -> dict[str, Any]:
    """The members of a ShapeOut."""
    members = {name: getattr(agreement, name) for name in ShapeOut.model_fields}
    return {**members, "schedule_root": "0x" + agreement.schedule_root.hex()}


def all_in_ppm(agreement: Agreement, rows: Sequence[Row]) -> int | None:
    """The all-in annual rate on the principal in use (simple method); None when no principal ever is in use."""
    try:
        return all_in_rate_ppm(ScheduleTerms.of(agreement), rows, agreement.upfront_fee_minor)
    except RateUndefined:
        return None
