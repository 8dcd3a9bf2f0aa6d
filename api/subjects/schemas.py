"""Bodies and answers of `subjects`."""

from typing import Literal

from pydantic import Field

from api.kit.types import (
    EXAMPLE_SIGNATURE,
    EXAMPLE_SIGNER,
    EXAMPLE_SUBJECT,
    Address,
    Deadline,
    JsonObject,
    Schema,
    SignatureBytes,
    SignerBytes,
)

Status = Literal["pending", "registered", "failed"]


class RegistrationIn(Schema):
    """A subject (random, address-shaped) and its first signer, with the signer's EIP-712 Registration."""

    subject: Address = Field(examples=[EXAMPLE_SUBJECT])
    signer: SignerBytes = Field(examples=[EXAMPLE_SIGNER])
    deadline: Deadline = Field(examples=[1_764_003_600])
    signature: SignatureBytes = Field(examples=[EXAMPLE_SIGNATURE])


class SubjectOut(Schema):
    """Where a registration stands; `error` tells why it failed."""

    subject: str = Field(examples=[EXAMPLE_SUBJECT])
    status: Status = Field(examples=["pending"])
    error: JsonObject | None = None


class CashOut(Schema):
    """A subject's cash."""

    balance_minor: int = Field(examples=[120_000])
    at_block: int = Field(examples=[42])
