"""LoanBook.amend: both sides sign new terms for what is left of a loan, and nothing of what was owed disappears."""

from dataclasses import replace
from typing import Any

import pytest

from contracts.deployment.plan import AT_ONCE, CONSUMER_INSTALMENT, CONSUMER_INSTALMENT_CAPS
from contracts.keys import DEVNET_CHAIN_ID, load_key
from contracts.schedule import Row
from contracts.typed_data import Amendment, digest, sign
from scripts.workbench.evm import Snapshot
from scripts.workbench.system import FIRST_DAY, Draft, System, noon, proven
from tests.contracts.conftest import Refused
from tests.contracts.differential.fast_evm import FastEvm
from tests.contracts.solidity.amending import BY_DAYS, BY_TABLE, DUE, MONTH, Money, amend, claims, drawn_up, today
from tests.contracts.solidity.conftest import CAPS, EVERYTHING

LATE = DUE + 40
U44 = 2**44 - 1


@pytest.fixture(scope="module")
def fast() -> tuple[System, Snapshot]:
    system = System.on(FastEvm(noon(FIRST_DAY)))
    return system, system.evm.snapshot()


@pytest.fixture
def system(fast: tuple[System, Snapshot]) -> System:
    fresh, snapshot = fast
    fresh.evm.restore(snapshot)
    fresh.people.clear()
    return fresh


@pytest.fixture
def loan(system: System) -> bytes:
    """Of 1,000,000 at 12 % over twelve months, the first due on DUE."""
    return system.lend()


def _instalment(system: System, loan: bytes) -> int:
    return int(system.read("LoanBook", "owed", loan, DUE)["current_due_minor"])


def _owed(system: System, loan: bytes, day: int, *rows: list[int]) -> dict[str, int]:
    found: dict[str, int] = system.read("LoanBook", "owed", loan, day, *rows)
    return found


def _outstanding(system: System) -> int:
    return int(system.read("LoanBook", "position", system.contracts["LendingPool"])["outstanding_minor"])


def _reserved(system: System) -> tuple[int, int]:
    found = system.read("LoanBook", "exposure", system.person().subject)
    return found["open_loans"], found["reserved_minor"]


def _repay(system: System, loan: bytes, amount: int, *rows: Any) -> dict[str, Any]:
    return dict(system.events(system.send("LoanBook", "repay", loan, amount, *rows, sender=system.person().subject)))


def test_a_holiday_asks_for_interest_only_for_a_while(system: System, loan: bytes) -> None:
    _repay(system, loan, _instalment(system, loan))
    system.at_day(DUE + 10)
    amend(system, loan, Money(capitalised=claims(system, loan)), replace(BY_DAYS, interest_only_periods=3))
    balance = system.loan(loan)["principal_minor"]
    for month in (1, 2, 3):
        system.at_day(DUE + 10 + MONTH * month)
        interest = _owed(system, loan, today(system))["current_due_minor"]
        assert interest == (balance * 12 * MONTH * 2 + 36_500) // 73_000
        _repay(system, loan, interest)
    assert system.loan(loan)["balance_minor"] == balance
    assert _owed(system, loan, DUE + 10 + MONTH * 4)["current_due_minor"] > 9 * interest


def test_a_holiday_by_a_table_asks_for_nothing_for_a_quarter(system: System, loan: bytes) -> None:
    table = [Row(1, FIRST_DAY + 101, 500_000, 30_000), Row(2, FIRST_DAY + 131, 500_000, 0)]
    amend(system, loan, draft=BY_TABLE, new=table)
    view = system.loan(loan, proven(table, 0))
    assert (view["next_due_day"], view["row"], view["periods"]) == (FIRST_DAY + 101, 0, 2)
    system.at_day(FIRST_DAY + 100)
    assert _owed(system, loan, FIRST_DAY + 100, [row.word for row in table])["overdue_minor"] == 0
    _repay(system, loan, 530_000, proven(table, 0, 1))
    assert "LoanClosed" in _repay(system, loan, 500_000, proven(table, 1))


def test_a_late_loan_is_current_again_and_the_event_says_what_became_of_what_it_owed(
    system: System, loan: bytes
) -> None:
    system.at_day(LATE)
    system.send("LoanBook", "recordArrears", loan)
    found = system.payoff(loan, LATE)
    owed = claims(system, loan)
    amendment = drawn_up(system, loan, Money(capitalised=owed))
    events = dict(system.events(system.amend(amendment)))
    assert events["LoanAmended"] == {
        "loan": loan,
        "sequence": 1,
        "found": {
            "principal_minor": 1_000_000,
            "interest_minor": found["interest_minor"],
            "late_fee_minor": 4_000,
            "penalty_minor": found["penalty_minor"],
            "rebate_minor": 0,
            "carried_interest_minor": 0,
        },
        "amendment": amendment,
    }
    assert events["ArrearsChanged"] == {"loan": loan, "bucket": 0, "days_past_due": 0}
    view = system.loan(loan)
    assert (view["status"], view["row"], view["bucket"], view["was_late"], view["amendments"]) == (1, 0, 0, True, 1)
    assert (view["late_fee_due_minor"], view["penalty_due_minor"], view["accrued_day"]) == (0, 0, LATE)
    assert view["balance_minor"] == 1_000_000 + owed == _outstanding(system)
    assert _owed(system, loan, LATE + MONTH)["overdue_minor"] == 0
    assert _reserved(system) == (1, 1_000_000)


@pytest.mark.parametrize(("days", "was_late"), [(3, False), (4, True)])
def test_lateness_that_nobody_recorded_is_not_forgotten(system: System, loan: bytes, days: int, was_late: bool) -> None:
    system.at_day(DUE + days)
    events = amend(system, loan)
    assert "ArrearsChanged" not in events
    assert system.loan(loan)["was_late"] == was_late


def test_a_lower_rate_counts_from_the_day_of_the_new_terms(system: System, loan: bytes) -> None:
    system.at_day(DUE + 3)
    earned = claims(system, loan)
    amend(system, loan, Money(capitalised=earned), replace(BY_DAYS, rate_ppm=60_000))
    assert system.loan(loan)["rate_ppm"] == 60_000
    assert system.payoff(loan, DUE + 3)["interest_minor"] == 0
    assert system.payoff(loan, DUE + 13)["interest_minor"] == ((1_000_000 + earned) * 6 * 10 * 2 + 36_500) // 73_000


def test_new_money_is_paid_out_less_its_fee_reserved_and_lent_by_the_facility(system: System, loan: bytes) -> None:
    _repay(system, loan, 400_000)
    paid_back = 1_000_000 - system.loan(loan)["outstanding_principal_minor"]
    system.publish(system.person().subject)
    pool, person = system.contracts["LendingPool"], system.person().subject
    before, lent = (system.cash(pool), system.cash(person)), _outstanding(system)
    draft = replace(BY_DAYS, upfront_fee_minor=5_000)
    events = amend(system, loan, Money(top_up=300_000), draft)
    assert (system.cash(pool), system.cash(person)) == (before[0] - 295_000, before[1] + 295_000)
    rebate = events["LoanAmended"]["found"]["rebate_minor"]
    assert lent == 1_000_000 - paid_back
    left = lent - rebate + 300_000
    assert (_outstanding(system), system.loan(loan)["principal_minor"]) == (left, left)
    assert _reserved(system) == (1, left)


def test_without_new_money_no_cash_moves(system: System, loan: bytes) -> None:
    system.at_day(LATE)
    assert "Transfer" not in amend(system, loan, Money(waived=claims(system, loan)))


@pytest.mark.parametrize("waived_percent", [0, 40, 100])
@pytest.mark.parametrize("case", ["nothing", "less than the penalty", "some fee", "some interest", "everything"])
def test_penalty_ends_first_then_the_late_fee_then_interest(
    system: System, loan: bytes, case: str, waived_percent: int
) -> None:
    system.at_day(LATE)
    found = system.payoff(loan, LATE)
    penalty, fee, interest = found["penalty_minor"], found["late_fee_minor"], found["interest_minor"]
    taken, left = {
        "nothing": (0, (penalty, fee, interest)),
        "less than the penalty": (penalty - 1, (1, fee, interest)),
        "some fee": (penalty + 1, (0, fee - 1, interest)),
        "some interest": (penalty + fee + 1, (0, 0, interest - 1)),
        "everything": (penalty + fee + interest, (0, 0, 0)),
    }[case]
    waived = taken * waived_percent // 100
    events = amend(system, loan, Money(taken - waived, waived))
    view = system.loan(loan)
    parts = ("penalty_due_minor", "late_fee_due_minor", "carried_interest_minor")
    assert tuple(view[part] for part in parts) == left
    assert events["LoanAmended"]["found"]["carried_interest_minor"] == left[2]
    assert view["outstanding_principal_minor"] == 1_000_000 + taken - waived
    assert system.payoff(loan, LATE)["total_minor"] == found["total_minor"] - waived


def test_carried_interest_is_paid_in_the_interests_place_and_bears_none(system: System, loan: bytes) -> None:
    system.at_day(LATE)
    found = system.payoff(loan, LATE)
    amend(system, loan, Money(waived=found["late_fee_minor"] + found["penalty_minor"]))
    carried = found["interest_minor"]
    assert _owed(system, loan, LATE)["overdue_minor"] == carried
    assert _owed(system, loan, LATE + 20)["overdue_minor"] == carried
    system.at_day(LATE + 20)
    paid = _repay(system, loan, carried - 1)["PaymentApplied"]
    assert (paid["interest_minor"], paid["principal_minor"]) == (carried - 1, 0)
    assert system.loan(loan)["carried_interest_minor"] == 1
    assert _repay(system, loan, 11)["PaymentApplied"]["interest_minor"] == 11
    view = system.loan(loan)
    assert (view["carried_interest_minor"], view["paid_row_minor"]) == (0, 10)
    assert "LoanClosed" in _repay(system, loan, _owed(system, loan, LATE + 20)["total_minor"])
    assert (_outstanding(system), _reserved(system)) == (0, (0, 0))


def test_carried_interest_is_carried_again(system: System, loan: bytes) -> None:
    system.at_day(LATE)
    amend(system, loan)
    carried = system.loan(loan)["carried_interest_minor"]
    system.at_day(LATE + 10)
    events = amend(system, loan, sequence=2)
    assert events["LoanAmended"]["found"]["interest_minor"] == carried + 1_000_000 * 12 * 10 // 36_500 + 1
    assert system.loan(loan)["amendments"] == 2


def test_interest_paid_ahead_is_taken_off_the_principal(system: System, loan: bytes) -> None:
    instalment = _instalment(system, loan)
    _repay(system, loan, 2 * instalment)
    unearned = 2 * instalment - (1_000_000 - system.loan(loan)["outstanding_principal_minor"])
    system.at_day(FIRST_DAY + 1)
    events = amend(system, loan)
    found = events["LoanAmended"]["found"]
    assert found["rebate_minor"] == unearned - 329
    assert system.loan(loan)["principal_minor"] == found["principal_minor"] - found["rebate_minor"]
    assert _outstanding(system) == system.loan(loan)["principal_minor"] == _reserved(system)[1]


def test_from_a_table_to_a_formula_and_back_to_a_table(system: System, refused: Refused) -> None:
    first = [Row(1, DUE, 400_000, 5_000), Row(2, DUE + 40, 600_000, 3_000)]
    draft = Draft(method=5, periods=2, first_due_day=DUE, anchor_day=0, period_length=0)
    loan = system.lend(terms=draft, table=first)
    system.at_day(DUE)
    _repay(system, loan, 405_000, proven(first, 0, 1))
    system.at_day(DUE + 10)
    whole = Money(waived=claims(system, loan, first))
    assert whole.waived == 750
    with refused("RowCountMismatch", rows=0, periods=2):
        system.amend(drawn_up(system, loan, whole, old=first))
    with refused("ScheduleRootMismatch"):
        system.amend(drawn_up(system, loan, whole, old=first), old=[*first[:1], replace(first[1], interest_minor=0)])
    amend(system, loan, whole, old=first)
    assert system.loan(loan)["outstanding_principal_minor"] == 600_000
    with refused("UnsupportedMethod", method=0):
        system.amend(drawn_up(system, loan, sequence=2), old=first)
    second = [Row(1, DUE + 60, 600_000, 2_000)]
    with refused("RowCountMismatch", rows=0, periods=1):
        system.amend(drawn_up(system, loan, draft=BY_TABLE, new=second, sequence=2))
    with refused("RowCountMismatch", rows=1, periods=0):
        system.amend(drawn_up(system, loan, sequence=2), new=second)
    with refused("ScheduleRootMismatch"):
        other = [replace(second[0], interest_minor=1_999)]
        system.amend(drawn_up(system, loan, draft=BY_TABLE, new=second, sequence=2), new=other)
    events = amend(system, loan, draft=BY_TABLE, new=second, sequence=2)
    assert events["ScheduleTable"] == {"loan": loan, "rows": [second[0].word]}
    assert "LoanClosed" in _repay(system, loan, 602_000, proven(second, 0))


def test_terms_may_begin_up_to_three_days_ago(system: System, loan: bytes, refused: Refused) -> None:
    system.at_day(DUE)
    amendment = drawn_up(system, loan, latest_origination_day=DUE + 3, deadline=2**63)
    late = drawn_up(system, loan, latest_origination_day=DUE + 3, deadline=2**63, sequence=2)
    system.at_day(DUE + 3)
    system.amend(amendment)
    assert system.loan(loan)["accrued_day"] == DUE
    system.at_day(DUE + 4)
    with refused("OutsideOriginationWindow", today=DUE + 4, first_day=DUE, last_day=DUE + 3):
        system.amend(late)


def test_terms_begin_no_earlier_than_the_last_payment(system: System, loan: bytes, refused: Refused) -> None:
    system.at_day(DUE)
    amendment = drawn_up(system, loan, latest_origination_day=DUE + 3)
    system.at_day(DUE + 3)
    _repay(system, loan, 1)
    with refused("TermOutOfRange", term=_word("disbursementDay"), value=DUE, least=DUE + 3, most=DUE + 3):
        system.amend(amendment)


def _word(text: str) -> bytes:
    return text.encode().ljust(32, b"\0")


def test_it_is_signed_until_its_deadline(system: System, loan: bytes, refused: Refused) -> None:
    now = system.evm.timestamp
    with refused("DeadlinePassed", deadline=now - 1, now_at=now):
        system.amend(drawn_up(system, loan, deadline=now - 1))
    system.amend(drawn_up(system, loan, deadline=now))


@pytest.mark.parametrize("sequence", [0, 2])
def test_amendments_follow_one_another(system: System, loan: bytes, refused: Refused, sequence: int) -> None:
    with refused("WrongSequence", loan=loan, sequence=sequence, expected=1):
        system.amend(drawn_up(system, loan, sequence=sequence))


def test_an_amendment_is_carried_out_once(system: System, loan: bytes, refused: Refused) -> None:
    amendment = drawn_up(system, loan)
    system.amend(amendment)
    with refused("WrongSequence", loan=loan, sequence=1, expected=2):
        system.amend(amendment)


def test_an_amendment_is_of_one_loan(system: System, loan: bytes, refused: Refused) -> None:
    other = system.lend(terms=Draft(salt=9))
    amendment = drawn_up(system, loan)
    with refused("InvalidSignature", party=system.person().subject):
        _bring(system, replace(amendment, loan=other), amendment, amendment)


def _bring(system: System, amendment: Amendment, borrowers: Amendment, lenders: Amendment, signer: Any = None) -> Any:
    """Each side has signed what is said here."""
    domain, person = system.domain("LoanBook"), system.person()
    by_borrower = sign(signer or person.key, borrowers, domain)
    by_lender = sign(load_key("underwriter", None, DEVNET_CHAIN_ID), lenders, domain)
    return system.send("LoanBook", "amend", amendment, person.signer, by_borrower, by_lender, [], [])


@pytest.mark.parametrize("top_up", [0, 1_000])
def test_one_signature_alone_amends_nothing(system: System, loan: bytes, refused: Refused, top_up: int) -> None:
    wanted = drawn_up(system, loan, Money(top_up=top_up))
    better = replace(wanted, terms=replace(wanted.terms, late_fee_minor=0))
    with refused("InvalidSignature", party=system.contracts["LendingPool"]):
        _bring(system, better, better, wanted)
    with refused("InvalidSignature", party=system.person().subject):
        _bring(system, better, wanted, better)
    with refused("InvalidSignature", party=system.person().subject):
        _bring(system, wanted, wanted, wanted, signer=system.person(2).key)
    _bring(system, wanted, wanted, wanted)


def test_an_amendment_is_no_agreement_for_another_loan(system: System, loan: bytes, refused: Refused) -> None:
    amendment, person = drawn_up(system, loan), system.person()
    domain = system.domain("LoanBook")
    by_lender = sign(load_key("underwriter", None, DEVNET_CHAIN_ID), amendment, domain)
    signed = (amendment.terms, person.signer, sign(person.key, amendment, domain), by_lender)
    with refused("InvalidSignature", party=person.subject):
        system.send("LoanBook", "originate", *signed)


def test_it_stays_with_the_loans_parties_product_and_currency(system: System, loan: bytes, refused: Refused) -> None:
    for term, change in (
        ("borrower", {"borrower": system.person(2).subject}),
        ("lender", {"lender": system.role("treasurer")}),
        ("productId", {"product_id": EVERYTHING}),
    ):
        with refused("TermsOfAnotherLoan", loan=loan, term=_word(term)):
            system.amend(drawn_up(system, loan, **change))
    with refused("UnsupportedCurrency", currency=system.contracts["LoanBook"]):
        system.amend(drawn_up(system, loan, currency=system.contracts["LoanBook"]))


def test_no_more_is_taken_of_what_is_owed_than_there_is(system: System, loan: bytes, refused: Refused) -> None:
    system.at_day(LATE)
    owed = claims(system, loan)
    for money in (Money(capitalised=owed + 1), Money(waived=owed + 1), Money(capitalised=owed, waived=1)):
        with refused("MoreThanAccrued", loan=loan, taken_minor=owed + 1, owed_minor=owed):
            system.amend(drawn_up(system, loan, money))


def test_the_new_principal_is_exactly_what_follows(system: System, loan: bytes, refused: Refused) -> None:
    for principal in (999_999, 1_000_001):
        values = {"value": principal, "least": 1_000_000, "most": 1_000_000}
        with refused("TermOutOfRange", term=_word("principalMinor"), **values):
            system.amend(drawn_up(system, loan, principal_minor=principal))


@pytest.mark.parametrize("term", ["capitalised_minor", "waived_minor", "top_up_minor"])
def test_amounts_beyond_any_loan_are_refused_and_nothing_wraps(
    system: System, loan: bytes, refused: Refused, term: str
) -> None:
    name = {"capitalised_minor": "capitalisedMinor", "waived_minor": "waivedMinor", "top_up_minor": "topUpMinor"}[term]
    for value in (2**44, 2**256 - 1):
        changes: dict[str, Any] = {term: value}
        with refused("TermOutOfRange", term=_word(name), value=value, least=0, most=U44):
            system.amend(replace(drawn_up(system, loan), **changes))


def test_an_upfront_fee_comes_out_of_new_money_only(system: System, loan: bytes, refused: Refused) -> None:
    draft = replace(BY_DAYS, upfront_fee_minor=1_001)
    with refused("TermOutOfRange", term=_word("upfrontFeeMinor"), value=1_001, least=0, most=1_000):
        system.amend(drawn_up(system, loan, Money(top_up=1_000), draft))
    system.amend(drawn_up(system, loan, Money(top_up=1_001), draft))


def test_there_is_no_second_cooling_off(system: System, loan: bytes, refused: Refused) -> None:
    with refused("TermOutOfRange", term=_word("coolingOffDays"), value=14, least=0, most=0):
        system.amend(drawn_up(system, loan, cooling_off_days=14))


def test_the_signed_schedule_is_the_one_that_follows(system: System, loan: bytes, refused: Refused) -> None:
    with refused("ScheduleRootMismatch", signed=bytes(32)):
        system.amend(drawn_up(system, loan, schedule_root=bytes(32)))


def test_the_products_caps_of_the_day_hold(system: System, loan: bytes, refused: Refused) -> None:
    with refused("TermOutOfRange", term=_word("ratePpm"), value=240_001, least=0, most=240_000):
        system.amend(drawn_up(system, loan, draft=replace(BY_DAYS, rate_ppm=240_001)))
    with refused("MethodNotOffered", product_id=CONSUMER_INSTALMENT, method=2):
        system.amend(drawn_up(system, loan, draft=replace(BY_DAYS, method=2)))
    _set_product(system, maxTotalCostPpm=60_000)
    with refused("TotalCostTooHigh", most_minor=60_000):
        system.amend(drawn_up(system, loan))


def _set_product(system: System, **changes: Any) -> None:
    caps = tuple((CONSUMER_INSTALMENT_CAPS | changes).values())
    system.restricted("LoanBook", "setProduct", CONSUMER_INSTALMENT, caps, AT_ONCE, sender=system.role("risk"))


def test_a_discontinued_product_lets_its_loans_be_amended_without_new_money(
    system: System, loan: bytes, refused: Refused
) -> None:
    _set_product(system, active=False)
    with refused("ProductInactive", product_id=CONSUMER_INSTALMENT):
        system.amend(drawn_up(system, loan, Money(top_up=1_000)))
    system.amend(drawn_up(system, loan))


def test_a_frozen_borrower_amends_without_new_money(system: System, loan: bytes, refused: Refused) -> None:
    subject = system.person().subject
    system.send("IdentityRegistry", "setFrozen", subject, True, sender=system.role("registrar"))
    with refused("PartyNotInStanding", party=subject):
        system.amend(drawn_up(system, loan, Money(top_up=1_000)))
    system.amend(drawn_up(system, loan))


def test_new_money_asks_for_the_products_identification(system: System, loan: bytes, refused: Refused) -> None:
    _set_product(system, minKycLevel=3)
    with refused("KycTooLow", borrower=system.person().subject, level=2, needed=3):
        system.amend(drawn_up(system, loan, Money(top_up=1_000)))
    system.amend(drawn_up(system, loan))


def test_new_money_keeps_to_the_borrowers_limit(system: System, loan: bytes, refused: Refused) -> None:
    system.publish(system.person().subject, limit_minor=1_000_999)
    with refused("LimitExceeded", wanted_minor=1_000, available_minor=999):
        system.amend(drawn_up(system, loan, Money(top_up=1_000)))
    system.amend(drawn_up(system, loan, Money(top_up=999)))


def test_new_money_keeps_to_the_facility(system: System, loan: bytes, refused: Refused) -> None:
    pool = system.contracts["LendingPool"]
    system.lend(2)
    _limit(system, 2_000_999, 100)
    exceeded = {"lender": pool, "product_id": CONSUMER_INSTALMENT, "available_minor": 1_000_999}
    with refused("FacilityExceeded", **exceeded):
        system.amend(drawn_up(system, loan, Money(top_up=1_000)))
    _limit(system, 10_009_990, 10)
    with refused("BorrowerLimitExceeded", borrower=system.person().subject, reserved_minor=1_001_000):
        system.amend(drawn_up(system, loan, Money(top_up=1_000)))
    _limit(system, 0, 100)
    interest = Money(capitalised=claims(system, loan))
    assert interest.capitalised > 0
    system.amend(drawn_up(system, loan, interest))


def _limit(system: System, most: int, percent: int) -> None:
    values = system.contracts["LendingPool"], CONSUMER_INSTALMENT, most, percent
    system.restricted("LoanBook", "openFacility", *values, sender=system.role("risk"))


def test_interest_that_joined_the_principal_never_takes_room_in_the_limit(system: System, loan: bytes) -> None:
    system.at_day(LATE)
    amend(system, loan, Money(capitalised=claims(system, loan), top_up=50_000))
    assert _reserved(system) == (1, 1_050_000)
    system.at_day(LATE + 10)
    amend(system, loan, Money(capitalised=claims(system, loan)), sequence=2)
    assert _reserved(system) == (1, 1_050_000)
    assert "LoanClosed" in _repay(system, loan, _owed(system, loan, LATE + 10)["total_minor"])
    assert (_outstanding(system), _reserved(system)) == (0, (0, 0))


def test_a_loan_that_ended_is_not_amended(system: System, loan: bytes, refused: Refused) -> None:
    amendment = drawn_up(system, loan)
    _repay(system, loan, _owed(system, loan, FIRST_DAY)["total_minor"])
    with refused("LoanNotActive", loan=loan, status=2):
        system.amend(amendment)
    with refused("LoanNotActive", loan=bytes(32), status=0):
        system.amend(replace(amendment, loan=bytes(32)))


def test_mandate_and_nonces_outlive_new_terms(system: System, loan: bytes, refused: Refused) -> None:
    system.allow(loan, 10**9, FIRST_DAY + 4_000)
    amend(system, loan)
    view = system.loan(loan)
    assert (view["mandate_max_minor"], view["nonce_base"]) == (10**9, 1)
    with refused("NonceUsed", loan=loan, nonce=0):
        system.pay(loan, 1, 0)
    system.at_day(FIRST_DAY + MONTH)
    due = _owed(system, loan, FIRST_DAY + MONTH)["current_due_minor"]
    events = dict(system.events(system.send("LoanBook", "collect", [loan])))
    assert events["PaymentApplied"]["amount_minor"] == due


def test_an_amended_loan_without_anything_beside_its_rows_is_paid_on_the_ordinary_path(
    system: System, loan: bytes
) -> None:
    ordinary = system.pay(loan, 10_000, 0).gas_used
    amend(system, loan)
    system.pay(loan, 10_000, 1)
    assert system.pay(loan, 10_000, 2).gas_used < ordinary + 3_000


def test_charges_that_stay_are_due_beside_the_new_rows(system: System, loan: bytes) -> None:
    system.at_day(LATE)
    found = system.payoff(loan, LATE)
    charges = found["late_fee_minor"] + found["penalty_minor"]
    amend(system, loan)
    assert _owed(system, loan, LATE)["overdue_minor"] == charges + found["interest_minor"]
    paid = _repay(system, loan, charges + found["interest_minor"])["PaymentApplied"]
    assert (paid["late_fee_minor"] + paid["penalty_minor"], paid["interest_minor"]) == (
        charges,
        found["interest_minor"],
    )


def test_the_rows_of_the_new_terms_are_charged_late_by_themselves(system: System, loan: bytes) -> None:
    system.at_day(LATE)
    amend(system, loan, Money(waived=claims(system, loan)))
    system.at_day(LATE + MONTH + 4)
    assert system.payoff(loan, today(system))["late_fee_minor"] == 2_000


BIG = 2**44 - 2
ROW = 2**39 - 1
UNCHARGED = replace(BY_TABLE, product_id=EVERYTHING, late_fee_minor=0, penalty_rate_ppm=0)


def _rows(start: int, interest_rows: int, principal: int) -> list[Row]:
    """Every thirty days a row of all that a row can ask for: first of interest, then of principal."""
    parts = [(0, ROW)] * interest_rows
    while principal:
        parts.append((min(principal, ROW), 0))
        principal -= parts[-1][0]
    return [Row(nr, start + nr * MONTH, *part) for nr, part in enumerate(parts, 1)]


def _big(system: System) -> tuple[bytes, list[Row]]:
    """A loan of nearly all that a loan can be, whose interest is more than one can carry."""
    system.offer(EVERYTHING, CAPS)
    system.mint(system.contracts["LendingPool"], 2**45)
    person = system.person()
    system.publish(person.subject, limit_minor=U44)
    start = today(system)
    table = _rows(start, 33, BIG)
    dated = replace(UNCHARGED, disbursement_day=start, first_due_day=table[0].due_day, periods=len(table))
    agreement = system.agreement(person, replace(dated, principal_minor=BIG, rate_ppm=500_000), table)
    system.originate(person, agreement, table)
    return digest(agreement, system.domain("LoanBook")), table


def test_capitalised_interest_cannot_make_a_principal_that_no_loan_has(system: System, refused: Refused) -> None:
    loan, table = _big(system)
    system.at_day(today(system) + 1)
    for principal, capitalised in ((2**44, 2), (2**44 + 2**42, 2 + 2**42)):
        bare = drawn_up(system, loan, Money(capitalised=1), UNCHARGED, table, _rows(today(system), 0, U44))
        amendment = replace(bare, capitalised_minor=capitalised, terms=replace(bare.terms, principal_minor=principal))
        with refused("TermOutOfRange", term=_word("principalMinor"), value=principal, least=1, most=U44):
            system.amend(amendment, old=table, new=_rows(today(system), 0, U44))
    new = _rows(today(system), 0, U44)
    amend(system, loan, Money(capitalised=1), UNCHARGED, table, new)
    assert system.loan(loan, proven(new, 0))["principal_minor"] == U44 == _outstanding(system)


def test_interest_beyond_what_a_loan_can_carry_is_capitalised_or_waived(system: System, refused: Refused) -> None:
    loan, table = _big(system)
    system.at_day(table[32].due_day)
    owed, new = 33 * ROW, _rows(table[32].due_day, 0, BIG)
    assert claims(system, loan, table) == owed > U44
    with refused("TermOutOfRange", term=_word("carriedInterestMinor"), value=owed, least=0, most=U44):
        system.amend(drawn_up(system, loan, draft=UNCHARGED, old=table, new=new), old=table, new=new)
    amend(system, loan, Money(waived=owed - U44), UNCHARGED, table, new)
    view = system.loan(loan, proven(new, 0))
    assert (view["carried_interest_minor"], view["covered_minor"], view["amendments"]) == (U44, 0, 1)
