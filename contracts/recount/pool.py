"""The pool's shares, requests, valuations and first loss, from its events."""

from collections import Counter
from dataclasses import dataclass

from contracts.clients.address_book import AddressBook
from contracts.clients.created import safe_of
from contracts.clients.events import Event
from contracts.recount.cash import NOBODY, Cash
from contracts.recount.findings import Findings

VIRTUAL_SHARES = 10**6
DAY_SECONDS = 86_400


@dataclass(frozen=True)
class Price:
    """What a valuation found, before anything settled at it: minor units and shares."""

    assets_minor: int
    unvested_minor: int
    shares: int

    def shares_for(self, assets_minor: int) -> int:
        """What assets that enter become: they pay for what has not vested too."""
        return assets_minor * (self.shares + VIRTUAL_SHARES) // (self.assets_minor + 1)

    def assets_for(self, shares: int) -> int:
        """What shares that leave become: nothing of what has not vested."""
        worth = self.assets_minor - self.unvested_minor + 1
        return shares * worth // (self.shares + VIRTUAL_SHARES)


class Pool:
    """One pool. Amounts are minor units, shares numbers."""

    def __init__(self, findings: Findings, cash: Cash, book: AddressBook) -> None:
        self._findings, self._cash = findings, cash
        self.address = book.contracts["LendingPool"]
        self.safe = safe_of(self.address)
        self.shares: Counter[str] = Counter()
        self.deposits: Counter[int] = Counter()
        self.redemptions: Counter[int] = Counter()
        self.unclaimed_minor = 0
        self.valued_at = self.assets_minor = 0
        self.reserve_minor = self.absorbed_minor = self.releasable_minor = 0
        self._price: Price | None = None
        self._left_minor = 0
        self._appliers = {
            "Transfer": self._transfer,
            "DepositRequest": self._request_deposit,
            "RedeemRequest": self._request_redeem,
            "Valued": self._value,
            "DepositsSettled": self._settle_deposits,
            "RedemptionsSettled": self._settle_redemptions,
            "Withdraw": self._withdraw,
            "FirstLossAdded": self._add_first_loss,
            "FirstLossAbsorbed": self._absorb,
            "FirstLossRestored": self._restore,
            "FirstLossReleased": self._release,
            "FirstLossClaimed": self._claim_first_loss,
        }

    def apply(self, event: Event) -> None:
        """Take an event of LendingPool."""
        if event.name in self._appliers:
            self._appliers[event.name](event)

    def end_transaction(self) -> None:
        """A price holds for the transaction that found it."""
        self._price, self._left_minor = None, 0

    @property
    def supply(self) -> int:
        """All shares."""
        return sum(self.shares.values())

    @property
    def cash_apart_minor(self) -> int:
        """What the safe must hold."""
        requested = sum(self.deposits.values())
        return requested + self.unclaimed_minor + self.reserve_minor + self.releasable_minor

    def _transfer(self, event: Event) -> None:
        source, target, value = event.args["from"], event.args["to"], event.args["value"]
        for holder, change in ((source, -value), (target, value)):
            if holder != NOBODY:
                self.shares[holder] += change
        if source != NOBODY and self.shares[source] < 0:
            self._findings.refuse(event, f"shares of {source}", "balance", "not negative", self.shares[source])
        if NOBODY not in (source, target) and self.address not in (source, target):
            self._findings.refuse(event, f"shares of {source}", "transfer", "none", value)

    def _request_deposit(self, event: Event) -> None:
        args = event.args
        self.deposits[args["request_id"]] += args["assets"]
        self._cash.claim(event, f"deposit of {args['controller']}", (args["owner"], self.safe, args["assets"]))

    def _request_redeem(self, event: Event) -> None:
        self.redemptions[event.args["request_id"]] += event.args["shares"]

    def _value(self, event: Event) -> None:
        args, before = event.args, self.valued_at // DAY_SECONDS
        compare = self._findings.compare
        compare(event, "pool", "shares at the valuation", self.supply, args["shares"])
        compare(event, "pool", "day of the valuation", event.timestamp // DAY_SECONDS, args["day"])
        compare(event, "pool", "one valuation a day", True, before < args["day"])
        self._price = Price(args["assets_minor"], args["unvested_minor"], args["shares"])
        self.valued_at, self.assets_minor = event.timestamp, args["assets_minor"]

    def _settle_deposits(self, event: Event) -> None:
        args = event.args
        requested = self.deposits.pop(args["request_id"], 0)
        self._findings.compare(event, f"deposits {args['request_id']}", "assets", requested, args["assets_minor"])
        if self._price is not None:
            expected = self._price.shares_for(requested)
            self._findings.compare(event, f"deposits {args['request_id']}", "shares", expected, args["shares"])
        self.assets_minor += requested
        self._cash.claim(event, f"deposits {args['request_id']}", (self.safe, self.address, requested))

    def _settle_redemptions(self, event: Event) -> None:
        args = event.args
        requested = self.redemptions.pop(args["request_id"], 0)
        subject = f"redemptions {args['request_id']}"
        self._findings.compare(event, subject, "shares", requested, args["shares"])
        self._findings.compare(event, subject, "assets", self._assets_for(requested), args["assets_minor"])
        self.assets_minor -= args["assets_minor"]
        self.unclaimed_minor += args["assets_minor"]
        self._left_minor += args["assets_minor"]

    def _assets_for(self, shares: int) -> int | None:
        """At the price of the valuation; the last shares leave with all of the pool's cash."""
        if self._price is not None and shares == self.supply:
            return self._cash.balances[self.address] - self._left_minor
        return self._price.assets_for(shares) if self._price else None

    def _withdraw(self, event: Event) -> None:
        args = event.args
        self.unclaimed_minor -= args["assets"]
        self._cash.claim(event, f"redemption of {args['owner']}", (self.safe, args["receiver"], args["assets"]))
        if self.unclaimed_minor < 0:
            self._findings.refuse(event, f"redemption of {args['owner']}", "assets", "settled", args["assets"])

    def _add_first_loss(self, event: Event) -> None:
        self.reserve_minor += event.args["amount_minor"]
        movement = (event.args["sponsor"], self.safe, event.args["amount_minor"])
        self._cash.claim(event, "first loss", movement)

    def _absorb(self, event: Event) -> None:
        self._shift_reserve(event, -event.args["amount_minor"], (self.safe, self.address))

    def _restore(self, event: Event) -> None:
        self._shift_reserve(event, event.args["amount_minor"], (self.address, self.safe))

    def _shift_reserve(self, event: Event, change_minor: int, way: tuple[str, str]) -> None:
        self.reserve_minor += change_minor
        self.absorbed_minor -= change_minor
        self._cash.claim(event, "first loss", (*way, abs(change_minor)))
        within = self.reserve_minor >= 0 and self.absorbed_minor >= 0
        self._findings.compare(event, "first loss", "within the reserve", True, within)

    def _release(self, event: Event) -> None:
        self.reserve_minor -= event.args["amount_minor"]
        self.releasable_minor += event.args["amount_minor"]

    def _claim_first_loss(self, event: Event) -> None:
        self.releasable_minor -= event.args["amount_minor"]
        movement = (self.safe, event.args["sponsor"], event.args["amount_minor"])
        self._cash.claim(event, "first loss", movement)
