"""A new LoanBook stands beside the old one: announced with delay, and old loans are repaid where they were signed."""

from collections.abc import Iterable
from dataclasses import replace

import pytest

from contracts.deployment import Accounts
from contracts.deployment.roles import DELAYS, Role
from contracts.deployment.version import (
    VERSIONED,
    Act,
    UnknownVersionNumber,
    announced,
    create_version,
    listing,
    opening,
    retiring,
)
from contracts.keys import DEVNET_CHAIN_ID
from scripts.workbench.system import Draft, System, _Executor
from tests.contracts.conftest import Refused

ACCOUNTS = Accounts.load(None, DEVNET_CHAIN_ID)
LISTING_SECONDS, OPENING_SECONDS = DELAYS[Role.BOOKKEEPER], DELAYS[Role.RISK]


def _carry_out(system: System, acts: Iterable[Act]) -> None:
    for act in acts:
        system.evm.transact(act.to, act.data, act.sender)


def _delayed(acts: list[Act]) -> list[Act]:
    return [act for act in acts if act.sender != ACCOUNTS.registrar]


def _created(system: System) -> System:
    """The system as seen by those who use the newest version; the same ledger."""
    contracts = create_version(_Executor(system.evm, ACCOUNTS.treasurer), system.contracts, 2)
    return System(system.evm, contracts, system.people, system.uids)


def _opened(system: System) -> System:
    """Announced, waited for and carried out: listing, then opening."""
    new = _created(system)
    steps = ((listing(new.contracts, ACCOUNTS), LISTING_SECONDS), (opening(new.contracts, ACCOUNTS), OPENING_SECONDS))
    for acts, seconds in steps:
        _carry_out(system, (announced(new.contracts, act) for act in _delayed(acts)))
        system.evm.go_to(system.evm.timestamp + seconds)
        _carry_out(system, acts)
    return new


def _today(system: System) -> int:
    return (system.evm.timestamp + 480 * 60) // 86_400


def _draft(system: System, salt: int) -> Draft:
    today = _today(system)
    by_weeks = Draft(anchor_day=0, period_unit=1, period_length=28, salt=salt)
    return replace(by_weeks, disbursement_day=today, first_due_day=today + 28)


def test_no_act_of_the_listing_can_be_carried_out_before_its_delay(system: System, refused: Refused) -> None:
    new = _created(system)
    acts = _delayed(listing(new.contracts, ACCOUNTS))
    for act in acts:
        with refused("AccessManagerNotScheduled"):
            _carry_out(system, [act])
    _carry_out(system, (announced(new.contracts, act) for act in acts))
    system.evm.go_to(system.evm.timestamp + LISTING_SECONDS - 1)
    for act in acts:
        with refused("AccessManagerNotReady"):
            _carry_out(system, [act])


def test_risk_cannot_open_the_new_version_before_it_is_listed(system: System, refused: Refused) -> None:
    new = _created(system)
    for act in opening(new.contracts, ACCOUNTS):
        with refused("AccessManagerUnauthorizedCall"):
            _carry_out(system, [announced(new.contracts, act)])


def test_old_loans_are_repaid_on_the_old_version_while_new_ones_begin_on_the_new(system: System) -> None:
    old_loan = system.lend()
    person = system.person()
    new = _opened(system)
    new_loan = new.lend(1, _draft(new, salt=2))
    assert system.contracts["LoanBook"] != new.contracts["LoanBook"]
    assert (system.loan(new_loan)["status"], new.loan(old_loan)["status"]) == (0, 0)
    open_loans = system.read("CreditRegistry", "exposure", person.subject)["open_loans"]
    assert open_loans == 2
    before = system.loan(old_loan)["paid_row_minor"], new.loan(new_loan)["paid_row_minor"]
    system.pay(old_loan, 100, 0)
    new.pay(new_loan, 200, 0)
    assert before == (0, 0)
    assert system.loan(old_loan)["paid_row_minor"] == 100
    assert new.loan(new_loan)["paid_row_minor"] == 200


def test_a_payment_signed_for_one_version_is_worth_nothing_on_another(system: System, refused: Refused) -> None:
    loan = system.lend()
    new = _opened(system)
    with refused("LoanNotActive"):
        new.pay(loan, 100, 0)


def test_a_retired_version_begins_no_loan_and_still_takes_payments(system: System, refused: Refused) -> None:
    loan = system.lend()
    new = _opened(system)
    act = retiring(new.contracts, 1, ACCOUNTS)
    _carry_out(system, [announced(new.contracts, act)])
    system.evm.go_to(system.evm.timestamp + OPENING_SECONDS)
    _carry_out(system, [act])
    with refused("ProductInactive"):
        system.lend(2, _draft(system, salt=3))
    system.pay(loan, 100, 0)
    assert new.lend(3, _draft(new, salt=4))


def test_the_names_without_a_number_are_the_newest_version(system: System) -> None:
    new = _created(system)
    for name in VERSIONED:
        assert new.contracts[f"{name}#1"] == system.contracts[name] != new.contracts[name]
    assert new.contracts["CashToken"] == system.contracts["CashToken"]
    with pytest.raises(UnknownVersionNumber):
        create_version(_Executor(system.evm, ACCOUNTS.treasurer), system.contracts, 1)
