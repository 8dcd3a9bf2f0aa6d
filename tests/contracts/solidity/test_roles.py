"""AccessManager after a deployment: who may do what, how long before, and that there is no way round."""

from dataclasses import replace
from typing import Any

import pytest

from contracts.deployment import Accounts, DeployerIsGovernor, Role, Terms, deploy
from contracts.deployment.plan import selectors
from contracts.deployment.roles import DELAYS, FUNCTIONS
from contracts.keys import DEVNET_CHAIN_ID
from scripts.workbench.system import System, WorkbenchExecutor, function
from tests.contracts.conftest import Refused

RESTRICTED = [
    pytest.param(name, role, selector, id=f"{name}-{role}-{method}-{selector.hex()}")
    for name, roles in FUNCTIONS.items()
    for role, methods in roles.items()
    for method in methods
    for selector in selectors(name, (method,))
]
"""Every form of each function: some have a second one that brings the rows of a table."""
HOLDERS = {
    Role.REGISTRAR: "registrar",
    Role.RAILS: "rails",
    Role.RISK: "risk",
    Role.SIGNER_ADMIN: "governor",
    Role.UNDERWRITING_ADMIN: "governor",
    Role.BOOKKEEPER: "governor",
    Role.REVOKER: "risk",
    Role.GUARDIAN: "guardian",
    Role.TREASURER: "treasurer",
    Role.COLLECTOR: "risk",
    Role.IMPAIRER: "risk",
    Role.COVER: "GuaranteeFund",
    Role.MARKET: "risk",
    Role.FURNISHER_ADMIN: "governor",
    Role.RECOVERER: "registrar",
    Role.PAUSER: "guardian",
    Role.TRUSTEE: "treasurer",
    Role.ADMIN: "governor",
}
OTHER = "0x" + "77" * 20


def _holder(system: System, role: Role) -> str:
    """A role is held by a person's account or by one of the contracts."""
    name = HOLDERS[role]
    return system.contracts[name] if name in system.contracts else system.role(name)


def _manage(system: System, name: str, *values: Any, sender: str) -> None:
    system.send("AccessManager", name, *values, sender=sender)


@pytest.mark.parametrize(("contract", "role", "selector"), RESTRICTED)
def test_each_restricted_function_is_its_roles(system: System, contract: str, role: Role, selector: bytes) -> None:
    found = system.read("AccessManager", "getTargetFunctionRole", system.contracts[contract], selector)
    assert found == role
    may = system.read("AccessManager", "canCall", _holder(system, role), system.contracts[contract], selector)
    assert may == {"immediate": role not in DELAYS, "delay": DELAYS.get(role, 0)}


@pytest.mark.parametrize("role", list(Role))
def test_each_role_has_its_holder_delay_and_guardian(system: System, role: Role) -> None:
    access = system.read("AccessManager", "hasRole", role, _holder(system, role))
    assert access == {"is_member": True, "execution_delay": DELAYS.get(role, 0)}
    guardian = Role.ADMIN if role in (Role.ADMIN, Role.GUARDIAN) else Role.GUARDIAN
    assert system.read("AccessManager", "getRoleGuardian", role) == guardian
    admin = Role.TRUSTEE if role is Role.GUARDIAN else Role.ADMIN
    assert system.read("AccessManager", "getRoleAdmin", role) == admin


@pytest.mark.parametrize("role", list(Role))
def test_the_deployer_holds_nothing(system: System, role: Role, refused: Refused) -> None:
    deployer = system.role("deployer")
    assert system.read("AccessManager", "hasRole", role, deployer)["is_member"] is False
    with refused("AccessManagerUnauthorizedAccount"):
        _manage(system, "grantRole", role, deployer, 0, sender=deployer)


@pytest.mark.parametrize(("contract", "role", "selector"), RESTRICTED)
def test_the_deployer_can_call_nothing(system: System, contract: str, role: Role, selector: bytes) -> None:
    may = system.read("AccessManager", "canCall", system.role("deployer"), system.contracts[contract], selector)
    assert may == {"immediate": False, "delay": 0}


def test_a_deployer_who_would_be_the_governor_is_refused_before_anything_stands(system: System) -> None:
    accounts = replace(Accounts.load(None, DEVNET_CHAIN_ID), governor=system.role("deployer"))
    before = system.evm.number
    with pytest.raises(DeployerIsGovernor, match="nobody would hold it"):
        deploy(WorkbenchExecutor(system.evm, accounts.treasurer), Terms(accounts, 0))
    assert system.evm.number == before


def test_no_role_waits_longer_than_the_one_that_hands_it_out() -> None:
    assert DELAYS[Role.ADMIN] == max(DELAYS.values())


def test_an_announced_act_waits_and_is_carried_out_once(system: System, refused: Refused) -> None:
    governor, book = system.role("governor"), system.contracts["LoanBook"]
    values = (OTHER, True)
    with refused("AccessManagerNotScheduled"):
        system.send("CashToken", "setLoanBook", *values, sender=governor)
    _schedule(system, "CashToken", "setLoanBook", *values)
    system.evm.go_to(system.evm.timestamp + DELAYS[Role.BOOKKEEPER] - 1)
    with refused("AccessManagerNotReady"):
        system.send("CashToken", "setLoanBook", *values, sender=governor)
    system.evm.go_to(system.evm.timestamp + 1)
    system.send("CashToken", "setLoanBook", *values, sender=governor)
    assert system.read("CashToken", "isLoanBook", OTHER)
    assert system.read("CashToken", "isLoanBook", book)
    with refused("AccessManagerNotScheduled"):
        system.send("CashToken", "setLoanBook", *values, sender=governor)


def _schedule(system: System, contract: str, method: str, *values: Any, when: int = 0) -> bytes:
    data = function(contract, method, len(values)).encode(values)
    _manage(system, "schedule", system.contracts[contract], data, when, sender=system.role("governor"))
    return data


def test_an_act_cannot_be_announced_for_too_soon(system: System, refused: Refused) -> None:
    soon = system.evm.timestamp + DELAYS[Role.BOOKKEEPER] - 1
    with refused("AccessManagerUnauthorizedCall"):
        _schedule(system, "CashToken", "setLoanBook", OTHER, True, when=soon)


def test_a_guardian_cancels_what_was_announced(system: System, refused: Refused) -> None:
    data = _schedule(system, "CashToken", "setLoanBook", OTHER, True)
    target, governor = system.contracts["CashToken"], system.role("governor")
    with refused("AccessManagerUnauthorizedCancel"):
        _manage(system, "cancel", governor, target, data, sender=system.role("risk"))
    _manage(system, "cancel", governor, target, data, sender=system.role("guardian"))
    system.evm.go_to(system.evm.timestamp + DELAYS[Role.BOOKKEEPER])
    with refused("AccessManagerNotScheduled"):
        system.send("CashToken", "setLoanBook", OTHER, True, sender=governor)


SHORTCUTS: list[tuple[str, tuple[Any, ...]]] = [
    ("grantRole", (Role.BOOKKEEPER, OTHER, 0)),
    ("setRoleAdmin", (Role.BOOKKEEPER, Role.TREASURER)),
    ("setRoleGuardian", (Role.BOOKKEEPER, Role.TREASURER)),
    ("setGrantDelay", (Role.BOOKKEEPER, 0)),
]


@pytest.mark.parametrize(("method", "values"), SHORTCUTS)
def test_rewiring_roles_waits_as_long_as_the_slowest_role(
    system: System, refused: Refused, method: str, values: tuple[Any, ...]
) -> None:
    governor = system.role("governor")
    with refused("AccessManagerNotScheduled"):
        _manage(system, method, *values, sender=governor)
    data = _schedule(system, "AccessManager", method, *values)
    system.evm.go_to(system.evm.timestamp + max(DELAYS.values()) - 1)
    with refused("AccessManagerNotReady"):
        _manage(system, method, *values, sender=governor)
    with refused("AccessManagerNotReady"):
        _manage(system, "execute", system.contracts["AccessManager"], data, sender=governor)


def test_targets_are_rewired_no_sooner(system: System, refused: Refused) -> None:
    governor, cash = system.role("governor"), system.contracts["CashToken"]
    for method, values in (
        ("setTargetFunctionRole", (cash, [bytes.fromhex("deadbeef")], Role.TREASURER)),
        ("setTargetClosed", (cash, True)),
    ):
        with refused("AccessManagerNotScheduled"):
            _manage(system, method, *values, sender=governor)


@pytest.mark.parametrize("contract", list(FUNCTIONS))
def test_no_contract_is_ever_given_to_another_authority(system: System, refused: Refused, contract: str) -> None:
    """OpenZeppelin lets ADMIN do it in two ways, of which a guardian could cancel but one."""
    governor, target = system.role("governor"), system.contracts[contract]
    with refused("AuthorityIsFixed", target=target):
        _manage(system, "updateAuthority", target, OTHER, sender=governor)
    if contract == "AccessManager":
        return
    with refused("AccessManagedUnauthorized"):
        system.send(contract, "setAuthority", OTHER, sender=governor)
    data = function(contract, "setAuthority", 1).encode([system.contracts["LoanBook"]])
    for act in (("schedule", target, data, 0), ("execute", target, data)):
        with refused("AccessManagerUnauthorizedCall"):
            _manage(system, *act, sender=governor)


def test_a_multicall_is_not_a_way_round(system: System, refused: Refused) -> None:
    deployer = system.role("deployer")
    data = function("AccessManager", "grantRole", 3).encode((Role.ADMIN, deployer, 0))
    with refused("AccessManagerUnauthorizedAccount"):
        _manage(system, "multicall", [data], sender=deployer)
    with refused("AccessManagerNotScheduled"):
        _manage(system, "multicall", [data], sender=system.role("governor"))
