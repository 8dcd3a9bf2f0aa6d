"""What happened to loans in another lending system happens on the real LoanBook, to the minor unit."""

from typing import Any

import pytest

from tests.contracts.differential.replays import Replays
from tests.contracts.loan.replays import Ledger, table_of
from tests.contracts.schedule.golden import cases


@pytest.mark.parametrize("golden", cases("fineract_replays.json"))
def test_the_contract_s_loan_shows_fineract_s_figures_at_every_checkpoint(golden: dict[str, Any]) -> None:
    loan, ledger = Replays.shared().begin(golden), Ledger(table_of(golden))
    lent = loan.lender_cash_minor
    for after, (kind, day, amount) in enumerate([("begin", 0, 0), *golden["events"]]):
        if kind != "begin":
            loan.act(kind, day, amount)
        ledger.move(loan.position, day)
        for point in (point for point in golden["checkpoints"] if point["after"] == after):
            assert point == {"after": after, **ledger.checkpoint(golden["upfront_fee_minor"])}
            paid = point["totals"][1] - golden["upfront_fee_minor"]
            assert loan.lender_cash_minor - lent == paid
