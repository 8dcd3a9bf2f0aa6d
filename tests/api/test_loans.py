"""A loan's account and view: folded from agreement and payments, equal to the twin on every day."""

from dataclasses import dataclass

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.kit.limits import RELAY_MARGIN_SECONDS
from api.loans.account import Account, account_on, rows_to_bring
from api.loans.schemas import LoanLedgerOut, LoanOut
from api.loans.view import Facts, loan_view
from api.offers.schemas import AcceptanceOut, OfferOut, TermsOut
from api.offers.terms import Approval, make_offer
from contracts import loan as twin
from contracts.schedule import Row, proof_root
from contracts.typed_data import Agreement, Domain, digest, typed_data
from tests.api.test_offers import example
from tests.contracts.loan.strategies import HARVESTS, TABLE_AGREEMENT, Agreed, agreed
from tests.oracle.shipped import policy

PARTY = "0x" + "11" * 20
NOW = 1_795_000_000
LEDGER = LoanLedgerOut(chain_id=1, loan_book=PARTY, block_number=None, origination_tx=None)


@dataclass(frozen=True)
class Paid:
    """A booked payment as the read model has it."""

    amount_minor: int
    day: int
    tx_hash: str = "0x01"
    log_index: int = 0
    block_number: int = 1
    late_fee_minor: int = 0
    penalty_minor: int = 0
    interest_minor: int = 0
    principal_minor: int = 0


@pytest.fixture(scope="module")
def agreement() -> Agreement:
    approval = Approval(PARTY, PARTY, PARTY, 1_200_000, 12, 96_000, b"\1" * 32, 2**40)
    return make_offer(approval, policy(), NOW, "zh").agreement


def shown(agreement: Agreement, payments: list[Paid], today: int, table: tuple[Row, ...] = ()) -> LoanOut:
    facts = Facts("0x02", "active", payments, {"0x01": "pay_1"}, LEDGER, None, table)  # type: ignore[arg-type]
    return loan_view(agreement, facts, today)


def row_days(agreement: Agreement) -> list[int]:
    return [row.due_day for row in twin.originate(agreement).rows]


def test_a_new_loan_owes_its_first_instalment_next(agreement: Agreement) -> None:
    loan = shown(agreement, [], agreement.disbursement_day)
    assert (loan.outstanding_principal_minor, loan.paid_minor, loan.overdue_minor) == (1_200_000, 0, 0)
    assert (loan.next_due_day, loan.next_due_minor) == (loan.rows[0].due_day, loan.rows[0].due_minor)
    assert {row.status for row in loan.rows} == {"upcoming"}


def test_rows_tell_paid_partial_due_overdue_and_upcoming(agreement: Agreement) -> None:
    days = row_days(agreement)
    first = shown(agreement, [], days[0]).rows[0]
    assert first.status == "due"
    payments = [Paid(first.due_minor + 100, days[0])]
    loan = shown(agreement, payments, days[0])
    assert [row.status for row in loan.rows[:3]] == ["paid", "partial", "upcoming"]
    assert (loan.rows[0].paid_day, loan.rows[1].paid_minor, loan.rows[1].paid_day) == (days[0], 100, None)
    assert loan.payments[0].id == "pay_1"
    late = shown(agreement, payments, days[1] + 1)
    assert late.rows[1].status == "overdue" and late.arrears.model_dump() == {"bucket": 0, "days_past_due": 1}
    beyond = shown(agreement, payments, days[1] + agreement.grace_days + 1)
    assert beyond.arrears.model_dump() == {"bucket": 1, "days_past_due": agreement.grace_days + 1}
    assert (late.charges_due_minor, late.overdue_minor) == (0, late.rows[1].due_minor - 100)


def test_after_the_grace_charges_are_part_of_what_is_overdue(agreement: Agreement) -> None:
    day = row_days(agreement)[0] + agreement.grace_days + 1
    loan = shown(agreement, [], day)
    assert loan.charges_due_minor > agreement.late_fee_minor
    assert loan.overdue_minor == loan.rows[0].due_minor + loan.charges_due_minor


def test_a_fully_paid_loan_owes_nothing(agreement: Agreement) -> None:
    day = agreement.disbursement_day
    total = twin.owed(twin.originate(agreement), day).total_minor
    loan = shown(agreement, [Paid(total, day)], day)
    assert (loan.outstanding_principal_minor, loan.next_due_day, loan.next_due_minor) == (0, None, 0)
    assert {(row.status, row.paid_day) for row in loan.rows} == {("paid", day)}


def test_a_loan_by_a_table_shows_its_rows_and_shape() -> None:
    day = TABLE_AGREEMENT.disbursement_day
    loan = shown(TABLE_AGREEMENT, [Paid(HARVESTS[0].due_minor, day)], HARVESTS[1].due_day + 31, HARVESTS)
    assert [row.status for row in loan.rows] == ["paid", "overdue", "upcoming"]
    assert [(row.due_day, row.due_minor) for row in loan.rows] == [(row.due_day, row.due_minor) for row in HARVESTS]
    assert (loan.method, loan.periods, loan.period_length, loan.anchor_day, loan.instalment_minor) == (5, 3, 0, 0, 0)
    assert loan.schedule_root == "0x" + TABLE_AGREEMENT.schedule_root.hex()
    assert loan.arrears.model_dump() == {"bucket": 2, "days_past_due": 31}


@pytest.mark.parametrize("made", ["offered", "table"])
def test_the_loan_carries_the_agreement_whose_digest_is_its_id(agreement: Agreement, made: str) -> None:
    signed, table = (agreement, ()) if made == "offered" else (TABLE_AGREEMENT, HARVESTS)
    told = shown(signed, [], signed.disbursement_day, table).typed_data
    domain = Domain(told["domain"]["chainId"], told["domain"]["verifyingContract"])
    assert domain == Domain(LEDGER.chain_id, LEDGER.loan_book)
    assert Agreement.from_message(told["message"]) == signed
    assert digest(Agreement.from_message(told["message"]), domain) == digest(signed, domain)
    assert (told["primaryType"], list(told["types"])) == ("Agreement", ["EIP712Domain", "Agreement"])


def test_the_documented_agreement_is_that_of_the_documented_loan_and_offer() -> None:
    loan, offer, ledger = example(LoanOut), example(OfferOut), example(LoanLedgerOut)
    told = loan["typed_data"]
    signed, domain = Agreement.from_message(told["message"]), Domain(ledger["chain_id"], ledger["loan_book"])
    assert told == typed_data(signed, domain) == offer["typed_data"]
    assert loan["loan"] == "0x" + digest(signed, domain).hex() == offer["loan"] == example(AcceptanceOut)["loan"]
    for figures in (loan, example(TermsOut)):
        for name in figures.keys() & {field.name for field in signed.fields()} - {"currency", "schedule_root"}:
            assert figures[name] == getattr(signed, name), name
        assert figures["schedule_root"] == "0x" + signed.schedule_root.hex()
        assert figures["disbursed_minor"] == signed.principal_minor - signed.upfront_fee_minor
    assert offer["apr_ppm"] == signed.apr_ppm
    assert signed.deadline == offer["expires_at"] + RELAY_MARGIN_SECONDS


def test_both_prices_are_shown(agreement: Agreement) -> None:
    loan = shown(agreement, [], agreement.disbursement_day)
    assert loan.all_in_ppm is not None and loan.apr_ppm > loan.all_in_ppm > loan.rate_ppm


def test_a_payment_of_a_table_brings_what_it_needs_today_and_tomorrow() -> None:
    first, second, _ = HARVESTS
    grace_end = second.due_day + TABLE_AGREEMENT.grace_days

    def brought(paid: list[Paid], day: int, amount_minor: int = 0) -> list[int]:
        account = account_on(TABLE_AGREEMENT, paid, day, HARVESTS)
        found = rows_to_bring(account, day + 1, amount_minor)
        index = {row.word: row.nr - 1 for row in HARVESTS}
        for row in found:
            assert proof_root(index[row.word], row.word, row.proof) == TABLE_AGREEMENT.schedule_root
        return [index[row.word] for row in found]

    down = [Paid(first.due_minor, first.due_day)]
    assert brought([], first.due_day, 1) == [0]
    assert brought(down, first.due_day + 1, second.due_minor) == [1]
    assert brought(down, first.due_day + 1, second.due_minor + 1) == [1, 2]
    assert brought(down, grace_end - 1, 1) == [1]
    assert brought(down, grace_end, 1) == [1, 2]  # tomorrow it is late
    assert brought(down, grace_end + 1) == [1]  # to record arrears the open row is enough
    whole = [*down, Paid(second.due_minor + HARVESTS[2].due_minor, second.due_day)]
    assert brought(whole, second.due_day) == []


def test_a_formula_brings_no_rows(agreement: Agreement) -> None:
    account = account_on(agreement, [], agreement.first_due_day)
    assert rows_to_bring(account, agreement.first_due_day + 1, 100) == []


@given(data=st.data(), made=agreed())
def test_the_account_agrees_with_the_twin_on_any_day(made: Agreed, data: st.DataObject) -> None:
    agreement, table = made
    day, state, payments = agreement.disbursement_day, twin.originate(agreement, table), []
    for _ in range(data.draw(st.integers(0, 6))):
        day += data.draw(st.integers(0, 70))
        amount = data.draw(st.integers(1, max(1, min(300_000, twin.owed(state, day).total_minor))))
        state, _ = twin.apply_payment(state, amount, day)
        payments.append(Paid(amount, day))
        if state.status is twin.LoanStatus.CLOSED:
            break
    today = day + data.draw(st.integers(0, 120))
    account = account_on(agreement, payments, today, table)
    check_account(account, state, today)
    loan = shown(agreement, payments, today, table)
    assert loan.paid_minor == sum(payment.amount_minor for payment in payments)
    assert sum(row.paid_minor for row in loan.rows) <= loan.paid_minor


def check_account(account: Account, state: twin.LoanState, today: int) -> None:
    assert account.arrears.bucket == twin.bucket_of(state.days_late(today), state.terms.grace_days)
    if state.status is twin.LoanStatus.ACTIVE:
        owed = twin.owed(state, today)
        assert account.overdue_minor == owed.overdue_minor
        unpaid = sum(account.state.unpaid_minor(index) for index in range(len(account.state.rows)))
        assert unpaid + account.charges_minor == owed.total_minor
