"""AccessManager's state, told by its events: pure, one rule for each event."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from typing import Any

from contracts.clients.events import Event

ADMIN_ROLE = 0
GUARDIAN_ROLE = 8
TRUSTEE_ROLE = 17
PUBLIC_ROLE = 2**64 - 1
"""Everybody holds it."""
OFFICES = (ADMIN_ROLE, GUARDIAN_ROLE, TRUSTEE_ROLE)
"""Roles that a suspended account keeps."""


@dataclass(frozen=True)
class Delay:
    """Seconds that change at an instant, UTC seconds: `before` until then, `after` from then on."""

    before: int = 0
    after: int = 0
    effect: int = 0

    def at(self, time: int) -> int:
        """What counts at an instant."""
        return self.after if self.effect <= time else self.before

    def pending(self, time: int) -> tuple[int, int] | None:
        """The change that is still to come: its seconds and its instant."""
        return None if self.effect <= time else (self.after, self.effect)

    def changed(self, seconds: int, effect: int, time: int) -> "Delay":
        """As after a change made at `time` that takes effect later."""
        return Delay(self.at(time), seconds, effect)


@dataclass(frozen=True)
class Membership:
    """An account's hold on a role: from `since` on, with an execution delay."""

    since: int
    delay: Delay


@dataclass
class RoleRecord:
    """What the events said of a role."""

    label: str = ""
    admin: int = ADMIN_ROLE
    guardian: int = ADMIN_ROLE
    grant_delay: Delay = Delay()
    members: dict[str, Membership] = field(default_factory=dict)


@dataclass
class TargetRecord:
    """What the events said of a contract under the manager."""

    closed: bool = False
    admin_delay: Delay = Delay()
    functions: dict[bytes, int] = field(default_factory=dict)
    """Role by selector."""


@dataclass(frozen=True)
class Scheduled:
    """An act that was announced and neither carried out nor cancelled."""

    operation_id: bytes
    nonce: int
    earliest: int
    caller: str
    target: str
    data: bytes
    block: int


@dataclass
class Journal:
    """The state after the events so far."""

    roles: dict[int, RoleRecord] = field(default_factory=dict)
    targets: dict[str, TargetRecord] = field(default_factory=dict)
    operations: dict[bytes, Scheduled] = field(default_factory=dict)
    suspended: set[str] = field(default_factory=set)

    def role(self, role: int) -> RoleRecord:
        """The record of a role, made when it is first spoken of: perhaps only as what opens a function."""
        return self.roles.setdefault(role, RoleRecord())

    def target(self, address: str) -> TargetRecord:
        """The record of a contract, made when it is first spoken of."""
        return self.targets.setdefault(address, TargetRecord())


def journal_of(events: Iterable[Event]) -> Journal:
    """What AccessManager's events, in ledger order, amount to."""
    journal = Journal()
    for event in events:
        if event.name in _RULES:
            _RULES[event.name](journal, event, event.args)
    return journal


_Args = Any
_Rule = Callable[[Journal, Event, _Args], None]


def _label(journal: Journal, _: Event, args: _Args) -> None:
    journal.role(args["role_id"]).label = args["label"]


def _granted(journal: Journal, event: Event, args: _Args) -> None:
    members, account, delay = journal.role(args["role_id"]).members, args["account"], args["delay"]
    if args["new_member"]:
        members[account] = Membership(args["since"], Delay(0, delay, 0))
        return
    held = members[account]
    members[account] = replace(held, delay=held.delay.changed(delay, args["since"], event.timestamp))


def _revoked(journal: Journal, _: Event, args: _Args) -> None:
    journal.role(args["role_id"]).members.pop(args["account"], None)


def _admin(journal: Journal, _: Event, args: _Args) -> None:
    journal.role(args["role_id"]).admin = args["admin"]
    journal.role(args["admin"])


def _guardian(journal: Journal, _: Event, args: _Args) -> None:
    journal.role(args["role_id"]).guardian = args["guardian"]
    journal.role(args["guardian"])


def _grant_delay(journal: Journal, event: Event, args: _Args) -> None:
    role = journal.role(args["role_id"])
    role.grant_delay = role.grant_delay.changed(args["delay"], args["since"], event.timestamp)


def _function(journal: Journal, _: Event, args: _Args) -> None:
    journal.target(args["target"]).functions[args["selector"]] = args["role_id"]
    journal.role(args["role_id"])


def _closed(journal: Journal, _: Event, args: _Args) -> None:
    journal.target(args["target"]).closed = args["closed"]


def _admin_delay(journal: Journal, event: Event, args: _Args) -> None:
    target = journal.target(args["target"])
    target.admin_delay = target.admin_delay.changed(args["delay"], args["since"], event.timestamp)


def _scheduled(journal: Journal, event: Event, args: _Args) -> None:
    journal.operations[args["operation_id"]] = Scheduled(
        operation_id=args["operation_id"],
        nonce=args["nonce"],
        earliest=args["schedule"],
        caller=args["caller"],
        target=args["target"],
        data=args["data"],
        block=event.block_number,
    )


def _over(journal: Journal, _: Event, args: _Args) -> None:
    journal.operations.pop(args["operation_id"], None)


def _suspended(journal: Journal, _: Event, args: _Args) -> None:
    journal.suspended.add(args["account"])


def _resumed(journal: Journal, _: Event, args: _Args) -> None:
    journal.suspended.discard(args["account"])


_RULES: dict[str, _Rule] = {
    "RoleLabel": _label,
    "RoleGranted": _granted,
    "RoleRevoked": _revoked,
    "RoleAdminChanged": _admin,
    "RoleGuardianChanged": _guardian,
    "RoleGrantDelayChanged": _grant_delay,
    "TargetFunctionRoleUpdated": _function,
    "TargetClosed": _closed,
    "TargetAdminDelayUpdated": _admin_delay,
    "OperationScheduled": _scheduled,
    "OperationExecuted": _over,
    "OperationCanceled": _over,
    "AccountSuspended": _suspended,
    "AccountResumed": _resumed,
}
