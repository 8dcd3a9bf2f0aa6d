"""Answers about the ledger and about the facade itself."""

from typing import Literal

from pydantic import BaseModel, Field

from api.kit.types import JsonObject, Schema


class LedgerOut(Schema):
    """Which ledger this is and how far it and the read model are."""

    chain_id: int = Field(examples=[1_337_421])
    contracts: dict[str, str] = Field(examples=[{"LoanBook": "0x5FbDB2315678afecb367f032d93F642f64180aa3"}])
    head_block: int = Field(examples=[42])
    ledger_at: int = Field(examples=[1_764_000_000], description="UTC seconds the next block would carry")
    today_day: int = Field(examples=[20_416], description="days since 1970 in the product's time zone")
    time_zone_minutes: int = Field(examples=[480])
    indexed_block: int | None = Field(examples=[42], description="null before the first block was indexed")


class LiveOut(Schema):
    """The process answers."""

    status: Literal["live"] = "live"


class ReadyOut(Schema):
    """Whether requests that need the ledger can be served, and by what it was judged."""

    ready: bool = Field(examples=[True])
    ledger: bool = Field(examples=[True])
    publisher: bool = Field(examples=[True], description="its absence delays decisions, it does not unready")
    lag_blocks: int | None = Field(examples=[0])


class ProblemTypeOut(Schema):
    """A kind of refusal."""

    type: str = Field(examples=["/problems/overpayment"])
    status: int = Field(examples=[409])
    title: str
    meaning: str
    values: list[str] = Field(examples=[["amount_minor", "owed_minor"]])
    example: JsonObject


class ProblemDocument(BaseModel):
    """RFC 9457 problem details; the values of the refusal are further members."""

    type: str = Field(examples=["/problems/not-found"])
    title: str
    status: int
