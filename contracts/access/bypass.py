"""No single key may both change policy and get round the delay after which policy changes.

Policy is every function whose role has a delay. For each account the shortest time is computed in which it alone
could call such a function, by any chain of acts: through roles it holds, roles it may grant itself, or, with ADMIN,
by giving the function to a role it holds.
"""

from dataclasses import dataclass
from functools import reduce

from contracts.access.journal import ADMIN_ROLE, GUARDIAN_ROLE, PUBLIC_ROLE
from contracts.access.picture import EVERYBODY, Opened, Picture, Role

NEVER = 2**63


@dataclass(frozen=True)
class Bypass:
    """Why the rule is broken, in one sentence, by which account and on what."""

    account: str
    subject: str
    reason: str

    def __str__(self) -> str:
        return f"{self.subject}: {self.account} {self.reason}"


def bypasses(picture: Picture) -> list[Bypass]:
    """Every way in which one account alone gets round a delay, or is alone in watching its own announced acts."""
    accounts = sorted({holder.account for role in picture.roles for holder in role.holders})
    shortcuts = [each for account in accounts for each in _shortcuts(picture, account)]
    unwatched = [each for role in picture.roles for each in _unwatched(picture, role)]
    return [*shortcuts, *unwatched, *_lasting(picture), *_open_to_all(picture)]


def _open_to_all(picture: Picture) -> list[Bypass]:
    """Restricted functions, and roles, that somebody gave to everybody."""
    public = picture.role(PUBLIC_ROLE)
    functions = [f"{opened.contract}.{opened.function}" for opened in public.opens]
    called = [Bypass(EVERYBODY, function, "may call it at once") for function in functions]
    handed_out = [f"role {role.name}" for role in picture.roles if role.admin == PUBLIC_ROLE]
    return [*called, *(Bypass(EVERYBODY, role, "may hand it out") for role in handed_out)]


def _shortcuts(picture: Picture, account: str) -> list[Bypass]:
    reach = _reach(picture, account)
    found = []
    if _held_delay(picture.role(ADMIN_ROLE), account) == 0:
        found.append(Bypass(account, "role ADMIN", "acts at once, though it can hand out every role"))
    for role in picture.roles:
        delay = policy_delay(picture, role)
        if reach[role.role] < delay:
            held = f"reaches it in {reach[role.role]} s, others wait {delay} s"
            found.append(Bypass(account, f"role {role.name}", held))
        found += [
            Bypass(account, f"{opened.contract}.{opened.function}", f"can take it over in {sooner} s, not {delay} s")
            for opened in role.opens
            if (sooner := _takeover(picture, reach, opened)) < min(delay, reach[role.role])
        ]
    return found


def policy_delay(picture: Picture, role: Role) -> int:
    """The longest delay among those who hold a role: what a change of policy is announced by."""
    if role.role == ADMIN_ROLE:
        return max((policy_delay(picture, each) for each in picture.roles if each.role != ADMIN_ROLE), default=0)
    return max((holder.delay_seconds for holder in role.holders), default=0)


def _reach(picture: Picture, account: str) -> dict[int, int]:
    """In how many seconds an account could first act in each role, by its own acts alone."""
    start = {role.role: _held_delay(role, account) for role in picture.roles}
    return reduce(lambda reach, _: _one_grant_further(picture, reach), picture.roles, start)


def _held_delay(role: Role, account: str) -> int:
    """The execution delay that the account would have, the shorter of a pending change."""
    holder = next((each for each in role.holders if each.account == account), None)
    if holder is None:
        return NEVER
    return min(holder.delay_seconds, holder.delay_seconds if (p := holder.pending_delay_seconds) is None else p)


def _one_grant_further(picture: Picture, reach: dict[int, int]) -> dict[int, int]:
    """The role's admin may grant it to itself without a delay, which counts after the role's grant delay."""
    return {
        role.role: min(reach[role.role], reach.get(role.admin, NEVER) + role.grant_delay_seconds)
        for role in picture.roles
    }


def _takeover(picture: Picture, reach: dict[int, int], opened: Opened) -> int:
    """In how many seconds ADMIN could give the function to a role of its own: the contract's own delay counts too."""
    target = picture.target(opened.contract)
    return max(reach.get(ADMIN_ROLE, NEVER), target.admin_delay_seconds if target else 0)


def _unwatched(picture: Picture, role: Role) -> list[Bypass]:
    """A proposer whose announced acts only itself could cancel: the delay would warn nobody who can act on it."""
    guardians = (*picture.role(role.guardian).holders, *picture.role(GUARDIAN_ROLE).holders)
    watchers = {holder.account for holder in guardians}
    return [
        Bypass(holder.account, f"role {role.name}", "announces acts that nobody else can cancel")
        for holder in role.holders
        if holder.delay_seconds and not watchers - {holder.account}
    ]


def _lasting(picture: Picture) -> list[Bypass]:
    """A guardian whom nobody could dismiss at once: it would cancel whatever is announced to dismiss it."""
    guardians = picture.role(GUARDIAN_ROLE)
    at_once = {holder.account for holder in picture.role(guardians.admin).holders if not holder.delay_seconds}
    return [
        Bypass(holder.account, f"role {guardians.name}", "cancels whatever would dismiss it")
        for holder in guardians.holders
        if not at_once - {holder.account}
    ]
