"""LendingPool: pooled money whose agreements an underwriting key signs."""

from dataclasses import dataclass

from contracts.clients.contract import BlockId, Call, ContractClient


@dataclass(frozen=True)
class Valuation:
    """The pool as last valued: instants in UTC seconds, amounts in minor units."""

    valued_at: int
    assets_minor: int
    unvested: int
    vested_at: int


@dataclass(frozen=True)
class FirstLoss:
    """Who stands for the first loss of a pool, and how much is left of it, in minor units."""

    sponsor: str
    minimum_minor: int
    reserve_minor: int
    absorbed_minor: int
    borne_minor: int
    claimable_minor: int


class LendingPool(ContractClient):
    """The LendingPool of a deployment."""

    contract = "LendingPool"

    def total_assets(self, block: BlockId = "latest") -> int:
        """Cash and principal outstanding less what of it is impaired, minor units."""
        return int(self.read_one("totalAssets", block=block))

    def unvested(self, block: BlockId = "latest") -> int:
        """Gains that do not belong to the shares yet, minor units."""
        return int(self.read_one("unvestedMinor", block=block))

    def total_supply(self, block: BlockId = "latest") -> int:
        """All shares."""
        return int(self.read_one("totalSupply", block=block))

    def shares_of(self, account: str, block: BlockId = "latest") -> int:
        """Shares of an account."""
        return int(self.read_one("balanceOf", account, block=block))

    def worth_of(self, shares: int, block: BlockId = "latest") -> int:
        """What a valuation now would pay for shares, minor units."""
        return int(self.read_one("convertToAssets", shares, block=block))

    def underwriter(self, key: str, block: BlockId = "latest") -> int:
        """Until when, UTC seconds, a key may sign for the pool; 0 when it may not."""
        return int(self.read_one("underwriter", key, block=block))

    def is_depositor(self, account: str, block: BlockId = "latest") -> bool:
        """Whether an account is admitted."""
        return bool(self.read_one("isDepositor", account, block=block))

    def safe(self, block: BlockId = "latest") -> str:
        """Where cash lies that is not the pool's own."""
        return str(self.read_one("safe", block=block))

    def loan_books(self, block: BlockId = "latest") -> tuple[str, ...]:
        """Where the pool's loans are kept."""
        return tuple(self.read_one("loanBooks", block=block))

    def last_valuation(self, block: BlockId = "latest") -> Valuation:
        """The last valuation; all 0 before the first."""
        return Valuation(**self.read("lastValuation", block=block))

    def first_loss(self, block: BlockId = "latest") -> FirstLoss:
        """The first loss; the sponsor is the zero address when nobody stands for it."""
        return FirstLoss(**self.read("firstLoss", block=block))

    def claimable_deposit(self, controller: str, block: BlockId = "latest") -> int:
        """Requested assets whose shares can be claimed, minor units."""
        return int(self.read_one("maxDeposit", controller, block=block))

    def claimable_redemption(self, controller: str, block: BlockId = "latest") -> int:
        """Requested shares whose cash can be claimed."""
        return int(self.read_one("maxRedeem", controller, block=block))

    def set_underwriter_call(self, key: str, valid_until: int) -> Call:
        """Let a key sign for the pool until an instant (role UNDERWRITING_ADMIN)."""
        return self.call("setUnderwriter", key, valid_until)

    def set_depositor_call(self, account: str, admitted: bool) -> Call:
        """Admit a depositor, or no longer (role TREASURER)."""
        return self.call("setDepositor", account, admitted)

    def set_loan_book_call(self, loan_book: str, listed: bool) -> Call:
        """Count a LoanBook's loans among the assets, or no longer (role BOOKKEEPER)."""
        return self.call("setLoanBook", loan_book, listed)

    def set_sponsor_call(self, sponsor: str, minimum_minor: int) -> Call:
        """Name who stands for the first loss and what it leaves in (role RISK)."""
        return self.call("setSponsor", sponsor, minimum_minor)

    def valuate_call(self) -> Call:
        """Value the pool and settle what is due, once a UTC day."""
        return self.call("valuate")

    def request_deposit_call(self, amount_minor: int, controller: str, owner: str) -> Call:
        """Bring cash that becomes shares at a later valuation."""
        return self.call("requestDeposit", amount_minor, controller, owner)

    def deposit_call(self, amount_minor: int, receiver: str) -> Call:
        """Claim the shares that a settled request of the sending account became."""
        return self.call("deposit", amount_minor, receiver)

    def request_redeem_call(self, shares: int, controller: str, owner: str) -> Call:
        """Bring shares that become cash at a later valuation."""
        return self.call("requestRedeem", shares, controller, owner)

    def redeem_call(self, shares: int, receiver: str, controller: str) -> Call:
        """Claim the cash that shares of a settled request became."""
        return self.call("redeem", shares, receiver, controller)

    def add_first_loss_call(self, amount_minor: int) -> Call:
        """Put the sponsor's cash apart for the first loss."""
        return self.call("addFirstLoss", amount_minor)

    def request_first_loss_withdrawal_call(self, amount_minor: int) -> Call:
        """Ask for the sponsor's cash back; 0 withdraws the request."""
        return self.call("requestFirstLossWithdrawal", amount_minor)

    def claim_first_loss_call(self) -> Call:
        """Pay the sponsor what was released to it."""
        return self.call("claimFirstLoss")
