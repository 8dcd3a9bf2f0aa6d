"""Double entry: what each event of a loan does to the lender's books, by the figures of the event alone.

Income is booked when it is paid: interest, fees and penalties, and what an amendment adds to the principal. What is
waived was never income and is only remembered.
"""

from collections import Counter
from collections.abc import Mapping
from enum import StrEnum
from typing import Any

from contracts.typed_data import Agreement

Figures = Mapping[str, Any]
"""An event's members by snake_case name; amounts in minor units."""


class Account(StrEnum):
    """Accounts of a loan in its lender's books: what it has is positive, what it earned negative."""

    CASH = "cash"
    PRINCIPAL = "principal receivable"
    INTEREST = "interest income"
    LATE_FEE = "late fee income"
    PENALTY = "penalty income"
    UPFRONT_FEE = "upfront fee income"
    CAPITALISED = "capitalised interest and charges"
    WRITTEN_OFF = "written off"
    RECOVERED = "recovered"
    GUARANTEES = "borne by guarantees"


Entry = dict[Account, int]
"""What one event posts: debits positive, credits negative, together nothing."""


class Books:
    """The accounts of one loan."""

    def __init__(self) -> None:
        self.balances: Counter[Account] = Counter()
        self.entries = 0
        self.waived_minor = 0

    def post(self, entry: Entry) -> int:
        """Book an entry; what it lacks to balance."""
        for account, amount in entry.items():
            self.balances[account] += amount
        self.entries += 1
        return sum(entry.values())


def of_origination(agreement: Agreement) -> Entry:
    """The principal is lent; the fee is kept."""
    fee, principal = agreement.upfront_fee_minor, agreement.principal_minor
    return {Account.PRINCIPAL: principal, Account.CASH: fee - principal, Account.UPFRONT_FEE: -fee}


def of_payment(args: Figures, to_fund_minor: int, *, written_off: bool) -> Entry:
    """Charges and interest are earned; principal comes back to the lender, or was lost and is recovered."""
    back = Account.RECOVERED if written_off else Account.PRINCIPAL
    return _earned(args) | {
        Account.CASH: args["amount_minor"] - to_fund_minor,
        back: to_fund_minor - args["principal_minor"],
    }


def of_settlement(args: Figures, lent_minor: int, to_fund_minor: int, *, written_off: bool) -> Entry:
    """As a payment of everything; interest that was paid ahead and not earned is given back."""
    principal, rebate = args["principal_minor"], args["rebate_minor"]
    parts = (args[part] for part in ("late_fee_minor", "penalty_minor", "interest_minor"))
    entry = _earned(args) | {Account.CASH: principal - rebate + sum(parts) - to_fund_minor}
    if written_off:
        return entry | {Account.RECOVERED: to_fund_minor + rebate - principal}
    entry[Account.INTEREST] += rebate
    return entry | {Account.PRINCIPAL: -lent_minor, Account.GUARANTEES: to_fund_minor + lent_minor - principal}


def of_cancellation(args: Figures, agreement: Agreement, lent_minor: int) -> Entry:
    """The fee is given back; what is paid beyond the principal is the cost of the days."""
    fee, amount = agreement.upfront_fee_minor, args["amount_minor"]
    return {
        Account.CASH: amount,
        Account.PRINCIPAL: -lent_minor,
        Account.UPFRONT_FEE: fee,
        Account.INTEREST: lent_minor - fee - amount,
    }


def of_unwinding(args: Figures, agreement: Agreement) -> Entry:
    """As if it had not been lent."""
    fee = agreement.upfront_fee_minor
    return {Account.CASH: args["amount_minor"], Account.PRINCIPAL: -agreement.principal_minor, Account.UPFRONT_FEE: fee}


def of_return(args: Figures, *, written_off: bool) -> Entry:
    """What a payment had earned and paid back is not, after all; the lender alone bears it."""
    entry = {account: -amount for account, amount in _earned(args).items()}
    parts = ("late_fee_minor", "penalty_minor", "interest_minor", "principal_minor")
    again = Account.WRITTEN_OFF if written_off else Account.PRINCIPAL
    return entry | {Account.CASH: -sum(args[part] for part in parts), again: args["principal_minor"]}


def of_cover(amount_minor: int, *, written_off: bool) -> Entry:
    """A guarantee has paid some of the principal, or of what was lost of it."""
    return {Account.CASH: amount_minor, Account.RECOVERED if written_off else Account.PRINCIPAL: -amount_minor}


def of_write_off(principal_minor: int) -> Entry:
    """The lender no longer counts on it."""
    return {Account.WRITTEN_OFF: principal_minor, Account.PRINCIPAL: -principal_minor}


def of_amendment(capitalised_minor: int, top_up_minor: int, rebate_minor: int, fee_minor: int) -> Entry:
    """Claims join the principal, new money is lent, interest that was paid ahead and not earned is given back."""
    return {
        Account.PRINCIPAL: capitalised_minor + top_up_minor - rebate_minor,
        Account.CAPITALISED: -capitalised_minor,
        Account.CASH: fee_minor - top_up_minor,
        Account.UPFRONT_FEE: -fee_minor,
        Account.INTEREST: rebate_minor,
    }


def _earned(args: Figures) -> Entry:
    return {
        Account.LATE_FEE: -args["late_fee_minor"],
        Account.PENALTY: -args["penalty_minor"],
        Account.INTEREST: -args["interest_minor"],
    }
