"""Every loan, carried by the twin from its agreement through its events."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable

from contracts.clients.events import Event
from contracts.loan import Clock, LoanRefused, LoanState, originate, require_origination_day
from contracts.recount.admission import Admission
from contracts.recount.awaited import Awaited
from contracts.recount.cash import Cash
from contracts.recount.credit import Credit
from contracts.recount.endings import Endings
from contracts.recount.findings import Findings, shown
from contracts.recount.payments import Payments
from contracts.recount.postings import Account, of_origination
from contracts.recount.recounted import RecountedLoan, name_of
from contracts.recount.workouts import Workouts
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

ALSO_KEPT = ("LoanAmended", "PaymentValued")
"""Events that follow from others and say something of their own."""


class Loans:
    """All loans, by id."""

    def __init__(self, findings: Findings, domain: Domain, cash: Cash, credit: Credit, admission: Admission) -> None:
        self._findings, self._domain, self._cash, self._credit = findings, domain, cash, credit
        self._admission = admission
        self.loans: dict[bytes, RecountedLoan] = {}
        self._of_borrower: defaultdict[str, list[RecountedLoan]] = defaultdict(list)
        self._tables: dict[bytes, tuple[Row, ...]] = {}
        self.clock, self._awaited = Clock(), Awaited(findings)
        tools = findings, cash, credit, self.clock, self._awaited
        payments, endings, workouts = Payments(*tools), Endings(*tools), Workouts(*tools, self._tables)
        self._appliers: dict[str, Callable[[Event, RecountedLoan], None]] = {
            **payments.appliers,
            **endings.appliers,
            **workouts.appliers,
        }

    def apply(self, event: Event) -> None:
        """Take an event of LoanBook."""
        self._findings.happened[event.name] += 1
        self._admission.apply(event)
        self._run_clock(event)
        if event.name == "ScheduleTable":
            self._keep_table(event)
        elif event.name == "LoanOriginated":
            self._originate(event)
        elif event.name in self._appliers:
            loan = self.loans.get(event.args["loan"])
            if loan is None:
                self._findings.refuse(event, name_of(event), "loan", "an earlier origination", "none")
            elif not self._awaited.met(event) or event.name in ALSO_KEPT:
                self._appliers[event.name](event, loan)

    def end_transaction(self) -> None:
        """Check that each event was followed by what follows from it."""
        self._awaited.end_transaction()

    @property
    def borrowers(self) -> Iterable[str]:
        """Every subject that ever had a loan."""
        return self._of_borrower.keys()

    def exposure(self, subject: str) -> tuple[int, int]:
        """How many running loans a subject has, and what they take of its limit."""
        own = [loan.state for loan in self._of_borrower[subject] if loan.state.status.is_running]
        return len(own), sum(state.reserved_minor for state in own)

    def position(self, lender: str) -> dict[str, int]:
        """Principal of a lender: outstanding, impaired, and what was lost and recovered in all."""
        own = [loan for loan in self.loans.values() if loan.agreement.lender == lender]
        return {
            "outstanding_minor": sum(loan.state.lent_minor for loan in own),
            "impaired_minor": sum(loan.state.impaired_minor for loan in own),
            "lost_minor": sum(loan.books.balances[Account.WRITTEN_OFF] for loan in own),
            "recovered_minor": -sum(loan.books.balances[Account.RECOVERED] for loan in own),
        }

    def outstanding(self, lender: str, product_id: bytes) -> int:
        """Principal outstanding of a lender on a product."""
        facility = lender, product_id
        own = (loan for loan in self.loans.values() if (loan.agreement.lender, loan.agreement.product_id) == facility)
        return sum(loan.state.lent_minor for loan in own)

    def balances(self) -> Counter[Account]:
        """All loans' books added up."""
        total: Counter[Account] = Counter()
        for loan in self.loans.values():
            for account, amount in loan.books.balances.items():
                total[account] += amount
        return total

    def check_books(self, block_number: int) -> None:
        """What the books of each loan have as principal is what the twin says that the lender has in it."""
        for loan_id, loan in self.loans.items():
            self._findings.entries += loan.books.entries
            subject, found = f"loan {shown(loan_id)}", loan.books.balances[Account.PRINCIPAL]
            self._findings.compare_view(block_number, subject, "principal in the books", loan.state.lent_minor, found)

    def _run_clock(self, event: Event) -> None:
        if event.name == "ClockStopped":
            self.clock.stop(event.args["from_at"], event.args["until_at"])
        elif event.name == "PausedChanged":
            self.clock.pause(event.timestamp, paused=event.args["paused"])

    def _keep_table(self, event: Event) -> None:
        """A table comes before the loan, or the amendment, that it is of, in the same transaction."""
        loan = event.args["loan"]
        if loan in self._tables:
            self._findings.refuse(event, name_of(event), "table", "one before its origination", "another")
            return
        self._tables[loan] = rows_of(event.args["rows"])
        self._awaited.add(event, "LoanAmended" if loan in self.loans else "LoanOriginated")

    def _originate(self, event: Event) -> None:
        agreement: Agreement = event.args["agreement"]
        compare = self._findings.compare
        self._awaited.met(event)
        if event.args["loan"] in self.loans:
            self._findings.refuse(event, name_of(event), "loan", "a new one", "originated before")
            return
        compare(event, name_of(event), "digest", digest(agreement, self._domain), event.args["loan"])
        compare(event, name_of(event), "borrower", agreement.borrower, event.args["borrower"])
        compare(event, name_of(event), "lender", agreement.lender, event.args["lender"])
        self._findings.loans += 1
        self._findings.principal_lent_minor += agreement.principal_minor
        self._admission.require(event)
        self._require_limits(event, agreement)
        paid_out = agreement.principal_minor - agreement.upfront_fee_minor
        self._cash.claim(event, name_of(event), (agreement.lender, agreement.borrower, paid_out))
        self._open(event, agreement)

    def _require_limits(self, event: Event, agreement: Agreement) -> None:
        """The borrower's limit and the lender's facility hold the loan."""
        self._credit.reserve(event, agreement.borrower, agreement.score_report, agreement.principal_minor)
        reserved = self._credit.subjects[agreement.borrower].reserved_minor
        lent = self.outstanding(agreement.lender, agreement.product_id) + agreement.principal_minor
        self._admission.require_facility(event, lent, reserved)

    def _open(self, event: Event, agreement: Agreement) -> None:
        try:
            state = originate(agreement, self._tables.pop(event.args["loan"], ()))
            require_origination_day(agreement, day_at(event.timestamp, agreement.time_zone_minutes))
        except (LoanRefused, ScheduleRefused) as refused:
            self._findings.refuse(event, name_of(event), "terms", "what a LoanBook carries out", str(refused))
            return
        self._admission.require_schedule(event, agreement, state.rows)
        self._check_disclosure(event, agreement, state)
        loan = RecountedLoan(agreement, state)
        loan.post(self._findings, event, of_origination(agreement))
        self.loans[event.args["loan"]] = loan
        self._of_borrower[agreement.borrower].append(loan)

    def _check_disclosure(self, event: Event, agreement: Agreement, state: LoanState) -> None:
        """What the contract cannot check cheaply: that the instalment is that of the rounding, and the APR."""
        terms = ScheduleTerms.of(agreement)
        agreed = level_instalment(terms)
        self._findings.compare(event, name_of(event), "instalment_minor", agreed, agreement.instalment_minor)
        try:
            apr = schedule_apr_ppm(terms, state.rows, agreement.upfront_fee_minor)
        except RateUndefined as undefined:
            self._findings.refuse(event, name_of(event), "apr_ppm", str(undefined), agreement.apr_ppm)
        else:
            self._findings.compare(event, name_of(event), "apr_ppm", apr, agreement.apr_ppm)
