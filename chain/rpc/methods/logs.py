"""Logs and filters."""

from typing import Any

from chain.core.view import View
from chain.rpc import hexes
from chain.rpc.errors import InvalidParams
from chain.rpc.filters import Filter
from chain.rpc.logs import find_logs, parse_query, parse_range
from chain.rpc.node import Node, Params, method

BOUNDS = ("fromBlock", "toBlock", "blockHash")


@method("eth_getLogs", least=1)
def get_logs(node: Node, params: Params) -> list[dict[str, Any]]:
    """The logs a filter object asks for."""
    request = _object(params[0])
    with node.ledger.view() as view:
        return find_logs(view, parse_query(request), *parse_range(view, request))


@method("eth_newFilter", least=1)
def new_filter(node: Node, params: Params) -> str:
    """Install a filter for logs of blocks to come."""
    request = _object(params[0])
    query = parse_query(request)
    with node.ledger.view() as view:
        parse_range(view, request)
        bounds = {name: request[name] for name in BOUNDS if name in request}
        return node.filters.install(query, bounds, view.head + 1)


@method("eth_newBlockFilter")
def new_block_filter(node: Node, _: Params) -> str:
    """Install a filter for hashes of blocks to come."""
    with node.ledger.view() as view:
        return node.filters.install(None, {}, view.head + 1)


@method("eth_uninstallFilter", least=1)
def uninstall_filter(node: Node, params: Params) -> bool:
    """Forget a filter."""
    return node.filters.uninstall(str(params[0]))


@method("eth_getFilterChanges", least=1)
def filter_changes(node: Node, params: Params) -> list[Any]:
    """What is new since the filter was last asked."""
    entry = node.filters.get(str(params[0]))
    with node.ledger.view() as view:
        news = _news(view, entry)
        entry.next_block = view.head + 1  # only now: what could not be told is not lost
        return news


@method("eth_getFilterLogs", least=1)
def filter_logs(node: Node, params: Params) -> list[dict[str, Any]]:
    """All logs a filter stands for."""
    entry = node.filters.get(str(params[0]))
    if entry.query is None:
        raise InvalidParams("this filter is for blocks, it has no logs")
    with node.ledger.view() as view:
        return find_logs(view, entry.query, *parse_range(view, entry.bounds))


def _news(view: View, entry: Filter) -> list[Any]:
    if entry.query is None:
        return [hexes.as_hex(view.block(number).hash) for number in range(entry.next_block, view.head + 1)]
    return find_logs(view, entry.query, entry.next_block, view.head)


def _object(value: Any) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise InvalidParams("the filter must be an object")
    return value
