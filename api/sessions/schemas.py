"""Bodies and answers of `sessions`."""

from pydantic import Field

from api.kit.types import (
    EXAMPLE_HASH,
    EXAMPLE_SIGNATURE,
    EXAMPLE_SIGNER,
    EXAMPLE_SUBJECT,
    Address,
    Deadline,
    Hex32,
    JsonObject,
    Schema,
    SignatureBytes,
    SignerBytes,
)


class ChallengeIn(Schema):
    """Who wants to log in."""

    subject: Address = Field(examples=[EXAMPLE_SUBJECT])


class ChallengeOut(Schema):
    """What to sign: `typed_data` is the EIP-712 message Login."""

    challenge: str = Field(examples=[EXAMPLE_HASH])
    deadline: int = Field(examples=[1_764_000_300], description="UTC seconds, wall clock")
    typed_data: JsonObject


class SessionIn(Schema):
    """The signed challenge."""

    subject: Address = Field(examples=[EXAMPLE_SUBJECT])
    challenge: Hex32 = Field(examples=[EXAMPLE_HASH])
    deadline: Deadline = Field(examples=[1_764_000_300])
    signer: SignerBytes = Field(examples=[EXAMPLE_SIGNER])
    signature: SignatureBytes = Field(examples=[EXAMPLE_SIGNATURE])


class SessionOut(Schema):
    """A bearer token; it is shown once and kept only as a hash."""

    token: str = Field(examples=["b1" * 32])
    expires_at: int = Field(examples=[1_764_003_600], description="UTC seconds, wall clock")
