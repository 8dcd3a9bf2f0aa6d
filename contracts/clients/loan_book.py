"""LoanBook: loans from origination to the last instalment."""

from collections.abc import Sequence
from dataclasses import dataclass

from contracts.clients.contract import BlockId, Call
from contracts.clients.errors import ContractError
from contracts.clients.loan_amendments import LoanAmendments
from contracts.clients.loan_servicing import LoanServicing
from contracts.clients.loan_workout import LoanWorkout
from contracts.clients.table import TableRow, optional, table_rows, words
from contracts.loan import Owed
from contracts.schedule import Row
from contracts.typed_data import Agreement, Payment


@dataclass(frozen=True)
class LoanView:
    """The state of a loan as last touched."""

    status: int
    borrower: str
    lender: str
    principal_minor: int
    rate_ppm: int
    periods: int
    row: int
    balance_minor: int
    paid_row_minor: int
    late_fee_due_minor: int
    penalty_due_minor: int
    bucket: int
    was_late: bool
    accrued_day: int
    next_due_day: int
    outstanding_principal_minor: int
    nonce_base: int
    nonce_window: int
    carried_interest_minor: int
    impaired_minor: int
    covered_minor: int
    written_off_minor: int
    amendments: int
    mandate_max_minor: int
    mandate_last_day: int


@dataclass(frozen=True)
class Exposure:
    """A subject's open loans and the principal reserved for them."""

    open_loans: int
    reserved_minor: int


@dataclass(frozen=True)
class ProductCaps:
    """What the contract itself caps for a product, whatever both sides sign.

    `methods` has a bit for each method that is offered, `max_term_days` counts from disbursement to the last due day.
    """

    max_rate_ppm: int
    max_upfront_fee_ppm: int
    max_penalty_rate_ppm: int
    max_penalty_days: int
    max_late_fee_minor: int
    max_total_cost_ppm: int
    max_periods: int
    max_principal_minor: int
    min_kyc_level: int
    active: bool
    methods: int
    max_term_days: int


@dataclass(frozen=True)
class Product:
    """The caps in force, and those that wait for their UTC day (None and 0 when none do)."""

    caps: ProductCaps
    next: ProductCaps | None
    next_day: int


@dataclass(frozen=True)
class Facility:
    """What a lender lends on a product: principal outstanding, the most of it, and the most to one borrower."""

    outstanding_minor: int
    max_outstanding_minor: int
    max_borrower_percent: int


@dataclass(frozen=True)
class Position:
    """What a lender has lent in all, and what became of it; principal."""

    outstanding_minor: int
    impaired_minor: int
    lost_minor: int
    recovered_minor: int


class LoanBook(LoanServicing, LoanWorkout, LoanAmendments):
    """The LoanBook of a deployment; what it leaves to its modules is in the classes it is made of."""

    def loan(self, loan: bytes, table: Sequence[Row] = (), block: BlockId = "latest") -> LoanView:
        """The state of a loan as last touched; status NONE when there is no such loan.

        Of a loan by a table the contract reads the open row, and says which one that is; without the table RowMissing.
        """
        try:
            return LoanView(**self.read_one("loan", loan, block=block))
        except ContractError as refused:
            if refused.name != "RowMissing" or not table:
                raise
            row = int(refused.values["row"])
        return LoanView(**self.read_one("loan", loan, table_rows(table, range(row, row + 1)), block=block))

    def owed(self, loan: bytes, day: int, table: Sequence[Row] = (), block: BlockId = "latest") -> Owed:
        """What the loan owes on a day (of its own time zone); a loan by a table needs the whole of it."""
        return Owed(**self.read("owed", *optional((loan, day), words(table)), block=block))

    def position(self, lender: str, block: BlockId = "latest") -> Position:
        """What a lender has lent over all its facilities."""
        return Position(**self.read_one("position", lender, block=block))

    def facility(self, lender: str, product_id: bytes, block: BlockId = "latest") -> Facility:
        """What a lender lends on a product; all zero without a facility."""
        return Facility(**self.read("facility", lender, product_id, block=block))

    def exposure(self, subject: str, block: BlockId = "latest") -> Exposure:
        """Open loans of a subject."""
        return Exposure(**self.read("exposure", subject, block=block))

    def derive_schedule(self, agreement: Agreement, block: BlockId = "latest") -> tuple[list[int], bytes]:
        """The row words and root of a method with a formula, as the contract derives them."""
        derived = self.read("deriveSchedule", agreement, block=block)
        return derived["rows"], derived["root"]

    def verify_table(self, agreement: Agreement, table: Sequence[Row], block: BlockId = "latest") -> bytes:
        """The root of an agreement's table, once the contract has checked every row of it."""
        return bytes(self.read_one("verifyTable", agreement, words(table), block=block))

    def agreement_digest(self, agreement: Agreement, block: BlockId = "latest") -> bytes:
        """The loan id."""
        return bytes(self.read_one("agreementDigest", agreement, block=block))

    def product(self, product_id: bytes, block: BlockId = "latest") -> Product:
        """The caps of a product; all zero when it is unknown."""
        found = self.read("product", product_id, block=block)
        following = ProductCaps(**found["next"]) if found["next_day"] else None
        return Product(ProductCaps(**found["caps"]), following, found["next_day"])

    def originate_call(
        self,
        agreement: Agreement,
        borrower_signer: bytes,
        borrower_signature: bytes,
        lender_signature: bytes,
        table: Sequence[Row] = (),
    ) -> Call:
        """Begin a loan and pay it out; an agreement over a table brings the table."""
        signed = (agreement, borrower_signer, borrower_signature, lender_signature)
        return self.call("originate", *optional(signed, words(table)))

    def repay_call(self, loan: bytes, amount_minor: int, rows: Sequence[TableRow] = ()) -> Call:
        """Pay a loan from the sending account's own cash."""
        return self.call("repay", *optional((loan, amount_minor), rows))

    def repay_by_signature_call(
        self, payment: Payment, signer: bytes, signature: bytes, rows: Sequence[TableRow] = ()
    ) -> Call:
        """Pay a loan from its borrower's cash."""
        return self.call("repayBySignature", *optional((payment, signer, signature), rows))

    def collect_call(self, loans: Sequence[bytes]) -> Call:
        """Collect what is due of loans by a formula, by their mandates."""
        return self.call("collect", list(loans))

    def collect_table_call(self, loan: bytes, rows: Sequence[TableRow]) -> Call:
        """Collect what is due of a loan by a table, by its mandate."""
        return self.call("collect", loan, list(rows))

    def open_facility_call(
        self, lender: str, product_id: bytes, max_outstanding_minor: int, max_borrower_percent: int
    ) -> Call:
        """Let a lender originate on a product, up to a limit (role RISK)."""
        return self.call("openFacility", lender, product_id, max_outstanding_minor, max_borrower_percent)

    def set_product_call(self, product_id: bytes, caps: ProductCaps, from_day: int = 0) -> Call:
        """Set what the contract caps for a product, from a UTC day on or at once (role RISK)."""
        return self.call("setProduct", product_id, tuple(vars(caps).values()), from_day)
