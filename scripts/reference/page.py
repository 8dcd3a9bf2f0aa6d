"""The page docs/reference/contracts.md, generated."""

from collections.abc import Iterable, Iterator

from contracts.access.names import shown_type
from contracts.deployment.roles import DELAYS, FUNCTIONS, Role
from scripts.reference.natspec import Documented, Entry, documented
from scripts.reference.states import states_section
from scripts.reference.typed import Message, messages, struct_comments

DAY_SECONDS = 86_400
HEAD = """\
# Contracts

Generated from the contracts' NatSpec and ABI by `python -m scripts.reference`; `make check` fails when it is stale.
How the contracts fit together is told in [concepts](../concepts/contracts.md); who holds which role at any block,
`tally roles` answers from the ledger.

Amounts are integer minor units, rates parts per million a year, days are counted since 1970-01-01 in the loan's time
zone, instants are UTC seconds. A refusal is a custom error that carries the values it was judged by.
"""


class RestrictionUnknown(Exception):
    """The contract asks AccessManager for a function that contracts/deployment/roles.py gives to nobody, or not so."""

    def __init__(self, contract: str, functions: set[str]) -> None:
        super().__init__(f"{contract}: restricted in Solidity or in FUNCTIONS but not in both: {sorted(functions)}")
        self.contract, self.functions = contract, functions


def page() -> str:
    """The whole page. Raises RestrictionUnknown, FieldWithoutMeaning, CompilationFailed."""
    contracts = documented()
    parts = [HEAD, _contents(contracts), *(_contract(each) for each in contracts.values())]
    return "\n".join([*parts, states_section(), _structs(contracts), _messages(messages())])


def _contents(contracts: dict[str, Documented]) -> str:
    names = [*contracts, "States of a loan", "Structs", "Signed messages"]
    return " · ".join(f"[{name}](#{name.lower().replace(' ', '-')})" for name in names) + "\n"


def _contract(contract: Documented) -> str:
    require_known_restrictions(contract)
    own = [entry for entry in contract.functions if entry.notice]
    inherited = tuple(entry for entry in contract.functions if not entry.notice)
    acts, reads = [e for e in own if not e.is_read], [e for e in own if e.is_read]
    return "\n".join(
        [
            f"## {contract.name}\n",
            *([f"**{contract.title}.**\n"] if contract.title else []),
            f"{contract.notice}\n",
            *_group("Acts", (_function(contract.name, entry) for entry in acts)),
            *_group("Reads", (_function(contract.name, entry) for entry in reads)),
            *_inherited(inherited),
            *_table("Events", ("event", "says"), contract.events),
            *_table("Errors", ("error", "refused because"), contract.errors),
        ]
    )


def require_known_restrictions(contract: Documented) -> None:
    """What Solidity restricts is exactly what a deployment gives to a role. Raises RestrictionUnknown."""
    asked = {entry.name for entry in contract.functions if entry.restricted}
    given = {name for names in FUNCTIONS.get(contract.name, {}).values() for name in names}
    if asked ^ given:
        raise RestrictionUnknown(contract.name, asked ^ given)


def _group(title: str, blocks: Iterable[str]) -> Iterator[str]:
    found = list(blocks)
    if found:
        yield f"### {title}\n"
        yield from found


def _function(contract: str, entry: Entry) -> str:
    lines = [f"#### `{entry.name}({_arguments(entry)})`\n"]
    if not entry.is_read:
        lines.append(f"*{_who(contract, entry)}.* {_sentence(entry.notice)}")
    else:
        lines.append(_sentence(entry.notice))
    if entry.details:
        lines.append(_sentence(entry.details))
    lines += [""] * bool(entry.params or entry.returns)
    told = [param["name"] for param in entry.abi["inputs"] if param["name"] in entry.params]
    lines += [f"- `{name}`: {_flat(entry.params[name])}" for name in told]
    lines += [f"- returns{_named(name)} {_flat(meaning)}" for name, meaning in entry.returns.items()]
    return "\n".join(lines) + "\n"


def _named(name: str) -> str:
    return ":" if name.startswith("_") else f" `{name}`:"


def _who(contract: str, entry: Entry) -> str:
    if not entry.restricted:
        return "Anyone, by the contract's own rules"
    role = role_of(contract, entry.name)
    days = DELAYS.get(role, 0) // DAY_SECONDS
    when = f"{days} day{'s' * (days > 1)} after announcing it" if days else "at once"
    return f"Role {role.name}, {when}"


def role_of(contract: str, function: str) -> Role:
    """The role that a deployment gives a restricted function to."""
    return next(role for role, names in FUNCTIONS[contract].items() if function in names)


def _arguments(entry: Entry) -> str:
    return ", ".join(
        f"{shown_type(param)}{' indexed' * param.get('indexed', False)} {param['name']}".strip()
        for param in entry.abi["inputs"]
    )


def _inherited(entries: tuple[Entry, ...]) -> Iterator[str]:
    """What comes from OpenZeppelin and has no documentation of ours."""
    if entries:
        yield (
            "As their standards say: " + ", ".join(f"`{entry.name}({_arguments(entry)})`" for entry in entries) + ".\n"
        )


def _table(title: str, columns: tuple[str, str], entries: tuple[Entry, ...]) -> Iterator[str]:
    if not entries:
        return
    yield f"### {title}\n"
    own = [entry for entry in entries if entry.notice]
    if own:
        yield f"| {columns[0]} | {columns[1]} |\n|---|---|"
        yield from (f"| `{entry.name}({_arguments(entry)})` | {_cell(entry.notice)} |" for entry in own)
        yield ""
    yield from _inherited(tuple(entry for entry in entries if not entry.notice))


def _structs(contracts: dict[str, Documented]) -> str:
    """The structs of arguments and results that nobody signs."""
    signed = {message.name for message in messages()}
    lines = ["## Structs\n", "Of arguments, results and events; the signed ones follow below.\n"]
    for name, (notice, comments) in struct_comments().items():
        if name in signed:
            continue
        lines += [f"### {name}\n", f"{notice}\n"]
        told = [f"| `{field}` | {_cell(comment)} |" for field, comment in comments.items()]
        lines += ["| field | means |\n|---|---|", *told, ""] if told else []
    return "\n".join(lines)


def _messages(found: list[Message]) -> str:
    lines = [
        "## Signed messages\n",
        "EIP-712 with name `Tallystick`, version `1`, the chain id and the contract that checks the message.",
        "`contracts/typed_data` makes the same digests in Python.\n",
    ]
    for message in found:
        lines += [f"### {message.name}\n", f"{message.checked}\n"]
        lines += ["| type | field | means |\n|---|---|---|"]
        lines += [f"| {kind} | `{name}` | {_cell(meaning)} |" for kind, name, meaning in message.fields]
        lines += [""]
    return "\n".join(lines)


def _sentence(text: str) -> str:
    flat = _flat(text)
    return flat if flat.endswith((".", ":", "?")) else flat + "."


def _cell(text: str) -> str:
    return _flat(text).replace("|", "\\|")


def _flat(text: str) -> str:
    return " ".join(text.split())
