"""Bodies and answers of `offers`."""

from typing import Literal

from pydantic import Field

from api.kit.types import (
    EXAMPLE_HASH,
    EXAMPLE_SIGNATURE,
    EXAMPLE_SIGNER,
    JsonObject,
    Schema,
    SignatureBytes,
    SignerBytes,
)
from api.offers.example import EXAMPLE_EXPIRES_AT, EXAMPLE_LOAN, EXAMPLE_TYPED_DATA
from api.offers.shape import ShapeOut

APR = "annual percentage rate: compound, by the internal rate of return, every cost included"
LOAN = "the loan's id: the digest of the agreement"
AGREEMENT = "EIP-712 Agreement: what both sides sign; its digest is the loan's id"
ALL_IN = "all-in annual rate: simple, every cost over the principal in use; null when none ever is"
Status = Literal["open", "accepted", "expired"]


class TermsOut(ShapeOut):
    """The terms of the agreement, in the words of a loan."""

    currency: str = Field(examples=["CNY"])
    decimals: int = Field(examples=[2])
    disbursed_minor: int = Field(examples=[1_194_000])
    upfront_fee_minor: int = Field(examples=[6_000])
    latest_origination_day: int = Field(examples=[20_419])
    time_zone_minutes: int = Field(examples=[480])
    grace_days: int = Field(examples=[3])
    late_fee_minor: int = Field(examples=[1_000])
    penalty_rate_ppm: int = Field(examples=[120_000])
    penalty_max_days: int = Field(examples=[90])
    cooling_off_days: int = Field(examples=[14])


class OfferRowOut(Schema):
    """One instalment; `balance_minor` is the principal left after it."""

    nr: int = Field(examples=[1])
    due_day: int = Field(examples=[20_446])
    principal_minor: int = Field(examples=[95_791])
    interest_minor: int = Field(examples=[9_468])
    due_minor: int = Field(examples=[105_259])
    balance_minor: int = Field(examples=[1_104_209])


class TotalsOut(Schema):
    """What the loan costs in all if every instalment is paid on its day."""

    principal_minor: int = Field(examples=[1_200_000])
    interest_minor: int = Field(examples=[63_104])
    fees_minor: int = Field(examples=[6_000])
    total_minor: int = Field(examples=[1_269_104], description="principal, interest and fees")


class DocumentOut(Schema):
    """The key facts whose salted hash, keccak256(salt || text), is signed with the agreement."""

    text: str = Field(examples=["贷款金额 12,000.00 元"])
    salt: str = Field(examples=[EXAMPLE_HASH])


class OfferOut(Schema):
    """An offer with its whole schedule and cost; `typed_data` is the EIP-712 Agreement to sign."""

    id: str = Field(examples=["ofr_0193b2c4d1e09f3ab1c2d3e5"])
    status: Status = Field(examples=["open"])
    expires_at: int = Field(examples=[EXAMPLE_EXPIRES_AT], description="UTC seconds, ledger time")
    terms: TermsOut
    rows: list[OfferRowOut]
    totals: TotalsOut
    apr_ppm: int = Field(examples=[110_387], description=APR)
    all_in_ppm: int | None = Field(examples=[106_094], description=ALL_IN)
    document: DocumentOut
    loan: str = Field(examples=[EXAMPLE_LOAN], description=LOAN)
    typed_data: JsonObject = Field(examples=[EXAMPLE_TYPED_DATA], description=AGREEMENT)


class AcceptanceIn(Schema):
    """The borrower's signature over the agreement."""

    signer: SignerBytes = Field(examples=[EXAMPLE_SIGNER])
    signature: SignatureBytes = Field(examples=[EXAMPLE_SIGNATURE])


class AcceptanceOut(Schema):
    """The acceptance was stored; the payout follows."""

    loan: str = Field(examples=[EXAMPLE_LOAN])
    status: Literal["pending"] = Field(examples=["pending"])
