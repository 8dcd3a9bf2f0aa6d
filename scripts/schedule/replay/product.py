"""What a case's product does that its settings do not say: the name of the strategy, the product or the scenario does.

The orders of payment are those of Fineract's sources: the strategies' names, and for ADVANCED_PAYMENT_ALLOCATION
the products of its end-to-end tests (LoanProductGlobalInitializerStep; Apache-2.0), whose usual order takes principal
before interest.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from scripts.schedule.fineract import Loan, Unsupported

Fields = Mapping[str, Any]
PENALTY_FEE_INTEREST_PRINCIPAL = 0x2134
PENALTY_INTEREST_PRINCIPAL_FEE = 0x2341
UNLISTED_ACTS = {
    "charge-off": "charged off",
    "re-aging": "re-aged",
    "re-amortization": "re-amortised",
}
"""Words of a scenario's name for acts that no event of its script stands for, and what they do to the loan."""


@dataclass(frozen=True, slots=True)
class Order:
    """A waterfall of ours, and whether Fineract's order too takes a row's interest before its principal."""

    waterfall: int
    interest_first_when_due: bool
    interest_first_in_advance: bool


STRATEGIES = {
    "PENALTIES_FEES_INTEREST_PRINCIPAL_ORDER": Order(PENALTY_FEE_INTEREST_PRINCIPAL, True, True),
    "DUE_PENALTY_INTEREST_PRINCIPAL_FEE_IN_ADVANCE_PENALTY_INTEREST_PRINCIPAL_FEE": Order(
        PENALTY_INTEREST_PRINCIPAL_FEE, True, True
    ),
    "DUE_PENALTY_FEE_INTEREST_PRINCIPAL_IN_ADVANCE_PRINCIPAL_PENALTY_FEE_INTEREST": Order(
        PENALTY_FEE_INTEREST_PRINCIPAL, True, False
    ),
}
ADVANCED = "ADVANCED_PAYMENT_ALLOCATION"
INTEREST_FIRST = Order(PENALTY_FEE_INTEREST_PRINCIPAL, True, True)
"""The order of the products named PMT_ALLOC_1."""
PRINCIPAL_FIRST = Order(PENALTY_FEE_INTEREST_PRINCIPAL, False, False)


@dataclass(frozen=True, slots=True)
class Product:
    """How payments are taken, and what happens by itself."""

    order: Order
    pays_down_by_itself: bool
    """The down payment is taken on the day of the payout, without an event."""
    recalculates: bool
    """Interest follows the days on which principal is really paid."""
    recalculates_overdue: bool
    """Also where principal is paid later than it was due."""
    advances_are_principal: bool
    """Whether all that is paid early repays principal there: CUMULATIVE knows no interest before its due day."""


def read_product(case: Fields, loan: Loan) -> Product:
    """The product of a case. Raises Unsupported for an order that no waterfall has."""
    name = str(case["terms"].get("product", ""))
    recalculates = loan.recalculates and loan.rate_percent > 0 and not loan.flat
    order = _order(str(case["terms"].get("allocation")), name)
    return Product(
        order=order,
        pays_down_by_itself=loan.down_payment_minor > 0 and "DOWNPAYMENT_AUTO" in name,
        recalculates=recalculates,
        recalculates_overdue=recalculates and "NO_CALC_ON_PAST_DUE" not in name,
        advances_are_principal=not loan.progressive or not order.interest_first_in_advance,
    )


def _order(strategy: str, product: str) -> Order:
    if strategy in STRATEGIES:
        return STRATEGIES[strategy]
    if strategy != ADVANCED:
        raise Unsupported(f"allocation order: {strategy!r} is not one that is known")
    if "LAST_INSTALLMENT" in product:
        raise Unsupported("allocation order: what is paid in advance goes to the last instalment, not the next")
    return INTEREST_FIRST if "PMT_ALLOC_1" in product else PRINCIPAL_FIRST


def refuse_unlisted_acts(case: Fields) -> None:
    """Raise Unsupported for a scenario whose name tells of an act that its script leaves out."""
    scenario = str(case.get("scenario", "")).lower()
    for word, done in UNLISTED_ACTS.items():
        if word in scenario:
            raise Unsupported(f"an act that the script leaves out: the loan is {done}")
