"""New terms that a lender offers a borrower in hardship: a payment holiday. Pure but for the salt."""

import secrets
from dataclasses import replace

from eth_utils.crypto import keccak

from contracts.loan import MAX_ORIGINATION_WINDOW_DAYS, Payoff
from contracts.schedule import (
    ScheduleTerms,
    agreed_rows,
    all_in_rate_ppm,
    date_of,
    due_day,
    level_instalment,
    month_index,
    schedule_apr_ppm,
    schedule_root,
)
from contracts.typed_data import Agreement, Amendment, Domain, typed_data
from scripts.demo.borrower import Json

HARDSHIP_HOLIDAY = 1
"""As the reason of an amendment."""
FIRST_AMENDMENT = 1
HOLIDAY_MONTHS = 3
SALT_BYTES = 32
SHOWN_OF_A_ROW = ("nr", "due_day", "principal_minor", "interest_minor")


def holiday(agreement: Agreement, loan: Json, owed: Payoff, day: int, deadline: int, domain: Domain) -> Json:
    """Terms from `day` on for both to sign, with what they come to: nothing is due for HOLIDAY_MONTHS after the
    instalment that was missed. Charges are waived, interest earned so far joins the principal, and interest goes on
    at the rate signed."""
    document, salt = holiday_document(owed, loan["next_due_day"]), secrets.token_bytes(SALT_BYTES)
    terms = replace(
        _terms(agreement, loan, owed, day),
        document_hash=keccak(salt + document.encode()),
        salt=salt,
        deadline=deadline,
    )
    waived, joins, rows = owed.late_fee_minor + owed.penalty_minor, owed.interest_minor, agreed_rows(terms)
    loan_id = bytes.fromhex(loan["loan"][2:])
    amendment = Amendment(loan_id, FIRST_AMENDMENT, HARDSHIP_HOLIDAY, joins, waived, 0, terms)
    return {
        "document": document,
        "document_salt": "0x" + salt.hex(),
        "capitalised_minor": joins,
        "waived_minor": waived,
        "rows": [{name: getattr(row, name) for name in SHOWN_OF_A_ROW} for row in rows],
        "apr_ppm": terms.apr_ppm,
        "all_in_ppm": all_in_rate_ppm(ScheduleTerms.of(terms), rows, terms.upfront_fee_minor),
        "typed_data": typed_data(amendment, domain),
    }


def _terms(agreement: Agreement, loan: Json, owed: Payoff, day: int) -> Agreement:
    """The agreement's own terms over what is left of it."""
    first = due_day(month_index(loan["next_due_day"]), agreement.anchor_day, HOLIDAY_MONTHS)
    bare = replace(
        agreement,
        principal_minor=owed.principal_minor - owed.rebate_minor + owed.interest_minor,
        periods=sum(row["status"] != "paid" for row in loan["rows"]),
        disbursement_day=day,
        latest_origination_day=day + MAX_ORIGINATION_WINDOW_DAYS,
        first_due_day=first,
        upfront_fee_minor=0,
        cooling_off_days=0,
    )
    shape = ScheduleTerms.of(bare)
    terms = replace(bare, instalment_minor=level_instalment(shape))
    rows = agreed_rows(terms)
    apr, root = schedule_apr_ppm(shape, rows, terms.upfront_fee_minor), schedule_root(shape.method, rows)
    return replace(terms, apr_ppm=apr, schedule_root=root)


def holiday_document(owed: Payoff, missed_day: int) -> str:
    """What both sides agree on, in words; amounts in minor units."""
    return (
        f"Payment holiday in hardship. The instalment of {date_of(missed_day)} was missed. Its late fee"
        f" {owed.late_fee_minor} and penalty {owed.penalty_minor} are waived. Interest earned so far,"
        f" {owed.interest_minor}, joins the principal. For {HOLIDAY_MONTHS} months after that instalment nothing is"
        " due; interest goes on at the rate signed and is spread over the instalments that are left."
    )
