"""LoanBook: loans from origination to the last instalment."""

from dataclasses import dataclass

from contracts.clients.contract import BlockId, Call, ContractClient
from contracts.loan import Owed
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
    next_due_day: int
    outstanding_principal_minor: int
    nonce_base: int
    nonce_window: int


@dataclass(frozen=True)
class Exposure:
    """A subject's open loans and the principal reserved for them."""

    open_loans: int
    reserved_minor: int


@dataclass(frozen=True)
class ProductCaps:
    """What the contract itself caps for a product, whatever both sides sign."""

    max_rate_ppm: int
    max_upfront_fee_ppm: int
    max_penalty_rate_ppm: int
    max_late_fee_minor: int
    max_periods: int
    max_principal_minor: int
    min_kyc_level: int
    active: bool


class LoanBook(ContractClient):
    """The LoanBook of a deployment."""

    contract = "LoanBook"

    def loan(self, loan: bytes, block: BlockId = "latest") -> LoanView:
        """The state of a loan as last touched; status NONE when there is no such loan."""
        return LoanView(**self.read_one("loan", loan, block=block))

    def owed(self, loan: bytes, day: int, block: BlockId = "latest") -> Owed:
        """What the loan owes on a day (of its own time zone)."""
        return Owed(**self.read("owed", loan, day, block=block))

    def outstanding(self, lender: str, block: BlockId = "latest") -> int:
        """Principal outstanding of a lender over all its loans, minor units."""
        return int(self.read_one("outstanding", lender, block=block))

    def exposure(self, subject: str, block: BlockId = "latest") -> Exposure:
        """Open loans of a subject."""
        return Exposure(**self.read("exposure", subject, block=block))

    def derive_schedule(self, agreement: Agreement, block: BlockId = "latest") -> tuple[list[int], bytes]:
        """The schedule's row words and root, as the contract derives them."""
        derived = self.read("deriveSchedule", agreement, block=block)
        return derived["rows"], derived["root"]

    def agreement_digest(self, agreement: Agreement, block: BlockId = "latest") -> bytes:
        """The loan id."""
        return bytes(self.read_one("agreementDigest", agreement, block=block))

    def product(self, product_id: bytes, block: BlockId = "latest") -> ProductCaps:
        """The caps of a product; all zero when it is unknown."""
        return ProductCaps(**self.read_one("product", product_id, block=block))

    def lender_id_of(self, lender: str, block: BlockId = "latest") -> int:
        """0 when the lender is not registered."""
        return int(self.read_one("lenderIdOf", lender, block=block))

    def originate_call(
        self, agreement: Agreement, borrower_signer: bytes, borrower_signature: bytes, lender_signature: bytes
    ) -> Call:
        """Begin a loan and pay it out."""
        return self.call("originate", agreement, borrower_signer, borrower_signature, lender_signature)

    def repay_call(self, loan: bytes, amount_minor: int) -> Call:
        """Pay a loan from the sending account's own cash."""
        return self.call("repay", loan, amount_minor)

    def repay_by_signature_call(self, payment: Payment, signer: bytes, signature: bytes) -> Call:
        """Pay a loan from its borrower's cash."""
        return self.call("repayBySignature", payment, signer, signature)

    def record_arrears_call(self, loan: bytes) -> Call:
        """Record that a loan has moved to another arrears bucket."""
        return self.call("recordArrears", loan)

    def register_lender_call(self, lender: str) -> Call:
        """Let a lender originate (role RISK)."""
        return self.call("registerLender", lender)

    def set_product_call(self, product_id: bytes, caps: ProductCaps) -> Call:
        """Set what the contract caps for a product (role RISK)."""
        return self.call("setProduct", product_id, tuple(vars(caps).values()))
