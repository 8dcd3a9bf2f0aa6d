"""LoanBook.amend: both sides sign new terms for what is left of a loan, and nothing of what was owed disappears."""

from dataclasses import replace

import pytest

from contracts.schedule import Row
from scripts.workbench.system import FIRST_DAY, Draft, System, proven
from tests.contracts.conftest import Refused
from tests.contracts.solidity.amend.amending import (
    BY_DAYS,
    BY_TABLE,
    DUE,
    MONTH,
    Money,
    amend,
    as_word,
    claims,
    drawn_up,
    first_instalment,
    outstanding,
    owed_on,
    repay,
    reserved,
    today,
)

LATE = DUE + 40
U44 = 2**44 - 1


def test_a_holiday_asks_for_interest_only_for_a_while(system: System, loan: bytes) -> None:
    repay(system, loan, first_instalment(system, loan))
    system.at_day(DUE + 10)
    amend(system, loan, Money(capitalised=claims(system, loan)), replace(BY_DAYS, interest_only_periods=3))
    balance = system.loan(loan)["principal_minor"]
    for month in (1, 2, 3):
        system.at_day(DUE + 10 + MONTH * month)
        interest = owed_on(system, loan, today(system))["current_due_minor"]
        assert interest == (balance * 12 * MONTH * 2 + 36_500) // 73_000
        repay(system, loan, interest)
    assert system.loan(loan)["balance_minor"] == balance
    assert owed_on(system, loan, DUE + 10 + MONTH * 4)["current_due_minor"] > 9 * interest


def test_a_holiday_by_a_table_asks_for_nothing_for_a_quarter(system: System, loan: bytes) -> None:
    table = [Row(1, FIRST_DAY + 101, 500_000, 30_000), Row(2, FIRST_DAY + 131, 500_000, 0)]
    amend(system, loan, draft=BY_TABLE, new=table)
    view = system.loan(loan, proven(table, 0))
    assert (view["next_due_day"], view["row"], view["periods"]) == (FIRST_DAY + 101, 0, 2)
    system.at_day(FIRST_DAY + 100)
    assert owed_on(system, loan, FIRST_DAY + 100, [row.word for row in table])["overdue_minor"] == 0
    repay(system, loan, 530_000, proven(table, 0, 1))
    assert "LoanClosed" in repay(system, loan, 500_000, proven(table, 1))


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
    assert view["balance_minor"] == 1_000_000 + owed == outstanding(system)
    assert owed_on(system, loan, LATE + MONTH)["overdue_minor"] == 0
    assert reserved(system) == (1, 1_000_000)


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
    repay(system, loan, 400_000)
    paid_back = 1_000_000 - system.loan(loan)["outstanding_principal_minor"]
    system.publish(system.person().subject)
    pool, person = system.contracts["LendingPool"], system.person().subject
    before, lent = (system.cash(pool), system.cash(person)), outstanding(system)
    draft = replace(BY_DAYS, upfront_fee_minor=5_000)
    events = amend(system, loan, Money(top_up=300_000), draft)
    assert (system.cash(pool), system.cash(person)) == (before[0] - 295_000, before[1] + 295_000)
    rebate = events["LoanAmended"]["found"]["rebate_minor"]
    assert lent == 1_000_000 - paid_back
    left = lent - rebate + 300_000
    assert (outstanding(system), system.loan(loan)["principal_minor"]) == (left, left)
    assert reserved(system) == (1, left)


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
    assert owed_on(system, loan, LATE)["overdue_minor"] == carried
    assert owed_on(system, loan, LATE + 20)["overdue_minor"] == carried
    system.at_day(LATE + 20)
    paid = repay(system, loan, carried - 1)["PaymentApplied"]
    assert (paid["interest_minor"], paid["principal_minor"]) == (carried - 1, 0)
    assert system.loan(loan)["carried_interest_minor"] == 1
    assert repay(system, loan, 11)["PaymentApplied"]["interest_minor"] == 11
    view = system.loan(loan)
    assert (view["carried_interest_minor"], view["paid_row_minor"]) == (0, 10)
    assert "LoanClosed" in repay(system, loan, owed_on(system, loan, LATE + 20)["total_minor"])
    assert (outstanding(system), reserved(system)) == (0, (0, 0))


def test_carried_interest_is_carried_again(system: System, loan: bytes) -> None:
    system.at_day(LATE)
    amend(system, loan)
    carried = system.loan(loan)["carried_interest_minor"]
    system.at_day(LATE + 10)
    events = amend(system, loan, sequence=2)
    assert events["LoanAmended"]["found"]["interest_minor"] == carried + 1_000_000 * 12 * 10 // 36_500 + 1
    assert system.loan(loan)["amendments"] == 2


def test_interest_paid_ahead_is_taken_off_the_principal(system: System, loan: bytes) -> None:
    instalment = first_instalment(system, loan)
    repay(system, loan, 2 * instalment)
    unearned = 2 * instalment - (1_000_000 - system.loan(loan)["outstanding_principal_minor"])
    system.at_day(FIRST_DAY + 1)
    events = amend(system, loan)
    found = events["LoanAmended"]["found"]
    assert found["rebate_minor"] == unearned - 329
    assert system.loan(loan)["principal_minor"] == found["principal_minor"] - found["rebate_minor"]
    assert outstanding(system) == system.loan(loan)["principal_minor"] == reserved(system)[1]


def test_from_a_table_to_a_formula_and_back_to_a_table(system: System, refused: Refused) -> None:
    first = [Row(1, DUE, 400_000, 5_000), Row(2, DUE + 40, 600_000, 3_000)]
    draft = Draft(method=5, periods=2, first_due_day=DUE, anchor_day=0, period_length=0)
    loan = system.lend(terms=draft, table=first)
    system.at_day(DUE)
    repay(system, loan, 405_000, proven(first, 0, 1))
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
    assert "LoanClosed" in repay(system, loan, 602_000, proven(second, 0))


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
    repay(system, loan, 1)
    with refused("TermOutOfRange", term=as_word("disbursementDay"), value=DUE, least=DUE + 3, most=DUE + 3):
        system.amend(amendment)


def test_interest_that_joined_the_principal_never_takes_room_in_the_limit(system: System, loan: bytes) -> None:
    system.at_day(LATE)
    amend(system, loan, Money(capitalised=claims(system, loan), top_up=50_000))
    assert reserved(system) == (1, 1_050_000)
    system.at_day(LATE + 10)
    amend(system, loan, Money(capitalised=claims(system, loan)), sequence=2)
    assert reserved(system) == (1, 1_050_000)
    assert "LoanClosed" in repay(system, loan, owed_on(system, loan, LATE + 10)["total_minor"])
    assert (outstanding(system), reserved(system)) == (0, (0, 0))


def test_mandate_and_nonces_outlive_new_terms(system: System, loan: bytes, refused: Refused) -> None:
    system.allow(loan, 10**9, FIRST_DAY + 4_000)
    amend(system, loan)
    view = system.loan(loan)
    assert (view["mandate_max_minor"], view["nonce_base"]) == (10**9, 1)
    with refused("NonceUsed", loan=loan, nonce=0):
        system.pay(loan, 1, 0)
    system.at_day(FIRST_DAY + MONTH)
    due = owed_on(system, loan, FIRST_DAY + MONTH)["current_due_minor"]
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
    assert owed_on(system, loan, LATE)["overdue_minor"] == charges + found["interest_minor"]
    paid = repay(system, loan, charges + found["interest_minor"])["PaymentApplied"]
    assert (paid["late_fee_minor"] + paid["penalty_minor"], paid["interest_minor"]) == (
        charges,
        found["interest_minor"],
    )


def test_the_rows_of_the_new_terms_are_charged_late_by_themselves(system: System, loan: bytes) -> None:
    system.at_day(LATE)
    amend(system, loan, Money(waived=claims(system, loan)))
    system.at_day(LATE + MONTH + 4)
    assert system.payoff(loan, today(system))["late_fee_minor"] == 2_000
