"""The recount against what the contracts say of the final state."""

from collections.abc import Callable, Mapping
from dataclasses import asdict
from typing import Any

from contracts.clients.address_book import AddressBook
from contracts.clients.contract import function_of
from contracts.clients.credit_registry import kept_uid
from contracts.clients.errors import ContractError
from contracts.clients.table import TableRow, table_rows
from contracts.credit import SubjectCredit
from contracts.loan import Clock, LoanState
from contracts.recount.admission import Admission, DatedCaps
from contracts.recount.credit import Credit, Furnished, vars_of
from contracts.recount.findings import Findings, shown
from contracts.recount.loans import Loans
from contracts.recount.parties import DAY_SECONDS, Parties, Party
from contracts.recount.recounted import RecountedLoan
from contracts.typed_data import Agreement

CallView = Callable[[str, bytes], bytes]
"""Runs calldata on a contract's address in the final state and gives what it returns. Raises its ContractError."""


class Views:
    """Reads views of the final state and compares them."""

    def __init__(self, findings: Findings, book: AddressBook, call: CallView, block_number: int) -> None:
        self._findings, self._book, self._call, self._block = findings, book, call, block_number

    def compare_loans(self, loans: Loans) -> None:
        """Every loan of a LoanBook, its clock, and its lenders' positions."""
        for loan_id, loan in loans.loans.items():
            self._compare_loan(loan_id, loan)
        self._compare_clock(loans.clock)
        for lender in {loan.agreement.lender for loan in loans.loans.values()}:
            position = self._one("LoanBook", "position", lender)
            for name, value in loans.position(lender).items():
                self._compare(f"lender {lender}", name, value, position[name])

    def compare_exposure(self, exposures: Mapping[str, tuple[int, int]]) -> None:
        """How many running loans subjects have in all, and what these take of their limits."""
        for subject, expected in exposures.items():
            found = tuple(self._read("LoanBook", "exposure", subject).values())
            self._compare(f"subject {subject}", "exposure", expected, found)

    def _compare_clock(self, clock: Clock) -> None:
        """When all clocks stood still."""
        found = self._read("LoanBook", "stops")
        stops = [(stop["from_at"], stop["until_at"]) for stop in found["stops_"]]
        self._compare("clock", "stops", sorted(clock.stops_at), stops)
        self._compare("clock", "paused_since", clock.paused_since, found["paused_since"])

    def compare_parties(self, parties: Parties) -> None:
        """Every party's standing and signers, and every verifier."""
        for address, party in parties.parties.items():
            for name, found in self._read("IdentityRegistry", "standing", address).items():
                self._compare(f"party {address}", name, getattr(party, name), found)
            self._compare_signers(address, party)
        for verifier, listed in parties.verifiers.items():
            found = self._one("IdentityRegistry", "isVerifier", verifier)
            self._compare(f"verifier {verifier}", "listed", listed, found)

    def compare_admission(self, admission: Admission, loans: Loans, now: int) -> None:
        """Every product and facility of a LoanBook; `now` is the last instant known."""
        for product_id, known in admission.products.items():
            self._compare_product(product_id, known.on(now // DAY_SECONDS))
        for (lender, product_id), limits in admission.facilities.items():
            facility = tuple(self._read("LoanBook", "facility", lender, product_id).values())
            expected = loans.outstanding(lender, product_id), *limits
            self._compare(f"lender {lender}", f"facility for {shown(product_id)}", expected, facility)

    def _compare_product(self, product_id: bytes, known: DatedCaps) -> None:
        found = self._read("LoanBook", "product", product_id)
        self._compare(f"product {shown(product_id)}", "caps", known.caps, found["caps"])
        self._compare(f"product {shown(product_id)}", "next_day", known.from_day, found["next_day"])
        if known.waiting is not None:
            self._compare(f"product {shown(product_id)}", "next", known.waiting, found["next"])

    def _compare_signers(self, address: str, party: Party) -> None:
        expected = {"signers": len(party.signers)} | asdict(party.signing)
        for name, found in self._one("IdentityRegistry", "signing", address).items():
            self._compare(f"party {address}", name, expected[name], found)
        for signer in party.signers | party.former:
            found = self._one("IdentityRegistry", "isSigner", address, signer)
            self._compare(f"party {address}", f"signer {shown(signer)}", signer in party.signers, found)

    def _compare_loan(self, loan_id: bytes, loan: RecountedLoan) -> None:
        try:
            view = self._one("LoanBook", "loan", loan_id, *_open_row(loan))
        except ContractError as refused:  # it has another row open
            self._compare(f"loan {shown(loan_id)}", "open row", loan.state.row, refused.name)
            return
        used = view.pop("nonce_base") + view.pop("nonce_window").bit_count()
        expected = expected_view(loan.agreement, loan.state)
        for name, value in expected.items():
            self._compare(f"loan {shown(loan_id)}", name, value, view[name])
        # a nonce stands in no event, but there is one behind each order that its borrower signed
        self._compare(f"loan {shown(loan_id)}", "nonces within payments", True, used <= loan.orders_at_most)

    def compare_credit(self, credit: Credit) -> None:
        """The signer set, the policy, and every subject's report, limit and history, and every attestation."""
        self._compare("signer set", "digest", credit.signer_set, self._one("CreditRegistry", "signerSet"))
        policy = credit.policy
        expected = policy.signer_set, policy.first_signer_set, policy.factor_ppm, policy.factor_changed_at
        self._compare("credit", "policy", expected, tuple(self._read("CreditRegistry", "policy").values()))
        for subject, found in credit.subjects.items():
            self._compare_subject(subject, found, credit)
        for uid, furnished in credit.attestations.items():
            self._compare_attestation(uid, furnished)

    def _compare_subject(self, subject: str, own: SubjectCredit, credit: Credit) -> None:
        report = own.report
        if report is not None and own.uid is not None:
            expected = {
                "uid": kept_uid(own.uid),
                "score": report.score,
                "limit_minor": report.limit_minor,
                "issued_at": report.issued_at,
                "expires_at": report.expires_at,
                "sequence": report.sequence,
                "revoked": own.revoked,
            }
            for name, found in self._read("CreditRegistry", "current", subject).items():
                self._compare(f"score report of {subject}", name, expected[name], found)
        limit = self._one("CreditRegistry", "limitOf", subject)
        for name, value in _expected_limit(own, credit).items():
            self._compare(f"credit of {subject}", name, value, limit[name])
        use = tuple(self._read("CreditRegistry", "exposure", subject).values())
        self._compare(f"credit of {subject}", "in use", (own.open_loans, own.reserved_minor), use)
        history = self._one("CreditRegistry", "historyOf", subject)
        self._compare(f"credit of {subject}", "history", vars_of(own.history), history)

    def _compare_attestation(self, uid: bytes, furnished: Furnished) -> None:
        attestation = furnished.attestation
        expected = {
            "subject": attestation.subject,
            "expires_at": attestation.expires_at,
            "revoked": furnished.revoked,
            "disputed": furnished.disputed,
            "furnisher": attestation.furnisher,
        }
        found = self._one("CreditRegistry", "attestationOf", uid)
        self._compare(f"attestation {shown(uid)}", "standing", expected, found)

    def _compare(self, subject: str, name: str, expected: Any, found: Any) -> None:
        self._findings.compare_view(self._block, subject, name, expected, found)

    def _one(self, contract: str, function: str, *args: Any) -> Any:
        (value,) = self._read(contract, function, *args).values()
        return value

    def _read(self, contract: str, function: str, *args: Any) -> dict[str, Any]:
        known = function_of(contract, function, len(args))
        return known.decode_outputs(self._call(self._book.contracts[contract], known.encode(args)))


def _expected_limit(own: SubjectCredit, credit: Credit) -> dict[str, int]:
    return {
        "report_minor": own.report.limit_minor if own.report else 0,
        "scale": own.scale,
        "limit_minor": own.limit_minor(credit.policy),
        "signer_set": own.signer_set,
        "stepped_at": own.seen.at,
    }


def _open_row(loan: RecountedLoan) -> tuple[list[TableRow], ...]:
    """What the view of a loan by a table is to be given: its open row, if there is one."""
    state = loan.state
    if state.rows_done or not state.terms.schedule.method.is_table:
        return ()
    return (table_rows(state.rows, range(state.row, state.row + 1)),)


def expected_view(agreement: Agreement, state: LoanState) -> dict[str, Any]:
    """What LoanBook.loan should show, but for the nonces."""
    return {
        "status": state.status,
        "borrower": agreement.borrower,
        "lender": agreement.lender,
        "principal_minor": state.principal_minor,
        "rate_ppm": state.terms.schedule.rate_ppm,
        "periods": len(state.rows),
        "row": state.row,
        "balance_minor": state.balance_minor,
        "paid_row_minor": state.paid_row_minor,
        "late_fee_due_minor": state.late_fee_due_minor,
        "penalty_due_minor": state.penalty_due_minor,
        "bucket": state.bucket,
        "was_late": state.was_late,
        "accrued_day": state.accrued_day,
        "next_due_day": state.next_due_day,
        "outstanding_principal_minor": state.outstanding_principal_minor,
        "carried_interest_minor": state.carried_interest_minor,
        "impaired_minor": state.impaired_minor,
        "covered_minor": state.covered_minor,
        "written_off_minor": state.written_off_minor,
        "amendments": state.amendments,
        "mandate_max_minor": state.mandate_max_minor,
        "mandate_last_day": state.mandate_last_day,
    }
