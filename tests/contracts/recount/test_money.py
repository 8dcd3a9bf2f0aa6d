"""The recount of bank entries, of the pool and of the fund."""

from dataclasses import replace

from eth_utils.crypto import keccak

from contracts.typed_data import Redemption, sign
from scripts.workbench.system import System
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
