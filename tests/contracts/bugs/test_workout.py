"""Bugs of loans in trouble: new terms, impairment, default, write-off."""

from dataclasses import replace
from typing import Any

from contracts.keys import DEVNET_CHAIN_ID, load_key
from contracts.typed_data import Agreement, Amendment, sign
from scripts.workbench.system import FIRST_DAY, Draft, System
from tests.contracts.bugs.lives import lent
from tests.contracts.conftest import Refused

DEFAULT_DAYS = 90


def test_new_terms_carry_the_interest_that_was_earned(system: System) -> None:
    loan, agreement = lent(system)
    day = FIRST_DAY + 20
    system.at_day(day)
    earned = system.payoff(loan, day)["interest_minor"]
    assert earned == round(agreement.principal_minor * 0.12 * 20 / 365)
    _amend(system, loan, day)
    assert system.loan(loan)["carried_interest_minor"] == earned
    assert system.payoff(loan, day)["total_minor"] == agreement.principal_minor + earned


def test_impairment_moves_no_due_day_and_accrues_nothing(system: System) -> None:
    loan, agreement = lent(system)
    system.at_day(agreement.first_due_day + 40)
    before, owed = system.loan(loan), system.read("LoanBook", "owed", loan, agreement.first_due_day + 60)
    system.send("LoanBook", "setImpairment", loan, 400_000, sender=system.role("risk"))
    assert system.loan(loan) == before | {"impaired_minor": 400_000}
    assert system.read("LoanBook", "owed", loan, agreement.first_due_day + 60) == owed
    system.send("LoanBook", "setImpairment", loan, 0, sender=system.role("risk"))
    assert system.loan(loan) == before


def test_only_a_loan_long_overdue_is_written_off(system: System, refused: Refused) -> None:
    """Only a default is written off, and only a loan long overdue is in default."""
    loan, agreement = lent(system)
    for day in (FIRST_DAY, agreement.first_due_day + DEFAULT_DAYS + 1):
        system.at_day(day)
        with refused("LoanNotActive", loan=loan, status=1):
            system.send("LoanBook", "writeOff", loan, sender=system.role("risk"))
    system.send("LoanBook", "declareDefault", loan, sender=system.role("risk"))
    system.send("LoanBook", "writeOff", loan, sender=system.role("risk"))
    assert system.loan(loan)["written_off_minor"] == agreement.principal_minor


def test_only_a_loan_long_overdue_is_in_default(system: System, refused: Refused) -> None:
    loan, agreement = lent(system)
    for late in (0, DEFAULT_DAYS):
        system.at_day(agreement.first_due_day + late)
        with refused("NotLateEnough", loan=loan, days_past_due=late, needed_days=DEFAULT_DAYS):
            system.send("LoanBook", "declareDefault", loan, sender=system.role("risk"))


def _amend(system: System, loan: bytes, day: int) -> None:
    """A year again from this day on, over the same principal: nothing capitalised, nothing waived."""
    terms = Draft(disbursement_day=day, first_due_day=day + 31, anchor_day=23)
    amended: Agreement = system.agreement(system.person(), replace(terms, upfront_fee_minor=0, salt=2))
    amendment = Amendment(loan, 1, 1, 0, 0, 0, amended)
    domain, person = system.domain("LoanBook"), system.person()
    by_lender = sign(load_key("underwriter", None, DEVNET_CHAIN_ID), amendment, domain)
    values: tuple[Any, ...] = (amendment, person.signer, sign(person.key, amendment, domain), by_lender, [], [])
    system.send("LoanBook", "amend", *values)
