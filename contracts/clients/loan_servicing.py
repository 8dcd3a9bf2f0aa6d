"""LoanBook beside ordinary payments: mandates, early settlement, withdrawal, value dates, returns."""

from collections.abc import Sequence
from typing import Any

from contracts.clients.contract import BlockId, Call, ContractClient
from contracts.clients.table import TableRow, optional, words
from contracts.loan import Payoff
from contracts.schedule import Row
from contracts.typed_data import Agreement, Cancellation, Mandate, Settlement


class LoanServicing(ContractClient):
    """What happens to a loan beside its ordinary payments; `table` is the whole table of a loan by a table."""

    contract = "LoanBook"

    def payoff(self, loan: bytes, day: int, table: Sequence[Row] = (), block: BlockId = "latest") -> Payoff:
        """What settles the loan on a day (of its own time zone) if nothing is paid before."""
        found: dict[str, Any] = dict(self.read_one("payoff", *optional((loan, day), words(table)), block=block))
        del found["total_minor"]
        return Payoff(**found)

    def record_arrears_call(self, loan: bytes, rows: Sequence[TableRow] = ()) -> Call:
        """Record that a loan has moved to another arrears bucket."""
        return self.call("recordArrears", *optional((loan,), rows))

    def set_mandate_call(self, mandate: Mandate, signer: bytes, signature: bytes) -> Call:
        """Let what is due be collected, or with an amount of 0 no longer."""
        return self.call("setMandate", mandate, signer, signature)

    def settle_call(self, loan: bytes, max_amount_minor: int, table: Sequence[Row] = ()) -> Call:
        """Pay a loan off at the payoff of the day from the sending account's own cash."""
        return self.call("settle", *optional((loan, max_amount_minor), words(table)))

    def settle_by_signature_call(
        self, settlement: Settlement, signer: bytes, signature: bytes, table: Sequence[Row] = ()
    ) -> Call:
        """Pay a loan off from its borrower's cash."""
        return self.call("settleBySignature", *optional((settlement, signer, signature), words(table)))

    def cancel_by_signature_call(
        self,
        cancellation: Cancellation,
        agreement: Agreement,
        signer: bytes,
        signature: bytes,
        table: Sequence[Row] = (),
    ) -> Call:
        """Withdraw from a loan within its cooling-off days."""
        arguments = (cancellation, agreement, signer, signature)
        return self.call("cancelBySignature", *optional(arguments, words(table)))

    def repay_valued_call(
        self, loan: bytes, amount_minor: int, value_day: int, entry: bytes, rows: Sequence[TableRow] = ()
    ) -> Call:
        """Pay a loan by a bank entry of a value day (of the loan's time zone; role RAILS)."""
        return self.call("repayValued", *optional((loan, amount_minor, value_day, entry), rows))

    def return_payment_call(self, loan: bytes, entry: bytes, table: Sequence[Row] = ()) -> Call:
        """Take back what a bank entry had paid, because the bank took it back (role RAILS)."""
        return self.call("returnPayment", *optional((loan, entry), words(table)))

    def unwind_call(self, loan: bytes, agreement: Agreement, entry: bytes) -> Call:
        """Undo a loan whose payout the bank rejected (role RAILS)."""
        return self.call("unwind", loan, agreement, entry)
