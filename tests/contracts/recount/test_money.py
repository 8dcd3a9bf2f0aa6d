"""The recount of bank entries, of the pool and of the fund."""

from dataclasses import replace

import pytest
from eth_utils.crypto import keccak

from contracts.keys import DEVNET_CHAIN_ID, load_key
from contracts.typed_data import Guarantee, Redemption, digest, sign
from scripts.workbench.system import DAY_SECONDS, System
from tests.contracts.recount.history import History
from tests.contracts.solidity.pool_acts import VESTING_DAYS, Depositor, settle, valuate, wait

PAYOUT = keccak(b"payout")


def _redeem(system: System, amount_minor: int) -> None:
    person = system.person()
    redemption = Redemption(person.subject, amount_minor, PAYOUT, system.evm.timestamp + 60)
    signature = sign(person.key, redemption, system.domain("CashToken"))
    system.send("CashToken", "redeem", redemption, person.signer, signature, sender=system.role("rails"))


def _live(history: History) -> None:
    """A sponsor, a depositor that comes and goes, a gain, a payout that the bank refuses."""
    system = history.system
    sponsor = Depositor.admitted(system, "governor", 5_000)
    system.restricted("LendingPool", "setSponsor", sponsor.account, 300, sender=system.role("risk"))
    sponsor.send("addFirstLoss", 5_000)
    depositor = Depositor.admitted(system, "risk", 777_777)
    depositor.request_deposit(777_777)
    history.lend()
    settle(system)
    depositor.claim_shares()
    wait(system, VESTING_DAYS // 2)
    depositor.request_redeem(depositor.shares // 3)
    sponsor.send("requestFirstLossWithdrawal", 1_000)
    valuate(system)
    settle(system)
    depositor.claim_cash()
    system.send("LendingPool", "claimFirstLoss")
    depositor.request_redeem()
    _redeem(system, 700)
    system.send("CashToken", "rejectRedemption", PAYOUT, sender=system.role("rails"))


def test_a_pool_that_was_entered_left_and_valued_recounts_clean(history: History) -> None:
    _live(history)
    findings = history.recount()
    assert findings.differences == []
    assert findings.money_out_minor == 0


def test_a_pool_that_everybody_left_recounts_clean(history: History) -> None:
    """In one valuation: some at its price, the last with all that is left."""
    system = history.system
    other, treasurer = Depositor.admitted(system, "risk", 777_777), Depositor(system, "treasurer")
    other.request_deposit(777_777)
    settle(system)
    other.claim_shares()
    system.mint(system.contracts["LendingPool"], 60_000)
    other.request_redeem()
    wait(system, 1)
    valuate(system)
    treasurer.request_redeem()
    settle(system)
    assert system.cash(system.contracts["LendingPool"]) == 0
    assert history.recount().differences == []


def test_an_altered_valuation_or_rejection_is_named(history: History) -> None:
    _live(history)
    events = history.events()
    altered = {
        "Valued": ("assets_minor", "assets_minor"),
        "DepositsSettled": ("shares", "shares"),
        "RedemptionsSettled": ("assets_minor", "assets"),
        "DepositRequest": ("assets", "assets"),
        "FirstLossAdded": ("amount_minor", "reserve_minor"),
        "RedemptionRejected": ("amount_minor", "amount_minor"),
    }
    for name, (argument, field) in altered.items():
        place = max(index for index, event in enumerate(events) if event.name == name)
        event = events[place]
        changed = replace(event, args={**event.args, argument: event.args[argument] + 1})
        findings = history.recount([*events[:place], changed, *events[place + 1 :]])
        assert field in {difference.field for difference in findings.differences}, name


def test_a_bank_entry_booked_twice_is_named(history: History) -> None:
    _live(history)
    events = history.events()
    rejection = next(event for event in events if event.name == "RedemptionRejected")
    findings = history.recount([*events, rejection])
    assert "rejected" in {difference.field for difference in findings.differences}


def _guaranteed(history: History, *, written_off: bool) -> None:
    """Two guarantees for a loan in default: called, part of it recovered and taken out, the rest released."""
    system = history.system
    loan = history.lend()
    [agreement] = [event.args["agreement"] for event in history.events() if event.name == "LoanOriginated"]
    domain = system.domain("GuaranteeFund")
    underwriter = load_key("underwriter", None, DEVNET_CHAIN_ID)
    guarantees = []
    for number, kind in ((2, 1), (3, 0)):
        person = system.person(number)
        system.mint(person.subject, 500_000)
        terms = Guarantee(
            guarantor=person.subject,
            kind=kind,
            borrower=agreement.borrower,
            lender=agreement.lender,
            agreement_salt=agreement.salt,
            max_minor=300_000,
            premium_minor=1_000,
            last_day=system.evm.timestamp // DAY_SECONDS + 400,
            salt=bytes(32),
            deadline=system.evm.timestamp + 60,
        )
        signatures = sign(person.key, terms, domain), sign(underwriter, terms, domain)
        system.send("GuaranteeFund", "bind", terms, person.signer, *signatures)
        guarantees.append(digest(terms, domain))
        system.send("GuaranteeFund", "attach", guarantees[-1], agreement)
    wait(system, 28 + 91)
    system.send("LoanBook", "declareDefault", loan, sender=system.role("risk"))
    if written_off:
        system.send("LoanBook", "writeOff", loan, sender=system.role("risk"))
    system.send("GuaranteeFund", "callCover", loan)
    owed = system.read("LoanBook", "owed", loan, system.evm.timestamp // DAY_SECONDS)["total_minor"]
    system.pay(loan, owed - 100_000, 0)
    system.send("GuaranteeFund", "withdraw", guarantees[0])
    system.pay(loan, 100_000, 1)
    system.send("GuaranteeFund", "release", guarantees[1])
    system.send("GuaranteeFund", "withdraw", guarantees[1])


@pytest.mark.parametrize("written_off", [False, True])
def test_guarantees_called_recovered_and_released_recount_clean(history: History, written_off: bool) -> None:
    _guaranteed(history, written_off=written_off)
    assert history.recount().differences == []


def test_an_altered_guarantee_is_named(history: History) -> None:
    _guaranteed(history, written_off=False)
    events = history.events()
    altered = {
        "CoverPaid": "paid_minor",
        "CoverRecovered": "recovered_minor",
        "GuaranteeReleased": "unspent",
        "GuaranteeWithdrawn": "withdrawable",
        "GuaranteeAttached": "premium_minor",
    }
    for name, field in altered.items():
        argument = "premium_minor" if name == "GuaranteeAttached" else "amount_minor"
        place = min(index for index, event in enumerate(events) if event.name == name)
        event = events[place]
        changed = replace(event, args={**event.args, argument: event.args[argument] + 1})
        findings = history.recount([*events[:place], changed, *events[place + 1 :]])
        assert field in {difference.field for difference in findings.differences}, name
