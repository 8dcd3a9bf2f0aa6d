"""What officers and both sides decide of a loan: impairment, default, cover, write-off, new terms."""

from collections.abc import Callable, Mapping
from functools import partial

from contracts.clients.events import Event
from contracts.credit import Outcome
from contracts.loan import Clock, LoanState, LoanStatus, amend, apply_cover, declare_default, set_impairment, write_off
from contracts.recount.awaited import Awaited
from contracts.recount.cash import Cash
from contracts.recount.credit import Credit
from contracts.recount.findings import Findings
from contracts.recount.handling import Handling
from contracts.recount.postings import of_amendment, of_cover, of_write_off
from contracts.recount.recounted import RecountedLoan
from contracts.schedule import Row
from contracts.typed_data import Amendment


class Workouts(Handling):
    """Follows what is decided of loans."""

    def __init__(
        self,
        findings: Findings,
        cash: Cash,
        credit: Credit,
        clock: Clock,
        awaited: Awaited,
        tables: dict[bytes, tuple[Row, ...]],
    ) -> None:
        super().__init__(findings, cash, credit, clock, awaited)
        self._tables = tables

    @property
    def appliers(self) -> Mapping[str, Callable[[Event, RecountedLoan], None]]:
        """What each event means, by its name."""
        return {
            "ImpairmentChanged": self._impair,
            "LoanDefaulted": self._default,
            "CoverApplied": self._cover,
            "LoanWrittenOff": self._write_off,
            "LoanAmended": self._amend,
        }

    def _impair(self, event: Event, loan: RecountedLoan) -> None:
        state = self._try(event, "impairment", partial(set_impairment, loan.state, event.args["impaired_minor"]))
        loan.state = state or loan.state

    def _default(self, event: Event, loan: RecountedLoan) -> None:
        before, stops = loan.state, self._stops(event, loan)
        declared = self._try(event, "default", partial(declare_default, before, loan.day(event), stops))
        if declared is None:
            return
        loan.state, late = declared
        self._compare(event, "days_past_due", late, event.args["days_past_due"])
        self._follow(event, loan, before, loan.day(event), stops)

    def _cover(self, event: Event, loan: RecountedLoan) -> None:
        before, amount = loan.state, event.args["amount_minor"]
        covered = self._try(event, "cover", partial(apply_cover, before, amount))
        if covered is None:
            return
        loan.state = covered
        loan.fund = event.args.get("fund", loan.fund)
        self._follow(event, loan, before, loan.day(event))
        loan.post(self._findings, event, of_cover(amount, written_off=before.status is LoanStatus.WRITTEN_OFF))

    def _write_off(self, event: Event, loan: RecountedLoan) -> None:
        before, stops = loan.state, self._stops(event, loan)
        after = self._try(event, "write-off", partial(write_off, before, loan.day(event), stops))
        if after is None:
            return
        loan.state = after
        self._compare(event, "principal_minor", after.written_off_minor, event.args["principal_minor"])
        self._credit.note_write_off(event, loan.agreement.borrower)
        self._follow(event, loan, before, loan.day(event))
        loan.post(self._findings, event, of_write_off(event.args["principal_minor"]))

    def _amend(self, event: Event, loan: RecountedLoan) -> None:
        before, stops, amendment = loan.state, self._stops(event, loan), event.args["amendment"]
        table = self._tables.pop(event.args["loan"], ())
        amended = self._try(event, "amendment", partial(amend, before, amendment, loan.day(event), stops, table))
        if amended is None:
            return
        after, found = amended
        self._compare(event, "sequence", after.amendments, event.args["sequence"])
        self._compare(event, "loan amended", event.args["loan"], amendment.loan)
        for name, value in event.args["found"].items():
            self._compare(event, name, getattr(found, name), value)
        terms = amendment.terms
        for name in ("borrower", "lender", "currency", "product_id", "time_zone_minutes"):
            self._compare(event, name, getattr(loan.agreement, name), getattr(terms, name))
        self._reserve(event, before, after, amendment)
        loan.state = after
        self._follow(event, loan, before, loan.day(event))
        loan.agreement = terms
        loan.orders_at_most += 1
        self._findings.principal_lent_minor += found.top_up_minor
        self._claim(event, terms.lender, terms.borrower, found.top_up_minor - terms.upfront_fee_minor)
        figures = found.capitalised_minor, found.top_up_minor, found.rebate_minor, terms.upfront_fee_minor
        loan.books.waived_minor += found.waived_minor
        loan.post(self._findings, event, of_amendment(*figures))

    def _reserve(self, event: Event, before: LoanState, after: LoanState, amendment: Amendment) -> None:
        """What was paid back makes room in the borrower's limit, new money takes it."""
        borrower, top_up = amendment.terms.borrower, amendment.top_up_minor
        paid_back = before.reserved_minor - (after.reserved_minor - top_up)
        if paid_back:
            self._credit.release(event, borrower, paid_back, Outcome.REDUCED)
        if top_up:
            self._credit.reserve_more(event, borrower, amendment.terms.score_report, top_up)
