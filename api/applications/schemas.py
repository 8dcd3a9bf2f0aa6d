"""Bodies and answers of `applications`."""

from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from api.kit.limits import MAX_FEATURES, MAX_PERSONAL_FIELDS, MAX_TEXT_LENGTH
from api.kit.types import (
    EXAMPLE_HASH,
    EXAMPLE_SIGNATURE,
    EXAMPLE_SIGNER,
    AmountMinor,
    JsonObject,
    Periods,
    Schema,
    SignatureBytes,
    SignerBytes,
)

Text = Annotated[str, StringConstraints(min_length=1, max_length=MAX_TEXT_LENGTH, strip_whitespace=True)]
Name = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]{0,63}$")]
Status = Literal["draft", "submitted", "scoring", "declined", "offered", "accepted", "failed"]


class ApplicationIn(Schema):
    """What is asked for, what is scored, and who asks; the latter two are stored only sealed."""

    amount_minor: AmountMinor = Field(examples=[1_200_000])
    periods: Periods = Field(examples=[12])
    purpose: Text = Field(examples=["furniture"])
    features: dict[Name, int | Text] = Field(
        max_length=MAX_FEATURES, examples=[{"duration_months": 12, "savings": "A61"}]
    )
    personal: dict[Name, Text] = Field(
        default_factory=dict, max_length=MAX_PERSONAL_FIELDS, examples=[{"name": "李雷", "phone": "+8613800000000"}]
    )
    language: Literal["zh", "en"] = Field(default="zh", description="of the document that will be signed")


class DraftOut(Schema):
    """A draft to sign: `typed_data` is the EIP-712 ScoreRequest, `salt` opens its commitment to the features."""

    id: str = Field(examples=["app_0193b2c4d1e09f3ab1c2d3e4"])
    status: Status = Field(examples=["draft"])
    typed_data: JsonObject
    salt: str = Field(examples=[EXAMPLE_HASH])


class SubmissionIn(Schema):
    """The signature over the draft's ScoreRequest."""

    signer: SignerBytes = Field(examples=[EXAMPLE_SIGNER])
    signature: SignatureBytes = Field(examples=[EXAMPLE_SIGNATURE])


class SubmissionOut(Schema):
    """The submission was stored; scoring follows."""

    id: str = Field(examples=["app_0193b2c4d1e09f3ab1c2d3e4"])
    status: Status = Field(examples=["submitted"])


class ReasonOut(Schema):
    """A factor that was scored, in both languages."""

    code: str = Field(examples=["checking_account"])
    zh: str
    en: str


class DecisionOut(Schema):
    """What the quorum decided."""

    score: int = Field(examples=[604])
    limit_minor: int = Field(examples=[1_500_000])
    reasons: list[ReasonOut]


class ApplicationOut(Schema):
    """Where an application stands."""

    id: str = Field(examples=["app_0193b2c4d1e09f3ab1c2d3e4"])
    status: Status = Field(examples=["offered"])
    amount_minor: int = Field(examples=[1_200_000])
    periods: int = Field(examples=[12])
    decision: DecisionOut | None
    offer_id: str | None = Field(examples=["ofr_0193b2c4d1e09f3ab1c2d3e5"])
    error: JsonObject | None
