"""The picture at a block over JSON-RPC, from any engine, needing no address book: the code at an address names it."""

from collections.abc import Iterable
from typing import Any

from eth_utils.address import to_checksum_address

from contracts.access.allowed import MANAGER
from contracts.access.journal import ADMIN_ROLE, Journal, journal_of
from contracts.access.names import Names
from contracts.access.picture import Moment, Picture, draw_picture
from contracts.artifacts import artifact
from contracts.clients.abi import EventSignature
from contracts.clients.address_book import CONTRACT_NAMES, VERSION_MARK, AddressBook
from contracts.clients.events import LOG_RANGE_BLOCKS, fetch_events
from contracts.clients.ledger import UnknownBlock
from contracts.clients.rpc import Rpc


class NoAccessManager(Exception):
    """No contract of this repository's AccessManager code was deployed up to the block."""

    def __init__(self, block: int) -> None:
        super().__init__(f"no AccessManager was deployed up to block {block}")
        self.block = block


class NotAnAccessManager(Exception):
    """Another contract, or none, stands at the address given."""

    def __init__(self, address: str, block: int) -> None:
        super().__init__(f"at {address} stands no AccessManager in block {block}")
        self.address, self.block = address, block


def picture_at(rpc: Rpc, block: int | None = None, manager: str | None = None) -> Picture:
    """Who may do what at the end of a block (the latest when None); the first AccessManager when none is named.

    Raises UnknownBlock, NoAccessManager, NotAnAccessManager, LedgerUnavailable, RpcError.
    """
    number, timestamp = _block(rpc, block)
    if manager is None:
        address, first = _find_manager(rpc, number)
    else:
        address, first = to_checksum_address(manager), 0
        if _name_at(rpc, address, number) != MANAGER:
            raise NotAnAccessManager(address, number)
    chain_id = int(rpc.request("eth_chainId"), 16)
    events = fetch_events(rpc, AddressBook(chain_id, first, {MANAGER: address}), first, number)
    journal = journal_of(events)
    moment = Moment(chain_id, number, timestamp, address)
    return draw_picture(journal, moment, Names(_named(rpc, _spoken_of(journal, address), number)))


def _block(rpc: Rpc, block: int | None) -> tuple[int, int]:
    found = rpc.request("eth_getBlockByNumber", "latest" if block is None else hex(block), False)
    if found is None:
        raise UnknownBlock(block or 0)
    return int(found["number"], 16), int(found["timestamp"], 16)


def _find_manager(rpc: Rpc, last: int) -> tuple[str, int]:
    """The first AccessManager and its block: its constructor grants ADMIN."""
    granted = next(e for e in artifact(MANAGER).abi if e["type"] == "event" and e["name"] == "RoleGranted")
    topics = ["0x" + EventSignature(granted).hash.hex(), "0x" + ADMIN_ROLE.to_bytes(32, "big").hex()]
    for start in range(0, last + 1, LOG_RANGE_BLOCKS):
        end = min(start + LOG_RANGE_BLOCKS - 1, last)
        query = {"fromBlock": hex(start), "toBlock": hex(end), "topics": topics}
        for log in rpc.request("eth_getLogs", query):
            address = to_checksum_address(log["address"])
            if _name_at(rpc, address, last) == MANAGER:
                return address, int(log["blockNumber"], 16)
    raise NoAccessManager(last)


def _spoken_of(journal: Journal, manager: str) -> list[str]:
    """Every address that the events name as a target, the manager first, in order of appearance."""
    announced = [each.target for each in journal.operations.values()]
    return list(dict.fromkeys([manager, *journal.targets, *announced]))


def _named(rpc: Rpc, addresses: Iterable[str], block: int) -> dict[str, str]:
    """Names of the addresses at which contracts of this repository stand; the newest of a name bears it alone.

    Older ones carry their number from 1 on, as in the address book: "LoanBook#1".
    """
    places: dict[str, list[str]] = {}
    for address in addresses:
        name = _name_at(rpc, address, block)
        if name is not None:
            places.setdefault(name, []).append(address)
    numbered = ((name, *each) for name, found in places.items() for each in enumerate(found, start=1))
    older = {address: f"{name}{VERSION_MARK}{number}" for name, number, address in numbered}
    return older | {found[-1]: name for name, found in places.items()}


def _name_at(rpc: Rpc, address: str, block: int) -> str | None:
    answer: Any = rpc.request("eth_getCode", address, hex(block))
    code = bytes.fromhex(answer[2:])
    return next((name for name in CONTRACT_NAMES if code and artifact(name).is_code(code)), None)
