"""LoanBook.repayBySignature: the borrower's order, executed once, exactly as signed."""

from dataclasses import replace

import pytest
from eth_account import Account
from eth_utils.crypto import keccak

from contracts.typed_data import Payment, sign
from scripts.workbench.system import System
from tests.contracts.conftest import Refused
from tests.contracts.solidity.test_register import malleated


@pytest.fixture
def loan(system: System) -> bytes:
    return system.lend()


def _send(system: System, payment: Payment, signature: bytes) -> None:
    system.send("LoanBook", "repayBySignature", payment, system.person().signer, signature)


def _signed(system: System, payment: Payment) -> bytes:
    return sign(system.person().key, payment, system.domain("LoanBook"))


def test_the_borrowers_cash_pays(system: System, loan: bytes) -> None:
    before = system.cash(system.person().subject)
    receipt = system.pay(loan, 500, nonce=0)
    assert system.cash(system.person().subject) == before - 500
    assert system.events(receipt)[0][1]["payer"] == system.person().subject


def test_an_order_is_executed_once(system: System, loan: bytes, refused: Refused) -> None:
    payment = system.order(loan, 500, nonce=0)
    signature = _signed(system, payment)
    _send(system, payment, signature)
    with refused("NonceUsed", loan=loan, nonce=0):
        _send(system, payment, signature)


def test_orders_arrive_out_of_order_within_the_window(system: System, loan: bytes, refused: Refused) -> None:
    for nonce in (3, 1, 31, 0):
        system.pay(loan, 10, nonce)
        with refused("NonceUsed", nonce=nonce):
            system.pay(loan, 10, nonce)
    view = system.loan(loan)
    assert (view["nonce_base"], view["nonce_window"]) == (2, 1 << 1 | 1 << 29)
    system.pay(loan, 10, 2)
    assert system.loan(loan)["nonce_base"] == 4


def test_a_nonce_beyond_the_window_is_refused(system: System, loan: bytes, refused: Refused) -> None:
    with refused("NonceTooFar", loan=loan, nonce=32, nonce_base=0):
        system.pay(loan, 10, 32)
    with refused("NonceTooFar", nonce=2**256 - 1):
        system.pay(loan, 10, 2**256 - 1)
    system.pay(loan, 10, 0)
    system.pay(loan, 10, 32)


def test_nonces_are_each_loans_own(system: System, loan: bytes) -> None:
    other = system.lend(2)
    system.pay(loan, 10, 0)
    system.pay(other, 10, 0, system.person(2))


def test_an_expired_order_is_refused(system: System, loan: bytes, refused: Refused) -> None:
    payment = system.order(loan, 500, nonce=0)
    signature = _signed(system, payment)
    system.evm.go_to(payment.deadline)
    _send(system, payment, signature)
    late = replace(payment, nonce=1)
    system.evm.go_to(payment.deadline + 1)
    with refused("DeadlinePassed", deadline=payment.deadline):
        _send(system, late, _signed(system, late))


def test_another_signer_or_another_amount_is_refused(system: System, loan: bytes, refused: Refused) -> None:
    payment, borrower = system.order(loan, 500, nonce=0), system.person().subject
    stranger = Account.from_key(keccak(b"stranger"))
    by_stranger = sign(stranger, payment, system.domain("LoanBook"))
    with refused("InvalidSignature", party=borrower):
        _send(system, payment, by_stranger)
    with refused("InvalidSignature", party=borrower):
        system.send("LoanBook", "repayBySignature", payment, bytes.fromhex(stranger.address[2:]), by_stranger)
    with refused("InvalidSignature", party=borrower):
        _send(system, replace(payment, amount_minor=501), _signed(system, payment))
    with refused("InvalidSignature", party=borrower):
        _send(system, payment, malleated(_signed(system, payment)))


def test_another_borrowers_signature_does_not_pay(system: System, loan: bytes, refused: Refused) -> None:
    other = system.person(2)
    payment = system.order(loan, 500, nonce=0)
    signature = sign(other.key, payment, system.domain("LoanBook"))
    with refused("InvalidSignature", party=system.person().subject):
        system.send("LoanBook", "repayBySignature", payment, other.signer, signature)


def test_an_order_for_another_chain_or_contract_is_refused(system: System, loan: bytes, refused: Refused) -> None:
    payment, home = system.order(loan, 500, nonce=0), system.domain("LoanBook")
    for domain in (replace(home, chain_id=1), system.domain("CashToken")):
        with refused("InvalidSignature"):
            _send(system, payment, sign(system.person().key, payment, domain))


def test_an_order_for_an_unknown_loan_is_refused(system: System, loan: bytes, refused: Refused) -> None:
    payment = system.order(keccak(loan), 500, nonce=0)
    with refused("LoanNotActive"):
        _send(system, payment, _signed(system, payment))


def test_a_refused_order_keeps_its_nonce(system: System, loan: bytes, refused: Refused) -> None:
    with refused("Overpayment"):
        system.pay(loan, 10**12, nonce=0)
    system.pay(loan, 10, nonce=0)


def test_a_frozen_borrower_repays_by_signature(system: System, loan: bytes) -> None:
    registrar = system.role("registrar")
    system.send("IdentityRegistry", "setFrozen", system.person().subject, True, sender=registrar)
    system.pay(loan, 500, nonce=0)
