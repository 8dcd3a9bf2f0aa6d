"""LoanBook.originate: two signatures, one transaction, nothing else than what was signed."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from eth_account import Account
from eth_typing import Hash32
from eth_utils.crypto import keccak

from contracts.keys import DEVNET_CHAIN_ID, load_key
from contracts.schedule import ScheduleTerms, level_instalment
from contracts.typed_data import Agreement, digest, sign
from scripts.workbench.system import CAPITAL_MINOR, FIRST_DAY, Draft, Person, System, function, noon
from tests.contracts.conftest import Refused
from tests.contracts.solidity.pool_acts import NOTICE_DAYS, SHARES, Depositor, settle
from tests.contracts.solidity.test_register import malleated

STRANGER = Account.from_key(keccak(b"stranger"))


@pytest.fixture
def person(system: System) -> Person:
    person = system.person()
    system.publish(person.subject)
    return person


def _signatures(system: System, person: Person, agreement: Agreement) -> tuple[bytes, bytes]:
    domain = system.domain("LoanBook")
    underwriter = load_key("underwriter", None, DEVNET_CHAIN_ID)
    return sign(person.key, agreement, domain), sign(underwriter, agreement, domain)


def _send(system: System, agreement: Agreement, signer: bytes, by_borrower: bytes, by_lender: bytes) -> None:
    system.send("LoanBook", "originate", agreement, signer, by_borrower, by_lender)


def test_the_money_arrives_and_the_loan_stands(system: System, person: Person) -> None:
    agreement = system.agreement(person)
    receipt = system.originate(person, agreement)
    loan = digest(agreement, system.domain("LoanBook"))
    assert system.cash(person.subject) == 1_000_000 - 10_000
    assert system.cash(agreement.lender) == CAPITAL_MINOR - 990_000
    assert system.read("LoanBook", "position", agreement.lender)["outstanding_minor"] == 1_000_000
    assert system.read("LendingPool", "totalAssets") == CAPITAL_MINOR + 10_000
    assert system.read("LoanBook", "exposure", person.subject) == {"open_loans": 1, "reserved_minor": 1_000_000}
    events = dict(system.events(receipt))
    assert events["LoanOriginated"] == {
        "loan": loan,
        "borrower": person.subject,
        "lender": agreement.lender,
        "agreement": agreement,
    }
    view = system.loan(loan)
    assert (view["status"], view["balance_minor"], view["row"], view["next_due_day"]) == (
        1,
        1_000_000,
        0,
        agreement.first_due_day,
    )


def test_an_agreement_begins_once(system: System, person: Person, refused: Refused) -> None:
    agreement = system.agreement(person)
    system.originate(person, agreement)
    with refused("LoanExists"):
        system.originate(person, agreement)


def test_each_side_signs_for_itself(system: System, person: Person, refused: Refused) -> None:
    agreement = system.agreement(person)
    by_borrower, by_lender = _signatures(system, person, agreement)
    by_stranger = sign(STRANGER, agreement, system.domain("LoanBook"))
    with refused("InvalidSignature", party=person.subject):
        _send(system, agreement, person.signer, by_stranger, by_lender)
    with refused("InvalidSignature", party=person.subject):
        _send(system, agreement, bytes.fromhex(STRANGER.address[2:]), by_stranger, by_lender)
    with refused("InvalidSignature", party=agreement.lender):
        _send(system, agreement, person.signer, by_borrower, by_stranger)
    with refused("InvalidSignature", party=person.subject):
        _send(system, agreement, b"", by_borrower, by_lender)


def test_a_malleated_signature_is_refused(system: System, person: Person, refused: Refused) -> None:
    agreement = system.agreement(person)
    by_borrower, by_lender = _signatures(system, person, agreement)
    with refused("InvalidSignature", party=person.subject):
        _send(system, agreement, person.signer, malleated(by_borrower), by_lender)
    with refused("InvalidSignature", party=agreement.lender):
        _send(system, agreement, person.signer, by_borrower, malleated(by_lender))


@pytest.mark.parametrize("party", range(3))
def test_an_address_is_no_more_than_an_address(system: System, person: Person, refused: Refused, party: int) -> None:
    """Higher bits beside borrower, lender or currency, signed as they stand by both sides."""
    agreement = system.agreement(person)
    higher = bytearray(function("LoanBook", "agreementDigest", 1).encode((agreement,)))
    higher[4 + 32 * party] = 1
    signed = system.evm.call(system.contracts["LoanBook"], bytes(higher), person.subject)
    keys = (person.key, load_key("underwriter", None, DEVNET_CHAIN_ID))
    signatures = [key.unsafe_sign_hash(Hash32(signed)).signature for key in keys]
    order = function("LoanBook", "originate", 4).encode((agreement, person.signer, *signatures))
    changed = order[:4] + bytes(higher[4:]) + order[len(higher) :]
    with refused("RevertedWithoutReason"):
        system.evm.transact(system.contracts["LoanBook"], changed, STRANGER.address)


def test_signatures_are_bound_to_chain_and_contract(system: System, person: Person, refused: Refused) -> None:
    agreement = system.agreement(person)
    _, by_lender = _signatures(system, person, agreement)
    home = system.domain("LoanBook")
    for domain in (replace(home, chain_id=1), system.domain("CashToken")):
        with refused("InvalidSignature", party=person.subject):
            _send(system, agreement, person.signer, sign(person.key, agreement, domain), by_lender)


def _other(value: Any) -> Any:
    if isinstance(value, bytes):
        return keccak(value)
    return value + 1 if isinstance(value, int) else "0x" + "77" * 20


@pytest.mark.parametrize("field", [field.name for field in Agreement.fields()])
def test_no_word_of_the_agreement_can_be_changed(system: System, person: Person, field: str) -> None:
    agreement = system.agreement(person)
    by_borrower, by_lender = _signatures(system, person, agreement)
    tampered = replace(agreement, **{field: _other(getattr(agreement, field))})
    with pytest.raises(Exception, match=r"\w+\("):
        _send(system, tampered, person.signer, by_borrower, by_lender)
    assert system.cash(person.subject) == 0


CHANGES: list[tuple[dict[str, Any], str]] = [
    ({"method": 7}, "UnsupportedMethod"),
    ({"method": 4}, "MethodNotOffered"),
    ({"period_unit": 2}, "UnsupportedPeriodUnit"),
    ({"period_length": 0}, "TermOutOfRange"),
    ({"interest_only_periods": 12}, "TermOutOfRange"),
    ({"day_count": 6}, "UnsupportedDayCount"),
    ({"rounding": 16}, "UnsupportedRounding"),
    ({"currency": "0x" + "77" * 20}, "UnsupportedCurrency"),
    ({"product_id": keccak(b"other product")}, "ProductInactive"),
    ({"waterfall": 0x1243}, "InvalidWaterfall"),
    ({"waterfall": 0x1134}, "InvalidWaterfall"),
    ({"waterfall": 0x123}, "InvalidWaterfall"),
    ({"waterfall": 0x11234}, "InvalidWaterfall"),
    ({"waterfall": 0}, "InvalidWaterfall"),
    ({"lender": "0x" + "77" * 20}, "UnknownFacility"),
    ({"first_due_day": FIRST_DAY + 27}, "FirstDueDayInconsistent"),
    ({"first_due_day": FIRST_DAY}, "TermOutOfRange"),
    ({"first_due_day": FIRST_DAY + 3_661}, "TermOutOfRange"),
    ({"anchor_day": 0, "schedule_root": bytes(32)}, "TermOutOfRange"),
    ({"anchor_day": 32}, "TermOutOfRange"),
    ({"time_zone_minutes": -721}, "TimeZoneOutOfRange"),
    ({"time_zone_minutes": 841}, "TimeZoneOutOfRange"),
    ({"latest_origination_day": FIRST_DAY + 4}, "TermOutOfRange"),
    ({"latest_origination_day": FIRST_DAY - 1}, "TermOutOfRange"),
    ({"rate_ppm": 240_001}, "TermOutOfRange"),
    ({"upfront_fee_minor": 30_001}, "TermOutOfRange"),
    ({"late_fee_minor": 5_001}, "TermOutOfRange"),
    ({"penalty_rate_ppm": 360_001}, "TermOutOfRange"),
    ({"penalty_max_days": 2**16}, "TermOutOfRange"),
    ({"grace_days": 256}, "TermOutOfRange"),
    ({"periods": 0, "instalment_minor": 1, "schedule_root": bytes(32)}, "TermOutOfRange"),
    ({"principal_minor": 50_000_001}, "TermOutOfRange"),
    ({"principal_minor": 0, "instalment_minor": 1, "schedule_root": bytes(32)}, "TermOutOfRange"),
    ({"instalment_multiple_minor": 0, "instalment_minor": 88_850}, "InstalmentNotMultiple"),
    ({"instalment_multiple_minor": 100, "instalment_minor": 88_850}, "InstalmentNotMultiple"),
    ({"schedule_root": keccak(b"other schedule")}, "ScheduleRootMismatch"),
    ({"score_report": keccak(b"other report")}, "ReportSuperseded"),
    ({"instalment_minor": 9_206, "schedule_root": bytes(32)}, "ScheduleDegenerate"),
    ({"instalment_minor": 500_000, "schedule_root": bytes(32)}, "ScheduleDegenerate"),
]


@pytest.mark.parametrize(("changes", "error"), CHANGES)
def test_what_both_sign_must_still_be_allowed(
    system: System, person: Person, refused: Refused, changes: dict[str, Any], error: str
) -> None:
    agreement = system.agreement(person)
    fields: dict[str, Any] = {
        "schedule_root": agreement.schedule_root,
        "instalment_minor": agreement.instalment_minor,
    } | changes
    with refused(error):
        system.originate(person, replace(agreement, **fields))


EDGES: list[Draft] = [
    Draft(rate_ppm=240_000, upfront_fee_minor=30_000, late_fee_minor=5_000, penalty_rate_ppm=360_000),
    Draft(rate_ppm=0, grace_days=255, penalty_max_days=365, waterfall=0x3421),
    Draft(periods=480, rate_ppm=36_000),
    Draft(periods=1),
    Draft(first_due_day=FIRST_DAY + 1, anchor_day=1),
    Draft(first_due_day=FIRST_DAY + 89, anchor_day=30),
    Draft(method=1, rounding=0x111, interest_only_periods=3),
    Draft(period_unit=1, period_length=7, anchor_day=0, periods=52, day_count=4),
]


@pytest.mark.parametrize("draft", EDGES)
def test_the_edges_are_allowed(system: System, person: Person, draft: Draft) -> None:
    agreement = system.agreement(person, draft)
    system.originate(person, agreement)
    assert system.loan(digest(agreement, system.domain("LoanBook")))["status"] == 1


def test_it_begins_within_its_window_only(system: System, person: Person, refused: Refused) -> None:
    late = system.agreement(person, Draft(disbursement_day=FIRST_DAY + 1))
    with refused("OutsideOriginationWindow", today=FIRST_DAY, first_day=FIRST_DAY + 1):
        system.originate(person, late)
    agreement = system.agreement(person, salt=bytes(32))
    system.at_day(agreement.latest_origination_day + 1)
    with refused("OutsideOriginationWindow", last_day=FIRST_DAY + 2):
        system.originate(person, agreement)


def test_no_loan_begins_overdue(system: System, person: Person, refused: Refused) -> None:
    draft = Draft(first_due_day=FIRST_DAY + 1, anchor_day=1, grace_days=0)
    until_the_due_day = system.agreement(person, draft, latest_origination_day=FIRST_DAY + 1)
    with refused("TermOutOfRange", value=FIRST_DAY + 1, least=FIRST_DAY + 2):
        system.originate(person, until_the_due_day)
    system.originate(person, replace(until_the_due_day, latest_origination_day=FIRST_DAY))


def test_the_day_turns_in_the_loans_time_zone(system: System, person: Person, refused: Refused) -> None:
    agreement = system.agreement(person)
    midnight = noon(agreement.latest_origination_day) + 12 * 3_600
    system.evm.go_to(midnight)
    with refused("OutsideOriginationWindow", today=FIRST_DAY + 3):
        system.originate(person, agreement)
    system.originate(person, replace(agreement, time_zone_minutes=479))


def test_an_expired_agreement_does_not_begin(system: System, person: Person, refused: Refused) -> None:
    agreement = system.agreement(person, deadline=system.evm.timestamp + 5)
    system.evm.go_to(system.evm.timestamp + 6)
    with refused("DeadlinePassed", deadline=agreement.deadline):
        system.originate(person, agreement)


def _registrar(system: System, name: str, *values: Any) -> None:
    system.send("IdentityRegistry", name, *values, sender=system.role("registrar"))


def test_a_frozen_borrower_draws_nothing(system: System, person: Person, refused: Refused) -> None:
    agreement = system.agreement(person)
    _registrar(system, "setFrozen", person.subject, True)
    with refused("PartyNotInStanding", party=person.subject):
        system.originate(person, agreement)
    _registrar(system, "setFrozen", person.subject, False)
    system.originate(person, agreement)


def test_kyc_must_be_high_enough_and_valid(system: System, person: Person, refused: Refused) -> None:
    agreement = system.agreement(person)
    _registrar(system, "setKyc", person.subject, 0, FIRST_DAY + 9)
    with refused("KycTooLow", level=0, needed=1):
        system.originate(person, agreement)
    _registrar(system, "setKyc", person.subject, 1, FIRST_DAY - 1)
    with refused("PartyNotInStanding"):
        system.originate(person, agreement)


def test_nobody_lends_to_itself(system: System, person: Person, refused: Refused) -> None:
    agreement = system.agreement(person, lender=person.subject)
    with refused("BorrowerIsLender", party=person.subject):
        system.originate(person, agreement)


def test_a_frozen_lender_does_not_lend(system: System, person: Person, refused: Refused) -> None:
    agreement = system.agreement(person)
    _registrar(system, "setFrozen", agreement.lender, True)
    with refused("PartyNotInStanding", party=agreement.lender):
        system.originate(person, agreement)


def test_the_limit_counts_all_open_loans(system: System, refused: Refused) -> None:
    person = system.person()
    system.publish(person.subject, limit_minor=1_500_000)
    system.originate(person, system.agreement(person))
    with refused("LimitExceeded", subject=person.subject, wanted_minor=500_001, available_minor=500_000):
        system.originate(person, system.agreement(person, Draft(principal_minor=500_001, salt=2)))
    system.originate(person, system.agreement(person, Draft(principal_minor=500_000, salt=2)))


def test_a_declined_or_lowered_limit_allows_nothing(system: System, refused: Refused) -> None:
    person = system.person()
    system.publish(person.subject)
    system.originate(person, system.agreement(person))
    system.publish(person.subject, limit_minor=0)
    with refused("LimitExceeded", available_minor=0):
        system.originate(person, system.agreement(person, Draft(salt=2)))


Spoiler = Callable[[System, Person, bytes], object]
REPORTS: list[tuple[Spoiler, str]] = [
    (lambda s, p, u: s.publish(p.subject), "ReportSuperseded"),
    (
        lambda s, p, u: s.send("CreditRegistry", "revoke", p.subject, u, bytes(32), sender=s.role("risk")),
        "RevokedReport",
    ),
    (lambda s, p, u: s.evm.go_to(s.evm.timestamp + 61), "ReportExpired"),
]


@pytest.mark.parametrize(("spoil", "error"), REPORTS)
def test_only_a_current_report_counts(system: System, refused: Refused, spoil: Spoiler, error: str) -> None:
    person = system.person()
    uid, _ = system.publish(person.subject, expires_at=system.evm.timestamp + 60)
    agreement = system.agreement(person)
    spoil(system, person, uid)
    with refused(error, uid=uid):
        system.originate(person, agreement)


def test_a_pool_without_cash_lends_nothing(system: System, person: Person, refused: Refused) -> None:
    system.publish(person.subject, limit_minor=2**48 - 1)
    Depositor(system, "treasurer").request_redeem((CAPITAL_MINOR - 100) * SHARES)
    settle(system)
    later = Draft(disbursement_day=FIRST_DAY + NOTICE_DAYS)
    with refused("InsufficientCash", account=system.contracts["LendingPool"], balance=100, needed=990_000):
        system.originate(person, system.agreement(person, later))


def test_an_underwriting_key_ends(system: System, refused: Refused) -> None:
    person = system.person()
    valid_until = system.read("LendingPool", "underwriter", system.role("underwriter"))
    day = valid_until // 86_400 + 1
    system.at_day(day)
    _registrar(system, "setKyc", person.subject, 1, day + 9)
    system.publish(person.subject)
    with refused("InvalidSignature", party=system.contracts["LendingPool"]):
        first_due = 22_341 if day < 22_340 else day + 30
        draft = Draft(disbursement_day=day, first_due_day=first_due, anchor_day=_date(first_due))
        system.originate(person, system.agreement(person, draft))


def _date(day: int) -> int:
    from contracts.schedule import date_of

    return date_of(day).day


def test_the_instalment_of_the_twin_carries_the_schedule(system: System, person: Person) -> None:
    agreement = system.agreement(person)
    assert agreement.instalment_minor == level_instalment(ScheduleTerms.of(agreement))
    assert system.read("LoanBook", "deriveSchedule", agreement)["root"] == agreement.schedule_root
