"""Time travel and snapshots, in the manner of Hardhat and anvil; only a node started with --dev has them."""

import json
from typing import Any

from chain.core.view import View
from chain.producer import Mode
from chain.rpc import hexes
from chain.rpc.errors import InvalidParams
from chain.rpc.node import Node, Params, method, optional
from chain.store.schema import META_CLOCK, META_SNAPSHOTS

MAX_BLOCKS_AT_ONCE = 1_000
MILLISECONDS = 1_000


@method("evm_mine", most=1, dev=True)
def mine(node: Node, params: Params) -> str:
    """Make a block now, even an empty one; a timestamp may be given."""
    request = optional(params, 0, {})
    options = request if isinstance(request, dict) else {"timestamp": request}
    if options.get("timestamp") is not None:
        node.clock.fix_next(hexes.quantity(options["timestamp"], "timestamp"))
    for _ in range(_block_count(options.get("blocks", 1))):
        node.producer.make_block(empty=True)
    return "0x0"


@method("anvil_mine", "hardhat_mine", most=2, dev=True)
def mine_many(node: Node, params: Params) -> None:
    """Make several blocks, so many seconds apart."""
    count = _block_count(optional(params, 0, 1))
    interval = hexes.quantity(optional(params, 1, 1), "interval")
    for index in range(count):
        if index and interval > 1:
            with node.ledger.view() as view:
                target = view.head_header().timestamp + interval
            node.clock.fix_next(target)
        node.producer.make_block(empty=True)


@method("evm_increaseTime", least=1, dev=True)
def increase_time(node: Node, params: Params) -> int:
    """Move time on by so many seconds; the whole offset."""
    return node.clock.advance(hexes.quantity(params[0], "seconds"))


@method("evm_setTime", least=1, dev=True)
def set_time(node: Node, params: Params) -> int:
    """Let the clock show this instant (UTC seconds) now; the offset."""
    return node.clock.set_now(hexes.quantity(params[0], "timestamp"))


@method("evm_setNextBlockTimestamp", "anvil_setNextBlockTimestamp", least=1, dev=True)
def set_next_timestamp(node: Node, params: Params) -> None:
    """Give exactly the next block this timestamp; time runs on from there."""
    node.clock.fix_next(hexes.quantity(params[0], "timestamp"))


@method("evm_setAutomine", "anvil_setAutoMine", least=1, dev=True)
def set_automine(node: Node, params: Params) -> bool:
    """Make blocks on demand, or only when told to."""
    node.producer.set_mode(Mode.ON_DEMAND if params[0] else Mode.MANUAL)
    return True


@method("hardhat_getAutomine", "anvil_getAutomine", dev=True)
def get_automine(node: Node, _: Params) -> bool:
    """Whether blocks are made on demand."""
    return node.producer.pace.mode is Mode.ON_DEMAND


@method("evm_setIntervalMining", least=1, dev=True)
def set_interval(node: Node, params: Params) -> bool:
    """Make blocks every so many milliseconds; 0 stops it."""
    milliseconds = hexes.quantity(params[0], "interval")
    if milliseconds:
        node.producer.set_mode(Mode.INTERVAL, milliseconds / MILLISECONDS)
    else:
        node.producer.set_mode(Mode.MANUAL)
    return True


@method("evm_snapshot", dev=True)
def snapshot(node: Node, _: Params) -> str:
    """Remember the head and the clock; the id to come back with."""
    with node.producer.exclusive():
        with node.ledger.view() as view:
            snapshots, head = _snapshots(view), view.head
        name = hex(1 + max((int(key, 16) for key in snapshots), default=0))
        snapshots[name] = {"head": head, "clock": node.clock.encoded().decode()}
        node.ledger.write_meta(META_SNAPSHOTS, json.dumps(snapshots).encode())
        return name


@method("evm_revert", least=1, dev=True)
def revert(node: Node, params: Params) -> bool:
    """Go back to a snapshot, in one durable step; later snapshots and waiting transactions are gone."""
    with node.producer.exclusive():
        with node.ledger.view() as view:
            snapshots = _snapshots(view)
        chosen = snapshots.get(hex(hexes.quantity(params[0], "snapshot")))
        if chosen is None:
            return False
        number = hexes.quantity(params[0], "snapshot")
        kept = {name: entry for name, entry in snapshots.items() if int(name, 16) < number}
        clock = chosen["clock"].encode()
        node.ledger.rewind(chosen["head"], {META_CLOCK: clock, META_SNAPSHOTS: json.dumps(kept).encode()})
        node.clock.restore(clock)
        node.filters.rewound(chosen["head"])
        return True


def _snapshots(view: View) -> dict[str, Any]:
    stored = view.meta(META_SNAPSHOTS)
    snapshots: dict[str, Any] = json.loads(stored) if stored else {}
    return snapshots


def _block_count(value: Any) -> int:
    count = hexes.quantity(value, "blocks")
    if count > MAX_BLOCKS_AT_ONCE:
        raise InvalidParams(f"more than {MAX_BLOCKS_AT_ONCE} blocks at once")
    return count
