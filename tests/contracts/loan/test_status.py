"""The table of transitions is what the acts do: allowed where it says so, refused everywhere else."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from contracts.loan import (
    TRANSITIONS,
    Act,
    Allocation,
    LoanNotActive,
    LoanState,
    LoanStatus,
    amend,
    apply_cover,
    apply_payment,
    cancel,
    collect,
    declare_default,
    originate,
    owed,
    record_arrears,
    return_payment,
    set_impairment,
    set_mandate,
    settle,
    unwind,
    write_off,
)
from tests.contracts.loan.strategies import YEAR, agreement
from tests.contracts.loan.test_amend import amendment

SIGNED = agreement(YEAR, cooling_off_days=200)
LOAN = set_mandate(originate(SIGNED), 2**40, 30_000)
LATE = YEAR.first_due_day + 91
DEFAULTED = apply_cover(declare_default(LOAN, LATE)[0], 1_000)
AT = {
    LoanStatus.ACTIVE: LOAN,
    LoanStatus.DEFAULTED: DEFAULTED,
    LoanStatus.WRITTEN_OFF: write_off(DEFAULTED, LATE),
    LoanStatus.CLOSED: settle(LOAN, 2**40, LATE)[0],
    LoanStatus.CANCELLED: cancel(LOAN, SIGNED, 2**40, LATE)[0],
    LoanStatus.UNWOUND: unwind(LOAN, SIGNED, 2**40, YEAR.disbursement_day)[0],
}
RETURNED = Allocation(interest_minor=500, principal_minor=500)

ACTS: dict[Act, Callable[[LoanState], list[LoanState]]] = {
    Act.REPAY: lambda loan: [
        apply_payment(loan, 1, LATE)[0],
        apply_payment(loan, owed(loan, LATE).overdue_minor, LATE)[0],
        apply_payment(loan, owed(loan, LATE).total_minor, LATE)[0],
    ],
    Act.COLLECT: lambda loan: [collect(loan, LATE)[0], collect(loan, loan.rows[-1].due_day)[0], _in_part(loan)],
    Act.SETTLE: lambda loan: [settle(loan, 2**40, LATE)[0]],
    Act.CANCEL: lambda loan: [cancel(loan, SIGNED, 2**40, LATE)[0]],
    Act.UNWIND: lambda loan: [unwind(loan, SIGNED, 2**40, YEAR.disbursement_day)[0]],
    Act.RETURN_PAYMENT: lambda loan: [return_payment(_paid(loan), RETURNED, LATE)[0]],
    Act.SET_MANDATE: lambda loan: [set_mandate(loan, 0, 0)],
    Act.AMEND: lambda loan: [amend(loan, amendment(loan if loan.status.is_running else LOAN, LATE), LATE)[0]],
    Act.RECORD_ARREARS: lambda loan: [record_arrears(replace(loan, bucket=3), LATE)[0]],
    Act.SET_IMPAIRMENT: lambda loan: [set_impairment(loan, 5)],
    Act.DECLARE_DEFAULT: lambda loan: [declare_default(loan, LATE)[0]],
    Act.APPLY_COVER: lambda loan: [apply_cover(loan, 1)],
    Act.WRITE_OFF: lambda loan: [write_off(loan, LATE)],
}


def _in_part(loan: LoanState) -> LoanState:
    """A default is not cured as long as a row becomes due before the day it is collected for."""
    if loan.status is not LoanStatus.DEFAULTED:
        return loan
    return apply_payment(loan, 1, LATE)[0]


def _paid(loan: LoanState) -> LoanState:
    return apply_payment(loan, 5_000, LATE)[0] if loan.status.is_running else loan


@pytest.mark.parametrize("act", ACTS)
@pytest.mark.parametrize("status", AT)
def test_an_act_leads_where_the_table_says(act: Act, status: LoanStatus) -> None:
    allowed = TRANSITIONS[act].get(status)
    if allowed is None:
        with pytest.raises(LoanNotActive) as refused:
            ACTS[act](AT[status])
        assert refused.value.status == status
    else:
        assert {after.status for after in ACTS[act](AT[status])} == allowed


def test_a_loan_begins_active() -> None:
    assert TRANSITIONS[Act.ORIGINATE] == {LoanStatus.NONE: frozenset({originate(SIGNED).status})}
    assert set(ACTS) | {Act.ORIGINATE} == set(Act)
