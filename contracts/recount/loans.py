"""Every loan, carried by the twin from its agreement through its events."""

from collections import defaultdict
from dataclasses import dataclass

from contracts.clients.events import Event
from contracts.credit import Outcome
from contracts.credit.history import LATE_BEFORE
from contracts.loan import (
    Allocation,
    LoanRefused,
    LoanState,
    LoanStatus,
    apply_payment,
    originate,
    record_arrears,
    require_origination_day,
)
from contracts.recount.admission import Admission
from contracts.recount.cash import Cash
from contracts.recount.credit import Credit
from contracts.recount.findings import Findings, shown
from contracts.schedule import (
    RateUndefined,
    Row,
    ScheduleRefused,
    ScheduleTerms,
    day_at,
    level_instalment,
    rows_of,
    schedule_apr_ppm,
)
from contracts.typed_data import Agreement, Domain, digest

PARTS = ("late_fee_minor", "penalty_minor", "interest_minor", "principal_minor")
"""Of a payment, as its event has them."""


@dataclass
class RecountedLoan:
    """A loan as the twin carries it; `orders_at_most` bounds the payment orders its borrower can have signed."""

    agreement: Agreement
    state: LoanState
    orders_at_most: int = 0


Awaited = tuple[str, bytes]
"""An event that the transaction at hand still owes: its name and the loan."""


class Loans:
    """All loans, by id."""

    def __init__(self, findings: Findings, domain: Domain, cash: Cash, credit: Credit, admission: Admission) -> None:
        self._findings, self._domain, self._cash, self._credit = findings, domain, cash, credit
        self._admission = admission
        self.loans: dict[bytes, RecountedLoan] = {}
        self._of_borrower: defaultdict[str, list[RecountedLoan]] = defaultdict(list)
        self._awaited: dict[Awaited, tuple[Event, int, int]] = {}
        self._tables: dict[bytes, tuple[Row, ...]] = {}

    def apply(self, event: Event) -> None:
        """Take an event of LoanBook."""
        self._admission.apply(event)
        if event.name == "ScheduleTable":
            self._keep_table(event)
        elif event.name == "LoanOriginated":
            self._originate(event)
        elif event.name in ("PaymentApplied", "ArrearsChanged", "LoanClosed"):
            loan = self.loans.get(event.args["loan"])
            if loan is None:
                self._findings.refuse(event, _name(event), "loan", "an earlier origination", "none")
            elif event.name == "PaymentApplied":
                self._pay(event, loan)
            elif event.name == "ArrearsChanged":
                self._arrears(event, loan)
            else:
                self._close(event, loan)

    def end_transaction(self) -> None:
        """Check that a payment was followed by what follows from it."""
        for (name, _loan), (event, *_) in self._awaited.items():
            self._findings.refuse(event, _name(event), name, "an event", "none")
        self._awaited.clear()

    def exposure(self, subject: str) -> tuple[int, int]:
        """How many open loans a subject has, and their principal."""
        own = (loan for loan in self._of_borrower[subject] if loan.state.status is LoanStatus.ACTIVE)
        principals = [loan.agreement.principal_minor for loan in own]
        return len(principals), sum(principals)

    def outstanding(self, lender: str) -> int:
        """Principal outstanding of a lender."""
        own = (loan.state for loan in self.loans.values() if loan.agreement.lender == lender)
        return sum(state.outstanding_principal_minor for state in own)

    def _keep_table(self, event: Event) -> None:
        """A table comes before the loan it is of, in the same transaction."""
        loan = event.args["loan"]
        if loan in self._tables or loan in self.loans:
            self._findings.refuse(event, _name(event), "table", "one before its origination", "another")
            return
        self._tables[loan] = rows_of(event.args["rows"])
        self._awaited["LoanOriginated", loan] = event, 0, 0

    def _originate(self, event: Event) -> None:
        agreement: Agreement = event.args["agreement"]
        compare = self._findings.compare
        self._awaited.pop(("LoanOriginated", event.args["loan"]), None)
        if event.args["loan"] in self.loans:
            self._findings.refuse(event, _name(event), "loan", "a new one", "originated before")
            return
        compare(event, _name(event), "digest", digest(agreement, self._domain), event.args["loan"])
        compare(event, _name(event), "borrower", agreement.borrower, event.args["borrower"])
        compare(event, _name(event), "lender", agreement.lender, event.args["lender"])
        self._findings.loans += 1
        self._findings.principal_lent_minor += agreement.principal_minor
        self._admission.require(event)
        self._credit.reserve(event, agreement.borrower, agreement.score_report, agreement.principal_minor)
        paid_out = agreement.principal_minor - agreement.upfront_fee_minor
        self._cash.claim(event, _name(event), (agreement.lender, agreement.borrower, paid_out))
        self._open(event, agreement)

    def _open(self, event: Event, agreement: Agreement) -> None:
        try:
            state = originate(agreement, self._tables.pop(event.args["loan"], ()))
            require_origination_day(agreement, day_at(event.timestamp, agreement.time_zone_minutes))
        except (LoanRefused, ScheduleRefused) as refused:
            self._findings.refuse(event, _name(event), "terms", "what a LoanBook carries out", str(refused))
            return
        self._admission.require_term(event, state.rows[-1].due_day)
        self._check_disclosure(event, agreement, state)
        loan = RecountedLoan(agreement, state)
        self.loans[event.args["loan"]] = loan
        self._of_borrower[agreement.borrower].append(loan)

    def _check_disclosure(self, event: Event, agreement: Agreement, state: LoanState) -> None:
        """What the contract cannot check cheaply: that the instalment is that of the rounding, and the APR."""
        terms = ScheduleTerms.of(agreement)
        agreed = level_instalment(terms)
        self._findings.compare(event, _name(event), "instalment_minor", agreed, agreement.instalment_minor)
        try:
            apr = schedule_apr_ppm(terms, state.rows, agreement.upfront_fee_minor)
        except RateUndefined as undefined:
            self._findings.refuse(event, _name(event), "apr_ppm", str(undefined), agreement.apr_ppm)
        else:
            self._findings.compare(event, _name(event), "apr_ppm", apr, agreement.apr_ppm)

    def _pay(self, event: Event, loan: RecountedLoan) -> None:
        args, before = event.args, loan.state
        self._findings.compare(event, _name(event), "day", _day(event, loan), args["day"])
        found = Allocation(*(args[part] for part in PARTS))
        self._cash.claim(event, _name(event), (args["payer"], loan.agreement.lender, args["amount_minor"]))
        self._findings.payments += 1
        self._findings.principal_repaid_minor += found.principal_minor
        self._findings.interest_paid_minor += found.interest_minor
        self._findings.charges_paid_minor += found.late_fee_minor + found.penalty_minor
        loan.orders_at_most += args["payer"] == loan.agreement.borrower
        try:
            loan.state, expected = apply_payment(before, args["amount_minor"], args["day"])
        except LoanRefused as refused:
            self._findings.refuse(event, _name(event), "payment", str(refused), args["amount_minor"])
            return
        for part in PARTS:
            self._findings.compare(event, _name(event), part, getattr(expected, part), getattr(found, part))
        self._note_arrears(event, loan, before)
        self._await_consequences(event, before, loan.state)

    def _note_arrears(self, event: Event, loan: RecountedLoan, before: LoanState) -> None:
        """The subject's history takes note of arrears when they rise."""
        if loan.state.bucket > before.bucket:
            was = before.bucket or (LATE_BEFORE if before.was_late else 0)
            self._credit.note_arrears(event, loan.agreement.borrower, was, loan.state.bucket)

    def _await_consequences(self, event: Event, before: LoanState, after: LoanState) -> None:
        loan, day = event.args["loan"], event.args["day"]
        if after.bucket != before.bucket:
            self._awaited["ArrearsChanged", loan] = event, after.bucket, after.days_late(day)
        if after.status is LoanStatus.CLOSED:
            self._awaited["LoanClosed", loan] = event, day, 0

    def _arrears(self, event: Event, loan: RecountedLoan) -> None:
        awaited = self._awaited.pop(("ArrearsChanged", event.args["loan"]), None)
        if awaited is not None:
            _, bucket, days = awaited
        else:
            try:
                before = loan.state
                loan.state, days = record_arrears(before, _day(event, loan))
                self._note_arrears(event, loan, before)
            except LoanRefused as refused:
                self._findings.refuse(event, _name(event), "arrears", str(refused), event.args["bucket"])
                return
            bucket = loan.state.bucket
        self._findings.compare(event, _name(event), "bucket", bucket, event.args["bucket"])
        self._findings.compare(event, _name(event), "days_past_due", days, event.args["days_past_due"])

    def _close(self, event: Event, loan: RecountedLoan) -> None:
        awaited = self._awaited.pop(("LoanClosed", event.args["loan"]), None)
        expected = awaited[1] if awaited else "not closed: something is still owed"
        self._findings.compare(event, _name(event), "closed on day", expected, event.args["day"])
        outcome = Outcome.CURED if loan.state.was_late or loan.state.bucket else Outcome.ON_TIME
        self._credit.release(event, loan.agreement.borrower, loan.agreement.principal_minor, outcome)
        self._findings.loans_closed += 1


def _day(event: Event, loan: RecountedLoan) -> int:
    return day_at(event.timestamp, loan.agreement.time_zone_minutes)


def _name(event: Event) -> str:
    return f"loan {shown(event.args['loan'])}"
