"""Payments price a row by itself; whatever row a loan stands at, that price is the row of the signed table."""

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from contracts.schedule import level_instalment
from tests.contracts.differential.answer import Table
from tests.contracts.differential.case import Case
from tests.contracts.differential.fast_book import FastBook
from tests.contracts.differential.lending import FIRST_LENDING_DAY, LAST_LENDING_DAY, MAX_TERM_DAYS, Lending, Loan
from tests.contracts.differential.strategies import formulas
from tests.contracts.differential.tables import seasonal

DAYS = st.integers(FIRST_LENDING_DAY, LAST_LENDING_DAY)
EXAMPLES = 60


def _signed(case: Case) -> tuple[int, Table]:
    instalment = level_instalment(case.terms) if case.instalment_minor is None else case.instalment_minor
    table = FastBook.shared().schedule(case, instalment)
    assume(isinstance(table, Table) and table.rows[-1][0] - case.disbursement_day <= MAX_TERM_DAYS)
    assert isinstance(table, Table)
    return instalment, table


def _stand_at(loan: Loan, table: Table, row: int) -> None:
    """Pay every row before this one at once."""
    before = sum(principal + interest for _, principal, interest in table.rows[loan.paid_rows : row])
    if before:
        loan.repay(before, row)


def _require_row(loan: Loan, case: Case, table: Table, row: int) -> None:
    """What the contract says of the open row, before and after a part of its principal is paid."""
    due, principal, interest = table.rows[row]
    view, owed = loan.view(), loan.owed(case.disbursement_day)
    assert (view["row"], view["next_due_day"]) == (row, due)
    assert view["balance_minor"] == view["outstanding_principal_minor"] == sum(part for _, part, _ in table.rows[row:])
    assert owed["current_due_minor"] == principal + interest
    assert owed["total_minor"] == sum(part + charged for _, part, charged in table.rows[row:])
    if principal > 1:
        loan.repay(interest + 1, row)
        assert loan.view()["outstanding_principal_minor"] == view["balance_minor"] - 1
        loan.repay(principal - 1, row + 1)
    else:
        loan.repay(principal + interest, row + 1)


@settings(max_examples=EXAMPLES)
@given(st.one_of(formulas(DAYS), seasonal(DAYS)), st.data())
def test_each_row_is_priced_alone_as_in_the_table(case: Case, data: st.DataObject) -> None:
    instalment, table = _signed(case)
    loan = Lending.shared().lend(case, instalment, table)
    rows = data.draw(st.lists(st.integers(0, case.periods - 1), min_size=1, max_size=4, unique=True).map(sorted))
    for row in rows:
        _stand_at(loan, table, row)
        _require_row(loan, case, table, row)
    _stand_at(loan, table, case.periods)
    assert loan.view()["status"] == 2
    assert loan.view()["outstanding_principal_minor"] == 0
