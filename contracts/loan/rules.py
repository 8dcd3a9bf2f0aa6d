"""The LoanBook's rules from origination to close: pure, on immutable states (the twin of PaymentLib)."""

from collections.abc import Sequence
from dataclasses import replace

from contracts.loan.errors import (
    ArrearsUnchanged,
    LoanNotActive,
    NonceTooFar,
    NonceUsed,
    Overpayment,
    ScheduleRootMismatch,
    ZeroPayment,
)
from contracts.loan.state import Allocation, LoanState, LoanStatus, Owed
from contracts.loan.terms import INTEREST, LATE_FEE, PENALTY, PRINCIPAL, LoanTerms, require_last_due_day
from contracts.schedule import Row, agreed_rows, divide, schedule_root
from contracts.schedule.day_count import PPM
from contracts.typed_data import Agreement

PENALTY_YEAR_DAYS = 365
MAX_CHARGE_MINOR = 2**28 - 1
"""Accrued late fees, and accrued penalties, stop growing here."""
LAST_ACCRUAL_DAY = 2**17 - 1
"""In the year 2328: no loan accrues beyond it."""
NONCE_WINDOW = 32
MAX_NONCE = 2**16 - 2
BUCKET_FLOORS = (1, 30, 60, 90)
"""Days past due from which on a loan is in bucket 1, 2, 3, 4."""


def originate(agreement: Agreement, table: Sequence[Row] = ()) -> LoanState:
    """The state of a loan that has just begun; an agreement over a table brings the table.

    Raises a LoanRefused for terms that cannot be carried out, a ScheduleRefused for a schedule that does not hold.
    """
    terms = LoanTerms.of(agreement)
    rows = agreed_rows(agreement, table)
    require_last_due_day(rows[-1].due_day)
    root = schedule_root(terms.schedule.method, rows)
    if root != agreement.schedule_root:
        raise ScheduleRootMismatch(agreement.schedule_root, root)
    return LoanState(
        terms=terms,
        rows=tuple(rows),
        status=LoanStatus.ACTIVE,
        row=0,
        balance_minor=agreement.principal_minor,
        paid_row_minor=0,
        accrued_day=agreement.disbursement_day,
        late_fee_due_minor=0,
        penalty_due_minor=0,
        bucket=0,
        nonce_base=0,
        nonce_window=0,
    )


def accrue(state: LoanState, day: int) -> LoanState:
    """Add late fees and penalties up to a day. Doing it more often never changes the sum."""
    day = min(day, LAST_ACCRUAL_DAY)
    if day <= state.accrued_day:
        return state
    fees, penalties = state.late_fee_due_minor, state.penalty_due_minor
    for index in range(state.row, len(state.rows)):
        if not _is_past_grace(state, index, day):
            break
        fee, penalty = _charges(state, index, day)
        fees, penalties = fees + fee, penalties + penalty
    return replace(
        state,
        accrued_day=day,
        late_fee_due_minor=min(fees, MAX_CHARGE_MINOR),
        penalty_due_minor=min(penalties, MAX_CHARGE_MINOR),
    )


def _charges(state: LoanState, index: int, day: int) -> tuple[int, int]:
    """Late fee and penalty that a row past its grace adds between the accrued day and a day."""
    terms, due, unpaid = state.terms, state.rows[index].due_day, state.unpaid_minor(index)
    until_now = _penalty(terms, unpaid, day - due)
    if state.accrued_day > due + terms.grace_days:
        return 0, until_now - _penalty(terms, unpaid, state.accrued_day - due)
    return terms.late_fee_minor, until_now


def _penalty(terms: LoanTerms, unpaid_minor: int, days: int) -> int:
    counted = min(days, terms.penalty_max_days)
    return divide(unpaid_minor * terms.penalty_rate_ppm * counted, PPM * PENALTY_YEAR_DAYS)


def apply_payment(state: LoanState, amount_minor: int, day: int) -> tuple[LoanState, Allocation]:
    """Apply a payment made on a day of the loan's time zone: row by row, in a row by the waterfall.

    Raises LoanNotActive, ZeroPayment, Overpayment.
    """
    _require_active(state)
    if amount_minor <= 0:
        raise ZeroPayment
    state, left, paid = accrue(state, day), amount_minor, dict.fromkeys(state.terms.waterfall, 0)
    while left and not _is_settled(state):
        for part in state.terms.waterfall:
            taken = min(left, _due(state, part))
            state, left = _take(state, part, taken), left - taken
            paid[part] += taken
        state = _next_row(state)
    if left:
        raise Overpayment(amount_minor, amount_minor - left)
    status = LoanStatus.CLOSED if _is_settled(state) else LoanStatus.ACTIVE
    state = replace(state, status=status, bucket=bucket_of(state.days_past_due(day)))
    return state, Allocation(paid[LATE_FEE], paid[PENALTY], paid[INTEREST], paid[PRINCIPAL])


def _due(state: LoanState, part: int) -> int:
    """What can be paid of one part of the waterfall now."""
    if part == LATE_FEE:
        return state.late_fee_due_minor
    if part == PENALTY:
        return state.penalty_due_minor
    if state.rows_done:
        return 0
    end = state.open_row.interest_minor if part == INTEREST else state.open_row.due_minor
    return max(0, end - state.paid_row_minor)


def _take(state: LoanState, part: int, amount_minor: int) -> LoanState:
    if part == LATE_FEE:
        return replace(state, late_fee_due_minor=state.late_fee_due_minor - amount_minor)
    if part == PENALTY:
        return replace(state, penalty_due_minor=state.penalty_due_minor - amount_minor)
    return replace(state, paid_row_minor=state.paid_row_minor + amount_minor)


def _next_row(state: LoanState) -> LoanState:
    """Go on to the next row when the open one is paid."""
    if state.rows_done or state.paid_row_minor < state.open_row.due_minor:
        return state
    balance = state.balance_minor - state.open_row.principal_minor
    return replace(state, row=state.row + 1, balance_minor=balance, paid_row_minor=0)


def record_arrears(state: LoanState, day: int) -> tuple[LoanState, int]:
    """Move the loan to the bucket of a day; also gives the days past due. Raises LoanNotActive, ArrearsUnchanged."""
    _require_active(state)
    state = accrue(state, day)
    days = state.days_past_due(day)
    if bucket_of(days) == state.bucket:
        raise ArrearsUnchanged(state.bucket)
    return replace(state, bucket=bucket_of(days)), days


def bucket_of(days_past_due: int) -> int:
    """The arrears bucket: 0 current, 1 from 1 day, 2 from 30, 3 from 60, 4 from 90."""
    return sum(days_past_due >= floor for floor in BUCKET_FLOORS)


def owed(state: LoanState, day: int) -> Owed:
    """What the loan owes on a day if nothing happens until then. Raises LoanNotActive."""
    _require_active(state)
    state = accrue(state, day)
    charges = state.late_fee_due_minor + state.penalty_due_minor
    overdue, ahead = 0, []
    for index in range(state.row, len(state.rows)):
        if state.rows[index].due_day < day:
            overdue += state.unpaid_minor(index)
        else:
            ahead.append(state.unpaid_minor(index))
    return Owed(charges + overdue + sum(ahead), charges + overdue, ahead[0] if ahead else 0)


def rows_needed(state: LoanState, amount_minor: int, day: int) -> range:
    """The rows (0 is the first) that an act on a loan by a table must bring: the open one and as many as it reads.

    An amount of 0 stands for a touch that pays nothing. More than everything owed reads every row.
    """
    end = _accrued_rows(state, day)
    if state.status is LoanStatus.ACTIVE and amount_minor:
        try:
            after, _ = apply_payment(state, amount_minor, day)
        except Overpayment:
            return range(state.row, len(state.rows))
        end = max(end, _opened_rows(after, day))
    return range(state.row, end)


def _accrued_rows(state: LoanState, day: int) -> int:
    """How many rows are read to accrue: every one past its grace, and one more to see that it is not."""
    end = min(state.row + 1, len(state.rows))
    while day > state.accrued_day and end < len(state.rows) and _is_past_grace(state, end - 1, day):
        end += 1
    return end


def _opened_rows(after: LoanState, day: int) -> int:
    """How many rows are read to pay: those that are paid, and the open one if it is paid in part or may be due."""
    untouched = after.rows_done or not after.paid_row_minor
    if untouched and (after.rows_done or day <= after.rows[after.row - 1].due_day):
        return after.row
    return after.row + 1


def _is_past_grace(state: LoanState, index: int, day: int) -> bool:
    return min(day, LAST_ACCRUAL_DAY) > state.rows[index].due_day + state.terms.grace_days


def use_nonce(state: LoanState, nonce: int) -> LoanState:
    """Mark the nonce of a payment order as used. Raises NonceUsed, NonceTooFar."""
    offset = nonce - state.nonce_base
    if offset < 0:
        raise NonceUsed(nonce)
    if offset >= NONCE_WINDOW or nonce > MAX_NONCE:
        raise NonceTooFar(nonce, state.nonce_base)
    if state.nonce_window >> offset & 1:
        raise NonceUsed(nonce)
    base, window = state.nonce_base, state.nonce_window | 1 << offset
    while window & 1:
        base, window = base + 1, window >> 1
    return replace(state, nonce_base=base, nonce_window=window)


def _is_settled(state: LoanState) -> bool:
    return state.rows_done and not state.late_fee_due_minor and not state.penalty_due_minor


def _require_active(state: LoanState) -> None:
    if state.status is not LoanStatus.ACTIVE:
        raise LoanNotActive(state.status)
