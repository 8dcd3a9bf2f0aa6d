"""Offers: every agreement the policy makes can be carried out, begins today and says its whole cost."""

import copy
import re
from dataclasses import asdict
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from eth_utils.crypto import keccak
from hypothesis import given
from hypothesis import strategies as st
from pydantic import BaseModel

from api.kit.limits import MIN_DEADLINE_SECONDS, OFFER_VALIDITY_SECONDS, RELAY_MARGIN_SECONDS
from api.loans.schemas import LoanOut, RowOut
from api.offers.schemas import OfferOut, OfferRowOut, TermsOut, TotalsOut
from api.offers.shape import ShapeOut, all_in_ppm
from api.offers.terms import Approval, make_offer
from api.offers.view import offer_rows, terms_view, totals_view
from api.offers.wording import in_words
from contracts.loan import LoanStatus, originate, require_origination_day
from contracts.schedule import (
    DayCount,
    PeriodUnit,
    ScheduleDegenerate,
    ScheduleTerms,
    TermOutOfRange,
    agreed_rows,
    all_in_rate_ppm,
    date_of,
    day_at,
    derive,
    eu_apr_ppm,
    level_instalment,
    schedule_apr_ppm,
    schedule_root,
    totals,
)
from contracts.typed_data import Agreement
from oracle.policy import Policy
from tests.oracle.shipped import policy

DAY = 86_400
FAR_AHEAD = 2**40
PARTY = "0x" + "11" * 20
NOW = 1_795_000_000
APPROVAL = Approval(PARTY, PARTY, PARTY, 1_200_000, 12, 96_000, bytes(32), FAR_AHEAD)


def product(**terms: Any) -> Policy:
    """The shipped policy with other terms."""
    document = copy.deepcopy(dict(policy().document))
    document["terms"].update(terms)
    document["periods"]["maximum"] = 12
    if terms.get("method") == "bullet":
        document["periods"] = {"minimum": 1, "maximum": 1}
    return Policy(document)


PRODUCTS = (
    policy(),
    product(method="equal_principal", period_length=3, rounding=0x110),
    product(method="flat", period_unit=1, period_length=7, interest_only_periods=2),
    product(method="interest_only", day_count=5),
    product(method="bullet", period_length=12, day_count=4),
    product(method="annuity", period_unit=1, period_length=10, day_count=1, rounding=0x102),
    product(method="annuity", interest_only_periods=2, instalment_multiple_minor=5, day_count=3),
)


def approvals_of(offered: Policy) -> st.SearchStrategy[Approval]:
    return st.builds(
        Approval,
        borrower=st.just(PARTY),
        lender=st.just(PARTY),
        currency=st.just(PARTY),
        principal_minor=st.integers(offered.amount_minor.minimum, offered.amount_minor.maximum),
        periods=st.integers(offered.periods.minimum, offered.periods.maximum),
        rate_ppm=st.sampled_from([band.rate_ppm for band in offered.bands]),
        report=st.binary(min_size=32, max_size=32),
        report_expires_at=st.just(FAR_AHEAD),
    )


approvals = approvals_of(policy())
instants = st.integers(NOW, NOW + 4 * 366 * DAY)


@st.composite
def agreements(draw: st.DrawFn) -> Agreement:
    """What any product makes at any time."""
    offered = draw(st.sampled_from(PRODUCTS))
    return make_offer(
        draw(approvals_of(offered)), offered, draw(instants), draw(st.sampled_from(["zh", "en"]))
    ).agreement


@given(approval=approvals, now=instants)
def test_an_offer_begins_today(approval: Approval, now: int) -> None:
    agreement = make_offer(approval, policy(), now, "zh").agreement
    assert agreement.disbursement_day == day_at(now, agreement.time_zone_minutes)


@given(agreement=agreements())
def test_every_offer_of_every_product_can_be_carried_out(agreement: Agreement) -> None:
    require_origination_day(agreement, agreement.disbursement_day)
    state = originate(agreement)
    assert state.status is LoanStatus.ACTIVE
    assert sum(row.principal_minor for row in state.rows) == agreement.principal_minor


@given(agreement=agreements())
def test_the_first_instalment_is_due_a_period_after_today(agreement: Agreement) -> None:
    today, first = date_of(agreement.disbursement_day), date_of(agreement.first_due_day)
    if agreement.period_unit == PeriodUnit.DAY:
        assert (first - today).days == agreement.period_length
    else:
        assert (first.year - today.year) * 12 + first.month - today.month == agreement.period_length
        assert agreement.anchor_day == today.day


@given(agreement=agreements())
def test_what_an_offer_tells_suffices_to_compute_its_rows_and_prices_anew(agreement: Agreement) -> None:
    rows = agreed_rows(agreement)
    told = terms_view(agreement).model_dump()
    terms = ScheduleTerms.of(agreement)
    for name in ("principal_minor", "rate_ppm", "periods", "disbursement_day", "first_due_day", "anchor_day"):
        assert told[name] == getattr(terms, name)
    for name in ("method", "period_unit", "period_length", "interest_only_periods", "day_count"):
        assert told[name] == getattr(terms, name)
    assert told["rounding"] == terms.rounding.word
    assert told["instalment_multiple_minor"] == terms.multiple_minor
    assert told["instalment_minor"] == level_instalment(terms)
    assert told["schedule_root"] == "0x" + schedule_root(terms.method, derive(terms, told["instalment_minor"])).hex()
    assert all_in_ppm(agreement, rows) == all_in_rate_ppm(terms, rows, agreement.upfront_fee_minor)


def test_terms_that_carry_no_schedule_for_an_amount_make_no_offer() -> None:
    coarse, small = product(instalment_multiple_minor=10_000), Approval(**{**vars(APPROVAL), "principal_minor": 20_000})
    with pytest.raises(ScheduleDegenerate):
        make_offer(small, coarse, NOW, "en")


@pytest.mark.parametrize(
    ("approved", "term"),
    [({"principal_minor": 12 * 2**38}, "instalmentMinor"), ({"periods": 481, "rate_ppm": 0}, "periods")],
)
def test_what_a_loan_book_would_refuse_when_both_have_signed_is_not_offered(
    approved: dict[str, int], term: str
) -> None:
    with pytest.raises(TermOutOfRange) as refused:
        make_offer(Approval(**{**vars(APPROVAL), **approved}), policy(), NOW, "en")
    assert refused.value.term == term


def test_a_loan_that_is_paid_back_at_once_has_no_all_in_rate() -> None:
    agreement = make_offer(APPROVAL, policy(), NOW, "en").agreement
    assert all_in_ppm(agreement, []) is None


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
        amount = re.escape(f"{row.due_minor // 100:,}.{row.due_minor % 100:02d}")
        assert re.search(rf"(?<![\d,]){amount} (元|CNY)", offer.document)
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


def example(schema: type[BaseModel]) -> dict[str, Any]:
    """The examples of a schema's members."""
    return {name: field.examples[0] for name, field in schema.model_fields.items() if field.examples}


def test_the_documented_examples_are_figures_of_one_schedule() -> None:
    told = example(ShapeOut)
    terms = ScheduleTerms(
        principal_minor=told["principal_minor"],
        rate_ppm=told["rate_ppm"],
        periods=told["periods"],
        disbursement_day=told["disbursement_day"],
        first_due_day=told["first_due_day"],
        anchor_day=told["anchor_day"],
        day_count=DayCount(told["day_count"]),
    )
    rows, fee = derive(terms, level_instalment(terms)), example(TermsOut)["upfront_fee_minor"]
    first = offer_rows(rows)[0]
    assert (told["instalment_minor"], told["schedule_root"]) == (
        first.due_minor,
        "0x" + schedule_root(terms.method, rows).hex(),
    )
    for schema in (OfferRowOut, RowOut):
        assert first.model_dump().items() <= (example(schema) | {"nr": 1}).items()
    assert example(TotalsOut) == asdict(totals(rows, fee))
    for prices in (example(OfferOut), example(LoanOut)):
        assert prices["apr_ppm"] == schedule_apr_ppm(terms, rows, fee)
        assert prices["all_in_ppm"] == all_in_rate_ppm(terms, rows, fee)


TOLD: list[tuple[dict[str, Any], int, list[str], list[str]]] = [
    ({}, 12, ["等额本息", "12 期，每个月一期"], ["level instalments", "12, one every month"]),
    ({"period_length": 3}, 12, ["每 3 个月一期"], ["12, one every 3 months"]),
    ({"period_length": 12}, 12, ["每年一期"], ["one every year"]),
    ({"period_length": 24}, 12, ["每 2 年一期"], ["one every 2 years"]),
    ({"period_unit": 1}, 12, ["每天一期"], ["one every day"]),
    ({"period_unit": 1, "period_length": 10}, 12, ["每 10 天一期"], ["one every 10 days"]),
    ({"period_unit": 1, "period_length": 7}, 12, ["每周一期"], ["one every week"]),
    ({"period_unit": 1, "period_length": 14}, 12, ["每 2 周一期"], ["one every 2 weeks"]),
    ({"interest_only_periods": 2}, 12, ["前 2 期只还利息", "最高一期"], ["the first 2 of interest only", "at most"]),
    ({"method": "equal_principal"}, 12, ["等额本金", "最高一期"], ["equal parts of the principal", "at most"]),
    ({"method": "interest_only"}, 12, ["按期付息，到期还本"], ["interest only, and the whole principal"]),
    ({"method": "flat"}, 12, ["始终按全部本金计息"], ["on the whole principal until the end"]),
    ({"method": "bullet", "period_length": 12}, 1, ["期数：1 期", "一次还清"], ["one payment", "CNY in one sum"]),
]


@pytest.mark.parametrize(("terms", "periods", "zh", "en"), TOLD)
def test_the_document_tells_shape_and_both_prices(
    terms: dict[str, Any], periods: int, zh: list[str], en: list[str]
) -> None:
    approval = Approval(**{**vars(APPROVAL), "periods": periods})
    for language, expected in (("zh", zh), ("en", en)):
        offer = make_offer(approval, product(**terms), NOW, language)
        rows = agreed_rows(offer.agreement)
        assert [words for words in expected if words not in offer.document] == []
        for price in (offer.agreement.apr_ppm, all_in_ppm(offer.agreement, rows)):
            assert price is not None and f"{price // 10_000}.{price % 10_000:04d} %" in offer.document


def test_the_prices_are_called_by_their_methods() -> None:
    zh, en = (make_offer(APPROVAL, policy(), NOW, language).document for language in ("zh", "en"))
    assert "年化利率（复利，内部收益率法，含全部费用）：" in zh and "年化综合成本（单利，含全部费用）：" in zh
    assert "Annual percentage rate (compound" in en and "All-in annual rate (simple" in en


@pytest.mark.parametrize(
    ("unit", "length", "told"),
    [
        (PeriodUnit.DAY, 6, (6, "day")),
        (PeriodUnit.DAY, 364, (52, "week")),
        (PeriodUnit.MONTH, 18, (18, "month")),
        (PeriodUnit.MONTH, 36, (3, "year")),
    ],
)
def test_a_period_is_told_in_the_largest_unit_that_it_is_whole_in(
    unit: PeriodUnit, length: int, told: tuple[int, str]
) -> None:
    assert in_words(unit, length) == told
