"""A new LoanBook stands beside the old one: announced with delay, and old loans are repaid where they were signed."""

import pytest

from contracts.deployment.version import (
    VERSIONED,
    UnknownVersionNumber,
    announced,
    create_version,
    listing,
    opening,
    retiring,
)
from scripts.workbench.system import System, WorkbenchExecutor
from tests.contracts.conftest import Refused
from tests.contracts.versions import (
    ACCOUNTS,
    LISTING_SECONDS,
    OPENING_SECONDS,
    carry_out,
    created,
    delayed,
    opened,
    weekly,
)


def test_no_act_of_the_listing_can_be_carried_out_before_its_delay(system: System, refused: Refused) -> None:
    new = created(system)
    acts = delayed(listing(new.contracts, ACCOUNTS))
    for act in acts:
        with refused("AccessManagerNotScheduled"):
            carry_out(system, [act])
    carry_out(system, (announced(new.contracts, act) for act in acts))
    system.evm.go_to(system.evm.timestamp + LISTING_SECONDS - 1)
    for act in acts:
        with refused("AccessManagerNotReady"):
            carry_out(system, [act])


def test_risk_cannot_open_the_new_version_before_it_is_listed(system: System, refused: Refused) -> None:
    new = created(system)
    for act in opening(new.contracts, ACCOUNTS):
        with refused("AccessManagerUnauthorizedCall"):
            carry_out(system, [announced(new.contracts, act)])


def test_old_loans_are_repaid_on_the_old_version_while_new_ones_begin_on_the_new(system: System) -> None:
    old_loan = system.lend()
    person = system.person()
    new = opened(system)
    new_loan = new.lend(1, weekly(new, salt=2))
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
    new = opened(system)
    with refused("LoanNotActive"):
        new.pay(loan, 100, 0)


def test_a_retired_version_begins_no_loan_and_still_takes_payments(system: System, refused: Refused) -> None:
    loan = system.lend()
    new = opened(system)
    act = retiring(new.contracts, 1, ACCOUNTS)
    carry_out(system, [announced(new.contracts, act)])
    system.evm.go_to(system.evm.timestamp + OPENING_SECONDS)
    carry_out(system, [act])
    with refused("ProductInactive"):
        system.lend(2, weekly(system, salt=3))
    system.pay(loan, 100, 0)
    assert new.lend(3, weekly(new, salt=4))


def test_the_names_without_a_number_are_the_newest_version(system: System) -> None:
    new = created(system)
    for name in VERSIONED:
        assert new.contracts[f"{name}#1"] == system.contracts[name] != new.contracts[name]
    assert new.contracts["CashToken"] == system.contracts["CashToken"]
    with pytest.raises(UnknownVersionNumber):
        create_version(WorkbenchExecutor(system.evm, ACCOUNTS.treasurer), system.contracts, 1)
