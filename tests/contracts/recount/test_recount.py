"""Whatever happens through the contracts recounts clean; whatever is altered is named."""

from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from itertools import accumulate
from typing import Any, cast

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from contracts.clients import Event, TableRow, table_rows
from contracts.loan import (
    ArrearsUnchanged,
    LoanState,
    LoanStatus,
    apply_payment,
    originate,
    owed,
    record_arrears,
    rows_needed,
)
from contracts.recount import check_report_signatures, recount
from contracts.schedule import Method, Row, ScheduleRefused, schedule_root
from contracts.typed_data import Agreement
from scripts.workbench.system import FIRST_DAY, Draft
from tests.contracts.recount.conftest import History, new_history

ACTS = st.lists(
    st.tuples(st.sampled_from(("pay", "pay", "pay", "touch", "settle")), st.integers(1, 2), st.integers(0, 45)),
    min_size=1,
    max_size=8,
)
CHARGES: dict[str, Any] = {
    "grace_days": st.integers(0, 10),
    "upfront_fee_minor": st.integers(0, 2_000),
    "waterfall": st.sampled_from((0x1234, 0x3412, 0x3124)),
}
OFFERED = (Method.ANNUITY, Method.EQUAL_PRINCIPAL)
"""Of the methods with a formula, those that the deployed product has."""


@dataclass(frozen=True)
class Ask:
    """A loan to be lent: its draft, and its rows where they are a table."""

    draft: Draft
    table: tuple[Row, ...] = ()


@st.composite
def formulas(draw: st.DrawFn) -> Ask:
    by_days = draw(st.booleans())
    periods, length = draw(st.integers(1, 6)), draw(st.integers(1, 20 if by_days else 2))
    draft = Draft(
        method=draw(st.sampled_from(OFFERED)),
        principal_minor=draw(st.integers(100_000, 5_000_000)),
        rate_ppm=draw(st.integers(1_000, 240_000)),
        periods=periods,
        period_unit=int(by_days),
        period_length=length,
        first_due_day=FIRST_DAY + length if by_days else FIRST_DAY + 28,
        anchor_day=0 if by_days else 31,
        interest_only_periods=draw(st.integers(0, min(1, periods - 1))),
        day_count=draw(st.integers(0, 4 if by_days else 5)),
        rounding=draw(st.sampled_from((0x0, 0x1, 0x2, 0x3, 0x100, 0x102))),
        **{name: draw(values) for name, values in CHARGES.items()},
    )
    return Ask(draft)


@st.composite
def tables(draw: st.DrawFn) -> Ask:
    gaps, principals = draw(st.lists(st.integers(1, 60), min_size=1, max_size=4)), draw(st.integers(70_000, 1_000_000))
    days = list(accumulate(gaps, initial=FIRST_DAY + draw(st.integers(1, 30))))
    rows = [Row(nr, day, principals, 10 * nr) for nr, day in enumerate(days, 1)]
    charges = {name: draw(values) for name, values in CHARGES.items()}
    return Ask(by_table(rows, rate_ppm=240_000, **charges), tuple(rows))


def by_table(rows: Sequence[Row], **changes: Any) -> Draft:
    draft = Draft(
        method=Method.CUSTOM,
        principal_minor=sum(row.principal_minor for row in rows),
        periods=len(rows),
        period_length=0,
        first_due_day=rows[0].due_day,
        anchor_day=0,
    )
    return replace(draft, **changes)


ASKS = st.one_of(formulas(), tables())


def _act(history: History, loan: bytes, state: LoanState, person: int, act: str, share: int, nonce: int) -> LoanState:
    """Do it on the ledger as the twin says it can be done; the twin's state after it."""
    system, day = history.system, history.evm.timestamp // 86_400
    if state.status is LoanStatus.CLOSED:
        return state
    if act == "touch":
        with suppress(ArrearsUnchanged):
            after, _ = record_arrears(state, day)
            system.send("LoanBook", "recordArrears", loan, *_brought(state, 0, day))
            return after
        return state
    total = owed(state, day).total_minor
    amount = total if act == "settle" else max(1, total * (share + 5) // 100)
    system.pay(loan, amount, nonce, system.person(person), *_brought(state, amount, day))
    return apply_payment(state, amount, day)[0]


def _brought(state: LoanState, amount: int, day: int) -> list[list[TableRow]]:
    if not state.terms.schedule.method.is_table:
        return []
    rows = table_rows(state.rows, rows_needed(state, amount, day))
    return [rows] if rows else []


@settings(max_examples=30, phases=[Phase.generate], suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(acts=ACTS, first=ASKS, second=ASKS)
def test_every_life_recounts_clean(history: History, acts: list[tuple[str, int, int]], first: Ask, second: Ask) -> None:
    history.reset()
    loans, states = {}, {}
    for number, asked in enumerate((first, second), 1):
        loans[number], states[number] = _lend(history, number, asked)
    day = FIRST_DAY
    for nonce, (act, person, wait) in enumerate(acts):
        day += wait
        history.system.at_day(day)
        states[person] = _act(history, loans[person], states[person], person, act, wait, nonce)
    findings = history.recount()
    assert findings.differences == []
    assert findings.loans == 2
    assert findings.money_held_minor == findings.money_in_minor - findings.money_out_minor


def _lend(history: History, number: int, ask: Ask) -> tuple[bytes, LoanState]:
    """The loan asked for, or an ordinary one where no schedule carries it."""
    try:
        loan, table = history.lend(number, ask.draft, ask.table), ask.table
    except ScheduleRefused:
        loan, table = history.lend(number), ()
    return loan, originate(_agreement_of(history, loan), table)


def _agreement_of(history: History, loan: bytes) -> Agreement:
    (found,) = [e.args["agreement"] for e in history.events() if e.name == "LoanOriginated" and e.args["loan"] == loan]
    return cast("Agreement", found)


def _one_life(history: History) -> bytes:
    """On time, late with charges, into arrears by a touch, then paid off."""
    loan = history.lend()
    system = history.system
    system.at_day(FIRST_DAY + 28)
    system.pay(loan, 88_000, 0)
    system.at_day(FIRST_DAY + 75)
    system.send("LoanBook", "recordArrears", loan)
    system.pay(loan, 50_000, 1)
    system.at_day(FIRST_DAY + 80)
    system.pay(loan, system.read("LoanBook", "owed", loan, FIRST_DAY + 80)["total_minor"], 2)
    return loan


def test_findings_count_what_happened(history: History) -> None:
    _one_life(history)
    findings = history.recount()
    assert findings.clean, findings.differences
    assert (findings.loans, findings.loans_closed, findings.payments, findings.score_reports) == (1, 1, 3, 1)
    assert findings.principal_lent_minor == findings.principal_repaid_minor == 1_000_000
    assert findings.charges_paid_minor > 0
    assert findings.comparisons > 50


def _change(name: str, **changes: Any) -> Callable[[Event], Event | None]:
    def change(event: Event) -> Event | None:
        if event.name != name:
            return event
        altered = {key: value(event.args[key]) if callable(value) else value for key, value in changes.items()}
        return replace(event, args={**event.args, **altered})

    return change


def _drop(name: str) -> Callable[[Event], Event | None]:
    return lambda event: None if event.name == name else event


def _plus_one(value: int) -> int:
    return value + 1


def _caps(name: str, value: object) -> Callable[[Event], Event | None]:
    return _change("ProductChanged", caps=lambda caps: caps | {name: value})


TAMPERINGS = [
    (_change("PaymentApplied", interest_minor=_plus_one), "interest_minor"),
    (_change("PaymentApplied", principal_minor=_plus_one), "principal_minor"),
    (_change("PaymentApplied", late_fee_minor=_plus_one), "late_fee_minor"),
    (_change("PaymentApplied", penalty_minor=_plus_one), "penalty_minor"),
    (_change("PaymentApplied", amount_minor=_plus_one), "transfer"),
    (_change("PaymentApplied", day=_plus_one), "day"),
    (_change("PaymentApplied", payer="0x" + "99" * 20), "transfer"),
    (_change("ArrearsChanged", bucket=_plus_one), "bucket"),
    (_change("ArrearsChanged", days_past_due=_plus_one), "days_past_due"),
    (_change("LoanClosed", day=_plus_one), "closed on day"),
    (_change("LoanOriginated", agreement=lambda a: replace(a, salt=bytes(32))), "digest"),
    (_change("LoanOriginated", agreement=lambda a: replace(a, apr_ppm=a.apr_ppm + 1)), "apr_ppm"),
    (_change("LoanOriginated", agreement=lambda a: replace(a, schedule_root=bytes(32))), "terms"),
    (_change("LoanOriginated", agreement=lambda a: replace(a, rounding=0x10)), "terms"),
    (_change("LoanOriginated", agreement=lambda a: replace(a, method=1)), "terms"),
    (_change("LoanOriginated", agreement=lambda a: replace(a, method=5)), "terms"),
    (_change("LoanOriginated", agreement=lambda a: replace(a, period_length=2)), "terms"),
    (_change("LoanOriginated", agreement=lambda a: replace(a, upfront_fee_minor=1)), "transfer"),
    (_change("LoanOriginated", lender="0x" + "99" * 20), "lender"),
    (_change("LoanOriginated", agreement=lambda a: replace(a, currency=a.lender)), "currency"),
    (_change("LoanOriginated", agreement=lambda a: replace(a, deadline=1)), "before its deadline"),
    (_change("LoanOriginated", agreement=lambda a: replace(a, product_id=bytes(32))), "product_id"),
    (_caps("active", False), "product_id"),
    (_caps("methods", 0b111_1110), "method offered"),
    (_caps("max_term_days", 333), "term_days within its cap"),
    (_caps("min_kyc_level", 3), "kyc_level suffices"),
    (_caps("max_principal_minor", 999_999), "principal_minor within its cap"),
    (_caps("max_rate_ppm", 119_999), "rate_ppm within its cap"),
    (_caps("max_periods", 11), "periods within its cap"),
    (_caps("max_late_fee_minor", 1_999), "late_fee_minor within its cap"),
    (_caps("max_penalty_rate_ppm", 179_999), "penalty_rate_ppm within its cap"),
    (_caps("max_upfront_fee_ppm", 9_999), "upfront_fee_minor within its cap"),
    (_change("KycChanged", kyc_expiry_day=1), "borrower in standing"),
    (_change("KycChanged", kyc_level=_plus_one), "kyc_level"),
    (_drop("SubjectRegistered"), "borrower in standing"),
    (_drop("InstitutionRegistered"), "lender in standing"),
    (_drop("FacilityChanged"), "lender has a facility"),
    (_drop("ProductChanged"), "product_id"),
    (_drop("CashMinted"), "order"),
    (_change("Transfer", value=_plus_one), "balance"),
    (_change("CashMinted", amount_minor=_plus_one), "money in less money out"),
    (_change("ReportPublished", report=lambda r: replace(r, limit_minor=1)), "limit_minor"),
    (_change("ReportPublished", signers=lambda s: s[:2]), "quorum"),
    (_change("ReportPublished", signers=lambda s: [*s[:2], "0x" + "99" * 20]), "unknown signers"),
    (_change("SignersChanged", quorum=_plus_one), "signer_set"),
    (_drop("LoanOriginated"), "loan"),
    (_drop("PaymentApplied"), "row"),
    (_drop("ArrearsChanged"), "ArrearsChanged"),
    (_drop("LoanClosed"), "LoanClosed"),
    (_drop("ReportPublished"), "score_report"),
    (_drop("Transfer"), "transfer"),
]


@pytest.fixture(scope="module")
def lived() -> tuple[History, list[Event]]:
    history = new_history()
    _one_life(history)
    return history, history.events()


@pytest.mark.parametrize(("tamper", "field"), TAMPERINGS)
def test_an_altered_history_is_named(
    lived: tuple[History, list[Event]], tamper: Callable[[Event], Event | None], field: str
) -> None:
    history, events = lived
    findings = history.recount([altered for event in events if (altered := tamper(event)) is not None])
    assert field in {difference.field for difference in findings.differences}


HARVESTS = (
    Row(1, FIRST_DAY, 100_000, 0),
    Row(2, FIRST_DAY + 180, 400_000, 40_000),
    Row(3, FIRST_DAY + 545, 500_000, 70_000),
)


@pytest.fixture(scope="module")
def harvested() -> tuple[History, list[Event]]:
    """A loan by a table: paid down at once, then late, and paid off."""
    history = new_history()
    loan = history.lend(1, by_table(HARVESTS), HARVESTS)
    state = originate(_agreement_of(history, loan), HARVESTS)
    state = _paid(history, loan, state, FIRST_DAY, 100_000, 0)
    state = _paid(history, loan, state, FIRST_DAY + 220, 100_000, 1)
    history.system.at_day(FIRST_DAY + 240)
    state = _act(history, loan, state, 1, "touch", 0, 2)
    day = FIRST_DAY + 250
    state = _paid(history, loan, state, day, owed(state, day).total_minor, 3)
    assert state.status is LoanStatus.CLOSED
    return history, history.events()


def _paid(history: History, loan: bytes, state: LoanState, day: int, amount: int, nonce: int) -> LoanState:
    history.system.at_day(day)
    history.system.pay(loan, amount, nonce, None, *_brought(state, amount, day))
    return apply_payment(state, amount, day)[0]


def _row(index: int, **changes: Any) -> Callable[[list[int]], list[int]]:
    def change(words: list[int]) -> list[int]:
        row = replace(Row.of(index + 1, words[index]), **changes)
        return [*words[:index], row.word, *words[index + 1 :]]

    return change


def _own_root(agreement: Agreement) -> Agreement:
    return replace(agreement, schedule_root=schedule_root(Method.ANNUITY, HARVESTS))


TABLE_TAMPERINGS = [
    (_change("ScheduleTable", rows=_row(1, interest_minor=39_999)), "terms"),
    (_change("ScheduleTable", rows=_row(1, interest_minor=90_000)), "terms"),
    (_change("ScheduleTable", rows=_row(1, due_day=FIRST_DAY + 179)), "terms"),
    (_change("ScheduleTable", rows=lambda words: words[:2]), "terms"),
    (_change("ScheduleTable", loan=bytes(32)), "LoanOriginated"),
    (_drop("ScheduleTable"), "terms"),
    (_drop("LoanOriginated"), "LoanOriginated"),
    (_change("LoanOriginated", agreement=lambda a: replace(a, rate_ppm=1)), "terms"),
    (_change("LoanOriginated", agreement=lambda a: replace(a, apr_ppm=a.apr_ppm - 1)), "apr_ppm"),
    (_change("LoanOriginated", agreement=_own_root), "terms"),
    (_change("PaymentApplied", interest_minor=_plus_one), "interest_minor"),
    (_caps("methods", 0b001_1111), "method offered"),
    (_caps("max_term_days", 544), "term_days within its cap"),
]


def test_a_loan_by_a_table_recounts_clean(harvested: tuple[History, list[Event]]) -> None:
    history, events = harvested
    findings = history.recount(events)
    assert findings.differences == []
    assert (findings.loans, findings.loans_closed, findings.payments) == (1, 1, 3)
    assert findings.principal_repaid_minor == 1_000_000 and findings.interest_paid_minor == 110_000


@pytest.mark.parametrize(("tamper", "field"), TABLE_TAMPERINGS)
def test_an_altered_table_is_named(
    harvested: tuple[History, list[Event]], tamper: Callable[[Event], Event | None], field: str
) -> None:
    history, events = harvested
    findings = history.recount([altered for event in events if (altered := tamper(event)) is not None])
    assert field in {difference.field for difference in findings.differences}


@pytest.mark.parametrize(("name", "after"), [("ScheduleTable", 0), ("ScheduleTable", 1), ("LoanOriginated", 1)])
def test_a_loan_has_one_table(harvested: tuple[History, list[Event]], name: str, after: int) -> None:
    """Another is named before the one that is signed, after it, and once the loan has begun."""
    history, events = harvested
    signed = next(event for event in events if event.name == "ScheduleTable")
    forged = replace(signed, args={**signed.args, "rows": _row(1, interest_minor=1)(list(signed.args["rows"]))})
    at = [event.name for event in events].index(name) + after
    moved = [replace(event, log_index=nr) for nr, event in enumerate([*events[:at], forged, *events[at:]])]
    findings = history.recount(moved)
    assert "table" in {difference.field for difference in findings.differences}


def test_a_formula_with_a_table_is_named(lived: tuple[History, list[Event]]) -> None:
    history, events = lived
    begun = next(event for event in events if event.name == "LoanOriginated")
    args = {"loan": begun.args["loan"], "rows": [row.word for row in HARVESTS]}
    table = replace(begun, name="ScheduleTable", args=args, log_index=-1)
    assert "terms" in {found.field for found in history.recount([*events, table]).differences}


def _again(events: list[Event], name: str, **changes: Any) -> list[Event]:
    """The events, and then the last of a name once more in a block of its own."""
    last = [event for event in events if event.name == name][-1]
    number = events[-1].block_number + 1
    return [*events, replace(last, block_number=number, args={**last.args, **changes})]


@pytest.mark.parametrize("rounding", [0x000, 0x002, 0x100, 0x102])
def test_an_instalment_that_is_not_that_of_the_declared_rounding_is_named(history: History, rounding: int) -> None:
    agreed = history.system.agreement(history.system.person(), Draft(rounding=rounding)).instalment_minor
    history.lend(1, Draft(rounding=rounding))
    assert history.recount().clean
    history.reset()
    history.lend(1, Draft(rounding=rounding, instalment_minor=agreed + 1))
    (found,) = history.recount().differences
    assert (found.field, found.expected, found.found) == ("instalment_minor", agreed, agreed + 1)


def test_a_loan_begins_once(lived: tuple[History, list[Event]]) -> None:
    history, events = lived
    assert "loan" in {found.field for found in history.recount(_again(events, "LoanOriginated")).differences}


def test_a_persons_cash_moves_by_an_order_only(lived: tuple[History, list[Event]]) -> None:
    history, events = lived
    person, pool, nobody = history.system.person().subject, history.book.contracts["LendingPool"], "0x" + "00" * 20
    for source, target in ((person, pool), (nobody, pool), (pool, nobody)):
        moved = _again(events, "Transfer", **{"from": source, "to": target, "value": 5})
        first = history.recount(moved).differences[0]
        assert (first.field, first.block_number) == ("order", moved[-1].block_number)
    nothing = _again(events, "Transfer", **{"from": person, "to": pool, "value": 0})
    assert history.recount(nothing).clean


def test_a_frozen_party_borrows_nothing(history: History) -> None:
    history.lend()
    events = history.events()
    begun = next(event for event in events if event.name == "LoanOriginated")
    frozen = replace(
        begun,
        name="FrozenChanged",
        contract="IdentityRegistry",
        args={"party": begun.args["borrower"], "frozen": True},
        log_index=-1,
    )
    fields = {found.field for found in history.recount([*events, frozen]).differences}
    assert fields == {"borrower in standing", "frozen"}


def test_a_difference_names_block_transaction_and_field(lived: tuple[History, list[Event]]) -> None:
    history, events = lived
    altered = [
        replace(event, args={**event.args, "interest_minor": 1}) if event.name == "PaymentApplied" else event
        for event in events
    ]
    first = history.recount(altered).differences[0]
    payment = next(event for event in events if event.name == "PaymentApplied")
    assert (first.block_number, first.tx_hash, first.found) == (payment.block_number, payment.tx_hash, 1)
    assert f"block {payment.block_number}, transaction 0x" in str(first)
    assert f"interest_minor is 1, expected {payment.args['interest_minor']}" in str(first)


def test_a_state_that_does_not_follow_from_the_events_is_named(lived: tuple[History, list[Event]]) -> None:
    history, events = lived

    def one_too_many(to: str, data: bytes) -> bytes:
        returned = history.evm.call(to, data)
        return returned[:-1] + bytes([returned[-1] ^ 1])

    findings = recount(events, one_too_many, history.book)
    named = {difference.field for difference in findings.differences}
    assert {"outstanding_principal_minor", "exposure", "balance", "totalSupply", "revoked"} <= named
    assert all(difference.tx_hash is None for difference in findings.differences)


def test_report_signatures_are_recovered_from_calldata(lived: tuple[History, list[Event]]) -> None:
    history, events = lived
    published = next(event for event in events if event.name == "ReportPublished")
    data = next(one.data for one in history.evm.record if one.number == published.block_number)
    domain = history.book.domain("CreditRegistry")
    assert check_report_signatures(data, published, domain) == []
    assert check_report_signatures(b"\0" * 4 + data[4:], published, domain)[0].field == "calldata"
    spoilt = bytearray(data)
    spoilt[-100] ^= 1  # inside the last signature, which the padding follows
    assert check_report_signatures(bytes(spoilt), published, domain)[0].field == "signers"
    other = replace(published, args={**published.args, "signers": published.args["signers"][::-1]})
    assert check_report_signatures(data, other, domain)[0].field == "signers"
