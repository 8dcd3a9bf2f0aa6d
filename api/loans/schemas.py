"""The answer of `loans`: one shape from the signature to the last instalment."""

from typing import Literal

from pydantic import Field

from api.kit.types import EXAMPLE_HASH, JsonObject, Schema
from api.offers.schemas import ALL_IN, APR
from api.offers.shape import ShapeOut

Status = Literal["pending", "active", "closed", "failed"]
RowStatus = Literal["paid", "partial", "due", "overdue", "upcoming"]


class RowOut(Schema):
    """One instalment; `balance_minor` is the scheduled principal after it."""

    nr: int = Field(examples=[1])
    due_day: int = Field(examples=[20_446])
    principal_minor: int = Field(examples=[95_000])
    interest_minor: int = Field(examples=[8_550])
    due_minor: int = Field(examples=[103_550])
    balance_minor: int = Field(examples=[1_105_000])
    paid_minor: int = Field(examples=[103_550])
    status: RowStatus = Field(examples=["paid"])
    paid_day: int | None = Field(examples=[20_446])


class LoanPaymentOut(Schema):
    """A payment as the contract booked it."""

    id: str = Field(examples=["pay_0193b2c4d1e09f3ab1c2d3e4"])
    day: int = Field(examples=[20_446])
    amount_minor: int = Field(examples=[103_550])
    late_fee_minor: int = Field(examples=[0])
    penalty_minor: int = Field(examples=[0])
    interest_minor: int = Field(examples=[8_550])
    principal_minor: int = Field(examples=[95_000])
    tx_hash: str = Field(examples=[EXAMPLE_HASH])
    block_number: int = Field(examples=[42])


class ArrearsOut(Schema):
    """Bucket 0 current, 1 1-29, 2 30-59, 3 60-89, 4 90 or more days past the oldest unpaid due day."""

    bucket: int = Field(ge=0, le=4, examples=[0])
    days_past_due: int = Field(examples=[0])


class LoanLedgerOut(Schema):
    """Where the loan stands on the ledger; block and transaction are null until it is there."""

    chain_id: int = Field(examples=[1_337_421])
    loan_book: str = Field(examples=["0x5FbDB2315678afecb367f032d93F642f64180aa3"])
    block_number: int | None = Field(examples=[42])
    origination_tx: str | None = Field(examples=[EXAMPLE_HASH])


class LoanOut(ShapeOut):
    """A loan with its schedule, its payments and what it owes today."""

    loan: str = Field(examples=[EXAMPLE_HASH])
    status: Status = Field(examples=["active"])
    currency: str = Field(examples=["CNY"])
    decimals: int = Field(examples=[2])
    disbursed_minor: int = Field(examples=[1_188_000])
    upfront_fee_minor: int = Field(examples=[12_000])
    apr_ppm: int = Field(examples=[111_044], description=APR)
    all_in_ppm: int | None = Field(examples=[105_624], description=ALL_IN)
    today_day: int = Field(examples=[20_450])
    grace_days: int = Field(examples=[3])
    late_fee_minor: int = Field(examples=[2_000])
    penalty_rate_ppm: int = Field(examples=[120_000])
    outstanding_principal_minor: int = Field(examples=[1_105_000])
    paid_minor: int = Field(examples=[103_550])
    overdue_minor: int = Field(examples=[0], description="unpaid rows due before today, and charges")
    charges_due_minor: int = Field(examples=[0], description="late fees and penalties due today")
    next_due_day: int | None = Field(examples=[20_477], description="of the oldest unpaid row")
    next_due_minor: int = Field(examples=[103_550], description="unpaid of the oldest unpaid row")
    arrears: ArrearsOut
    rows: list[RowOut]
    payments: list[LoanPaymentOut]
    ledger: LoanLedgerOut
    error: JsonObject | None = Field(default=None, description="why a loan with status failed was not originated")
