"""One question to the picture: who could call this function at that block, and how long they had to wait."""

from dataclasses import dataclass

from contracts.access.allowed import ADMIN_ACTS, MANAGER, NOBODYS, ROLE_ACTS, TARGET_ACTS
from contracts.access.journal import ADMIN_ROLE, PUBLIC_ROLE
from contracts.access.names import functions_of, shown_signature
from contracts.access.picture import EVERYBODY, Opened, Picture, Target
from contracts.artifacts import UnknownContract

MANAGING = (*ADMIN_ACTS, *TARGET_ACTS, *ROLE_ACTS)


class UnknownFunction(Exception):
    """No contract under the manager has this function."""

    def __init__(self, wanted: str, known: tuple[str, ...]) -> None:
        super().__init__(f"no function {wanted}; there are {', '.join(known)}")
        self.wanted, self.known = wanted, known


@dataclass(frozen=True)
class Answer:
    """An account that may call a function: through which role, waiting how long, and on what condition."""

    function: str
    account: str
    role: str
    delay_seconds: int
    condition: str


def who_may(picture: Picture, wanted: str) -> list[Answer]:
    """Who may call "Contract.function" (with its argument types where the name has several). Raises UnknownFunction.

    A function that no role was given belongs to ADMIN, if the contract restricts it at all.
    """
    contract, _, function = wanted.partition(".")
    name = function.partition("(")[0]
    if contract == MANAGER and name in MANAGING:
        return _who_may_manage(picture, Opened(MANAGER, _signatures(MANAGER, name)[0]), name)
    target = picture.target(contract)
    signatures = _signatures(contract, function) if target else []
    if target is None or not signatures:
        raise UnknownFunction(wanted, _known(picture, contract))
    if target.closed or name in NOBODYS:
        return []
    return [answer for each in signatures for answer in _of_function(picture, target, each)]


def _of_function(picture: Picture, target: Target, function: str) -> list[Answer]:
    opened = Opened(target.contract, function)
    role = next((each.role for each in picture.roles if opened in each.opens), None)
    if role is None and target.contract == MANAGER:
        raise UnknownFunction(f"{MANAGER}.{function}", _known(picture, MANAGER))
    if role is None:
        return _answers(picture, opened, ADMIN_ROLE, condition="if the function is restricted at all: no role has it")
    return _answers(picture, opened, role)


def _answers(picture: Picture, opened: Opened, role: int, least: int = 0, condition: str = "") -> list[Answer]:
    function, name = f"{opened.contract}.{opened.function}", picture.role(role).name
    if role == PUBLIC_ROLE:
        return [Answer(function, EVERYBODY, name, 0, condition)]
    return [
        Answer(function, holder.account, name, max(holder.delay_seconds, least), condition)
        for holder in picture.holders_now(role)
    ]


def _who_may_manage(picture: Picture, opened: Opened, name: str) -> list[Answer]:
    if name in ROLE_ACTS:
        return [
            answer
            for role in picture.roles
            for answer in _answers(picture, opened, role.admin, condition=f"for {role.name}")
        ]
    if name in TARGET_ACTS:
        return [
            answer
            for target in picture.targets
            for answer in _answers(
                picture, opened, ADMIN_ROLE, target.admin_delay_seconds, condition=f"for {target.contract}"
            )
        ]
    return _answers(picture, opened, ADMIN_ROLE)


def _signatures(contract: str, function: str) -> list[str]:
    """The functions of a contract that a name, or a name with argument types, stands for."""
    try:
        known = [shown_signature(each.entry) for each in functions_of(contract.partition("#")[0]).values()]
    except UnknownContract:
        return []
    return [each for each in known if function in (each, each.partition("(")[0])]


def _known(picture: Picture, contract: str) -> tuple[str, ...]:
    opened = {f"{each.contract}.{each.function}" for role in picture.roles for each in role.opens}
    of_contract = {each for each in opened if each.startswith(f"{contract}.")}
    managing = {f"{MANAGER}.{name}" for name in MANAGING} if contract == MANAGER else set()
    return tuple(sorted(of_contract | managing or opened))
