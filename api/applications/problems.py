"""Refusals of applications."""

from dataclasses import dataclass
from typing import Any, ClassVar

from api.kit.problems import Problem


@dataclass
class AmountOutsideProduct(Problem):
    """The product is not lent in this amount."""

    status = 422
    title = "The amount is outside the product's range"
    example: ClassVar[dict[str, Any]] = {"amount_minor": 1, "least_minor": 50_000, "most_minor": 5_000_000}
    amount_minor: int
    least_minor: int
    most_minor: int


@dataclass
class PeriodsOutsideProduct(Problem):
    """The product is not lent for this many periods."""

    status = 422
    title = "The number of periods is outside the product's range"
    example: ClassVar[dict[str, Any]] = {"periods": 400, "least": 3, "most": 72}
    periods: int
    least: int
    most: int


@dataclass
class FeatureRefused(Problem):
    """A feature is unknown, missing, of the wrong type, out of range, or may not enter a decision."""

    status = 422
    title = "A feature cannot be scored"
    example: ClassVar[dict[str, Any]] = {
        "reason": "feature-out-of-range",
        "allowed": {"field": "duration_months", "minimum": 1, "maximum": 120},
    }
    reason: str
    allowed: dict[str, Any]


@dataclass
class TooManyDrafts(Problem):
    """The subject has as many unsigned drafts as it may."""

    status = 429
    title = "Too many unsigned drafts; sign one or let them expire"
    example: ClassVar[dict[str, Any]] = {"limit": 5}
    limit: int


@dataclass
class ApplicationNotDraft(Problem):
    """The application was submitted before."""

    status = 409
    title = "The application is not a draft any more"
    example: ClassVar[dict[str, Any]] = {"id": "app_0193b2c4d1e09f3ab1c2d3e4", "now": "scoring"}
    id: str
    now: str


@dataclass
class NoSchedule(Problem):
    """The application is approved, but for its amount the product has no schedule that a LoanBook carries out."""

    status = 409
    title = "The product has no schedule for this amount and number of instalments"
    example: ClassVar[dict[str, Any]] = {"reason": "row 1: interest 23, balance 1479"}
    reason: str


@dataclass
class DecisionNotAttested(Problem):
    """The publisher's answer does not follow from the signed report; `fields` are those that part from it."""

    status = 502
    title = "The decision is not the one that was attested"
    example: ClassVar[dict[str, Any]] = {"fields": ["limit_minor"]}
    fields: list[str]
