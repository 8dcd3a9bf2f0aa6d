"""From an approval and the policy to an agreement. Pure but for its random salts."""

import secrets
from dataclasses import dataclass

from eth_utils.crypto import keccak

from api.kit.limits import MIN_DEADLINE_SECONDS, OFFER_VALIDITY_SECONDS, RELAY_MARGIN_SECONDS
from api.offers.document import key_facts
from contracts.schedule import (
    DayCount,
    ScheduleTerms,
    date_of,
    day_at,
    derive,
    first_due_day,
    level_instalment,
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
    """An offer that begins today by ledger time `now`; its last day to begin bounds how long it is open."""
    schedule = _schedule(approval, policy, day_at(now, policy.terms.time_zone_minutes))
    instalment = level_instalment(schedule)
    fee = policy.upfront_fee_minor(approval.principal_minor)
    rows = derive(schedule, instalment)
    apr = schedule_apr_ppm(schedule, rows, fee)
    latest_day = schedule.disbursement_day + policy.terms.origination_window_days
    deadline = _deadline(now, latest_day, policy.terms.time_zone_minutes, approval.report_expires_at)
    document = key_facts(language, schedule, rows, fee, apr, policy.terms)
    document_salt = secrets.token_bytes(SALT_BYTES)
    agreement = Agreement(
        borrower=approval.borrower,
        lender=approval.lender,
        currency=approval.currency,
        principal_minor=approval.principal_minor,
        method=policy.terms.method,
        rate_ppm=approval.rate_ppm,
        periods=approval.periods,
        period_unit=policy.terms.period_unit,
        disbursement_day=schedule.disbursement_day,
        latest_origination_day=latest_day,
        first_due_day=schedule.first_due_day,
        anchor_day=schedule.anchor_day,
        time_zone_minutes=policy.terms.time_zone_minutes,
        day_count=policy.terms.day_count,
        instalment_minor=instalment,
        instalment_multiple_minor=policy.terms.instalment_multiple_minor,
        upfront_fee_minor=fee,
        apr_ppm=apr,
        grace_days=policy.terms.grace_days,
        late_fee_minor=policy.terms.late_fee_minor,
        penalty_rate_ppm=policy.terms.penalty_rate_ppm,
        penalty_max_days=policy.terms.penalty_max_days,
        waterfall=policy.terms.waterfall,
        cooling_off_days=policy.terms.cooling_off_days,
        product_id=policy.product_id,
        score_report=approval.report,
        document_hash=keccak(document_salt + document.encode()),
        schedule_root=schedule_root(rows),
        salt=secrets.token_bytes(SALT_BYTES),
        deadline=deadline,
    )
    return Offer(agreement, document, document_salt, deadline - RELAY_MARGIN_SECONDS)


def _schedule(approval: Approval, policy: Policy, today: int) -> ScheduleTerms:
    """Due first a month after today, then every month on the same day or the month's last."""
    anchor = date_of(today).day
    return ScheduleTerms(
        principal_minor=approval.principal_minor,
        rate_ppm=approval.rate_ppm,
        periods=approval.periods,
        disbursement_day=today,
        first_due_day=first_due_day(today, anchor),
        anchor_day=anchor,
        day_count=DayCount(policy.terms.day_count),
        multiple_minor=policy.terms.instalment_multiple_minor,
    )


def _deadline(now: int, latest_day: int, time_zone_minutes: int, report_expires_at: int) -> int:
    """The offer's validity and a relay's time; never past the last day to begin, nor past the score report."""
    end_of_latest_day = (latest_day + 1) * SECONDS_A_DAY - time_zone_minutes * SECONDS_A_MINUTE
    return min(
        now + OFFER_VALIDITY_SECONDS + RELAY_MARGIN_SECONDS,
        end_of_latest_day - MIN_DEADLINE_SECONDS,
        report_expires_at,
    )
