"""A borrower's own reckoning: what a loan comes to by the signed agreement and the payments shown, and nothing else.

It is what a careful borrower holds against whatever the lender proposes, before signing.
"""

from eth_utils.crypto import keccak

from contracts.loan import Amended, LoanState, amend, apply_payment, cancellation, originate
from contracts.typed_data import Agreement, Amendment
from scripts.demo.borrower import Json, NotAsShown, check_schedule

PARTS = ("late_fee_minor", "penalty_minor", "interest_minor", "principal_minor")
NEW = {
    "principal_minor",
    "periods",
    "disbursement_day",
    "latest_origination_day",
    "first_due_day",
    "instalment_minor",
    "upfront_fee_minor",
    "apr_ppm",
    "cooling_off_days",
    "document_hash",
    "schedule_root",
    "salt",
    "deadline",
}
"""What new terms in hardship may say otherwise than the agreement; all else stays as it was signed."""


def state_of(agreement: Agreement, loan: Json) -> LoanState:
    """The loan as its payments so far left it; before any amendment."""
    state = originate(agreement)
    for payment in loan["payments"]:
        state, _ = apply_payment(state, payment["amount_minor"], payment["day"])
    return state


def split_of(agreement: Agreement, loan: Json, amount_minor: int, day: int) -> Json:
    """How a payment of a day will be split, by the names of the API."""
    _, split = apply_payment(state_of(agreement, loan), amount_minor, day)
    return {part: getattr(split, part) for part in PARTS}


def withdrawal_minor(agreement: Agreement, loan: Json, day: int) -> tuple[int, int]:
    """What withdrawing costs on a day: all that is paid back, and the interest of the days in it; minor units."""
    found = cancellation(state_of(agreement, loan), agreement, day)
    return found.amount_minor, found.interest_minor


def check_proposal(proposal: Json, agreement: Agreement, loan: Json, day: int) -> tuple[Amendment, Amended]:
    """New terms must be the loan's own, come to what is owed, and have the rows and prices shown. Raises NotAsShown."""
    amendment = Amendment.from_message(proposal["typed_data"]["message"])
    terms = amendment.terms
    for name in {field.name for field in Agreement.fields()} - NEW:
        _same(name, getattr(agreement, name), getattr(terms, name))
    after, found = amend(state_of(agreement, loan), amendment, day)
    _same("loan", loan["loan"], "0x" + amendment.loan.hex())
    _same("capitalised_minor", proposal["capitalised_minor"], found.capitalised_minor)
    _same("waived_minor", proposal["waived_minor"], found.waived_minor)
    _same("carried_interest_minor", 0, found.carried_interest_minor)
    _same("charges_due_minor", 0, after.charges_minor)
    _same("top_up_minor", 0, found.top_up_minor)
    document = keccak(bytes.fromhex(proposal["document_salt"][2:]) + proposal["document"].encode())
    _same("documentHash", document.hex(), terms.document_hash.hex())
    check_schedule(terms, proposal)
    return amendment, found


def _same(name: str, shown: object, found: object) -> None:
    if shown != found:
        raise NotAsShown(name, shown, found)
