"""Bank entries, the pool and the fund against what the contracts say of the final state."""

from typing import Any

from contracts.recount.cash import NOBODY, Cash
from contracts.recount.findings import shown
from contracts.recount.fund import Fund, RecountedCover
from contracts.recount.pool import Pool
from contracts.recount.views import Views


class MoneyViews(Views):
    """Reads the views of the money contracts and compares them."""

    def compare_money(self, cash: Cash, pool: Pool) -> None:
        """Every balance, bank entry, share, request and valuation."""
        self._compare_cash(cash)
        self._compare_entries(cash)
        self._compare_pool(cash, pool)

    def _compare_cash(self, cash: Cash) -> None:
        for account, balance in cash.balances.items():
            found = self._one("CashToken", "balanceOf", account)
            self._compare(f"cash of {account}", "balance", balance, found)
        self._compare("cash", "totalSupply", cash.total_minor, self._one("CashToken", "totalSupply"))
        booked = self._findings.money_in_minor - self._findings.money_out_minor
        self._compare("cash", "money in less money out", booked, cash.total_minor)

    def _compare_entries(self, cash: Cash) -> None:
        for entry, booked in cash.redemptions.items():
            account = (booked.account, booked.amount_minor)
            nothing = (NOBODY, 0)
            rejected = tuple(self._read("CashToken", "rejectedRedemption", entry).values())
            standing = tuple(self._read("CashToken", "redemption", entry).values())
            subject = f"bank entry {shown(entry)}"
            self._compare(subject, "rejected", account if booked.rejected else nothing, rejected)
            self._compare(subject, "redeemed", nothing if booked.rejected else account, standing)

    def _compare_pool(self, cash: Cash, pool: Pool) -> None:
        self._compare("pool", "totalSupply", pool.supply, self._one("LendingPool", "totalSupply"))
        for holder, shares in pool.shares.items():
            self._compare(f"shares of {holder}", "balance", shares, self._one("LendingPool", "balanceOf", holder))
        pending = {
            "deposits_minor": sum(pool.deposits.values()),
            "redemption_shares": sum(pool.redemptions.values()),
        }
        self._compare("pool", "pending", pending, self._read("LendingPool", "pendingTotals"))
        last = self._read("LendingPool", "lastValuation")
        self._compare("pool", "valued_at", pool.valued_at, last["valued_at"])
        self._compare("pool", "assets_minor", pool.assets_minor, last["assets_minor"])
        first_loss = self._read("LendingPool", "firstLoss")
        self._compare("first loss", "reserve_minor", pool.reserve_minor, first_loss["reserve_minor"])
        self._compare("first loss", "absorbed_minor", pool.absorbed_minor, first_loss["absorbed_minor"])
        self._compare("first loss", "claimable_minor", pool.releasable_minor, first_loss["claimable_minor"])
        self._compare("pool", "safe", pool.safe, self._one("LendingPool", "safe"))
        self._compare("pool", "cash apart", pool.cash_apart_minor, cash.balances[pool.safe])

    def compare_fund(self, cash: Cash, fund: Fund) -> None:
        """Every guarantee of a fund, and its cash."""
        for guarantee, cover in fund.covers.items():
            found: dict[str, Any] = self._one("GuaranteeFund", "cover", guarantee)
            for name, expected in _expected(cover).items():
                self._compare(f"guarantee {shown(guarantee)}", name, expected, found[name])
        for loan in fund.loans:
            found_order = list(self._one("GuaranteeFund", "coversOf", loan))
            self._compare(f"loan {shown(loan)}", "guarantees", fund.covers_of(loan), found_order)
        self._compare("fund", "cash", fund.held_minor, cash.balances[fund.address])


def _expected(cover: RecountedCover) -> dict[str, Any]:
    terms = cover.terms
    return {
        "guarantor": terms.guarantor,
        "lender": terms.lender,
        "released": cover.released,
        "kind": terms.kind,
        "last_day": terms.last_day,
        "loan": cover.loan,
        "cap_minor": terms.max_minor,
        "paid_minor": cover.paid_minor,
        "recovered_minor": cover.recovered_minor,
        "withdrawn_minor": cover.withdrawn_minor,
    }
