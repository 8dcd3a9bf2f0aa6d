"""Payments of loans: what they are split into, by whom they may be paid, and what a bank takes back."""

from collections.abc import Callable, Mapping
from functools import partial

from contracts.clients.events import Event
from contracts.loan import (
    MAX_VALUE_DAYS,
    Allocation,
    LoanState,
    LoanStatus,
    apply_payment,
    record_arrears,
    require_returnable,
    return_payment,
    set_mandate,
)
from contracts.recount.handling import Handling, outcome_of
from contracts.recount.postings import of_payment, of_return
from contracts.recount.recounted import RecountedLoan, Returnable, name_of

PARTS = ("late_fee_minor", "penalty_minor", "interest_minor", "principal_minor")
"""Of a payment, as its event has them."""


class Payments(Handling):
    """Follows what is paid, taken back and recorded as late."""

    @property
    def appliers(self) -> Mapping[str, Callable[[Event, RecountedLoan], None]]:
        """What each event means, by its name."""
        return {
            "PaymentApplied": self._pay,
            "PaymentValued": self._keep,
            "PaymentReturned": self._return,
            "ArrearsChanged": self._arrears,
            "LoanClosed": self._unasked,
            "LoanCured": self._unasked,
            "RecoveryPassed": self._unasked,
            "MandateSet": self._mandate,
            "CollectionFailed": lambda event, loan: None,
        }

    def _pay(self, event: Event, loan: RecountedLoan) -> None:
        args, before, today = event.args, loan.state, loan.day(event)
        self._compare(event, "day", True, today - MAX_VALUE_DAYS <= args["day"] <= today)
        loan.last = None
        self._findings.count_payment(args)
        loan.orders_at_most += args["payer"] == loan.agreement.borrower
        stops = self._stops(event, loan)
        paid = self._try(event, "payment", partial(apply_payment, before, args["amount_minor"], args["day"], stops))
        if paid is None:
            return
        loan.state, expected = paid
        loan.last = expected, args["day"]
        if args["day"] != today:
            self._awaited.add(event, "PaymentValued", value_day=args["day"])
        for part in PARTS:
            self._compare(event, part, getattr(expected, part), args[part])
        self._follow(event, loan, before, args["day"], stops)
        to_fund = _to_fund(before, expected)
        written_off = before.status is LoanStatus.WRITTEN_OFF
        self.pass_on(event, loan, args["amount_minor"], to_fund)
        if written_off or to_fund:
            to_lender = expected.principal_minor - to_fund
            self._awaited.add(event, "RecoveryPassed", to_lender_minor=to_lender, to_fund_minor=to_fund)
        loan.post(self._findings, event, of_payment(args, to_fund, written_off=written_off))

    def pass_on(self, event: Event, loan: RecountedLoan, amount_minor: int, to_fund_minor: int) -> None:
        """The payer's money goes to the lender, and to who covered the loan."""
        payer = event.args["payer"]
        self._claim(event, payer, loan.agreement.lender, amount_minor - to_fund_minor)
        self._claim(event, payer, loan.fund, to_fund_minor)

    def _keep(self, event: Event, loan: RecountedLoan) -> None:
        """The payment just applied came from a bank, which may take it back."""
        if loan.last is None:
            self._findings.refuse(event, name_of(event), "payment", "one before", "none")
            return
        split, day = loan.last
        self._compare(event, "carried_interest_minor", split.carried_minor, event.args["carried_interest_minor"])
        self._compare(event, "value_day", day, event.args["value_day"])
        self._compare(event, "entry new", True, event.args["entry"] not in loan.returnable)
        loan.returnable[event.args["entry"]] = Returnable(split, day, loan.state.amendments)

    def _return(self, event: Event, loan: RecountedLoan) -> None:
        entry, before, stops = event.args["entry"], loan.state, self._stops(event, loan)
        kept = loan.returnable.pop(entry, None)
        if kept is None:
            self._findings.refuse(event, name_of(event), "entry", "a payment that stands", entry)
            return

        def act() -> tuple[LoanState, Allocation]:
            require_returnable(before, kept.value_day, kept.amendments, loan.day(event))
            return return_payment(before, kept.split, loan.day(event), stops)

        returned = self._try(event, "return", act)
        if returned is None:
            return
        loan.state, expected = returned
        self._compare(event, "day", loan.day(event), event.args["day"])
        for part in PARTS:
            self._compare(event, part, getattr(expected, part), event.args[part])
        self._findings.payments_returned += 1
        self._findings.loans_closed -= before.status is LoanStatus.CLOSED
        self._follow(event, loan, before, loan.day(event), stops)
        if not before.status.is_running:
            self._credit.restore(event, loan.agreement.borrower, loan.state.reserved_minor, outcome_of(before))
        written_off = before.status is LoanStatus.WRITTEN_OFF
        loan.post(self._findings, event, of_return(event.args, written_off=written_off))

    def _arrears(self, event: Event, loan: RecountedLoan) -> None:
        before, day, stops = loan.state, loan.day(event), self._stops(event, loan)
        recorded = self._try(event, "arrears", partial(record_arrears, before, day, stops))
        if recorded is None:
            return
        loan.state, _ = recorded
        self._follow(event, loan, before, day, stops)
        self._awaited.met(event)

    def _unasked(self, event: Event, loan: RecountedLoan) -> None:
        """Something that follows from other events, of which there were none."""
        self._findings.refuse(event, name_of(event), event.name, "nothing of the kind: it does not follow", "told")

    def _mandate(self, event: Event, loan: RecountedLoan) -> None:
        args = event.args
        state = self._try(
            event, "mandate", partial(set_mandate, loan.state, args["max_amount_minor"], args["last_day"])
        )
        if state is not None:
            loan.state = state
            loan.orders_at_most += 1


def _to_fund(before: LoanState, split: Allocation) -> int:
    """The part of a payment's principal that is not the lender's."""
    own = before.written_off_minor if before.status is LoanStatus.WRITTEN_OFF else before.uncovered_minor
    return max(0, split.principal_minor - own)
