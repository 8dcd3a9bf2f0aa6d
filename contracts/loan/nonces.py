"""Each order that a borrower signs counts once, in whatever order they arrive."""

from dataclasses import replace

from contracts.loan.errors import NonceTooFar, NonceUsed
from contracts.loan.state import LoanState

NONCE_WINDOW = 32
MAX_NONCE = 2**16 - 2


def use_nonce(state: LoanState, nonce: int) -> LoanState:
    """Mark the nonce of an order as used. Raises NonceUsed, NonceTooFar."""
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
