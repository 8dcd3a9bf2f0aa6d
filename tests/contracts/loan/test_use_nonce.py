"""Every order works once, in any order within the window."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contracts.loan import NonceTooFar, NonceUsed, originate, use_nonce
from tests.contracts.loan.strategies import AGREEMENT

LOAN = originate(AGREEMENT)


@given(st.permutations(range(32)))
def test_any_order_within_the_window_works_once(nonces: list[int]) -> None:
    loan = LOAN
    for nonce in nonces:
        loan = use_nonce(loan, nonce)
        with pytest.raises(NonceUsed):
            use_nonce(loan, nonce)
    assert (loan.nonce_base, loan.nonce_window) == (32, 0)


def test_the_window_moves_past_the_low_run_of_used_ones() -> None:
    loan = use_nonce(use_nonce(LOAN, 1), 3)
    assert (loan.nonce_base, loan.nonce_window) == (0, 0b1010)
    loan = use_nonce(loan, 0)
    assert (loan.nonce_base, loan.nonce_window) == (2, 0b10)


def test_beyond_the_window_is_refused() -> None:
    assert use_nonce(LOAN, 31).nonce_window == 1 << 31
    with pytest.raises(NonceTooFar) as refused:
        use_nonce(LOAN, 32)
    assert (refused.value.nonce, refused.value.nonce_base) == (32, 0)
