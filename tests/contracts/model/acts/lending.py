"""A loan begins: both sides sign, anyone brings it."""

from collections.abc import Sequence
from dataclasses import replace
from itertools import accumulate
from typing import Any

from eth_utils.crypto import keccak

from contracts.deployment.plan import CONSUMER_INSTALMENT
from contracts.loan import originate as twin_originate
from contracts.loan import require_origination_day, require_terms
from contracts.schedule import (
    DayCount,
    Method,
    PeriodUnit,
    RateUndefined,
    Row,
    ScheduleRefused,
    ScheduleTerms,
    TermOutOfRange,
    agreed_rows,
    date_of,
    first_due_day,
    level_instalment,
    schedule_apr_ppm,
    schedule_root,
)
from contracts.typed_data import Agreement, digest
from scripts.workbench.system import Person
from tests.contracts.model.act import Act, Outcome, Scene
from tests.contracts.model.acts.people import has_report
from tests.contracts.model.acts.signing import by_underwriter, signed
from tests.contracts.model.model import ModelLoan
from tests.contracts.model.refused import require
from tests.contracts.model.world import EVERY_SHAPE, STRANGER

ZONES = (480, 480, 480, 0, -720, 840)
WATERFALLS = (0x1234, 0x1234, 0x3412, 0x2134, 0x3124)
PPM = 10**6


def originate(scene: Scene) -> Act | None:
    """Mostly an agreement that holds; sometimes one term, signature or moment of it is wrong."""
    may = [person for person in scene.world.people if may_borrow(scene, person.subject)]
    if not may and scene.chance(80):
        return None
    person = scene.rng.choice(may if may and scene.chance(92) else scene.world.people)
    try:
        agreement, table = _agreement(scene, person)
    except ScheduleRefused:
        return None
    agreement = _disclosed(_spoilt(scene, agreement), table)
    known = sorted(scene.model.loans)
    if known and scene.chance(2):
        old = scene.model.loans[scene.rng.choice(known)]
        agreement, table = old.agreement, old.rows if Method(old.agreement.method).is_table else ()
        person = next(one for one in scene.world.people if one.subject == agreement.borrower)
    signer, by_borrower, speaks = signed(scene, person, agreement, "LoanBook")
    by_lender, lender_speaks = by_underwriter(scene, agreement)
    loan = digest(agreement, scene.world.system.domain("LoanBook"))
    words = [[row.word for row in table]] if table else []

    def predict() -> Outcome:
        state = _admitted(scene, loan, agreement, table)
        _require_parties(scene, agreement, speaks=speaks, lender_speaks=lender_speaks)
        _require_limits(scene, agreement)
        paid_out = agreement.principal_minor - agreement.upfront_fee_minor
        opened = ModelLoan(loan, agreement, state)
        return Outcome(
            [(agreement.lender, agreement.borrower, paid_out)],
            lambda: scene.model.open(opened),
            [("LoanOriginated", {"loan": loan, "borrower": agreement.borrower})],
        )

    return Act(
        "originate by table" if table else "originate",
        "LoanBook",
        "originate",
        (agreement, signer, by_borrower, by_lender, *words),
        STRANGER,
        predict,
        frozenset({agreement.lender}),
        (loan,),
        (agreement.borrower,),
    )


def may_borrow(scene: Scene, subject: str) -> bool:
    """Whether a person has a report that counts and is in standing."""
    return has_report(scene, subject) and scene.model.in_standing(subject)


def _admitted(scene: Scene, loan: bytes, a: Agreement, table: Sequence[Row]) -> Any:
    """The terms, in the contract's order; the loan's first state."""
    model = scene.model
    require(loan not in model.loans, "LoanExists")
    require(model.now <= a.deadline, "DeadlinePassed")
    require(a.currency == scene.world.system.contracts["CashToken"], "UnsupportedCurrency")
    require_terms(a)
    caps = model.products.get(a.product_id)
    require(caps and caps["active"], "ProductInactive")
    assert caps is not None
    require_caps(caps, a)
    require_origination_day(a, model.today(a.time_zone_minutes))
    require_cost(caps, a, agreed_rows(a, table))
    return twin_originate(a, table)


def require_cost(caps: dict[str, Any], a: Agreement, rows: Sequence[Row]) -> None:
    """The schedule is no longer and costs no more than the product allows."""
    days = rows[-1].due_day - a.disbursement_day
    if days > caps["max_term_days"]:
        raise TermOutOfRange("termDays", days, 0, caps["max_term_days"])
    cost = a.upfront_fee_minor + sum(row.interest_minor for row in rows)
    require(cost <= a.principal_minor * caps["max_total_cost_ppm"] // PPM, "TotalCostTooHigh")


def require_caps(caps: dict[str, Any], a: Agreement) -> None:
    """The terms are within what the product allows."""
    require(caps["methods"] >> a.method & 1, "MethodNotOffered")
    for value, most in (
        (a.principal_minor, caps["max_principal_minor"]),
        (a.rate_ppm, caps["max_rate_ppm"]),
        (a.periods, caps["max_periods"]),
        (a.late_fee_minor, caps["max_late_fee_minor"]),
        (a.penalty_rate_ppm, caps["max_penalty_rate_ppm"]),
        (a.penalty_max_days, caps["max_penalty_days"]),
        (a.upfront_fee_minor, a.principal_minor * caps["max_upfront_fee_ppm"] // PPM),
    ):
        require(value <= most, "TermOutOfRange")


def _require_parties(scene: Scene, a: Agreement, *, speaks: bool, lender_speaks: bool) -> None:
    model = scene.model
    require(model.in_standing(a.borrower), "PartyNotInStanding")
    require(speaks, "InvalidSignature")
    require(model.parties[a.borrower].kyc_level >= model.products[a.product_id]["min_kyc_level"], "KycTooLow")
    require(a.lender == model.lender, "UnknownFacility")
    require(model.in_standing(a.lender), "PartyNotInStanding")
    require(lender_speaks, "InvalidSignature")


def _require_limits(scene: Scene, a: Agreement) -> None:
    """The lender's facility, the borrower's limit, and what the facility lends to one borrower."""
    model, facility = scene.model, scene.model.facilities[a.product_id]
    used = model.outstanding(a.product_id)
    require(used + a.principal_minor <= facility.max_outstanding_minor, "FacilityExceeded")
    require(not model.paused_since, "PausedLoanBook")
    require_report(scene, a)
    _, reserved = model.exposure(a.borrower)
    reserved += a.principal_minor
    require(reserved <= model.limit_minor(a.borrower), "LimitExceeded")
    most = facility.max_outstanding_minor * facility.max_borrower_percent // 100
    require(reserved <= most, "BorrowerLimitExceeded")


def require_report(scene: Scene, a: Agreement) -> None:
    """The agreement names a report that counts now."""
    report = scene.model.reports.get(a.borrower)
    require(report is not None and report.uid == a.score_report, "ReportSuperseded")
    assert report is not None
    require(not report.revoked, "RevokedReport")
    require(report.expires_at >= scene.model.now, "ReportExpired")


def _agreement(scene: Scene, person: Person) -> tuple[Agreement, tuple[Row, ...]]:
    """An agreement that begins today, and its table where it is over one."""
    rng, zone = scene.rng, scene.rng.choice(ZONES)
    today = scene.model.today(zone)
    start = today - rng.choice((0, 0, 0, 1, 2))
    broad = scene.chance(70)
    if broad and scene.chance(25):
        return _by_table(scene, person, start, zone)
    terms = shape(scene, start, broad=broad)
    return drawn(scene, person.subject, terms, zone, EVERY_SHAPE if broad else CONSUMER_INSTALMENT)


def shape(scene: Scene, start: int, principal_minor: int = 0, *, broad: bool = True) -> ScheduleTerms:
    """A formula of any method, few periods."""
    rng, months = scene.rng, scene.chance(50)
    methods = (
        [method for method in Method if not method.is_table] if broad else [Method.ANNUITY, Method.EQUAL_PRINCIPAL]
    )
    method = rng.choice(methods)
    periods = 1 if method is Method.BULLET else rng.randint(1, 6)
    anchor = rng.choice((date_of(start).day, 31, 1, 15)) if months else 0
    length = rng.choice((1, 1, 2, 3)) if months else rng.choice((7, 14, 30))
    return ScheduleTerms(
        principal_minor=principal_minor or rng.choice((50_000, 200_000, 700_000, rng.randint(30_000, 2_000_000))),
        rate_ppm=rng.choice((0, 36_000, 120_000, 240_000)) or (240_000 if method is Method.INTEREST_ONLY else 0),
        periods=periods,
        disbursement_day=start,
        first_due_day=first_due_day(start, anchor) if months else start + length,
        anchor_day=anchor,
        day_count=rng.choice([count for count in DayCount if months or count != DayCount.MONTHS_360]),
        method=method,
        period_unit=PeriodUnit.MONTH if months else PeriodUnit.DAY,
        period_length=length,
    )


def drawn(
    scene: Scene, borrower: str, terms: ScheduleTerms, zone: int, product: bytes, table: tuple[Row, ...] = ()
) -> tuple[Agreement, tuple[Row, ...]]:
    """The agreement over a schedule, with charges of its own. Raises a ScheduleRefused where none holds."""
    rng, model = scene.rng, scene.model
    report = model.reports.get(borrower)
    instalment = level_instalment(terms)
    fee = terms.principal_minor * rng.choice((0, 10_000, 30_000)) // PPM
    bare = Agreement(
        borrower=borrower,
        lender=model.lender,
        currency=scene.world.system.contracts["CashToken"],
        principal_minor=terms.principal_minor,
        method=int(terms.method),
        rate_ppm=terms.rate_ppm,
        periods=terms.periods,
        period_unit=int(terms.period_unit),
        period_length=terms.period_length,
        interest_only_periods=terms.interest_only_periods,
        disbursement_day=terms.disbursement_day,
        latest_origination_day=min(terms.disbursement_day + 3, terms.first_due_day - (not table)),
        first_due_day=terms.first_due_day,
        anchor_day=terms.anchor_day,
        time_zone_minutes=zone,
        day_count=int(terms.day_count),
        rounding=terms.rounding.word,
        instalment_minor=instalment,
        instalment_multiple_minor=1,
        upfront_fee_minor=fee,
        apr_ppm=0,
        grace_days=rng.choice((0, 3, 10, 100)) if product == EVERY_SHAPE else 3,
        late_fee_minor=rng.choice((0, 2_000, 5_000)),
        penalty_rate_ppm=rng.choice((0, 180_000, 360_000)),
        penalty_max_days=rng.choice((0, 30, 90, 365)),
        waterfall=rng.choice(WATERFALLS),
        cooling_off_days=rng.choice((0, 14, 30)),
        product_id=product,
        score_report=report.uid if report else bytes(32),
        document_hash=keccak(b"document"),
        schedule_root=bytes(32),
        salt=rng.randbytes(32),
        deadline=model.now + 600,
    )
    rows = agreed_rows(bare, table)
    try:
        apr = schedule_apr_ppm(terms, rows, fee)
    except RateUndefined:
        apr = 0
    return replace(bare, apr_ppm=apr, schedule_root=schedule_root(terms.method, rows)), table


def _by_table(scene: Scene, person: Person, start: int, zone: int) -> tuple[Agreement, tuple[Row, ...]]:
    """Rows at any distance, the last due at once or after months."""
    terms, rows = table_shape(scene, start, 0)
    return drawn(scene, person.subject, terms, zone, EVERY_SHAPE, rows)


def table_shape(scene: Scene, start: int, principal_minor: int) -> tuple[ScheduleTerms, tuple[Row, ...]]:
    """A table of a few rows; over a given principal, the last row takes what the others leave."""
    rng = scene.rng
    principals = [rng.choice((20_000, 70_000, 300_000)) for _ in range(rng.randint(1, 5))]
    if principal_minor:
        count = rng.randint(1, 4)
        principals = [principal_minor // count] * (count - 1)
        principals.append(principal_minor - sum(principals))
    days = accumulate((rng.choice((7, 30, 45, 90)) for _ in principals), initial=start)
    dated = zip(list(days)[1:], principals, strict=True)
    rows = tuple(Row(nr, day, part, 10 * nr if part > 10_000 else 0) for nr, (day, part) in enumerate(dated, 1))
    day_count = DayCount(rng.randint(0, 4))
    base = ScheduleTerms(sum(principals), 240_000, 1, start, start + 1, 0, day_count, period_unit=PeriodUnit.DAY)
    return replace(base.as_table(rows), method=rng.choice((Method.CUSTOM, Method.CUSTOM_FLAT))), rows


def _disclosed(a: Agreement, table: tuple[Row, ...]) -> Agreement:
    """With the APR of what is signed, where that makes sense: a wrong one is for the audit to find."""
    try:
        terms = ScheduleTerms.of(a)
        return replace(a, apr_ppm=schedule_apr_ppm(terms, agreed_rows(a, table), a.upfront_fee_minor))
    except (RateUndefined, ScheduleRefused, ValueError):
        return a


def _spoilt(scene: Scene, a: Agreement) -> Agreement:
    """One time in eight, something is wrong; nobody recomputes the schedule for it."""
    if not scene.chance(12):
        return a
    now = scene.model.now
    changes: list[dict[str, Any]] = [
        {"deadline": now},
        {"deadline": now - 1},
        {"currency": STRANGER},
        {"lender": scene.world.system.role("treasurer")},
        {"lender": STRANGER},
        {"product_id": bytes(32)},
        {"schedule_root": bytes(32)},
        {"score_report": bytes(32)},
        {"rate_ppm": 2**24 - 1},
        {"rate_ppm": 2**24},
        {"late_fee_minor": 5_001},
        {"upfront_fee_minor": a.principal_minor},
        {"waterfall": 0x1243},
        {"latest_origination_day": a.disbursement_day - 1},
        {"latest_origination_day": a.disbursement_day + 4},
        {"disbursement_day": a.disbursement_day + 1},
        {"principal_minor": a.principal_minor + 1},
        {"principal_minor": 4_000_001},
        {"method": 7},
        {"grace_days": 256},
        {"time_zone_minutes": 841},
    ]
    return replace(a, **scene.rng.choice(changes))
