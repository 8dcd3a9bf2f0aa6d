"""LendingPool: shares, their price, entry and exit at a later valuation, and the key that signs for it."""

from collections.abc import Callable

import pytest

from contracts.keys import DEVNET_CHAIN_ID, load_key
from contracts.typed_data import sign_digest
from scripts.workbench.system import CAPITAL_MINOR, FIRST_DAY, Draft, System
from tests.contracts.conftest import Refused
from tests.contracts.solidity.pool_acts import NOTICE_DAYS, SHARES, VESTING_DAYS, Depositor, settle, valuate, wait

MAGIC, NO = bytes.fromhex("1626ba7e"), bytes.fromhex("ffffffff")
DIGEST = bytes(range(32))
CAPITAL_SHARES = CAPITAL_MINOR * SHARES


def _read(system: System, name: str, *values: object) -> int:
    return int(system.read("LendingPool", name, *values))


def _gift(system: System, amount_minor: int) -> None:
    """Cash that the pool earns, whatever for."""
    system.mint(system.contracts["LendingPool"], amount_minor)


def _safe_cash(system: System) -> int:
    return system.cash(system.read("LendingPool", "safe"))


def test_the_opening_capital_is_shares_at_the_price_of_an_empty_pool(system: System) -> None:
    treasurer = Depositor(system, "treasurer")
    assert treasurer.shares == _read(system, "totalSupply") == CAPITAL_SHARES
    assert _read(system, "totalAssets") == system.cash(system.contracts["LendingPool"]) == CAPITAL_MINOR
    assert _safe_cash(system) == 0


def test_a_later_deposit_waits_for_a_valuation_after_its_notice(system: System) -> None:
    depositor = Depositor.admitted(system, "risk", 1_000)
    depositor.request_deposit(1_000)
    assert _read(system, "pendingDepositRequest", 2, depositor.account) == 1_000
    assert _read(system, "totalAssets") == CAPITAL_MINOR
    assert _safe_cash(system) == 1_000
    valuate(system)
    wait(system, NOTICE_DAYS - 1)
    valuate(system)
    assert _read(system, "claimableDepositRequest", 2, depositor.account) == 0
    wait(system, 1)
    valuate(system)
    assert _read(system, "claimableDepositRequest", 2, depositor.account) == 1_000
    assert depositor.claim_shares() == 1_000 * SHARES
    assert _read(system, "totalAssets") == CAPITAL_MINOR + 1_000
    assert _safe_cash(system) == 0


def test_what_waits_in_the_safe_is_not_lent(system: System, refused: Refused) -> None:
    treasurer = Depositor(system, "treasurer")
    depositor = Depositor.admitted(system, "risk", 2_000_000)
    treasurer.request_redeem(CAPITAL_SHARES - 100 * SHARES)
    settle(system)
    depositor.request_deposit(2_000_000)
    assert system.cash(system.contracts["LendingPool"]) == 100
    person = system.person()
    system.publish(person.subject)
    late = Draft(disbursement_day=FIRST_DAY + NOTICE_DAYS)
    with refused("InsufficientCash", balance=100):
        system.originate(person, system.agreement(person, late))


def test_a_request_in_the_last_second_of_a_period_delays_it_and_no_other(system: System) -> None:
    first, second = Depositor.admitted(system, "risk", 500), Depositor.admitted(system, "governor", 700)
    first.request_deposit(500)
    valuate(system)
    wait(system, 1)
    second.request_deposit(700)
    wait(system, NOTICE_DAYS - 1)
    valuate(system)
    assert _read(system, "maxDeposit", first.account) == 500
    assert _read(system, "maxDeposit", second.account) == 0
    wait(system, 1)
    valuate(system)
    assert _read(system, "maxDeposit", second.account) == 700


def test_all_requests_of_a_period_get_one_price(system: System) -> None:
    depositors = [Depositor.admitted(system, name, 1_000_003) for name in ("risk", "governor", "rails")]
    amounts = (1, 333, 1_000_003)
    for depositor, amount in zip(depositors, amounts, strict=True):
        depositor.request_deposit(amount)
    _gift(system, 7_777_777)
    settle(system)
    worth = CAPITAL_MINOR + 7_777_777 + 1
    claimed = [depositor.claim_shares() for depositor in depositors]
    total = sum(amounts) * (CAPITAL_SHARES + SHARES) // worth
    assert claimed == [total * amount // sum(amounts) for amount in amounts]


def test_a_valuation_costs_the_same_for_one_request_and_for_many(system: System) -> None:
    names = ("risk", "governor", "rails", "registrar", "guardian", "signer-1", "signer-2")
    Depositor.admitted(system, names[0], 10).request_deposit(10)
    valuate(system)
    wait(system, 1)
    for name in names[1:]:
        Depositor.admitted(system, name, 10).request_deposit(10)
    valuate(system)
    wait(system, NOTICE_DAYS - 1)
    one = system.send("LendingPool", "valuate").gas_used
    wait(system, 1)
    six = system.send("LendingPool", "valuate").gas_used
    assert six <= one


def test_the_pool_is_valued_once_a_day(system: System, refused: Refused) -> None:
    valuate(system)
    with refused("ValuedToday"):
        valuate(system)
    wait(system, 1)
    valuate(system)


def test_a_depositor_is_admitted_and_in_standing(system: System, refused: Refused) -> None:
    stranger = Depositor(system, "risk")
    with refused("DepositorNotAdmitted", account=stranger.account):
        stranger.request_deposit(1)
    known = Depositor.admitted(system, "governor", 5)
    system.send("IdentityRegistry", "setFrozen", known.account, True, sender=system.role("registrar"))
    with refused("DepositorNotAdmitted", account=known.account):
        known.request_deposit(1)


def test_only_the_treasurer_admits(system: System, refused: Refused) -> None:
    with refused("AccessManagedUnauthorized"):
        Depositor(system, "risk").send("setDepositor", system.role("risk"), True)


def test_nobody_requests_or_claims_for_others_unless_let(system: System, refused: Refused) -> None:
    owner, other = Depositor.admitted(system, "risk", 50), Depositor.admitted(system, "governor", 50)
    with refused("NotOperator", account=owner.account, caller=other.account):
        other.send("requestDeposit", 50, other.account, owner.account)
    with refused("NotOperator", account=owner.account, caller=other.account):
        other.send("requestDeposit", 50, owner.account, other.account)
    owner.send("setOperator", other.account, True)
    assert system.read("LendingPool", "isOperator", owner.account, other.account)
    other.send("requestDeposit", 50, owner.account, owner.account)
    settle(system)
    owner.send("setOperator", other.account, False)
    with refused("NotOperator", account=owner.account, caller=other.account):
        other.send("deposit", 50, other.account, owner.account)
    with refused("DepositorNotAdmitted"):
        owner.send("deposit", 50, system.role("rails"))
    assert owner.claim_shares() > 0


def test_a_controller_has_one_request_at_a_time_on_each_side(system: System, refused: Refused) -> None:
    depositor = Depositor.admitted(system, "risk", 100)
    depositor.request_deposit(10)
    depositor.request_deposit(20)
    assert _read(system, "pendingDepositRequest", 2, depositor.account) == 30
    valuate(system)
    with refused("RequestOpen", controller=depositor.account, request_id=2):
        depositor.request_deposit(1)
    with refused("ClaimTooLarge", claimable=0):
        depositor.send("deposit", 30, depositor.account)
    with refused("ZeroRequest"):
        Depositor(system, "treasurer").request_redeem(0)
    settle(system)
    with refused("RequestOpen"):
        depositor.request_deposit(1)
    with refused("ClaimTooLarge", wanted=31, claimable=30):
        depositor.send("deposit", 31, depositor.account)
    depositor.claim_shares()
    depositor.request_deposit(1)


def test_claims_in_parts_take_exactly_what_was_granted(system: System) -> None:
    depositor = Depositor.admitted(system, "risk", 1_000)
    depositor.request_deposit(1_000)
    _gift(system, 12_345)
    settle(system)
    granted = _read(system, "maxMint", depositor.account)
    for part in (1, 333, 5):
        depositor.send("deposit", part, depositor.account)
        depositor.send("mint", 7, depositor.account)
    depositor.send("mint", _read(system, "maxMint", depositor.account), depositor.account)
    assert depositor.shares == granted
    assert _read(system, "maxDeposit", depositor.account) == 0
    depositor.request_redeem()
    settle(system)
    cash = _read(system, "maxWithdraw", depositor.account)
    depositor.send("withdraw", 10, depositor.account, depositor.account)
    depositor.send("redeem", 1_000, depositor.account, depositor.account)
    left = _read(system, "maxRedeem", depositor.account)
    depositor.send("redeem", left, depositor.account, depositor.account)
    assert depositor.cash == cash
    assert _safe_cash(system) == 0


def test_nobody_can_know_what_a_request_will_bring(system: System, refused: Refused) -> None:
    for preview in ("previewDeposit", "previewMint", "previewWithdraw", "previewRedeem"):
        with refused("PreviewUnavailable"):
            system.read("LendingPool", preview, 1)


def test_shares_do_not_move(system: System, refused: Refused) -> None:
    treasurer, pool = Depositor(system, "treasurer"), system.contracts["LendingPool"]
    for target in (system.role("risk"), pool):
        with refused("SharesNotTransferable"):
            treasurer.send("transfer", target, 1)
        with refused("SharesNotTransferable"):
            treasurer.send("transferFrom", treasurer.account, target, 1)


def test_a_frozen_depositor_blocks_nobody_and_takes_its_cash_later(system: System, refused: Refused) -> None:
    treasurer = Depositor(system, "treasurer")
    other = Depositor.admitted(system, "risk", 1_000)
    other.request_deposit(1_000)
    settle(system)
    other.claim_shares()
    other.request_redeem()
    treasurer.request_redeem(5 * SHARES)
    registrar = system.role("registrar")
    system.send("IdentityRegistry", "setFrozen", other.account, True, sender=registrar)
    settle(system)
    assert treasurer.claim_cash() == 5
    with refused("NotPermitted", account=other.account):
        other.claim_cash()
    system.send("IdentityRegistry", "setFrozen", other.account, False, sender=registrar)
    assert other.claim_cash() == 1_000


def test_redemptions_wait_for_cash_and_go_in_order(system: System) -> None:
    treasurer = Depositor(system, "treasurer")
    other = Depositor.admitted(system, "risk", 50_000)
    other.request_deposit(50_000)
    settle(system)
    other.claim_shares()
    treasurer.request_redeem()
    valuate_tomorrow(system)
    other.request_redeem()
    person = system.person()
    system.publish(person.subject)
    today = FIRST_DAY + NOTICE_DAYS + 1
    system.originate(person, system.agreement(person, Draft(disbursement_day=today, upfront_fee_minor=0)))
    settle(system)
    assert _read(system, "maxRedeem", treasurer.account) == 0
    assert _read(system, "maxRedeem", other.account) == 0
    assert _read(system, "totalAssets") == CAPITAL_MINOR + 50_000
    _gift(system, 1_000_000)
    valuate_tomorrow(system)
    assert treasurer.claim_cash() in (CAPITAL_MINOR, CAPITAL_MINOR - 1)


def valuate_tomorrow(system: System) -> None:
    wait(system, 1)
    valuate(system)


def test_shares_that_wait_for_cash_bear_losses_like_all_others(system: System) -> None:
    treasurer = Depositor(system, "treasurer")
    treasurer.request_redeem(CAPITAL_SHARES // 2)
    system.lend()
    settle(system)
    assert _read(system, "maxRedeem", treasurer.account) == CAPITAL_SHARES // 2
    assert treasurer.claim_cash() == CAPITAL_MINOR // 2


def test_a_gain_vests_day_by_day(system: System) -> None:
    valuate(system)
    _gift(system, 30_000_000)
    assert _read(system, "totalAssets") == CAPITAL_MINOR + 30_000_000
    assert _read(system, "unvestedMinor") == 30_000_000
    assert _read(system, "convertToAssets", CAPITAL_SHARES) == CAPITAL_MINOR
    valuate_tomorrow(system)
    for day in (1, 2, 15, VESTING_DAYS - 1):
        system.evm.go_to(_last(system)["valued_at"] + day * 86_400)
        assert _read(system, "unvestedMinor") == 30_000_000 - day * 1_000_000
    wait(system, 1)
    assert _read(system, "unvestedMinor") == 0
    valuate(system)
    assert _last(system)["assets_minor"] == CAPITAL_MINOR + 30_000_000


def _last(system: System) -> dict[str, int]:
    found: dict[str, int] = system.read("LendingPool", "lastValuation")
    return found


def test_two_gains_vest_at_their_weighted_time(system: System) -> None:
    valuate(system)
    _gift(system, 30_000_000)
    valuate_tomorrow(system)
    wait(system, 15)
    _gift(system, 15_000_000)
    valuate(system)
    last = _last(system)
    assert last["unvested"] == 30_000_000
    assert last["vested_at"] - last["valued_at"] == (15 + 30) * 86_400 // 2


def _attack(system: System, days_in: int, event: Callable[[], int]) -> tuple[int, int]:
    """Enter with as much as the pool has, let the event bring its gain the day after, leave: own and total gain."""
    stake = CAPITAL_MINOR
    attacker = Depositor.admitted(system, "risk", stake)
    attacker.request_deposit(stake)
    settle(system)
    attacker.claim_shares()
    gain = event()
    wait(system, days_in - NOTICE_DAYS)
    attacker.request_redeem()
    valuate(system)
    settle(system)
    return attacker.claim_cash() - stake, gain


@pytest.mark.parametrize("days_in", [NOTICE_DAYS + 1, 14, 21])
def test_who_comes_for_a_known_instalment_gets_its_days_of_it_only(system: System, days_in: int) -> None:
    loan = system.lend()
    view = system.loan(loan)

    def instalment() -> int:
        before = _read(system, "totalAssets")
        system.pay(loan, 300_000, 0)
        return _read(system, "totalAssets") - before

    fee = 10_000
    own, gain = _attack(system, days_in, instalment)
    assert view["status"] == 1
    assert gain > 0
    share_of_time = (gain * days_in + fee * days_in) // VESTING_DAYS
    assert own <= share_of_time // 2 + 1


@pytest.mark.parametrize("days_in", [NOTICE_DAYS + 1, 14])
def test_who_comes_for_a_known_recovery_gets_its_days_of_it_only(system: System, days_in: int) -> None:
    def recovery() -> int:
        _gift(system, 60_000_000)
        return 60_000_000

    own, gain = _attack(system, days_in, recovery)
    assert own <= gain * days_in // VESTING_DAYS // 2 + 1
    assert own < gain // 2


def test_who_comes_and_goes_between_gains_leaves_money_behind(system: System) -> None:
    valuate(system)
    _gift(system, 60_000_000)
    valuate_tomorrow(system)
    wait(system, 1)
    own, _ = _attack(system, NOTICE_DAYS + 1, lambda: 0)
    assert own < 0


def test_a_gift_does_not_inflate_shares_away(system: System) -> None:
    treasurer = Depositor(system, "treasurer")
    attacker, victim = Depositor.admitted(system, "risk", 10_000_000), Depositor.admitted(system, "rails", 1_000_000)
    treasurer.request_redeem()
    settle(system)
    treasurer.claim_cash()
    assert _read(system, "totalSupply") == 0
    attacker.request_deposit(1)
    attacker.claim_shares()
    victim.request_deposit(1_000_000)
    system.send("CashToken", "transfer", system.contracts["LendingPool"], 1_000_000, sender=attacker.account)
    settle(system)
    assert victim.claim_shares() > 0
    wait(system, VESTING_DAYS)
    worth = _read(system, "convertToAssets", victim.shares)
    assert 1_000_000 - worth <= 1_000_000 // 1_000_000 + 1
    assert _read(system, "convertToAssets", attacker.shares) <= 1_000_001 // 2 + 1


def test_a_direct_lender_is_a_pool_of_one(system: System, refused: Refused) -> None:
    one = Depositor.admitted(system, "treasurer", 0)
    one.send("setDepositor", system.role("treasurer"), False)
    with refused("DepositorNotAdmitted", account=one.account):
        one.request_deposit(1)
    one.request_redeem(SHARES)
    settle(system)
    assert one.claim_cash() == 1


def test_a_pool_counts_every_loan_book_it_lends_in(system: System, refused: Refused) -> None:
    book, governor = system.contracts["LoanBook"], system.role("governor")
    system.lend()
    assert system.read("LendingPool", "loanBooks") == [book]
    with refused("LoanBookInUse", loan_book=book, outstanding_minor=1_000_000):
        system.restricted("LendingPool", "setLoanBook", book, False, sender=governor, delay=7 * 86_400)
    assert _read(system, "totalAssets") == CAPITAL_MINOR + 10_000


def test_the_sponsors_cash_stands_apart_and_comes_back_at_a_valuation(system: System, refused: Refused) -> None:
    sponsor = Depositor.admitted(system, "governor", 1_000)
    system.restricted("LendingPool", "setSponsor", sponsor.account, 300, sender=system.role("risk"))
    with refused("NotSponsor"):
        Depositor(system, "risk").send("addFirstLoss", 1)
    sponsor.send("addFirstLoss", 1_000)
    assert _read(system, "totalAssets") == CAPITAL_MINOR
    assert _safe_cash(system) == 1_000
    sponsor.send("requestFirstLossWithdrawal", 900)
    valuate(system)
    assert system.read("LendingPool", "firstLoss")["claimable_minor"] == 0
    settle(system)
    assert system.read("LendingPool", "firstLoss")["claimable_minor"] == 700
    with refused("SponsorHasReserve", reserve_minor=1_000):
        system.restricted("LendingPool", "setSponsor", system.role("rails"), 0, sender=system.role("risk"))
    system.send("LendingPool", "claimFirstLoss")
    assert sponsor.cash == 700
    assert system.read("LendingPool", "firstLoss")["reserve_minor"] == 300


def test_the_pool_names_the_standards_it_follows(system: System) -> None:
    for interface in ("01ffc9a7", "e3bc4e65", "ce3bbe50", "620ee8e4", "2f0a18c5"):
        assert system.read("LendingPool", "supportsInterface", bytes.fromhex(interface))
    assert not system.read("LendingPool", "supportsInterface", NO)
    assert system.read("LendingPool", "share") == system.contracts["LendingPool"]
    assert system.read("LendingPool", "asset") == system.contracts["CashToken"]


def _verdict(system: System, signature: bytes) -> bytes:
    answer: bytes = system.read("LendingPool", "isValidSignature", DIGEST, signature)
    return answer


def test_the_pool_accepts_its_underwriter_only(system: System) -> None:
    underwriter = load_key("underwriter", None, DEVNET_CHAIN_ID)
    assert _verdict(system, sign_digest(underwriter, DIGEST)) == MAGIC
    assert _verdict(system, sign_digest(load_key("risk", None, DEVNET_CHAIN_ID), DIGEST)) == NO
    assert _verdict(system, sign_digest(underwriter, bytes(32))) == NO
    for malformed in (b"", bytes(65), sign_digest(underwriter, DIGEST)[:64], b"\xff" * 65):
        assert _verdict(system, malformed) == NO


def test_an_underwriting_key_holds_through_its_last_second(system: System) -> None:
    underwriter = load_key("underwriter", None, DEVNET_CHAIN_ID)
    valid_until = system.read("LendingPool", "underwriter", underwriter.address)
    system.evm.go_to(valid_until)
    assert _verdict(system, sign_digest(underwriter, DIGEST)) == MAGIC
    system.evm.go_to(valid_until + 1)
    assert _verdict(system, sign_digest(underwriter, DIGEST)) == NO
