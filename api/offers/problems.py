"""Refusals of offers."""

from dataclasses import dataclass
from typing import Any, ClassVar

from api.kit.problems import Problem


@dataclass
class OfferExpired(Problem):
    """Ledger time has passed the offer's end."""

    status = 410
    title = "The offer has expired"
    example: ClassVar[dict[str, Any]] = {"expires_at": 1_764_172_800, "ledger_at": 1_764_200_000}
    expires_at: int
    ledger_at: int


@dataclass
class OfferAccepted(Problem):
    """The offer was accepted before; `loan` is what came of it."""

    status = 409
    title = "The offer is accepted already"
    example: ClassVar[dict[str, Any]] = {"loan": "0xc0de…"}
    loan: str


@dataclass
class LenderLacksCash(Problem):
    """The lender's pool holds less than the payout; the offer stays open."""

    status = 409
    title = "The lender cannot pay this out now"
    example: ClassVar[dict[str, Any]] = {"available_minor": 900_000, "needed_minor": 1_194_000}
    available_minor: int
    needed_minor: int
