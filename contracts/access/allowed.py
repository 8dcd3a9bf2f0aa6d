"""Whether an account may call a function, as AccessManager would answer at an instant."""

from contracts.access.journal import ADMIN_ROLE, OFFICES, PUBLIC_ROLE, Journal, RoleRecord, Scheduled, TargetRecord
from contracts.access.names import SELECTOR_BYTES, selectors_of

MANAGER = "AccessManager"
ADMIN_ACTS = ("labelRole", "setRoleAdmin", "setRoleGuardian", "setGrantDelay", "setTargetAdminDelay")
TARGET_ACTS = ("setTargetClosed", "setTargetFunctionRole")
"""ADMIN's acts on a contract: they wait for the contract's own delay too."""
ROLE_ACTS = ("grantRole", "revokeRole")
"""Acts of the admin of the role they name."""
NOBODYS = ("setAuthority", "updateAuthority")
"""A contract keeps its authority."""
WORD_BYTES = 32


def may_carry_out(journal: Journal, manager: str, time: int, act: Scheduled) -> bool:
    """Whether who announced an act may still call what it announced, once it has waited."""
    role = _role_for(journal, manager, act)
    return role is not None and _holds(journal, role, act.caller, time)


def _role_for(journal: Journal, manager: str, act: Scheduled) -> int | None:
    """The role that the act needs; None where nobody may: the contract is closed, or keeps its authority."""
    selector = act.data[:SELECTOR_BYTES]
    if act.target == manager and selector in selectors_of(MANAGER, NOBODYS):
        return None
    if act.target == manager and selector in selectors_of(MANAGER, (*ADMIN_ACTS, *TARGET_ACTS)):
        return ADMIN_ROLE
    if act.target == manager and selector in selectors_of(MANAGER, ROLE_ACTS):
        named = int.from_bytes(act.data[SELECTOR_BYTES : SELECTOR_BYTES + WORD_BYTES], "big")
        return journal.roles.get(named, RoleRecord()).admin
    target = journal.targets.get(act.target, TargetRecord())
    return None if target.closed else target.functions.get(selector, ADMIN_ROLE)


def _holds(journal: Journal, role: int, account: str, time: int) -> bool:
    if role == PUBLIC_ROLE:
        return True
    held = journal.roles.get(role, RoleRecord()).members.get(account)
    return held is not None and held.since <= time and (role in OFFICES or account not in journal.suspended)
