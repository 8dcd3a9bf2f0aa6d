"""What officers and both sides decide of a loan: impairment, default, cover, write-off, new terms."""

from collections.abc import Callable, Mapping
from functools import partial

from contracts.clients.events import Event
from contracts.loan import apply_cover, declare_default, set_impairment, write_off
from contracts.recount.awaited import Awaited
from contracts.recount.cash import Cash
from contracts.recount.clock import Clock
from contracts.recount.credit import Credit
from contracts.recount.findings import Findings
from contracts.recount.handling import Handling
from contracts.recount.postings import of_cover, of_write_off
from contracts.recount.recounted import RecountedLoan
from contracts.schedule import Row


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
        loan.post(self._findings, event, of_cover(amount))

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
