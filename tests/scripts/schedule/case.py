"""A Fineract case to change: 100.00 at 7 % over six months, 30/360, as its table BatchApi:103 has it."""

from copy import deepcopy
from typing import Any

Case = dict[str, Any]
_ROWS = (
    ("2024-02-01", "83.57", "16.43", "0.58", "17.01"),
    ("2024-03-01", "67.05", "16.52", "0.49", "17.01"),
    ("2024-04-01", "50.43", "16.62", "0.39", "17.01"),
    ("2024-05-01", "33.71", "16.72", "0.29", "17.01"),
    ("2024-06-01", "16.9", "16.81", "0.2", "17.01"),
    ("2024-07-01", "0.0", "16.9", "0.1", "17.0"),
)
_CASE: Case = {
    "id": "BatchApi:103",
    "scenario": "Verify Batch API call with steps to charge-off a loan",
    "terms": {
        "product": "LP2_ADV_PYMNT_ZERO_INTEREST_CHARGE_OFF",
        "submitted_on": "2024-01-01",
        "principal": "100",
        "annual_rate_percent": "7",
        "interest_type": "DECLINING_BALANCE",
        "interest_period": "DAILY",
        "amortization": "EQUAL_INSTALLMENTS",
        "term": 6,
        "term_unit": "MONTHS",
        "repay_every": 1,
        "repay_unit": "MONTHS",
        "repayments": 6,
        "grace_principal": 0,
        "grace_interest": 0,
        "interest_free_days": 0,
        "allocation": "ADVANCED_PAYMENT_ALLOCATION",
    },
    "settings": {
        "days_in_year": "360",
        "days_in_month": "30",
        "partial_period_interest": False,
        "interest_recalculation": False,
        "schedule_type": "PROGRESSIVE",
        "decimals": 2,
        "rounding": "HALF_EVEN",
    },
    "disbursed": {"date": "2024-01-01", "amount": "100"},
    "schedule": [
        {"date": "2024-01-01", "balance": "100.0", "fees": "0.0", "due": "0.0"},
        *(
            {
                "nr": nr,
                "date": day,
                "balance": balance,
                "principal": principal,
                "interest": interest,
                "fees": "0.0",
                "penalties": "0.0",
                "due": due,
            }
            for nr, (day, balance, principal, interest, due) in enumerate(_ROWS, 1)
        ),
    ],
}


def case(terms: Case | None = None, settings: Case | None = None, **fields: Any) -> Case:
    """The case with other terms, settings or fields; None takes a field away."""
    changed = deepcopy(_CASE)
    changed["terms"].update(terms or {})
    changed["settings"].update(settings or {})
    return {name: value for name, value in {**changed, **fields}.items() if value is not None}
