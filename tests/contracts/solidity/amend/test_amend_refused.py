"""LoanBook.amend: what both sides cannot agree on, and what new money asks for."""

from dataclasses import replace
from typing import Any

import pytest

from contracts.deployment.plan import AT_ONCE, CONSUMER_INSTALMENT, CONSUMER_INSTALMENT_CAPS
from contracts.keys import DEVNET_CHAIN_ID, load_key
from contracts.schedule import Row
from contracts.typed_data import Amendment, digest, sign
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
    outstanding,
    owed_on,
    repay,
    today,
)
from tests.contracts.solidity.conftest import CAPS, EVERYTHING

LATE = DUE + 40
U44 = 2**44 - 1


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


def test_it_keeps_parties_product_time_zone_and_currency(system: System, loan: bytes, refused: Refused) -> None:
    for term, change in (
        ("borrower", {"borrower": system.person(2).subject}),
        ("lender", {"lender": system.role("treasurer")}),
        ("productId", {"product_id": EVERYTHING}),
        ("timeZoneMinutes", {"time_zone_minutes": -480}),
    ):
        with refused("TermsOfAnotherLoan", loan=loan, term=as_word(term)):
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
        with refused("TermOutOfRange", term=as_word("principalMinor"), **values):
            system.amend(drawn_up(system, loan, principal_minor=principal))


@pytest.mark.parametrize("term", ["capitalised_minor", "waived_minor", "top_up_minor"])
def test_amounts_beyond_any_loan_are_refused_and_nothing_wraps(
    system: System, loan: bytes, refused: Refused, term: str
) -> None:
    name = {"capitalised_minor": "capitalisedMinor", "waived_minor": "waivedMinor", "top_up_minor": "topUpMinor"}[term]
    for value in (2**44, 2**256 - 1):
        changes: dict[str, Any] = {term: value}
        with refused("TermOutOfRange", term=as_word(name), value=value, least=0, most=U44):
            system.amend(replace(drawn_up(system, loan), **changes))


def test_an_upfront_fee_comes_out_of_new_money_only(system: System, loan: bytes, refused: Refused) -> None:
    draft = replace(BY_DAYS, upfront_fee_minor=1_001)
    with refused("TermOutOfRange", term=as_word("upfrontFeeMinor"), value=1_001, least=0, most=1_000):
        system.amend(drawn_up(system, loan, Money(top_up=1_000), draft))
    system.amend(drawn_up(system, loan, Money(top_up=1_001), draft))


def test_there_is_no_second_cooling_off(system: System, loan: bytes, refused: Refused) -> None:
    with refused("TermOutOfRange", term=as_word("coolingOffDays"), value=14, least=0, most=0):
        system.amend(drawn_up(system, loan, cooling_off_days=14))


def test_the_signed_schedule_is_the_one_that_follows(system: System, loan: bytes, refused: Refused) -> None:
    with refused("ScheduleRootMismatch", signed=bytes(32)):
        system.amend(drawn_up(system, loan, schedule_root=bytes(32)))


def test_the_products_caps_of_the_day_hold(system: System, loan: bytes, refused: Refused) -> None:
    with refused("TermOutOfRange", term=as_word("ratePpm"), value=240_001, least=0, most=240_000):
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


def test_a_loan_that_ended_is_not_amended(system: System, loan: bytes, refused: Refused) -> None:
    amendment = drawn_up(system, loan)
    repay(system, loan, owed_on(system, loan, FIRST_DAY)["total_minor"])
    with refused("LoanNotActive", loan=loan, status=2):
        system.amend(amendment)
    with refused("LoanNotActive", loan=bytes(32), status=0):
        system.amend(replace(amendment, loan=bytes(32)))


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
        with refused("TermOutOfRange", term=as_word("principalMinor"), value=principal, least=1, most=U44):
            system.amend(amendment, old=table, new=_rows(today(system), 0, U44))
    new = _rows(today(system), 0, U44)
    amend(system, loan, Money(capitalised=1), UNCHARGED, table, new)
    assert system.loan(loan, proven(new, 0))["principal_minor"] == U44 == outstanding(system)


def test_interest_beyond_what_a_loan_can_carry_is_capitalised_or_waived(system: System, refused: Refused) -> None:
    loan, table = _big(system)
    system.at_day(table[32].due_day)
    owed, new = 33 * ROW, _rows(table[32].due_day, 0, BIG)
    assert claims(system, loan, table) == owed > U44
    with refused("TermOutOfRange", term=as_word("carriedInterestMinor"), value=owed, least=0, most=U44):
        system.amend(drawn_up(system, loan, draft=UNCHARGED, old=table, new=new), old=table, new=new)
    amend(system, loan, Money(waived=owed - U44), UNCHARGED, table, new)
    view = system.loan(loan, proven(new, 0))
    assert (view["carried_interest_minor"], view["covered_minor"], view["amendments"]) == (U44, 0, 1)
