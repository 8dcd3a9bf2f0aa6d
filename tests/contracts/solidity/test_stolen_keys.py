"""Whatever single key is stolen, somebody else can stop it: the three offices of AccessManager, and suspension."""

from typing import Any

import pytest

from contracts.clients.errors import ContractError
from contracts.deployment import Role
from contracts.deployment.plan import selectors
from contracts.deployment.roles import DELAYS, GUARDIAN_GRANT_SECONDS
from scripts.workbench.evm import Receipt
from scripts.workbench.system import System, function
from tests.contracts.conftest import Refused

THIEF = "0x" + "77" * 20
MANAGER = "AccessManager"
SETBACK_SECONDS = 5 * 86_400
"""AccessManager.minSetback: how long a longer grant delay waits before it counts."""
ENTRY = b"\7" * 32


def _manage(system: System, name: str, *values: Any, sender: str) -> Receipt:
    return system.send(MANAGER, name, *values, sender=sender)


def _announce(system: System, contract: str, name: str, *values: Any) -> bytes:
    data = function(contract, name, len(values)).encode(values)
    _manage(system, "schedule", system.contracts[contract], data, 0, sender=system.role("governor"))
    return data


def _wait(system: System, seconds: int) -> None:
    system.evm.go_to(system.evm.timestamp + seconds)


def _mint(system: System, sender: str) -> Receipt:
    return system.send("CashToken", "mint", system.role("treasurer"), 5, ENTRY, sender=sender)


@pytest.fixture
def settled(system: System) -> System:
    """Long enough after the deployment for the wait of new guardians to count."""
    _wait(system, SETBACK_SECONDS)
    return system


ADMINS_ACTS: list[tuple[str, tuple[Any, ...]]] = [
    ("grantRole", (Role.RAILS, THIEF, 0)),
    ("revokeRole", (Role.TRUSTEE, THIEF)),
    ("setRoleAdmin", (Role.GUARDIAN, Role.ADMIN)),
    ("setRoleGuardian", (Role.RISK, Role.ADMIN)),
    ("setGrantDelay", (Role.GUARDIAN, 0)),
    ("labelRole", (Role.RISK, "harmless")),
    ("setTargetAdminDelay", (THIEF, 0)),
    ("setTargetClosed", (THIEF, True)),
    ("setTargetFunctionRole", (THIEF, [b"\1\2\3\4"], Role.RAILS)),
]


@pytest.mark.parametrize(("name", "values"), ADMINS_ACTS)
def test_a_stolen_governor_key_is_stopped_by_the_guardian(
    system: System, refused: Refused, name: str, values: tuple[Any, ...]
) -> None:
    data = _announce(system, MANAGER, name, *values)
    governor, manager = system.role("governor"), system.contracts[MANAGER]
    for other in ("risk", "treasurer", "registrar", "rails"):
        with refused("AccessManagerUnauthorizedCancel"):
            _manage(system, "cancel", governor, manager, data, sender=system.role(other))
    _manage(system, "cancel", governor, manager, data, sender=system.role("guardian"))
    _wait(system, DELAYS[Role.ADMIN])
    with refused("AccessManagerNotScheduled"):
        _manage(system, name, *values, sender=governor)


def test_a_stolen_guardian_key_is_dismissed_at_once_and_cannot_prevent_it(settled: System, refused: Refused) -> None:
    system = settled
    guardian, trustee = system.role("guardian"), system.role("treasurer")
    _manage(system, "revokeRole", Role.GUARDIAN, guardian, sender=trustee)
    data = _announce(system, MANAGER, "revokeRole", Role.PAUSER, guardian)
    with refused("AccessManagerUnauthorizedCancel"):
        _manage(system, "cancel", system.role("governor"), system.contracts[MANAGER], data, sender=guardian)
    with refused("AccessManagerUnauthorizedAccount"):
        _manage(system, "suspend", system.role("rails"), sender=guardian)


def test_whom_a_stolen_trustee_key_appoints_waits_until_the_governor_has_replaced_it(
    settled: System, refused: Refused
) -> None:
    system = settled
    governor, trustee, heir = system.role("governor"), system.role("treasurer"), "0x" + "55" * 20
    _manage(system, "revokeRole", Role.GUARDIAN, system.role("guardian"), sender=trustee)
    _manage(system, "grantRole", Role.GUARDIAN, THIEF, 0, sender=trustee)
    acts: list[tuple[str, tuple[Any, ...]]] = [
        ("revokeRole", (Role.TRUSTEE, trustee)),
        ("grantRole", (Role.TRUSTEE, heir, 0)),
    ]
    for name, values in acts:
        _announce(system, MANAGER, name, *values)
    _wait(system, DELAYS[Role.ADMIN])
    with refused("AccessManagerUnauthorizedAccount"):
        _manage(system, "suspend", governor, sender=THIEF)
    for name, values in acts:
        _manage(system, name, *values, sender=governor)
    _manage(system, "revokeRole", Role.GUARDIAN, THIEF, sender=heir)
    _wait(system, GUARDIAN_GRANT_SECONDS)
    assert not system.read(MANAGER, "hasRole", Role.GUARDIAN, THIEF)["is_member"]
    assert 2 * DELAYS[Role.ADMIN] <= GUARDIAN_GRANT_SECONDS


def test_a_suspended_account_acts_in_no_role_until_it_is_resumed(system: System, refused: Refused) -> None:
    rails, guardian, trustee = (system.role(name) for name in ("rails", "guardian", "treasurer"))
    for other in ("governor", "risk", "treasurer"):
        with pytest.raises(ContractError):
            _manage(system, "suspend", rails, sender=system.role(other))
    _manage(system, "suspend", rails, sender=guardian)
    assert system.read(MANAGER, "isSuspended", rails)
    with refused("AccessManagedUnauthorized", caller=rails):
        _mint(system, rails)
    for name in ("repayValued", "returnPayment", "unwind"):
        [selector, *_] = selectors("LoanBook", (name,))
        may = system.read(MANAGER, "canCall", rails, system.contracts["LoanBook"], selector)
        assert may == {"immediate": False, "delay": 0}
    with refused("AccessManagerUnauthorizedAccount"):
        _manage(system, "resume", rails, sender=guardian)
    _manage(system, "resume", rails, sender=trustee)
    _mint(system, rails)


def test_what_a_suspended_account_announced_is_not_carried_out(system: System, refused: Refused) -> None:
    governor, values = system.role("governor"), (THIEF, True)
    _announce(system, "CashToken", "setLoanBook", *values)
    _manage(system, "suspend", governor, sender=system.role("guardian"))
    _wait(system, DELAYS[Role.BOOKKEEPER])
    with refused("AccessManagedUnauthorized"):
        system.send("CashToken", "setLoanBook", *values, sender=governor)
    with refused("AccessManagerUnauthorizedCall"):
        _announce(system, "CashToken", "setLoanBook", *values)


@pytest.mark.parametrize("role", [Role.ADMIN, Role.GUARDIAN, Role.TRUSTEE])
def test_an_office_is_not_lost_by_suspension(system: System, role: Role) -> None:
    holder = system.role({Role.ADMIN: "governor", Role.GUARDIAN: "guardian", Role.TRUSTEE: "treasurer"}[role])
    _manage(system, "suspend", holder, sender=system.role("guardian"))
    assert system.read(MANAGER, "hasRole", role, holder) == {"is_member": True, "execution_delay": DELAYS.get(role, 0)}
    assert not system.read(MANAGER, "hasRole", Role.RAILS, holder)["is_member"]


def test_what_everybody_may_do_a_suspended_account_may_too(system: System) -> None:
    rails, everybody = system.role("rails"), system.read(MANAGER, "PUBLIC_ROLE")
    _manage(system, "suspend", rails, sender=system.role("guardian"))
    assert system.read(MANAGER, "hasRole", everybody, rails)["is_member"]


@pytest.mark.parametrize(("constant", "role"), [("GUARDIAN_ROLE", Role.GUARDIAN), ("TRUSTEE_ROLE", Role.TRUSTEE)])
def test_the_offices_are_numbered_as_the_deployment_numbers_them(system: System, constant: str, role: Role) -> None:
    assert system.read(MANAGER, constant) == role
