"""New terms for what is left of a loan: holidays, re-ageing, rate cuts, refinancing with new money."""

from dataclasses import dataclass, replace
from typing import Any

from contracts.deployment.plan import CONSUMER_INSTALMENT
from contracts.loan import (
    LoanState,
    LoanStatus,
    Payoff,
    accrue,
    amend,
    earned_interest,
    require_origination_day,
    require_terms,
)
from contracts.schedule import Method, Row, ScheduleRefused, agreed_rows, schedule_root
from contracts.typed_data import Agreement, Amendment
from tests.contracts.model.act import Act, Outcome, Scene
from tests.contracts.model.acts.lending import drawn, require_caps, require_cost, require_report, shape, table_shape
from tests.contracts.model.acts.paying import concerned, some_loan
from tests.contracts.model.acts.rows import require_words_fit, whole_table
from tests.contracts.model.acts.signing import by_underwriter, person_of, signed
from tests.contracts.model.model import ModelLoan
from tests.contracts.model.refused import require
from tests.contracts.model.world import STRANGER

PERCENT = 100


@dataclass(frozen=True)
class Signed:
    """Whether both sides' signatures speak for them."""

    borrower: bool
    lender: bool


def amend_loan(scene: Scene) -> Act | None:
    """Mostly terms that follow from what is owed; sometimes one number, signature or table is wrong."""
    loan = some_loan(scene)
    if loan is None or not loan.state.status.is_running:
        return None
    try:
        amendment, table = _amendment(scene, loan)
    except ScheduleRefused:
        return None
    borrower = loan.agreement.borrower
    signer, by_borrower, speaks = signed(scene, person_of(scene, borrower), amendment, "LoanBook")
    by_lender, lender_speaks = by_underwriter(scene, amendment)
    old, flaw = whole_table(scene, loan) if loan.is_table else ([[]], "")
    old, flaw = (old, flaw) if old else ([[]], "short")
    words = [row.word for row in table]

    def predict() -> Outcome:
        return _predicted(scene, loan, amendment, table, flaw, Signed(speaks, lender_speaks))

    values = (amendment, signer, by_borrower, by_lender, *old, words)
    authority, loans, parties = concerned(loan, loan.agreement.lender)
    return Act("amend", "LoanBook", "amend", values, STRANGER, predict, authority, loans, parties)


def _predicted(
    scene: Scene, loan: ModelLoan, amendment: Amendment, table: tuple[Row, ...], flaw: str, both: Signed
) -> Outcome:
    model, terms, before = scene.model, amendment.terms, loan.state
    require(before.status is not LoanStatus.WRITTEN_OFF, "LoanNotActive")
    require(amendment.sequence == before.amendments + 1, "WrongSequence")
    require_words_fit(flaw)
    _require_new_terms(scene, loan, terms)
    _require_schedule(scene, terms, table)
    _require_parties(scene, amendment, both)
    day = model.today(terms.time_zone_minutes)
    after, found = amend(before, amendment, day, model.stops(loan.zone), table)
    _require_limits(scene, loan, after, amendment)
    amended = replace(loan, agreement=terms)

    def commit() -> None:
        model.put(amended, after)

    told = {"loan": loan.loan, "sequence": amendment.sequence}
    moves = [(terms.lender, terms.borrower, found.top_up_minor - terms.upfront_fee_minor)]
    return Outcome(moves, commit, [("LoanAmended", told)])


def _require_new_terms(scene: Scene, loan: ModelLoan, terms: Agreement) -> None:
    model = scene.model
    require(model.now <= terms.deadline, "DeadlinePassed")
    for name in ("borrower", "lender", "product_id", "time_zone_minutes"):
        require(getattr(terms, name) == getattr(loan.agreement, name), "TermsOfAnotherLoan")
    require(terms.currency == loan.agreement.currency, "UnsupportedCurrency")
    require_terms(terms)
    require_caps(model.products[terms.product_id], terms)
    today = model.today(terms.time_zone_minutes)
    require_origination_day(terms, today)
    require(loan.state.accrued_day <= terms.disbursement_day <= today, "TermOutOfRange")
    require(terms.cooling_off_days == 0, "TermOutOfRange")


def _require_schedule(scene: Scene, terms: Agreement, table: tuple[Row, ...]) -> None:
    if table and not Method(terms.method).is_table:
        require(False, "RowCountMismatch")
    rows = agreed_rows(terms, table)
    require_cost(scene.model.products[terms.product_id], terms, rows)
    require(terms.schedule_root == schedule_root(Method(terms.method), rows), "ScheduleRootMismatch")


def _require_parties(scene: Scene, amendment: Amendment, both: Signed) -> None:
    """New money is only for parties that may draw it; a frozen borrower may agree to all else."""
    model, terms = scene.model, amendment.terms
    if amendment.top_up_minor:
        require(model.in_standing(terms.borrower), "PartyNotInStanding")
        require(both.borrower, "InvalidSignature")
        level = model.parties[terms.borrower].kyc_level
        require(level >= model.products[terms.product_id]["min_kyc_level"], "KycTooLow")
        require(model.in_standing(terms.lender), "PartyNotInStanding")
    require(both.borrower and both.lender, "InvalidSignature")


def _require_limits(scene: Scene, loan: ModelLoan, after: LoanState, amendment: Amendment) -> None:
    """Only new money asks for the borrower's limit and the lender's facility."""
    model, terms = scene.model, amendment.terms
    if not amendment.top_up_minor:
        return
    facility = model.facilities[terms.product_id]
    require(not model.paused_since, "PausedLoanBook")
    require_report(scene, terms)
    reserved = model.exposure(terms.borrower)[1] - loan.state.reserved_minor + after.reserved_minor
    require(reserved <= model.limit_minor(terms.borrower), "LimitExceeded")
    most = facility.max_outstanding_minor * facility.max_borrower_percent // PERCENT
    require(reserved <= most, "BorrowerLimitExceeded")
    lent = model.outstanding(terms.product_id) - loan.state.lent_minor + after.lent_minor
    require(lent <= facility.max_outstanding_minor, "FacilityExceeded")


def _amendment(scene: Scene, loan: ModelLoan) -> tuple[Amendment, tuple[Row, ...]]:
    """Terms that begin today or a day or two ago, over what is owed then."""
    rng, today, state = scene.rng, scene.model.today(loan.zone), loan.state
    start = max(today - rng.choice((0, 0, 0, 1, 2)), state.accrued_day)
    claims = _claims(state, start, scene.model.stops(loan.zone))
    owed = claims.interest_minor + claims.late_fee_minor + claims.penalty_minor
    capitalised = owed * rng.choice((0, 0, 50, 100)) // PERCENT
    waived = (owed - capitalised) * rng.choice((0, 0, 30, 100)) // PERCENT
    waived += scene.chance(3)
    top_up = rng.choices((0, 50_000, 300_000), (70, 20, 10))[0]
    principal = claims.principal_minor - claims.rebate_minor + capitalised + top_up
    broad = loan.agreement.product_id != CONSUMER_INSTALMENT
    terms, rows = shape(scene, start, max(1, principal), broad=broad), tuple[Row, ...]()
    if broad and scene.chance(30):
        terms, rows = table_shape(scene, start, max(1, principal))
    agreement, table = drawn(scene, loan.agreement.borrower, terms, loan.zone, loan.agreement.product_id, rows)
    fee = min(agreement.upfront_fee_minor, top_up)
    agreement = _spoilt(scene, replace(agreement, cooling_off_days=0, upfront_fee_minor=fee))
    sequence = state.amendments + rng.choices((1, 0, 2), (96, 2, 2))[0]
    return Amendment(loan.loan, sequence, rng.randrange(5), capitalised, waived, top_up, agreement), table


def _claims(state: LoanState, day: int, stops: Any) -> Payoff:
    """What is owed on a day, with the rebate that the lender's part of the principal allows."""
    accrued = accrue(state, day, stops)
    unpaid = earned_interest(state, day) - state.paid_interest_minor
    return Payoff(
        principal_minor=state.outstanding_principal_minor,
        interest_minor=max(0, unpaid) + state.carried_interest_minor,
        rebate_minor=min(max(0, -unpaid), state.uncovered_minor),
        late_fee_minor=accrued.late_fee_due_minor,
        penalty_minor=accrued.penalty_due_minor,
    )


def _spoilt(scene: Scene, terms: Agreement) -> Agreement:
    if not scene.chance(10):
        return terms
    changes: list[dict[str, Any]] = [
        {"deadline": scene.model.now - 1},
        {"borrower": scene.rng.choice(scene.world.people).subject},
        {"lender": STRANGER},
        {"product_id": bytes(32)},
        {"currency": STRANGER},
        {"time_zone_minutes": -terms.time_zone_minutes},
        {"rate_ppm": 2**24},
        {"cooling_off_days": 1},
        {"upfront_fee_minor": terms.upfront_fee_minor + 1},
        {"principal_minor": terms.principal_minor + 1},
        {"schedule_root": bytes(32)},
        {"disbursement_day": terms.disbursement_day - 1},
        {"disbursement_day": terms.disbursement_day + 1},
        {"score_report": bytes(32)},
    ]
    return replace(terms, **scene.rng.choice(changes))
