"""Who may call what is told as AccessManager has it: everybody, nobody, or an account that is suspended."""

from typing import Any

import pytest
from eth_utils.address import to_checksum_address

from contracts.access import Bypass, OperationState, Picture, bypasses, who_may
from contracts.access.allowed import MANAGER
from contracts.access.journal import PUBLIC_ROLE
from contracts.access.names import Names, functions_of
from contracts.access.picture import EVERYBODY, Moment, draw_picture
from tests.contracts.access.manager import ACCOUNTS, ADMIN, Manager

BOOK = to_checksum_address("0x" + "ab" * 20)
ANYONE = "0x" + "77" * 20
SET_PRODUCT = next(selector for selector, found in functions_of("LoanBook").items() if found.name == "setProduct")
GRANT_ROLE = next(selector for selector, found in functions_of(MANAGER).items() if found.name == "grantRole")
FUNCTION = "LoanBook.setProduct(bytes32,ProductCaps,uint256)"
NOBODYS_ROLE, RISK = 99, 3


@pytest.fixture
def manager() -> Manager:
    return Manager()


def _picture(manager: Manager) -> Picture:
    moment = Moment(1, 1, manager.evm.timestamp, manager.address)
    return draw_picture(manager.journal, moment, Names({BOOK: "LoanBook", manager.address: MANAGER}))


def test_a_function_open_to_everybody_is_everybodys(manager: Manager) -> None:
    assert manager.act("setTargetFunctionRole", BOOK, [SET_PRODUCT], PUBLIC_ROLE)
    assert manager.view("canCall", ANYONE, BOOK, SET_PRODUCT) == (True, 0)
    [answer] = who_may(_picture(manager), "LoanBook.setProduct")
    assert (answer.account, answer.role, answer.delay_seconds) == (EVERYBODY, "PUBLIC", 0)
    assert Bypass(EVERYBODY, FUNCTION, "may call it at once") in bypasses(_picture(manager))


def test_a_role_that_everybody_hands_out_is_found(manager: Manager) -> None:
    assert manager.act("setRoleAdmin", RISK, PUBLIC_ROLE)
    assert manager.act("grantRole", RISK, ANYONE, 0, sender=ACCOUNTS[2])
    assert Bypass(EVERYBODY, f"role role {RISK}", "may hand it out") in bypasses(_picture(manager))
    granting = {answer.condition: answer.account for answer in who_may(_picture(manager), "AccessManager.grantRole")}
    assert granting[f"for role {RISK}"] == EVERYBODY


def test_a_suspended_account_may_nothing_until_it_is_resumed(manager: Manager) -> None:
    assert manager.act("grantRole", RISK, ANYONE, 0)
    assert manager.act("setTargetFunctionRole", BOOK, [SET_PRODUCT], RISK)
    assert [answer.account for answer in who_may(_picture(manager), "LoanBook.setProduct")] == [ANYONE]
    assert manager.act("suspend", ANYONE)
    assert manager.view("canCall", ANYONE, BOOK, SET_PRODUCT) == (False, 0)
    assert who_may(_picture(manager), "LoanBook.setProduct") == []
    assert [holder.suspended for holder in _picture(manager).role(RISK).holders] == [True]
    assert manager.act("resume", ANYONE)
    assert [answer.account for answer in who_may(_picture(manager), "LoanBook.setProduct")] == [ANYONE]


def test_an_act_is_barred_while_who_announced_it_may_not_carry_it_out(manager: Manager) -> None:
    assert manager.act("grantRole", RISK, ANYONE, 60)
    assert manager.act("setTargetFunctionRole", BOOK, [SET_PRODUCT], RISK)
    assert manager.act("schedule", BOOK, SET_PRODUCT, 0, sender=ANYONE)

    def state() -> OperationState:
        [operation] = _picture(manager).operations
        return operation.state

    assert state() is OperationState.WAITING
    changes: list[tuple[tuple[Any, ...], tuple[Any, ...]]] = [
        (("suspend", ANYONE), ("resume", ANYONE)),
        (("setTargetClosed", BOOK, True), ("setTargetClosed", BOOK, False)),
        (("revokeRole", RISK, ANYONE), ("grantRole", RISK, ANYONE, 60)),
    ]
    for barring, lifting in changes:
        assert manager.act(*barring)
        assert state() is OperationState.BARRED
        assert manager.act(*lifting)
        assert state() is OperationState.WAITING
    manager.wait(60)
    assert state() is OperationState.READY
    manager.wait(7 * 86_400)
    assert manager.act("suspend", ANYONE)
    assert state() is OperationState.EXPIRED


def test_an_act_on_a_role_is_barred_once_another_role_hands_it_out(manager: Manager) -> None:
    assert manager.act("grantRole", 0, ANYONE, 60)
    data = functions_of(MANAGER)[GRANT_ROLE].encode([RISK, ANYONE, 0])
    assert manager.act("schedule", manager.address, data, 0, sender=ANYONE)
    assert [each.state for each in _picture(manager).operations] == [OperationState.WAITING]
    assert manager.act("setRoleAdmin", RISK, NOBODYS_ROLE)
    assert [each.state for each in _picture(manager).operations] == [OperationState.BARRED]


def test_an_announced_change_of_authority_is_never_ready(manager: Manager) -> None:
    assert manager.act("grantRole", 0, ANYONE, 60)
    [data] = [each.encode([BOOK, ANYONE]) for each in functions_of(MANAGER).values() if each.name == "updateAuthority"]
    assert manager.act("schedule", manager.address, data, 0, sender=ANYONE)
    manager.wait(60)
    assert [each.state for each in _picture(manager).operations] == [OperationState.BARRED]
    assert not manager.act("updateAuthority", BOOK, ANYONE, sender=ANYONE)


def test_an_office_is_held_while_suspended(manager: Manager) -> None:
    assert manager.act("suspend", ADMIN)
    assert [answer.account for answer in who_may(_picture(manager), "AccessManager.labelRole")] == [ADMIN]
    assert manager.act("resume", ADMIN)


def test_a_function_of_a_role_that_nobody_holds_is_nobodys(manager: Manager) -> None:
    assert manager.act("setTargetFunctionRole", BOOK, [SET_PRODUCT], NOBODYS_ROLE)
    assert manager.view("canCall", ADMIN, BOOK, SET_PRODUCT) == (False, 0)
    assert who_may(_picture(manager), "LoanBook.setProduct") == []
