"""The answer of `loans`: one shape from the signature to the last instalment."""

from typing import Literal

from pydantic import Field

from api.kit.types import EXAMPLE_HASH, JsonObject, Schema
from api.offers.example import EXAMPLE_CHAIN_ID, EXAMPLE_LOAN, EXAMPLE_LOAN_BOOK, EXAMPLE_TYPED_DATA
from api.offers.schemas import AGREEMENT, ALL_IN, APR, LOAN
from api.offers.shape import ShapeOut

Status = Literal["pending", "active", "closed", "failed", "cancelled", "defaulted", "written_off", "unwound"]
RowStatus = Literal["paid", "partial", "due", "overdue", "upcoming", "void"]


class RowOut(Schema):
    """One instalment; `balance_minor` is the scheduled principal after it. Void: the loan ended before it was due."""

    nr: int = Field(examples=[1])
    due_day: int = Field(examples=[20_446])
    principal_minor: int = Field(examples=[95_791])
    interest_minor: int = Field(examples=[9_468])
    due_minor: int = Field(examples=[105_259])
    balance_minor: int = Field(examples=[1_104_209])
    paid_minor: int = Field(examples=[105_259])
    status: RowStatus = Field(examples=["paid"])
    paid_day: int | None = Field(examples=[20_446])


class LoanPaymentOut(Schema):
    """Money that the contract booked: a payment, a settlement, a withdrawal, or (negative) a payment taken back."""

    id: str = Field(examples=["pay_0193b2c4d1e09f3ab1c2d3e4"])
    day: int = Field(examples=[20_446])
    amount_minor: int = Field(examples=[105_259])
    late_fee_minor: int = Field(examples=[0])
    penalty_minor: int = Field(examples=[0])
    interest_minor: int = Field(examples=[9_468])
    principal_minor: int = Field(examples=[95_791])
    tx_hash: str = Field(examples=[EXAMPLE_HASH])
    block_number: int = Field(examples=[42])


class ArrearsOut(Schema):
    """Bucket 0 current, 1 1-29, 2 30-59, 3 60-89, 4 90 or more days past the oldest unpaid due day."""

    bucket: int = Field(ge=0, le=4, examples=[0])
    days_past_due: int = Field(examples=[0])


class LoanLedgerOut(Schema):
    """Where the loan stands on the ledger; block and transaction are null until it is there."""

    chain_id: int = Field(examples=[EXAMPLE_CHAIN_ID])
    loan_book: str = Field(examples=[EXAMPLE_LOAN_BOOK])
    block_number: int | None = Field(examples=[42])
    origination_tx: str | None = Field(examples=[EXAMPLE_HASH])


class LoanOut(ShapeOut):
    """A loan with its schedule, its payments, what it owes today, and the agreement that all of it follows from."""

    loan: str = Field(examples=[EXAMPLE_LOAN], description=LOAN)
    status: Status = Field(examples=["active"])
    currency: str = Field(examples=["CNY"])
    decimals: int = Field(examples=[2])
    disbursed_minor: int = Field(examples=[1_194_000])
    upfront_fee_minor: int = Field(examples=[6_000])
    apr_ppm: int = Field(examples=[110_387], description=APR)
    all_in_ppm: int | None = Field(examples=[106_094], description=ALL_IN)
    today_day: int = Field(examples=[20_450])
    grace_days: int = Field(examples=[3])
    late_fee_minor: int = Field(examples=[1_000])
    penalty_rate_ppm: int = Field(examples=[120_000])
    outstanding_principal_minor: int = Field(examples=[1_104_209])
    paid_minor: int = Field(examples=[105_259])
    overdue_minor: int = Field(examples=[0], description="unpaid rows due before today, charges, carried interest")
    carried_interest_minor: int = Field(
        default=0, examples=[0], description="interest left from before an amendment, due today"
    )
    charges_due_minor: int = Field(examples=[0], description="late fees and penalties due today")
    next_due_day: int | None = Field(examples=[20_477], description="of the oldest unpaid row")
    next_due_minor: int = Field(examples=[105_259], description="unpaid of the oldest unpaid row")
    arrears: ArrearsOut
    rows: list[RowOut]
    payments: list[LoanPaymentOut]
    ledger: LoanLedgerOut
    typed_data: JsonObject = Field(examples=[EXAMPLE_TYPED_DATA], description=AGREEMENT)
    amendments: int = Field(default=0, examples=[0], description="how often both sides agreed on new terms")
    amendment: JsonObject | None = Field(
        default=None,
        description="EIP-712 message Amendment whose terms are in force; null while the agreement is",
    )
    error: JsonObject | None = Field(default=None, description="why a loan with status failed was not originated")
