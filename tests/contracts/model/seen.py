"""What the ledger remembers of a subject's loans, from one state of a loan to the next."""

from dataclasses import replace

from contracts.credit import SubjectCredit, note_arrears, note_write_off
from contracts.credit.history import LATE_BEFORE
from contracts.loan import LoanState, LoanStatus


def remembered(credit: SubjectCredit, before: LoanState, after: LoanState) -> SubjectCredit:
    """The credit with what a loan's change adds to the history, or takes back from it."""
    if after.bucket > before.bucket:
        was = before.bucket or (LATE_BEFORE if before.was_late else 0)
        credit = note_arrears(credit, was, after.bucket)
    if after.status is LoanStatus.WRITTEN_OFF and before.status is not LoanStatus.WRITTEN_OFF:
        credit = note_write_off(credit)
    if after.status is LoanStatus.CLOSED and before.status is not LoanStatus.CLOSED:
        credit = replace(credit, history=credit.history.raised(_end(after)))
    if before.status is LoanStatus.CLOSED and after.status is not LoanStatus.CLOSED:
        credit = replace(credit, history=credit.history.lowered(_end(before)))
    return credit


def _end(paid: LoanState) -> str:
    """The counter of a loan that was paid."""
    return "cured" if paid.was_late else "loans_on_time"
