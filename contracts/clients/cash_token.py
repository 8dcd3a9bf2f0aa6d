"""CashToken: tokenised bank money, two decimals."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Self

from contracts.clients.contract import BlockId, Call, ContractClient
from contracts.typed_data import Redemption

NOBODY = "0x" + "00" * 20


@dataclass(frozen=True)
class BookedRedemption:
    """Whose cash left for its bank, and how much (minor units)."""

    subject: str
    amount_minor: int

    @classmethod
    def of(cls, found: Mapping[str, Any]) -> Self | None:
        """From what the contract returns: nobody when there is none."""
        return None if found["subject"] == NOBODY else cls(found["subject"], int(found["amount_minor"]))


class CashToken(ContractClient):
    """The CashToken of a deployment."""

    contract = "CashToken"

    def balance_of(self, account: str, block: BlockId = "latest") -> int:
        """Cash of an account, minor units."""
        return int(self.read_one("balanceOf", account, block=block))

    def total_supply(self, block: BlockId = "latest") -> int:
        """All cash, minor units."""
        return int(self.read_one("totalSupply", block=block))

    def entry_used(self, entry: bytes, block: BlockId = "latest") -> bool:
        """Whether a bank entry was booked."""
        return bool(self.read_one("entryUsed", entry, block=block))

    def is_loan_book(self, address: str, block: BlockId = "latest") -> bool:
        """Whether a contract may move cash by the orders it has checked."""
        return bool(self.read_one("isLoanBook", address, block=block))

    def is_escrow(self, address: str, block: BlockId = "latest") -> bool:
        """Whether a fund may take cash into itself and pay it out by the orders it has checked."""
        return bool(self.read_one("isEscrow", address, block=block))

    def ordered_redemption(self, institution: str, entry: bytes, block: BlockId = "latest") -> int:
        """What an institution has ordered to be paid out and RAILS has not booked, minor units."""
        return int(self.read_one("orderedRedemption", institution, entry, block=block))

    def redemption(self, entry: bytes, block: BlockId = "latest") -> BookedRedemption | None:
        """The redemption that stands under a bank entry."""
        return BookedRedemption.of(self.read("redemption", entry, block=block))

    def rejected_redemption(self, entry: bytes, block: BlockId = "latest") -> BookedRedemption | None:
        """The redemption under a bank entry that the bank gave back."""
        return BookedRedemption.of(self.read("rejectedRedemption", entry, block=block))

    def mint_call(self, to: str, amount_minor: int, entry: bytes) -> Call:
        """Book an incoming bank entry, once (role RAILS)."""
        return self.call("mint", to, amount_minor, entry)

    def redeem_call(self, redemption: Redemption, signer: bytes, signature: bytes) -> Call:
        """Burn a subject's cash against a bank payout (role RAILS)."""
        return self.call("redeem", redemption, signer, signature)

    def order_redemption_call(self, amount_minor: int, entry: bytes) -> Call:
        """Order a payout of the sending institution's own cash; 0 withdraws the order."""
        return self.call("orderRedemption", amount_minor, entry)

    def redeem_ordered_call(self, institution: str, entry: bytes) -> Call:
        """Burn an institution's cash against a bank payout that it ordered (role RAILS)."""
        return self.call("redeemOrdered", institution, entry)

    def reject_redemption_call(self, entry: bytes) -> Call:
        """Book that the bank gave a payout back (role RAILS)."""
        return self.call("rejectRedemption", entry)

    def set_escrow_call(self, escrow: str, listed: bool) -> Call:
        """List or unlist a fund (role BOOKKEEPER)."""
        return self.call("setEscrow", escrow, listed)

    def set_loan_book_call(self, loan_book: str, listed: bool) -> Call:
        """List or unlist a LoanBook (role BOOKKEEPER)."""
        return self.call("setLoanBook", loan_book, listed)

    def transfer_call(self, to: str, amount_minor: int) -> Call:
        """Move the sending account's cash to another party in standing."""
        return self.call("transfer", to, amount_minor)

    def approve_call(self, spender: str, amount_minor: int) -> Call:
        """Let a spender, such as the pool at a deposit, draw on the sending account's cash."""
        return self.call("approve", spender, amount_minor)
