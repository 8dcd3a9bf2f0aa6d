"""The picture of who may do what at a block: roles, contracts, announced acts, all by name."""

from dataclasses import dataclass
from enum import StrEnum

from contracts.access.allowed import may_carry_out
from contracts.access.journal import OFFICES, Journal, Membership, RoleRecord, Scheduled, TargetRecord
from contracts.access.names import Names

EXPIRATION_SECONDS = 7 * 86_400
"""AccessManager.expiration: an announced act can be carried out for so long."""
EVERYBODY = "everybody"


class OperationState(StrEnum):
    """Where an announced act stands; barred while who announced it may not carry it out, whatever the time."""

    WAITING = "waiting"
    READY = "ready"
    BARRED = "barred"
    EXPIRED = "expired"


@dataclass(frozen=True)
class Holder:
    """An account that holds a role, or will from `since` on (UTC seconds); it waits `delay_seconds` for each act.

    While it is suspended from the role, the role opens nothing to it.
    """

    account: str
    since: int
    delay_seconds: int
    pending_delay_seconds: int | None
    pending_from: int | None
    suspended: bool = False


@dataclass(frozen=True)
class Opened:
    """A function that a role opens; its signature in Solidity types, or 0x-hex of the selector when unknown."""

    contract: str
    function: str


@dataclass(frozen=True)
class Role:
    """A role: who holds it, who hands it out, who cancels its announced acts, what it opens."""

    role: int
    name: str
    admin: int
    guardian: int
    grant_delay_seconds: int
    holders: tuple[Holder, ...]
    opens: tuple[Opened, ...]


@dataclass(frozen=True)
class Target:
    """A contract under the manager. A closed one refuses every restricted function."""

    contract: str
    address: str
    closed: bool
    admin_delay_seconds: int


@dataclass(frozen=True)
class Operation:
    """An announced act that was neither carried out nor cancelled; instants in UTC seconds."""

    operation_id: str
    caller: str
    contract: str
    call: str
    announced_in_block: int
    earliest: int
    expires: int
    state: OperationState


@dataclass(frozen=True)
class Picture:
    """Everything at the end of a block, at the block's time (UTC seconds)."""

    chain_id: int
    block: int
    timestamp: int
    manager: str
    roles: tuple[Role, ...]
    targets: tuple[Target, ...]
    operations: tuple[Operation, ...]

    def role(self, role: int) -> Role:
        """A role by id; one that nobody spoke of has no holders."""
        return next((each for each in self.roles if each.role == role), Role(role, f"role {role}", 0, 0, 0, (), ()))

    def holders_now(self, role: int) -> tuple[Holder, ...]:
        """Those to whom a role opens something at the block's time."""
        held = (holder for holder in self.role(role).holders if holder.since <= self.timestamp)
        return tuple(holder for holder in held if not holder.suspended)

    def target(self, contract: str) -> Target | None:
        """A contract under the manager by name."""
        return next((each for each in self.targets if each.contract == contract), None)


@dataclass(frozen=True)
class Moment:
    """Which ledger, where and when."""

    chain_id: int
    block: int
    timestamp: int
    manager: str


def draw_picture(journal: Journal, moment: Moment, names: Names) -> Picture:
    """The journal's state at a moment, with names for addresses and selectors."""
    return Picture(
        chain_id=moment.chain_id,
        block=moment.block,
        timestamp=moment.timestamp,
        manager=moment.manager,
        roles=tuple(_role(role, journal, moment, names) for role in sorted(journal.roles)),
        targets=tuple(_target(address, journal.targets[address], moment, names) for address in sorted(journal.targets)),
        operations=tuple(
            _operation(each, moment, names, may_carry_out(journal, moment.manager, moment.timestamp, each))
            for each in _by_time(journal)
        ),
    )


def _by_time(journal: Journal) -> list[Scheduled]:
    return sorted(journal.operations.values(), key=lambda each: (each.earliest, each.operation_id))


def _role(role: int, journal: Journal, moment: Moment, names: Names) -> Role:
    record: RoleRecord = journal.roles[role]
    opens = [
        Opened(names.contract(address), names.function(address, selector))
        for address, target in journal.targets.items()
        for selector, opener in target.functions.items()
        if opener == role
    ]
    return Role(
        role=role,
        name=names.role(role, record.label),
        admin=record.admin,
        guardian=record.guardian,
        grant_delay_seconds=record.grant_delay.at(moment.timestamp),
        holders=tuple(
            _holder(account, held, moment, role not in OFFICES and account in journal.suspended)
            for account, held in sorted(record.members.items())
        ),
        opens=tuple(sorted(opens, key=lambda each: (each.contract, each.function))),
    )


def _holder(account: str, held: Membership, moment: Moment, suspended: bool) -> Holder:
    pending, effect = held.delay.pending(moment.timestamp) or (None, None)
    return Holder(account, held.since, held.delay.at(moment.timestamp), pending, effect, suspended)


def _target(address: str, record: TargetRecord, moment: Moment, names: Names) -> Target:
    return Target(names.contract(address), address, record.closed, record.admin_delay.at(moment.timestamp))


def _operation(announced: Scheduled, moment: Moment, names: Names, allowed: bool) -> Operation:
    expires = announced.earliest + EXPIRATION_SECONDS
    return Operation(
        operation_id="0x" + announced.operation_id.hex(),
        caller=announced.caller,
        contract=names.contract(announced.target),
        call=names.call(announced.target, announced.data),
        announced_in_block=announced.block,
        earliest=announced.earliest,
        expires=expires,
        state=_state(announced.earliest, expires, moment.timestamp, allowed),
    )


def _state(earliest: int, expires: int, time: int, allowed: bool) -> OperationState:
    if time >= expires:
        return OperationState.EXPIRED
    if not allowed:
        return OperationState.BARRED
    return OperationState.WAITING if time < earliest else OperationState.READY
