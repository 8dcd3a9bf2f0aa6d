"""What a LendingPool must do, in plain Python: requests by periods, valuations, vesting gains, a first loss."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from tests.contracts.fund.model import Refusal

DAY_SECONDS = 86_400
NOTICE, VESTING = 7 * DAY_SECONDS, 30 * DAY_SECONDS
VIRTUAL_SHARES = 10**6
MAX_SETTLEMENTS = 16


@dataclass
class Lent:
    """What the LoanBook says of the pool's loans, minor units."""

    outstanding: int
    impaired: int
    lost: int
    recovered: int

    @property
    def net_loss(self) -> int:
        """Lost and not recovered."""
        return self.lost - self.recovered


@dataclass
class Period:
    """Requests that settle together."""

    requests: dict[str, int] = field(default_factory=dict)
    last_at: int = 0

    @property
    def total(self) -> int:
        """What they bring."""
        return sum(self.requests.values())


class Requests:
    """Requests of one kind, and what of each settled one is left to claim."""

    def __init__(self) -> None:
        self.open = Period()
        self.closed: list[Period] = []
        self.claims: dict[str, tuple[int, int]] = {}
        """Of a controller: what is left of its request, and of what that was granted."""

    @property
    def waiting(self) -> int:
        """What is requested and not settled."""
        return sum(period.total for period in [*self.closed, self.open])

    def add(self, controller: str, amount: int, now: int) -> None:
        """One request at a time; more of it while its period is open."""
        if not amount:
            raise Refusal("ZeroRequest")
        if controller in self.claims or any(controller in period.requests for period in self.closed):
            raise Refusal("RequestOpen")
        self.open.requests[controller] = self.open.requests.get(controller, 0) + amount
        self.open.last_at = now

    def close(self) -> None:
        """What comes next is another period."""
        if self.open.requests:
            self.closed.append(self.open)
            self.open = Period()

    def due(self, now: int) -> Iterator[Period]:
        """Whose notice is over, in order; each is settled before the next is looked at."""
        for _ in range(MAX_SETTLEMENTS):
            if not self.closed or self.closed[0].last_at + NOTICE > now:
                return
            yield self.closed[0]

    def settle(self, granted: int) -> None:
        """The first closed period."""
        period = self.closed.pop(0)
        for controller, requested in period.requests.items():
            self.claims[controller] = requested, granted * requested // period.total

    def take(self, controller: str, requested: int) -> int:
        """Claim part of a request: what it was granted."""
        left, granted = self.claims.get(controller, (0, 0))
        if not 0 < requested <= left:
            raise Refusal("ClaimTooLarge")
        part = granted * requested // left
        self.claims[controller] = left - requested, granted - part
        if left == requested:
            del self.claims[controller]
        return part


class Pool:
    """Shares, cash, valuations. Amounts are minor units."""

    def __init__(self, shares: dict[str, int], cash: int) -> None:
        self.shares, self.cash = dict(shares), cash
        self.deposits, self.redemptions = Requests(), Requests()
        self.supply, self.pledged, self.unclaimed = sum(shares.values()), 0, 0
        self.assets = self.valued_at = self.vested_at = self.unvested = 0
        self.reserve = self.absorbed = self.borne = self.claimable = self.minimum = self.seen = 0
        self.wanted = self.wanted_at = 0

    @property
    def safe(self) -> int:
        """Cash that is not the shares'."""
        return self.deposits.waiting + self.unclaimed + self.reserve + self.claimable

    def request_deposit(self, who: str, amount: int, now: int, lent: Lent) -> None:
        """Into an empty pool it settles at once."""
        first = self.supply == 0 and self.deposits.waiting == 0
        self.deposits.add(who, amount, now)
        if first:
            self.deposits.close()
            assets = self.cash + lent.outstanding - lent.impaired
            self._enter(amount, amount * VIRTUAL_SHARES // (assets + 1))

    def request_redeem(self, who: str, shares: int, now: int) -> None:
        """The shares are the pool's to burn from now on."""
        self.redemptions.add(who, shares, now)
        self.shares[who] -= shares
        self.pledged += shares

    def add_first_loss(self, amount: int, lent: Lent) -> None:
        """For what is lost from now on."""
        self._bear(lent)
        self.reserve += amount

    def ask_first_loss(self, amount: int, now: int) -> None:
        """A later request replaces an earlier one."""
        self.wanted, self.wanted_at = amount, now

    def claim_shares(self, who: str, assets: int) -> None:
        """So many settled assets' shares."""
        shares = self.deposits.take(who, assets)
        self.shares[who] += shares
        self.pledged -= shares

    def claim_cash(self, who: str, shares: int) -> int:
        """So many settled shares' cash."""
        paid = self.redemptions.take(who, shares)
        self.unclaimed -= paid
        return paid

    def valuate(self, now: int, lent: Lent) -> None:
        """Losses, then who enters, then who leaves, then the sponsor."""
        if self.valued_at // DAY_SECONDS == now // DAY_SECONDS:
            raise Refusal("ValuedToday")
        self.deposits.close()
        self.redemptions.close()
        self._bear(lent)
        assets, unvested, vested_at = self.appraise(now, lent)
        supply = self.supply
        self.assets = assets
        for period in self.deposits.due(now):
            brought = period.total
            self._enter(brought, brought * (supply + VIRTUAL_SHARES) // (assets + 1))
        for period in self.redemptions.due(now):
            shares = period.total
            paid = shares * (assets - unvested + 1) // (supply + VIRTUAL_SHARES)
            if paid > self.cash:
                break
            if shares == self.supply:
                paid = self.cash
            self.redemptions.settle(paid)
            self.supply -= shares
            self.pledged -= shares
            self.cash -= paid
            self.unclaimed += paid
            self.assets -= paid
        self.valued_at, self.vested_at, self.unvested = now, vested_at, min(unvested, self.assets)
        self._release(now, lent)

    def appraise(self, now: int, lent: Lent) -> tuple[int, int, int]:
        """Assets, what of them is not vested, and when it is."""
        assets = self.cash + lent.outstanding - lent.impaired
        left = max(0, self.vested_at - now)
        unvested = self.unvested * left // (self.vested_at - self.valued_at) if left else 0
        gain = assets - self.assets
        if gain > 0:
            left = (unvested * left + gain * VESTING) // (unvested + gain)
            unvested += gain
        else:
            unvested = max(0, unvested + gain)
        return assets, min(unvested, assets), now + left

    def _enter(self, brought: int, shares: int) -> None:
        self.deposits.settle(shares)
        self.supply += shares
        self.pledged += shares
        self.cash += brought
        self.assets += brought

    def _bear(self, lent: Lent) -> None:
        """Losses are the reserve's first; recoveries are the pool's first, of what it lost itself."""
        change = lent.net_loss - self.seen
        if change > 0:
            paid = min(change, self.reserve)
            self._shift(-paid)
            self.borne += change - paid
            self.seen = lent.net_loss
        elif change < 0:
            to_pool = min(-change, self.borne)
            due = min(-change - to_pool, self.absorbed)
            given = min(due, self.cash)
            self.borne -= to_pool
            self._shift(given)
            self.seen = lent.net_loss + due - given

    def _shift(self, to_reserve: int) -> None:
        self.reserve += to_reserve
        self.absorbed -= to_reserve
        self.cash -= to_reserve

    def _release(self, now: int, lent: Lent) -> None:
        if self.wanted and self.wanted_at + NOTICE <= now:
            released = min(self.wanted, max(0, self.reserve - self.minimum - lent.impaired))
            self.reserve -= released
            self.claimable += released
            self.wanted = 0
