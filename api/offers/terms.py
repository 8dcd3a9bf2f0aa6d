"""From an approval and the policy to an agreement. Pure but for its random salts."""

import secrets
from dataclasses import dataclass
from typing import Any

from eth_utils.crypto import keccak

from api.kit.limits import MIN_DEADLINE_SECONDS, OFFER_VALIDITY_SECONDS, RELAY_MARGIN_SECONDS
from api.offers.document import Prices, key_facts
from contracts.loan import originate, require_origination_day
from contracts.schedule import (
    DayCount,
    Method,
    PeriodUnit,
    Rounding,
    ScheduleTerms,
    all_in_rate_ppm,
    date_of,
    day_at,
    derive,
    due_day,
    level_instalment,
    month_index,
    schedule_apr_ppm,
    schedule_root,
)
from contracts.typed_data import Agreement
from oracle.policy import Policy

SECONDS_A_DAY = 86_400
SECONDS_A_MINUTE = 60
SALT_BYTES = 32


@dataclass(frozen=True)
class Approval:
    """What the quorum approved and between whom; `report` is the score report's uid."""

    borrower: str
    lender: str
    currency: str
    principal_minor: int
    periods: int
    rate_ppm: int
    report: bytes
    report_expires_at: int


@dataclass(frozen=True)
class Offer:
    """An agreement to sign, the document it commits to, and until when (UTC seconds) it can be accepted."""

    agreement: Agreement
    document: str
    document_salt: bytes
    expires_at: int


def make_offer(approval: Approval, policy: Policy, now: int, language: str) -> Offer:
    """An offer that begins today by ledger time `now`; its last day to begin bounds how long it is open.

    What a LoanBook would refuse is not offered. Raises ScheduleRefused when the product's terms carry no schedule for
    this amount and rate, LoanRefused, RateUndefined.
    """
    terms = offered_schedule(approval, policy, day_at(now, policy.terms.time_zone_minutes))
    instalment, fee = level_instalment(terms), policy.upfront_fee_minor(approval.principal_minor)
    rows = derive(terms, instalment)
    prices = Prices(schedule_apr_ppm(terms, rows, fee), all_in_rate_ppm(terms, rows, fee))
    document = key_facts(language, terms, rows, fee, prices, policy.terms)
    document_salt = secrets.token_bytes(SALT_BYTES)
    latest_day = min(terms.disbursement_day + policy.terms.origination_window_days, terms.first_due_day - 1)
    deadline = _deadline(now, latest_day, policy.terms.time_zone_minutes, approval.report_expires_at)
    agreement = Agreement(
        **_approved(approval),
        **_product_terms(policy),
        disbursement_day=terms.disbursement_day,
        latest_origination_day=latest_day,
        first_due_day=terms.first_due_day,
        anchor_day=terms.anchor_day,
        instalment_minor=instalment,
        upfront_fee_minor=fee,
        apr_ppm=prices.apr_ppm,
        document_hash=keccak(document_salt + document.encode()),
        schedule_root=schedule_root(terms.method, rows),
        salt=secrets.token_bytes(SALT_BYTES),
        deadline=deadline,
    )
    originate(agreement)
    require_origination_day(agreement, terms.disbursement_day)
    return Offer(agreement, document, document_salt, deadline - RELAY_MARGIN_SECONDS)


def _approved(approval: Approval) -> dict[str, Any]:
    """The members of an agreement that the quorum's approval says."""
    return {
        "borrower": approval.borrower,
        "lender": approval.lender,
        "currency": approval.currency,
        "principal_minor": approval.principal_minor,
        "rate_ppm": approval.rate_ppm,
        "periods": approval.periods,
        "score_report": approval.report,
    }


def _product_terms(policy: Policy) -> dict[str, Any]:
    """The members of an agreement that are the same for every loan of the product."""
    terms = policy.terms
    return {
        "product_id": policy.product_id,
        "method": terms.method,
        "period_unit": terms.period_unit,
        "period_length": terms.period_length,
        "interest_only_periods": terms.interest_only_periods,
        "time_zone_minutes": terms.time_zone_minutes,
        "day_count": terms.day_count,
        "rounding": terms.rounding,
        "instalment_multiple_minor": terms.instalment_multiple_minor,
        "grace_days": terms.grace_days,
        "late_fee_minor": terms.late_fee_minor,
        "penalty_rate_ppm": terms.penalty_rate_ppm,
        "penalty_max_days": terms.penalty_max_days,
        "waterfall": terms.waterfall,
        "cooling_off_days": terms.cooling_off_days,
    }


def offered_schedule(approval: Approval, policy: Policy, today: int) -> ScheduleTerms:
    """Due first a period after today: the same day of a later month or that month's last, or so many days on."""
    product = policy.terms
    unit, length = PeriodUnit(product.period_unit), product.period_length
    anchor = date_of(today).day if unit == PeriodUnit.MONTH else 0
    first = due_day(month_index(today), anchor, length) if anchor else today + length
    return ScheduleTerms(
        principal_minor=approval.principal_minor,
        rate_ppm=approval.rate_ppm,
        periods=approval.periods,
        disbursement_day=today,
        first_due_day=first,
        anchor_day=anchor,
        day_count=DayCount(product.day_count),
        multiple_minor=product.instalment_multiple_minor,
        rounding=Rounding.of(product.rounding),
        method=Method(product.method),
        period_unit=unit,
        period_length=length,
        interest_only_periods=product.interest_only_periods,
    )


def _deadline(now: int, latest_day: int, time_zone_minutes: int, report_expires_at: int) -> int:
    """The offer's validity and a relay's time; never past the last day to begin, nor past the score report."""
    end_of_latest_day = (latest_day + 1) * SECONDS_A_DAY - time_zone_minutes * SECONDS_A_MINUTE
    return min(
        now + OFFER_VALIDITY_SECONDS + RELAY_MARGIN_SECONDS,
        end_of_latest_day - MIN_DEADLINE_SECONDS,
        report_expires_at,
    )
