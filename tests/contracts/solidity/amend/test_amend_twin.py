"""Random loans that are paid, late, amended and paid to the end: contract and twin agree after each act."""

from dataclasses import asdict, dataclass, replace
from typing import Any

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from contracts import loan as twin
from contracts.clients import table_rows
from contracts.clients.errors import ContractError
from contracts.loan import LoanRefused, LoanState, LoanStatus, rows_needed
from contracts.schedule import Row, ScheduleRefused
from contracts.typed_data import Amendment
from scripts.workbench.evm import Snapshot
from scripts.workbench.system import FIRST_DAY, Draft, System
from tests.contracts.solidity.amend.amending import BY_DAYS, BY_TABLE, MONTH
from tests.contracts.solidity.test_twin import DRAFTS

MILLE = 1_000
TERMS = st.builds(
    Draft,
    rate_ppm=st.integers(0, 240_000),
    periods=st.integers(1, 5),
    method=st.sampled_from((0, 0, 1, 5)),
    grace_days=st.integers(0, 10),
    late_fee_minor=st.integers(0, 5_000),
    penalty_rate_ppm=st.integers(0, 360_000),
    waterfall=st.sampled_from((0x1234, 0x3412, 0x3124, 0x1324)),
)
PAYMENTS = st.lists(st.tuples(st.integers(0, 50), st.integers(1, 700)), max_size=3)


@dataclass(frozen=True)
class Deal:
    """New terms that began some days ago; what of the claims, in parts of a thousand, joins the principal or ends."""

    terms: Draft
    days_ago: int
    capitalised: int
    waived: int
    top_up: int


DEALS = st.builds(
    Deal,
    terms=TERMS,
    days_ago=st.integers(0, 2),
    capitalised=st.integers(0, 1_050) | st.just(0),
    waived=st.integers(0, 700) | st.just(0),
    top_up=st.integers(0, 2_000_000) | st.just(0),
)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(DRAFTS, PAYMENTS, st.lists(DEALS, min_size=1, max_size=2), st.integers(0, 120), PAYMENTS)
def test_an_amended_loan_is_the_twins_to_its_last_minor_unit(
    fast: tuple[System, Snapshot],
    draft: Draft,
    before: list[tuple[int, int]],
    deals: list[Deal],
    wait: int,
    after: list[tuple[int, int]],
) -> None:
    system, fresh = fast
    system.evm.restore(fresh)
    system.people.clear()
    life = Life.begun(system, draft)
    life.pay_all(before)
    for deal in deals:
        life.day += wait
        life.amend(deal)
    life.pay_all(after)
    life.day += 40
    life.pay(10 * MILLE)
    life.require_end()


class Life:
    """A loan on the ledger and at the twin."""

    def __init__(self, system: System, loan: bytes, state: LoanState) -> None:
        self.system, self.loan, self.state, self.day = system, loan, state, FIRST_DAY

    @classmethod
    def begun(cls, system: System, draft: Draft) -> "Life":
        """The loan of a draft, its borrower with cash enough."""
        agreements: list[Any] = []
        loan = system.lend(1, draft, agreements.append)
        system.mint(system.person().subject, 100_000_000)
        return cls(system, loan, twin.originate(agreements[0]))

    @property
    def is_running(self) -> bool:
        """Whether anything is owed."""
        return self.state.status is LoanStatus.ACTIVE

    def pay_all(self, payments: list[tuple[int, int]]) -> None:
        """After some days each, so many thousandths of all that is owed."""
        for days, permille in payments:
            self.day += days
            self.pay(permille)

    def pay(self, permille: int) -> None:
        """So much of all that is owed, at most everything."""
        if not self.is_running:
            return
        total = twin.owed(self.state, self.day).total_minor
        amount = min(total, max(1, total * permille // MILLE))
        self.system.at_day(self.day)
        needed = rows_needed(self.state, amount, self.day) if self._is_table else range(0)
        rows = [table_rows(self.state.rows, needed)] if needed else []
        self.system.send("LoanBook", "repay", self.loan, amount, *rows, sender=self.system.person().subject)
        self.state, _ = twin.apply_payment(self.state, amount, self.day)
        self._compare()

    def amend(self, deal: Deal) -> None:
        """As the twin does it, or refused as it refuses."""
        if not self.is_running:
            return
        self.system.at_day(self.day)
        old = self.state.rows if self._is_table else ()
        try:
            amendment, new = self._drawn_up(deal)
        except ScheduleRefused:
            assume(False)
        try:
            self.state, found = twin.amend(self.state, amendment, self.day, table=new)
        except LoanRefused as refused:
            with pytest.raises(ContractError) as caught:
                self.system.amend(amendment, old=old, new=new)
            assert caught.value.name == type(refused).__name__
            return
        events = dict(self.system.events(self.system.amend(amendment, old=old, new=new)))
        told = events["LoanAmended"]["found"]
        assert told == {name: value for name, value in asdict(found).items() if name in told}
        assert events["LoanAmended"]["amendment"] == amendment
        self._compare()

    def _drawn_up(self, deal: Deal) -> tuple[Amendment, list[Row]]:
        start = max(self.state.accrued_day, self.day - deal.days_ago)
        owed = twin.payoff(self.state, start)
        claims = owed.interest_minor + owed.late_fee_minor + owed.penalty_minor
        capitalised, waived = claims * deal.capitalised // MILLE, claims * deal.waived // MILLE
        principal = owed.principal_minor - owed.rebate_minor + capitalised + deal.top_up
        assume(principal > 0)
        is_table = deal.terms.method == 5
        new = _table(start, principal) if is_table else []
        shape = BY_TABLE if is_table else BY_DAYS
        dated = replace(
            deal.terms,
            principal_minor=principal,
            periods=len(new) or deal.terms.periods,
            period_unit=shape.period_unit,
            period_length=shape.period_length,
            anchor_day=0,
            upfront_fee_minor=min(deal.top_up, 500) * (principal > 50_000),
            disbursement_day=start,
            first_due_day=start + MONTH,
        )
        self.system.publish(self.system.person().subject)
        terms = self.system.agreement(self.system.person(), dated, new)
        money = {"capitalised_minor": capitalised, "waived_minor": waived, "top_up_minor": deal.top_up}
        return self.system.amendment(self.loan, terms, self.state.amendments + 1, **money), new

    @property
    def _is_table(self) -> bool:
        return self.state.terms.schedule.method.is_table

    def _compare(self) -> None:
        state, rows = self.state, []
        if self._is_table and not state.rows_done:
            rows = table_rows(state.rows, range(state.row, state.row + 1))
        view = self.system.loan(self.loan, rows)
        expected = {
            "status": state.status,
            "principal_minor": state.principal_minor,
            "row": state.row,
            "balance_minor": state.balance_minor,
            "paid_row_minor": state.paid_row_minor,
            "late_fee_due_minor": state.late_fee_due_minor,
            "penalty_due_minor": state.penalty_due_minor,
            "carried_interest_minor": state.carried_interest_minor,
            "bucket": state.bucket,
            "was_late": state.was_late,
            "accrued_day": state.accrued_day,
            "next_due_day": state.next_due_day,
            "outstanding_principal_minor": state.outstanding_principal_minor,
            "amendments": state.amendments,
        }
        assert {name: view[name] for name in expected} == expected
        pool = self.system.contracts["LendingPool"]
        assert self.system.read("LoanBook", "position", pool)["outstanding_minor"] == state.lent_minor
        exposure = self.system.read("LoanBook", "exposure", self.system.person().subject)
        assert exposure["reserved_minor"] == state.reserved_minor

    def require_end(self) -> None:
        """Nothing is left of it anywhere."""
        assert self.state.status is LoanStatus.CLOSED
        pool, subject = self.system.contracts["LendingPool"], self.system.person().subject
        assert self.system.read("LoanBook", "position", pool)["outstanding_minor"] == 0
        assert self.system.read("LoanBook", "exposure", subject) == {"open_loans": 0, "reserved_minor": 0}


def _table(start: int, principal: int) -> list[Row]:
    """Two rows, the first of a third."""
    first = principal // 3
    return [Row(1, start + MONTH, first, 0), Row(2, start + 2 * MONTH, principal - first, 0)] if first else []
