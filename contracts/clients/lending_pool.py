"""LendingPool: pooled money whose agreements an underwriting key signs."""

from contracts.clients.contract import BlockId, Call, ContractClient


class LendingPool(ContractClient):
    """The LendingPool of a deployment."""

    contract = "LendingPool"

    def total_assets(self, block: BlockId = "latest") -> int:
        """Cash and principal outstanding, minor units."""
        return int(self.read_one("totalAssets", block=block))

    def total_supply(self, block: BlockId = "latest") -> int:
        """All shares."""
        return int(self.read_one("totalSupply", block=block))

    def shares_of(self, account: str, block: BlockId = "latest") -> int:
        """Shares of an account."""
        return int(self.read_one("balanceOf", account, block=block))

    def underwriter(self, key: str, block: BlockId = "latest") -> int:
        """Until when, UTC seconds, a key may sign for the pool; 0 when it may not."""
        return int(self.read_one("underwriter", key, block=block))

    def set_underwriter_call(self, key: str, valid_until: int) -> Call:
        """Let a key sign for the pool until an instant (role UNDERWRITING_ADMIN)."""
        return self.call("setUnderwriter", key, valid_until)

    def deposit_call(self, amount_minor: int, receiver: str) -> Call:
        """Put cash into the pool against shares (role TREASURER)."""
        return self.call("deposit", amount_minor, receiver)

    def redeem_call(self, shares: int, receiver: str, owner: str) -> Call:
        """Take cash out of the pool against shares (role TREASURER)."""
        return self.call("redeem", shares, receiver, owner)
