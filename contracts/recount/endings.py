"""Loans that end before their time: settled early, cancelled, unwound."""

from collections.abc import Callable, Mapping
from functools import partial

from contracts.clients.events import Event
from contracts.loan import LoanStatus, cancel, fund_minor, settle, unwind
from contracts.recount.handling import Handling
from contracts.recount.postings import of_cancellation, of_settlement, of_unwinding
from contracts.recount.recounted import RecountedLoan

ANY_AMOUNT = 2**256
"""What the borrower's order allowed stands in no event."""


class Endings(Handling):
    """Follows what ends loans."""

    @property
    def appliers(self) -> Mapping[str, Callable[[Event, RecountedLoan], None]]:
        """What each event means, by its name."""
        return {"LoanSettled": self._settle, "LoanCancelled": self._cancel, "LoanUnwound": self._unwind}

    def _settle(self, event: Event, loan: RecountedLoan) -> None:
        args, before, day, stops = event.args, loan.state, loan.day(event), self._stops(event, loan)
        settled = self._try(event, "settlement", partial(settle, before, ANY_AMOUNT, day, stops))
        if settled is None:
            return
        loan.state, expected = settled
        self._compare(event, "day", day, args["day"])
        for part in ("late_fee_minor", "penalty_minor", "interest_minor", "principal_minor", "rebate_minor"):
            self._compare(event, part, getattr(expected, part), args[part])
        loan.orders_at_most += args["payer"] == loan.agreement.borrower
        to_fund, written_off = fund_minor(before, expected), before.status is LoanStatus.WRITTEN_OFF
        self._claim(event, args["payer"], loan.agreement.lender, expected.total_minor - to_fund)
        self._claim(event, args["payer"], loan.fund, to_fund)
        if written_off or to_fund:
            to_lender = expected.principal_minor - expected.rebate_minor - to_fund
            self._awaited.add(event, "RecoveryPassed", to_lender_minor=to_lender, to_fund_minor=to_fund)
        self._follow(event, loan, before, day)
        self._findings.count_payment(args)
        entry = of_settlement(args, before.lent_minor, to_fund, written_off=written_off)
        loan.post(self._findings, event, entry)

    def _cancel(self, event: Event, loan: RecountedLoan) -> None:
        args, before, day = event.args, loan.state, loan.day(event)
        cancelled = self._try(event, "cancellation", partial(cancel, before, loan.agreement, ANY_AMOUNT, day))
        if cancelled is None:
            return
        loan.state, expected = cancelled
        self._compare(event, "day", day, args["day"])
        self._compare(event, "amount_minor", expected.amount_minor, args["amount_minor"])
        self._compare(event, "interest_minor", expected.interest_minor, args["interest_minor"])
        loan.orders_at_most += 1
        self._claim(event, args["payer"], loan.agreement.lender, expected.amount_minor)
        self._follow(event, loan, before, day)
        self._findings.loans_cancelled += 1
        self._findings.count_withdrawal(expected.amount_minor, expected.interest_minor)
        loan.post(self._findings, event, of_cancellation(args, loan.agreement, before.lent_minor))

    def _unwind(self, event: Event, loan: RecountedLoan) -> None:
        args, before = event.args, loan.state
        redemption = self._cash.redemptions.get(args["entry"])
        rejected = redemption.amount_minor if redemption and redemption.rejected else 0
        unwound = self._try(event, "unwinding", partial(unwind, before, loan.agreement, rejected, loan.day(event)))
        if unwound is None:
            return
        loan.state, expected = unwound
        self._compare(event, "amount_minor", expected, args["amount_minor"])
        self._claim(event, loan.agreement.borrower, loan.agreement.lender, expected)
        self._follow(event, loan, before, loan.day(event))
        self._findings.loans_unwound += 1
        loan.post(self._findings, event, of_unwinding(args, loan.agreement))
