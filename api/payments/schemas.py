"""Bodies and answers of `payments`."""

from typing import Literal

from pydantic import Field

from api.kit.types import (
    EXAMPLE_HASH,
    EXAMPLE_SIGNATURE,
    EXAMPLE_SIGNER,
    AmountMinor,
    Deadline,
    JsonObject,
    Nonce,
    Schema,
    SignatureBytes,
    SignerBytes,
)

Status = Literal["accepted", "sent", "confirmed", "failed"]


class DueOut(Schema):
    """What a loan owes today by the contract."""

    today_day: int = Field(examples=[20_416])
    total_minor: int = Field(examples=[124_260], description="everything until the last instalment, with charges")
    overdue_minor: int = Field(examples=[0], description="unpaid rows due before today, and charges")
    current_due_minor: int = Field(examples=[10_355], description="unpaid of the first row due today or later")
    next_due_day: int = Field(examples=[20_430], description="of the oldest unpaid row")


class PaymentRequestOut(Schema):
    """What to sign to pay: `typed_data` is the EIP-712 message Payment."""

    amount_minor: int = Field(examples=[10_355])
    nonce: int = Field(examples=[3])
    deadline: int = Field(examples=[1_764_086_400])
    due: DueOut
    typed_data: JsonObject


class PaymentIn(Schema):
    """A signed order to pay from the borrower's own cash."""

    amount_minor: AmountMinor = Field(examples=[10_355])
    nonce: Nonce = Field(examples=[3])
    deadline: Deadline = Field(examples=[1_764_086_400])
    signer: SignerBytes = Field(examples=[EXAMPLE_SIGNER])
    signature: SignatureBytes = Field(examples=[EXAMPLE_SIGNATURE])


class AllocationOut(Schema):
    """How the contract split a payment."""

    late_fee_minor: int = Field(examples=[0])
    penalty_minor: int = Field(examples=[0])
    interest_minor: int = Field(examples=[1_000])
    principal_minor: int = Field(examples=[9_355])


class PaymentOut(Schema):
    """Where a payment stands; `confirmed` once it is in a block and in the loan's account."""

    id: str = Field(examples=["pay_0193b2c4d1e09f3ab1c2d3e4"])
    loan: str = Field(examples=[EXAMPLE_HASH])
    amount_minor: int = Field(examples=[10_355])
    status: Status = Field(examples=["accepted"])
    tx_hash: str | None = None
    block_number: int | None = None
    allocation: AllocationOut | None = None
    error: JsonObject | None = None
