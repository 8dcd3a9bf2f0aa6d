"""What depositors of a pool do, in one line each."""

from typing import Any

from scripts.workbench.evm import Receipt
from scripts.workbench.system import DAY_SECONDS, System

NOTICE_DAYS = 7
VESTING_DAYS = 30
SHARES = 10**6
"""Shares for a minor unit at the price of an empty pool."""


class Depositor:
    """An institution that is admitted to the pool."""

    def __init__(self, system: System, name: str) -> None:
        self._system, self.account = system, system.role(name)

    @classmethod
    def admitted(cls, system: System, name: str, cash_minor: int) -> "Depositor":
        """Registered, admitted and with cash that the pool may draw."""
        depositor = cls(system, name)
        if not system.read("IdentityRegistry", "standing", depositor.account)["registered"]:
            registrar = system.role("registrar")
            system.send("IdentityRegistry", "registerInstitution", depositor.account, sender=registrar)
        values = (depositor.account, True)
        system.send("LendingPool", "setDepositor", *values, sender=system.role("treasurer"))
        if cash_minor:
            system.mint(depositor.account, cash_minor)
        depositor.approve()
        return depositor

    @property
    def cash(self) -> int:
        """Minor units at hand."""
        return self._system.cash(self.account)

    @property
    def shares(self) -> int:
        """Shares at hand."""
        return int(self._system.read("LendingPool", "balanceOf", self.account))

    def approve(self) -> None:
        """Let the pool draw."""
        self._system.send("CashToken", "approve", self._system.contracts["LendingPool"], 2**200, sender=self.account)

    def send(self, name: str, *values: Any) -> Receipt:
        """An act at the pool."""
        return self._system.send("LendingPool", name, *values, sender=self.account)

    def request_deposit(self, amount_minor: int) -> Receipt:
        """Bring cash."""
        return self.send("requestDeposit", amount_minor, self.account, self.account)

    def request_redeem(self, shares: int | None = None) -> Receipt:
        """Bring shares, by default all."""
        shares = self.shares if shares is None else shares
        return self.send("requestRedeem", shares, self.account, self.account)

    def claim_shares(self) -> int:
        """Claim everything that became shares; how many."""
        before = self.shares
        self.send("deposit", self._system.read("LendingPool", "maxDeposit", self.account), self.account)
        return self.shares - before

    def claim_cash(self) -> int:
        """Claim everything that became cash; how much."""
        before = self.cash
        shares = self._system.read("LendingPool", "maxRedeem", self.account)
        self.send("redeem", shares, self.account, self.account)
        return self.cash - before


def valuate(system: System) -> list[tuple[str, dict[str, Any]]]:
    """Value the pool; the events of it."""
    return system.events(system.send("LendingPool", "valuate"))


def wait(system: System, days: int) -> None:
    """Let days pass."""
    system.evm.go_to(system.evm.timestamp + days * DAY_SECONDS)


def settle(system: System) -> list[tuple[str, dict[str, Any]]]:
    """Let the notice of what was requested pass and settle it; the events."""
    wait(system, NOTICE_DAYS)
    return valuate(system)
