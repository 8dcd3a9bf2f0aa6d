"""The decision: pure, in integers only, so that anybody can repeat it bit for bit."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

from oracle.features import FeatureMissing, LedgerFeatures
from oracle.models import Scorecard, Scoring
from oracle.models.scorecard import PPM, scored_values
from oracle.policy import Band, Policy, Range
from oracle.problems import OracleError

REASONS_MAXIMUM = 4


class RequestOutsideProduct(OracleError):
    """Amount or number of instalments that the product does not have."""

    slug = "request-outside-product"
    title = "The product does not offer this"

    def __init__(self, name: str, value: int, allowed: Range) -> None:
        super().__init__(
            f"{name} is {value}, the product has {allowed.minimum} to {allowed.maximum}",
            field=name,
            value=value,
            minimum=allowed.minimum,
            maximum=allowed.maximum,
        )


class UnexplainedFeature(OracleError):
    """The model scores a feature for which the policy has no reason text."""

    slug = "unexplained-feature"
    title = "Model and policy do not belong together"

    def __init__(self, name: str) -> None:
        super().__init__(f"the policy has no reason text for {name}", field=name)


class LoanRequest(Protocol):
    """What is asked for; a signed ScoreRequest has these."""

    @property
    def amount_minor(self) -> int: ...

    @property
    def periods(self) -> int: ...


@dataclass(frozen=True)
class Decision:
    """The outcome. `approved` means that the whole amount asked for fits the limit.

    `limit_minor` bounds the subject's whole exposure, open loans included; 0 declines. A limit above 0 without
    approval says how much would have been possible. `rate_ppm` is 0 when declined.
    """

    approved: bool
    score: int
    pd_ppm: int
    band: str
    limit_minor: int
    rate_ppm: int
    reasons: tuple[str, ...]


def decide(
    features: Mapping[str, object],
    ledger: LedgerFeatures,
    request: LoanRequest,
    model: Scorecard,
    policy: Policy,
) -> Decision:
    """Score and price one request.

    Raises RequestOutsideProduct, UnexplainedFeature and the typed errors of `validate`.
    """
    _require_offered(request, policy)
    _require_explained(model, policy)
    if policy.headroom.feature not in features:
        raise FeatureMissing(policy.headroom.feature)
    scoring = model.score(scored_values(model, features, request.amount_minor, policy.months(request.periods)))
    band = policy.band(scoring.score)
    refusals = _refusals(ledger, policy)
    if band is None or refusals:
        return _declined(scoring, policy, refusals)
    headroom_ppm = policy.headroom.ppm(features[policy.headroom.feature])
    return _limited(scoring, band, policy, ledger, request.amount_minor, headroom_ppm)


def _limited(
    scoring: Scoring, band: Band, policy: Policy, ledger: LedgerFeatures, amount_minor: int, headroom_ppm: int
) -> Decision:
    cautions = _cautions(ledger, policy)
    cap = band.limit_minor * policy.ledger.caution_limit_ppm // PPM if cautions else band.limit_minor
    limit = min(cap, ledger.reserved_minor + amount_minor * headroom_ppm // PPM)
    available = limit - ledger.reserved_minor
    exposure = ("open_exposure",) if ledger.reserved_minor else ()
    if available < policy.amount_minor.minimum:
        return _declined(scoring, policy, (*cautions, *exposure))
    approved = available >= amount_minor
    reasons = () if approved else (*cautions, *exposure, "amount_above_limit")
    return Decision(
        approved=approved,
        score=scoring.score,
        pd_ppm=scoring.pd_ppm,
        band=band.band,
        limit_minor=limit,
        rate_ppm=band.rate_ppm,
        reasons=_with_factors(reasons, scoring),
    )


def _declined(scoring: Scoring, policy: Policy, reasons: tuple[str, ...]) -> Decision:
    return Decision(
        approved=False,
        score=scoring.score,
        pd_ppm=scoring.pd_ppm,
        band=policy.declined_band,
        limit_minor=0,
        rate_ppm=0,
        reasons=_with_factors(reasons, scoring),
    )


def _refusals(ledger: LedgerFeatures, policy: Policy) -> tuple[str, ...]:
    rules = policy.ledger
    broken = {
        "in_arrears": ledger.worst_bucket >= rules.decline_from_bucket,
        "open_loans": ledger.open_loans >= rules.open_loans_maximum,
    }
    return tuple(code for code, applies in broken.items() if applies)


def _cautions(ledger: LedgerFeatures, policy: Policy) -> tuple[str, ...]:
    rules = policy.ledger
    now = ledger.worst_bucket >= rules.caution_from_bucket
    ever = ledger.worst_bucket_ever >= rules.caution_from_bucket_ever
    return ("past_arrears",) if now or ever else ()


def _with_factors(reasons: tuple[str, ...], scoring: Scoring) -> tuple[str, ...]:
    """Policy reasons first, then the scored factors that lost most points against their best value, 4 in all."""
    factors = sorted((name for name, lost in scoring.lost.items() if lost), key=lambda n: (-scoring.lost[n], n))
    return (*reasons, *factors)[:REASONS_MAXIMUM]


def _require_offered(request: LoanRequest, policy: Policy) -> None:
    asked = {
        "amount_minor": (request.amount_minor, policy.amount_minor),
        "periods": (request.periods, policy.periods),
    }
    for name, (value, allowed) in asked.items():
        if not allowed.minimum <= value <= allowed.maximum:
            raise RequestOutsideProduct(name, value, allowed)


def _require_explained(model: Scorecard, policy: Policy) -> None:
    for feature in model.features:
        if feature.name not in policy.reasons:
            raise UnexplainedFeature(feature.name)
