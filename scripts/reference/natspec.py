"""What the compiler knows of the contracts' documentation, without making code: ABI, NatSpec, modifiers."""

from dataclasses import dataclass
from functools import cache
from typing import Any

from contracts.clients.abi import signature
from contracts.compile import MODULES, compile_units, own_units
from scripts.reference.prose import notice_of

DOCUMENTS = {
    "viaIR": True,
    "evmVersion": "cancun",
    "outputSelection": {"*": {"*": ["abi", "devdoc", "userdoc"], "": ["ast"]}},
}
RESTRICTED = ("restricted", "onlyAuthorized")
OWN_SOURCES = "contracts/src/"


@dataclass(frozen=True)
class Entry:
    """A function, event or error: its ABI entry, what it is for, details, meaning of arguments and results."""

    abi: dict[str, Any]
    notice: str
    details: str
    params: dict[str, str]
    returns: dict[str, str]
    restricted: bool = False

    @property
    def name(self) -> str:
        """Its name without arguments."""
        return str(self.abi["name"])

    @property
    def is_read(self) -> bool:
        """Whether it changes nothing."""
        return self.abi.get("stateMutability") in ("view", "pure")


@dataclass(frozen=True)
class Documented:
    """A contract: title, purpose, and its entries by the order of their signatures."""

    name: str
    title: str
    notice: str
    functions: tuple[Entry, ...]
    events: tuple[Entry, ...]
    errors: tuple[Entry, ...]


@cache
def documented() -> dict[str, Documented]:
    """Every contract that is deployed, by name. Raises CompilationFailed."""
    output = compile_units(own_units(), DOCUMENTS)
    parts = {name: part for unit in output["contracts"].values() for name, part in unit.items()}
    restricted = restricted_functions(output)
    inner = {module for modules in MODULES.values() for module in modules}
    names = [name for unit in own_units() for name in output["contracts"].get(unit, {}) if name not in inner]
    notices = {node["name"]: notice_of(node) for unit, node in _defined(output) if unit.startswith(OWN_SOURCES)}
    return {name: _document(name, parts, restricted, notices) for name in names if f"I{name}" in parts}


def restricted_functions(output: dict[str, Any]) -> dict[str, set[str]]:
    """The functions of each contract that ask AccessManager, inherited ones too: those with the modifier.

    What OpenZeppelin's AccessManager restricts of itself is ADMIN's by its own rules.
    """
    defined = _defined(output)
    contracts = {node["id"]: node for _, node in defined}
    own = {node["id"]: _restricted_in(node) if unit.startswith(OWN_SOURCES) else set() for unit, node in defined}
    return {
        contract["name"]: {name for base in contract["linearizedBaseContracts"] for name in own[base]}
        for contract in contracts.values()
    }


def _defined(output: dict[str, Any]) -> list[tuple[str, dict[str, Any]]]:
    """Every contract, interface and library: its unit and its syntax tree."""
    nodes = [(unit, node) for unit, source in output["sources"].items() for node in source["ast"]["nodes"]]
    return [(unit, node) for unit, node in nodes if node["nodeType"] == "ContractDefinition"]


def _restricted_in(contract: dict[str, Any]) -> set[str]:
    functions = (node for node in contract["nodes"] if node["nodeType"] == "FunctionDefinition")
    return {function["name"] for function in functions if _is_restricted(function)}


def _is_restricted(function: dict[str, Any]) -> bool:
    return any(modifier["modifierName"]["name"] in RESTRICTED for modifier in function["modifiers"])


def _document(name: str, parts: dict[str, Any], restricted: dict[str, set[str]], notices: dict[str, str]) -> Documented:
    names = [name, *(module for module in MODULES.get(name, ()) if module in parts)]
    asks = {function for part in names for function in restricted.get(part, ())}
    faces = [f"I{name}", name]  # the interface may be OpenZeppelin's, which says less
    face = next((each for each in faces if "title" in parts[each]["devdoc"]), name)
    return Documented(
        name=name,
        title=parts[face]["devdoc"].get("title", ""),
        notice=notices[face],
        functions=_entries([parts[part] for part in names], "function", asks),
        events=_entries([parts[part] for part in names], "event", set()),
        errors=_entries([parts[part] for part in names], "error", set()),
    )


def _entries(parts: list[dict[str, Any]], kind: str, restricted: set[str]) -> tuple[Entry, ...]:
    found = {
        signature(abi): _entry(part, kind, abi, restricted)
        for part in reversed(parts)
        for abi in part["abi"]
        if abi["type"] == kind
    }
    return tuple(found[key] for key in sorted(found, key=str.lower))


def _entry(part: dict[str, Any], kind: str, abi: dict[str, Any], restricted: set[str]) -> Entry:
    section, key = {"function": "methods", "event": "events", "error": "errors"}[kind], signature(abi)
    user, dev = (_of(part[document], section, key) for document in ("userdoc", "devdoc"))
    return Entry(
        abi=abi,
        notice=user.get("notice", ""),
        details=dev.get("details", ""),
        params=dev.get("params", {}),
        returns=dev.get("returns", {}),
        restricted=abi["name"] in restricted,
    )


def _of(document: dict[str, Any], section: str, key: str) -> dict[str, Any]:
    """The entry of a signature; errors come as lists, since several may share a signature."""
    found = document.get(section, {}).get(key, {})
    entry: dict[str, Any] = found[0] if isinstance(found, list) else found
    return entry
