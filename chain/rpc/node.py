"""What a JSON-RPC method works on, and how methods are found."""

from collections.abc import Callable
from dataclasses import dataclass, field
from importlib.metadata import version
from typing import Any

from chain.clock import LedgerClock
from chain.core.ledger import Ledger
from chain.core.rules import next_header
from chain.core.view import View
from chain.producer import Producer
from chain.rpc import hexes
from chain.rpc.errors import HeaderNotFound, InvalidParams
from chain.rpc.filters import Filters

HEAD_TAGS = ("latest", "safe", "finalized")  # one operator: the head is durable, and nobody else can replace it
CLIENT_VERSION = f"Tallystick/v{version('tallystick')}/py-evm-{version('py-evm')}"


@dataclass
class Node:
    """One running node."""

    ledger: Ledger
    clock: LedgerClock
    producer: Producer
    dev: bool
    filters: Filters = field(default_factory=Filters)


Params = list[Any]
Method = Callable[[Node, Params], Any]


@dataclass(frozen=True)
class Entry:
    """A registered method: how many parameters it needs and takes, and whether only a devnet has it."""

    run: Method
    least: int
    most: int
    dev: bool


REGISTRY: dict[str, Entry] = {}


def method(*names: str, least: int = 0, most: int | None = None, dev: bool = False) -> Callable[[Method], Method]:
    """Register a function under one or more method names."""

    def register(function: Method) -> Method:
        for name in names:
            REGISTRY[name] = Entry(function, least, least if most is None else most, dev)
        return function

    return register


def optional(params: Params, index: int, default: Any) -> Any:
    """A parameter that may be missing or null."""
    return params[index] if index < len(params) and params[index] is not None else default


def block_number(view: View, tag: Any) -> int:
    """The number a block parameter names, `pending` meaning the head; raises HeaderNotFound."""
    if isinstance(tag, dict):
        return _number_of_object(view, tag)
    if tag in HEAD_TAGS or tag == "pending":
        return view.head
    number = 0 if tag == "earliest" else hexes.quantity(tag, "block")
    if number > view.head:
        raise HeaderNotFound
    return number


def _number_of_object(view: View, tag: dict[str, Any]) -> int:
    """EIP-1898."""
    if "blockHash" in tag:
        number = view.number_of(hexes.hash32(tag["blockHash"], "blockHash"))
        if number is None:
            raise HeaderNotFound
        return number
    if "blockNumber" not in tag:
        raise InvalidParams("a block object needs blockHash or blockNumber")
    return block_number(view, tag["blockNumber"])


def pending_header(node: Node, view: View) -> Any:
    """The header of the block that would be made now."""
    return next_header(view.head_header(), node.clock.next_timestamp(view))


def state_machine(node: Node, view: View, tag: Any) -> Any:
    """A machine on the state a block parameter names, in the context geth gives it."""
    if tag == "pending":
        return view.next_machine(node.clock.next_timestamp(view))
    return view.machine(view.header(block_number(view, tag)))
