"""Who may do what on a ledger at a block, from the events of its AccessManager alone."""

from contracts.access.bypass import Bypass, bypasses
from contracts.access.picture import Holder, Opened, Operation, OperationState, Picture, Role, Target
from contracts.access.question import Answer, UnknownFunction, who_may
from contracts.access.read import NoAccessManager, NotAnAccessManager, picture_at

__all__ = [
    "Answer",
    "Bypass",
    "Holder",
    "NoAccessManager",
    "NotAnAccessManager",
    "Opened",
    "Operation",
    "OperationState",
    "Picture",
    "Role",
    "Target",
    "UnknownFunction",
    "bypasses",
    "picture_at",
    "who_may",
]
