"""The fund keeps every minor unit, in any order of acts: contract and model are held together after each step.

The loans are real; how a LoanBook splits a payment between lender and fund is its own tests' matter, so the model is
told what came to the fund, and says whose it is.
"""

from eth_utils.crypto import keccak
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from contracts.clients.errors import ContractError
from tests.contracts.fund.both import both
from tests.contracts.fund.model import ACTIVE, DEFAULTED, Cover, Loan, Model
from tests.contracts.fund.world import DEFAULT_DAYS, GUARANTORS, LOANS, PERSON_MINOR, PRINCIPAL_MINOR, World

guarantors = st.integers(0, GUARANTORS - 1)
loan_numbers = st.integers(0, LOANS - 1)
choices = st.integers(0, 2**16)
kinds = st.integers(0, 1)
caps = st.integers(1, PRINCIPAL_MINOR // 4) | st.sampled_from([PRINCIPAL_MINOR // 2, PERSON_MINOR])
lives = st.sampled_from([-1, 0, 20, DEFAULT_DAYS, 300, 400, 500])
terms_drawn = st.tuples(kinds, caps, st.integers(0, 21), lives)
"""Kind, cap, premium in percent of it, days from today."""
Drawn = tuple[int, int, int, int]

some_bound = precondition(lambda self: self.model.covers)
some_default = precondition(lambda self: any(loan.status == DEFAULTED for loan in self.model.loans.values()))


class FundMachine(RuleBasedStateMachine):
    """Random acts of guarantors, a lender, borrowers, a collector and strangers."""

    @initialize(
        covers=st.lists(st.tuples(guarantors, loan_numbers, terms_drawn), min_size=4, max_size=12),
        defaults=st.sets(loan_numbers),
    )
    def begin(self, covers: list[tuple[int, int, Drawn]], defaults: set[int]) -> None:
        self.world = World.shared()
        self.world.reset()
        people = [*self.world.guarantors, *self.world.borrowers]
        accounts = [*(person.subject for person in people), self.world.lender]
        self.model = Model(self.world.lender, {account: self.world.system.cash(account) for account in accounts})
        for loan, agreement in zip(self.world.loans, self.world.agreements, strict=True):
            self.model.loans[loan] = Loan(agreement.salt, PRINCIPAL_MINOR)
        self.number = 0
        for who, loan_number, terms in covers:
            self._attach(self._bind(who, loan_number, terms), loan_number)
        for loan_number in defaults:
            self.default(loan_number)

    @rule(who=guarantors, loan=loan_numbers, terms=terms_drawn)
    def bind(self, who: int, loan: int, terms: Drawn) -> None:
        self._bind(who, loan, terms)

    @some_bound
    @rule(choice=choices, loan=loan_numbers)
    def attach(self, choice: int, loan: int) -> None:
        self._attach(self._chosen(choice), loan)

    @rule(loan=loan_numbers)
    def declare_default(self, loan: int) -> None:
        self.default(loan)

    def default(self, loan: int) -> None:
        """If it is running."""
        if self._loan(loan).status == ACTIVE:
            self._let_default(loan)
            self._look_at(loan)

    @some_default
    @rule(loan=loan_numbers)
    def write_off(self, loan: int) -> None:
        if self._loan(loan).status == DEFAULTED and self.number > LOANS * 4:
            self.world.decide(loan, "writeOff")
            self._look_at(loan)

    @some_default
    @rule(loan=loan_numbers)
    def call(self, loan: int) -> None:
        loan_id = self.world.loans[loan]
        both(lambda: self._call(loan_id), lambda: self.world.send("callCover", loan_id))
        assert self.world.seen(loan) == (self._loan(loan).status, self._loan(loan).uncovered)

    @rule(loan=loan_numbers, percent=st.integers(1, 40) | st.just(100))
    def repay(self, loan: int, percent: int) -> None:
        owed = self.world.owed(loan) if self._loan(loan).status in (1, 4, 5) else 0
        amount = owed * percent // 100
        if amount:
            to_fund = self.world.repay(loan, amount)
            borrower = self.world.borrowers[loan].subject
            self.model.cash[borrower] -= amount - to_fund
            self.model.cash[self.world.lender] += amount - to_fund
            self.model.recover(self.world.loans[loan], to_fund, borrower)
            self._look_at(loan)

    @some_bound
    @rule(choice=choices)
    def release(self, choice: int) -> None:
        guarantee = self._chosen(choice)
        both(
            lambda: self.model.release(guarantee, self.world.today),
            lambda: self.world.send("release", guarantee),
        )

    @some_bound
    @rule(choice=choices)
    def release_by_lender(self, choice: int) -> None:
        guarantee = self._chosen(choice)
        if choice % 4 == 0:
            both(
                lambda: self.model.release_by_lender(guarantee),
                lambda: self.world.release_by_lender(guarantee),
            )

    @some_bound
    @rule(choice=choices)
    def withdraw(self, choice: int) -> None:
        guarantee = self._chosen(choice)
        self.model.withdraw(guarantee)
        self.world.send("withdraw", guarantee)

    @rule(days=st.integers(1, 20) | st.just(DEFAULT_DAYS))
    def wait(self, days: int) -> None:
        self.world.pass_days(days)

    @invariant()
    def every_minor_unit_is_where_the_model_has_it(self) -> None:
        cash = self.world.system.cash
        assert cash(self.world.fund) == self.model.fund_cash
        assert self.model.fund_cash == sum(cover.held for cover in self.model.covers.values())
        for account, balance in self.model.cash.items():
            assert cash(account) == balance

    @invariant()
    def every_guarantee_stands_as_in_the_model(self) -> None:
        for guarantee, cover in self.model.covers.items():
            found = self.world.read("cover", guarantee)
            assert found["loan"] == cover.loan
            assert (found["cap_minor"], found["paid_minor"]) == (cover.cap, cover.paid)
            assert (found["recovered_minor"], found["withdrawn_minor"]) == (cover.recovered, cover.withdrawn)
            assert found["released"] == cover.released
            assert 0 <= cover.recovered <= cover.paid <= cover.cap
            assert self.world.read("withdrawable", guarantee) == cover.withdrawable
        for loan_id, loan in self.model.loans.items():
            assert list(self.world.read("coversOf", loan_id)) == loan.covers

    @invariant()
    def what_guarantees_paid_and_did_not_get_back_is_what_the_loan_shows(self) -> None:
        for loan_id in self.world.loans:
            shown = self.world.system.loan(loan_id)["covered_minor"]
            assert shown == self.model.unrecovered(loan_id)

    def _bind(self, who: int, loan: int, terms: Drawn) -> bytes:
        person, salt = self.world.guarantors[who], self.world.agreements[loan].salt
        kind, cap, premium_percent, days = terms
        self.number += 1
        premium, last_day = cap * premium_percent // 100, self.world.today + days
        fields = {"kind": kind, "max_minor": cap, "premium_minor": premium, "last_day": last_day}
        guarantee = self.world.guarantee(person, loan, salt=keccak(bytes([self.number])), **fields)
        cover = Cover(person.subject, kind, salt, cap, premium, last_day)
        identity = self.world.id_of(guarantee)
        both(
            lambda: self.model.bind(identity, cover, self.world.today),
            lambda: self.world.bind(person, guarantee),
        )
        return identity

    def _attach(self, guarantee: bytes, loan: int) -> None:
        loan_id, agreement = self.world.loans[loan], self.world.agreements[loan]
        if guarantee in self.model.covers:
            both(
                lambda: self.model.attach(guarantee, loan_id, self.world.today),
                lambda: self.world.send("attach", guarantee, agreement),
            )

    def _let_default(self, loan: int) -> None:
        """When it is late enough, which is the LoanBook's matter; days pass until it may be."""
        for _ in range(2):
            try:
                self.world.decide(loan, "declareDefault")
            except ContractError as refusal:
                assert refusal.name == "NotLateEnough"
                self.world.pass_days(DEFAULT_DAYS)
            else:
                return

    def _call(self, loan_id: bytes) -> None:
        self.model.call(loan_id, self.world.today)

    def _look_at(self, loan: int) -> None:
        """The model takes from the LoanBook what others than the fund did to a loan."""
        state, (status, uncovered) = self._loan(loan), self.world.seen(loan)
        state.status, state.uncovered = status, uncovered

    def _loan(self, number: int) -> Loan:
        return self.model.loans[self.world.loans[number]]

    def _chosen(self, choice: int) -> bytes:
        bound = list(self.model.covers)
        return bound[choice % len(bound)]


FundMachine.TestCase.settings = settings(max_examples=60, stateful_step_count=40, deadline=None)
TestFundKeepsEveryMinorUnit = FundMachine.TestCase
