"""Offers: every agreement the policy makes can be carried out, begins today and says its whole cost."""

from decimal import Decimal
from fractions import Fraction

from eth_utils.crypto import keccak
from hypothesis import given
from hypothesis import strategies as st

from api.kit.limits import MIN_DEADLINE_SECONDS, OFFER_VALIDITY_SECONDS, RELAY_MARGIN_SECONDS
from api.offers.terms import Approval, make_offer
from api.offers.view import agreed_rows, offer_rows, terms_view, totals_view
from contracts.loan import LoanStatus, originate, require_origination_day
from contracts.schedule import date_of, day_at, eu_apr_ppm
from tests.oracle.shipped import policy

DAY = 86_400
FAR_AHEAD = 2**40
PARTY = "0x" + "11" * 20
NOW = 1_795_000_000

approvals = st.builds(
    Approval,
    borrower=st.just(PARTY),
    lender=st.just(PARTY),
    currency=st.just(PARTY),
    principal_minor=st.integers(policy().amount_minor.minimum, policy().amount_minor.maximum),
    periods=st.integers(policy().periods.minimum, policy().periods.maximum),
    rate_ppm=st.sampled_from([band.rate_ppm for band in policy().bands]),
    report=st.binary(min_size=32, max_size=32),
    report_expires_at=st.just(FAR_AHEAD),
)
instants = st.integers(NOW, NOW + 4 * 366 * DAY)


@given(approval=approvals, now=instants)
def test_every_offer_can_be_carried_out_today(approval: Approval, now: int) -> None:
    agreement = make_offer(approval, policy(), now, "zh").agreement
    today = day_at(now, agreement.time_zone_minutes)
    require_origination_day(agreement, today)
    state = originate(agreement)
    assert state.status is LoanStatus.ACTIVE
    assert sum(row.principal_minor for row in state.rows) == approval.principal_minor
    assert agreement.disbursement_day == today


@given(approval=approvals, now=instants)
def test_the_first_instalment_is_due_a_month_after_today(approval: Approval, now: int) -> None:
    agreement = make_offer(approval, policy(), now, "zh").agreement
    today, first = date_of(agreement.disbursement_day), date_of(agreement.first_due_day)
    assert (first.year * 12 + first.month) - (today.year * 12 + today.month) == 1
    assert first.day == min(today.day, first.day) and agreement.anchor_day == today.day


@given(approval=approvals, now=instants)
def test_an_offer_ends_while_its_agreement_can_still_be_relayed(approval: Approval, now: int) -> None:
    offer = make_offer(approval, policy(), now, "zh")
    zone = offer.agreement.time_zone_minutes
    assert now < offer.expires_at <= now + OFFER_VALIDITY_SECONDS
    assert offer.agreement.deadline - offer.expires_at == RELAY_MARGIN_SECONDS
    assert day_at(offer.agreement.deadline + MIN_DEADLINE_SECONDS - 1, zone) <= offer.agreement.latest_origination_day


@given(approval=approvals)
def test_an_offer_never_outlives_the_score_report(approval: Approval) -> None:
    short = Approval(**{**vars(approval), "report_expires_at": NOW + DAY})
    assert make_offer(short, policy(), NOW, "zh").agreement.deadline == NOW + DAY


@given(approval=approvals, now=instants)
def test_the_rate_told_contains_the_fee(approval: Approval, now: int) -> None:
    agreement = make_offer(approval, policy(), now, "en").agreement
    rows = agreed_rows(agreement)
    paid_out = approval.principal_minor - agreement.upfront_fee_minor
    monthly = [(Fraction(row.nr, 12), Decimal(row.due_minor)) for row in rows]
    expected = eu_apr_ppm([(Fraction(0), paid_out)], monthly)
    # a month from the 31st to a shorter month's end counts as days: up to three days less than a twelfth
    assert abs(agreement.apr_ppm - expected) <= expected // 20
    assert agreement.apr_ppm > approval.rate_ppm


@given(approval=approvals, language=st.sampled_from(["zh", "en"]))
def test_the_document_is_what_is_signed_and_names_the_figures(approval: Approval, language: str) -> None:
    offer = make_offer(approval, policy(), NOW, language)
    assert offer.agreement.document_hash == keccak(offer.document_salt + offer.document.encode())
    paid_out = approval.principal_minor - offer.agreement.upfront_fee_minor
    assert f"{paid_out / 100:,.2f}" in offer.document
    rows = agreed_rows(offer.agreement)
    for row in (rows[0], rows[-1]):
        assert f" {row.due_minor // 100:,}.{row.due_minor % 100:02d} " in offer.document
    assert {row.due_minor for row in rows[:-1]} == {rows[0].due_minor}
    assert approval.borrower not in offer.document


@given(approval=approvals)
def test_what_is_shown_adds_up(approval: Approval) -> None:
    agreement = make_offer(approval, policy(), NOW, "zh").agreement
    rows = agreed_rows(agreement)
    shown, sums, terms = offer_rows(rows), totals_view(agreement, rows), terms_view(agreement)
    assert sum(row.due_minor for row in shown) + sums.fees_minor == sums.total_minor
    assert shown[-1].balance_minor == 0
    assert terms.disbursed_minor + terms.upfront_fee_minor == terms.principal_minor == sums.principal_minor
