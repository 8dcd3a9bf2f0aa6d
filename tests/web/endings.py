"""Loans that went another way than paying by the agreement, for a browser to look at; made up as the others are."""

from datetime import date, timedelta
from types import SimpleNamespace
from typing import Any

from contracts.loan import cancellation, originate, payoff
from contracts.schedule import day_of
from contracts.typed_data import Agreement, Domain
from scripts.demo.holiday import holiday
from scripts.demo.reckoning import state_of
from tests.web.loan_page import (
    CHAIN_ID,
    DISBURSED_ON,
    FEE_MINOR,
    ORIGINATION_BLOCK,
    Json,
    address_of,
    agreement,
    annuity,
    loan_page,
    made_up,
    on_time_payments,
)

DAY_SECONDS = 86_400
NEW_TERMS_ON = date(2026, 9, 5)
"""Twenty days after the fifth row was due."""
NEVER = 2**40


def withdrawn() -> Json:
    """Withdrawn from on the sixth day."""
    on = DISBURSED_ON + timedelta(days=5)
    found = cancellation(originate(signed("withdrawn")), signed("withdrawn"), day_of(on))
    details = {"amount_minor": found.amount_minor, "interest_minor": found.interest_minor, "day": day_of(on)}
    return loan_page("withdrawn", on, [], acts=[act("LoanCancelled", on, **details)])


def amended() -> Json:
    """Four rows paid, the fifth missed; a payment holiday agreed on twenty days later."""
    before, terms = loan_page("amended", NEW_TERMS_ON, on_time_payments(4)), signed("amended")
    owed = payoff(state_of(terms, before), day_of(NEW_TERMS_ON))
    domain = Domain(CHAIN_ID, address_of("loan book"))
    offered = holiday(terms, before, owed, day_of(NEW_TERMS_ON), NEVER, domain)
    agreed = act("LoanAmended", NEW_TERMS_ON, amendment=offered["typed_data"]["message"])
    return loan_page("amended", NEW_TERMS_ON + timedelta(days=5), on_time_payments(4), acts=[agreed])


def defaulted() -> Json:
    """Four rows paid, then none; called in default."""
    on = date(2026, 12, 20)
    return loan_page("defaulted", on, on_time_payments(4), acts=[act("LoanDefaulted", on)])


def signed(name: str) -> Agreement:
    """The agreement of the page of this name."""
    return agreement(name, annuity(), (), FEE_MINOR)


def act(name: str, on: date, **details: Any) -> Any:
    """An event as the read model has it, after all payments."""
    return SimpleNamespace(
        name=name,
        details=details,
        happened_at=day_of(on) * DAY_SECONDS,
        tx_hash="0x" + made_up("act", name).hex(),
        log_index=0,
        block_number=ORIGINATION_BLOCK + DAY_SECONDS,
    )
