"""LoanBook: new terms for what is left of a loan."""

from collections.abc import Sequence

from contracts.clients.contract import Call, ContractClient
from contracts.clients.table import words
from contracts.schedule import Row
from contracts.typed_data import Amendment


class LoanAmendments(ContractClient):
    """Amendments that both sides signed."""

    contract = "LoanBook"

    def amend_call(
        self,
        amendment: Amendment,
        borrower_signer: bytes,
        borrower_signature: bytes,
        lender_signature: bytes,
        old_table: Sequence[Row] = (),
        new_table: Sequence[Row] = (),
    ) -> Call:
        """Put what is left of a loan under new terms; each table is the whole of it, and none for a formula."""
        signed = (amendment, borrower_signer, borrower_signature, lender_signature)
        return self.call("amend", *signed, words(old_table), words(new_table))
