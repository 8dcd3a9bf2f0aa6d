"""Where a loan stands, what can be done to it there, and where that leads: the one table of transitions."""

from collections.abc import Mapping
from enum import IntEnum, StrEnum

from contracts.loan.errors import LoanNotActive


class LoanStatus(IntEnum):
    """As LoanBook shows it."""

    NONE = 0
    ACTIVE = 1
    CLOSED = 2
    """Everything was paid, by its rows or by a payoff."""
    CANCELLED = 3
    """Taken back within the cooling-off days."""
    DEFAULTED = 4
    WRITTEN_OFF = 5
    """Still owed; the lender no longer counts on it."""
    UNWOUND = 6
    """The bank rejected the payout, so that there was no loan."""

    @property
    def is_running(self) -> bool:
        """Whether something is still owed."""
        return self in RUNNING


class Act(StrEnum):
    """What is done to a loan, by the names of LoanBook's functions."""

    ORIGINATE = "originate"
    REPAY = "repay"
    COLLECT = "collect"
    SETTLE = "settle"
    CANCEL = "cancel"
    UNWIND = "unwind"
    RETURN_PAYMENT = "returnPayment"
    SET_MANDATE = "setMandate"
    AMEND = "amend"
    RECORD_ARREARS = "recordArrears"
    SET_IMPAIRMENT = "setImpairment"
    DECLARE_DEFAULT = "declareDefault"
    APPLY_COVER = "applyCover"
    WRITE_OFF = "writeOff"


_NONE, _ACTIVE, _CLOSED, _CANCELLED = LoanStatus.NONE, LoanStatus.ACTIVE, LoanStatus.CLOSED, LoanStatus.CANCELLED
_DEFAULTED, _WRITTEN_OFF, _UNWOUND = LoanStatus.DEFAULTED, LoanStatus.WRITTEN_OFF, LoanStatus.UNWOUND
RUNNING = frozenset({_ACTIVE, _DEFAULTED, _WRITTEN_OFF})

_PAID: dict[LoanStatus, frozenset[LoanStatus]] = {
    _ACTIVE: frozenset({_ACTIVE, _CLOSED}),
    _DEFAULTED: frozenset({_DEFAULTED, _ACTIVE, _CLOSED}),
    _WRITTEN_OFF: frozenset({_WRITTEN_OFF, _CLOSED}),
}


def _stays(*statuses: LoanStatus) -> dict[LoanStatus, frozenset[LoanStatus]]:
    return {status: frozenset({status}) for status in statuses}


def _becomes(after: LoanStatus, *statuses: LoanStatus) -> dict[LoanStatus, frozenset[LoanStatus]]:
    return {status: frozenset({after}) for status in statuses}


TRANSITIONS: Mapping[Act, Mapping[LoanStatus, frozenset[LoanStatus]]] = {
    Act.ORIGINATE: _becomes(_ACTIVE, _NONE),
    Act.REPAY: _PAID,
    Act.COLLECT: _PAID,
    Act.SETTLE: _becomes(_CLOSED, *RUNNING),
    Act.CANCEL: _becomes(_CANCELLED, _ACTIVE),
    Act.UNWIND: _becomes(_UNWOUND, _ACTIVE),
    Act.RETURN_PAYMENT: _stays(*RUNNING) | _becomes(_ACTIVE, _CLOSED, _CANCELLED),
    Act.SET_MANDATE: _stays(*RUNNING),
    Act.AMEND: _becomes(_ACTIVE, _ACTIVE, _DEFAULTED),
    Act.RECORD_ARREARS: _stays(*RUNNING),
    Act.SET_IMPAIRMENT: _stays(_ACTIVE, _DEFAULTED),
    Act.DECLARE_DEFAULT: _becomes(_DEFAULTED, _ACTIVE),
    Act.APPLY_COVER: _stays(_DEFAULTED, _WRITTEN_OFF),
    Act.WRITE_OFF: _becomes(_WRITTEN_OFF, _DEFAULTED),
}
"""Where each act may be done, and the statuses that it can leave behind. What stands nowhere here is refused."""


def require_act(status: LoanStatus, act: Act) -> None:
    """Refuse an act that the loan's status does not allow. Raises LoanNotActive."""
    if status not in TRANSITIONS[act]:
        raise LoanNotActive(status)
