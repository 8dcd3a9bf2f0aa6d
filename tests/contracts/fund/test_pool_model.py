"""A pool's shares and cash in any order of acts: contract and model are held together after each step.

The loans are real; what a LoanBook says of them the model is told, and what follows for shares, requests and the first
loss it says itself.
"""

from collections.abc import Callable

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from contracts.clients.errors import ContractError
from tests.contracts.fund.both import both
from tests.contracts.fund.model import ACTIVE, DEFAULTED, WRITTEN_OFF
from tests.contracts.fund.pool_model import Lent, Pool, Requests
from tests.contracts.fund.world import CAPITAL_MINOR, DEFAULT_DAYS, LOANS, PRINCIPAL_MINOR, World
from tests.contracts.solidity.pool_acts import Depositor

NAMES = ("treasurer", "risk", "guardian")
SPONSOR = "governor"
RUNNING = (ACTIVE, DEFAULTED, WRITTEN_OFF)
MINTED_MINOR = 10**11

depositors = st.integers(0, len(NAMES) - 1)
loans = st.integers(0, LOANS - 1)
permille = st.integers(1, 1_000) | st.just(1_000)
amounts = st.integers(1, 3 * CAPITAL_MINOR) | st.integers(1, 10) | st.just(0)
small_amounts = st.integers(1, 2 * PRINCIPAL_MINOR)


class PoolMachine(RuleBasedStateMachine):
    """Random acts of depositors, a sponsor, borrowers, officers and givers."""

    @initialize(minimum=st.integers(0, 100_000), leaving=permille)
    def begin(self, minimum: int, leaving: int) -> None:
        self.world = World.shared()
        self.world.reset()
        system = self.world.system
        self.depositors = [Depositor.admitted(system, name, MINTED_MINOR) for name in NAMES]
        self.sponsor = Depositor.admitted(system, SPONSOR, MINTED_MINOR)
        sponsorship = self.sponsor.account, minimum
        system.restricted("LendingPool", "setSponsor", *sponsorship, sender=system.role("risk"))
        shares = {depositor.account: depositor.shares for depositor in self.depositors}
        self.model = Pool(shares, system.cash(self.world.lender))
        self.model.assets, self.model.minimum = CAPITAL_MINOR, minimum
        self.cash = dict.fromkeys((*shares, self.sponsor.account), MINTED_MINOR)
        self.safe = system.read("LendingPool", "safe")
        self.request_redeem(0, leaving)

    @rule(who=depositors, amount=amounts)
    def request_deposit(self, who: int, amount: int) -> None:
        account = self.depositors[who].account

        def expected() -> None:
            self.model.request_deposit(account, amount, self._now, self._lent)
            self.cash[account] -= amount

        both(expected, lambda: self.depositors[who].request_deposit(amount))

    @rule(who=depositors, part=permille)
    def request_redeem(self, who: int, part: int) -> None:
        account = self.depositors[who].account
        shares = self.model.shares[account] * part // 1_000
        both(
            lambda: self.model.request_redeem(account, shares, self._now),
            lambda: self.depositors[who].request_redeem(shares),
        )

    @precondition(lambda self: self.model.deposits.claims)
    @rule(choice=depositors, part=permille)
    def claim_shares(self, choice: int, part: int) -> None:
        who = self._claimer(self.model.deposits, choice)
        account = self.depositors[who].account
        assets = self.model.deposits.claims.get(account, (0, 0))[0] * part // 1_000
        both(
            lambda: self.model.claim_shares(account, assets),
            lambda: self.depositors[who].send("deposit", assets, account),
        )

    @precondition(lambda self: self.model.redemptions.claims)
    @rule(choice=depositors, part=permille)
    def claim_cash(self, choice: int, part: int) -> None:
        who = self._claimer(self.model.redemptions, choice)
        account = self.depositors[who].account
        shares = self.model.redemptions.claims.get(account, (0, 0))[0] * part // 1_000

        def expected() -> None:
            self.cash[account] += self.model.claim_cash(account, shares)

        both(expected, lambda: self.depositors[who].send("redeem", shares, account, account))

    @rule(days=st.integers(0, 9) | st.just(30))
    def valuate(self, days: int) -> None:
        self._valuate(days)

    @rule()
    def settle(self) -> None:
        self._valuate(7)

    def _valuate(self, days: int) -> None:
        self.world.pass_days(days)
        both(
            lambda: self.model.valuate(self._now, self._lent),
            lambda: self.world.system.send("LendingPool", "valuate"),
        )

    @rule(amount=small_amounts)
    def give(self, amount: int) -> None:
        self.world.system.mint(self.world.lender, amount)
        self.model.cash += amount

    @rule(loan=loans, part=st.integers(0, 1_000))
    def impair(self, loan: int, part: int) -> None:
        risk = self.world.system.role("risk")
        values = self.world.loans[loan], PRINCIPAL_MINOR * part // 1_000
        self._if_it_can(lambda: self.world.system.send("LoanBook", "setImpairment", *values, sender=risk))

    @rule(loan=loans, percent=st.integers(1, 60) | st.just(100))
    def repay(self, loan: int, percent: int) -> None:
        if self.world.seen(loan)[0] in RUNNING:
            amount = max(1, self.world.owed(loan) * percent // 100)
            self.world.repay(loan, amount)
            self.model.cash += amount

    @rule(loan=loans)
    def lose(self, loan: int) -> None:
        if self.world.seen(loan)[0] == ACTIVE:
            self.world.pass_days(DEFAULT_DAYS)
            self._if_it_can(lambda: self.world.decide(loan, "declareDefault"))
        elif self.world.seen(loan)[0] == DEFAULTED:
            self.world.decide(loan, "writeOff")

    @rule(amount=small_amounts)
    def add_first_loss(self, amount: int) -> None:
        self.model.add_first_loss(amount, self._lent)
        self.cash[self.sponsor.account] -= amount
        self.sponsor.send("addFirstLoss", amount)

    @rule(amount=small_amounts)
    def ask_first_loss(self, amount: int) -> None:
        self.model.ask_first_loss(amount, self._now)
        self.sponsor.send("requestFirstLossWithdrawal", amount)

    @precondition(lambda self: self.model.claimable)
    @rule()
    def claim_first_loss(self) -> None:
        self.cash[self.sponsor.account] += self.model.claimable
        self.model.claimable = 0
        self.world.system.send("LendingPool", "claimFirstLoss")

    @invariant()
    def every_minor_unit_is_where_the_model_has_it(self) -> None:
        cash = self.world.system.cash
        assert (cash(self.world.lender), cash(self.safe)) == (self.model.cash, self.model.safe)
        assert {account: cash(account) for account in self.cash} == self.cash

    @invariant()
    def every_share_is_whose_the_model_says(self) -> None:
        read, model = self.world.system.read, self.model
        assert read("LendingPool", "totalSupply") == model.supply == sum(model.shares.values()) + model.pledged
        for account, shares in model.shares.items():
            assert read("LendingPool", "balanceOf", account) == shares
            for kind, requests in (("maxMint", model.deposits), ("maxWithdraw", model.redemptions)):
                assert read("LendingPool", kind, account) == requests.claims.get(account, (0, 0))[1]

    @invariant()
    def the_pool_is_worth_what_the_model_says(self) -> None:
        read, model = self.world.system.read, self.model
        last = model.valued_at, model.assets, model.unvested, model.vested_at
        assert tuple(read("LendingPool", "lastValuation").values()) == last
        assets, unvested, _ = model.appraise(self._now, self._lent)
        assert (read("LendingPool", "totalAssets"), read("LendingPool", "unvestedMinor")) == (assets, unvested)
        pending = read("LendingPool", "pendingTotals")
        assert tuple(pending.values()) == (model.deposits.waiting, model.redemptions.waiting)

    @invariant()
    def the_first_loss_stands_as_in_the_model(self) -> None:
        found, model = self.world.system.read("LendingPool", "firstLoss"), self.model
        expected = model.minimum, model.reserve, model.absorbed, model.borne, model.claimable
        assert tuple(found.values())[1:] == expected
        assert min(expected) >= 0

    @property
    def _now(self) -> int:
        return self.world.system.evm.timestamp

    @property
    def _lent(self) -> Lent:
        return Lent(*self.world.system.read("LoanBook", "position", self.world.lender).values())

    def _claimer(self, requests: Requests, choice: int) -> int:
        """One of those who have something to claim."""
        claimers = [who for who, depositor in enumerate(self.depositors) if depositor.account in requests.claims]
        return claimers[choice % len(claimers)]

    def _if_it_can(self, act: Callable[[], object]) -> None:
        """What the LoanBook refuses is its own tests' matter."""
        try:
            act()
        except ContractError as refusal:
            assert refusal.name in {"LoanNotActive", "NotLateEnough", "ImpairmentTooHigh", "ImpairmentUnchanged"}


PoolMachine.TestCase.settings = settings(max_examples=80, stateful_step_count=60, deadline=None)
TestPoolKeepsEveryMinorUnit = PoolMachine.TestCase
