"""CashToken: tokenised bank money, two decimals."""

from contracts.clients.contract import BlockId, Call, ContractClient
from contracts.typed_data import Redemption


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

    def mint_call(self, to: str, amount_minor: int, entry: bytes) -> Call:
        """Book an incoming bank entry, once (role RAILS)."""
        return self.call("mint", to, amount_minor, entry)

    def redeem_call(self, redemption: Redemption, signer: bytes, signature: bytes) -> Call:
        """Burn a subject's cash against a bank payout (role RAILS)."""
        return self.call("redeem", redemption, signer, signature)

    def set_loan_book_call(self, loan_book: str, listed: bool) -> Call:
        """List or unlist a LoanBook (role BOOKKEEPER)."""
        return self.call("setLoanBook", loan_book, listed)

    def transfer_call(self, to: str, amount_minor: int) -> Call:
        """Move the sending account's cash to another party in standing."""
        return self.call("transfer", to, amount_minor)

    def approve_call(self, spender: str, amount_minor: int) -> Call:
        """Let a spender, such as the pool at a deposit, draw on the sending account's cash."""
        return self.call("approve", spender, amount_minor)
