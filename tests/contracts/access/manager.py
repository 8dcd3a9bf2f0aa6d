"""An AccessManager alone on a workbench EVM, with the journal of its events beside it."""

from collections.abc import Sequence
from typing import Any

from eth_abi.abi import encode

from contracts.access.journal import Journal, journal_of
from contracts.artifacts import artifact
from contracts.clients.abi import EventSignature
from contracts.clients.errors import ContractError
from contracts.clients.events import Event
from scripts.workbench.evm import Receipt
from scripts.workbench.pyevm import PyEvm
from scripts.workbench.system import function

START = 1_800_000_000
ACCOUNTS = ["0x" + f"{number:02x}" * 20 for number in (0x11, 0x22, 0x33)]
ADMIN = ACCOUNTS[0]
MANAGER = "AccessManager"
EVENTS = {
    event.hash: event
    for event in (EventSignature(entry) for entry in artifact(MANAGER).abi if entry["type"] == "event")
}


class Manager:
    """Acts on the contract, keeps its events, and asks its views."""

    def __init__(self) -> None:
        self.evm = PyEvm(1, START)
        self.events: list[Event] = []
        receipt = self.evm.transact(None, artifact(MANAGER).bytecode + encode(["address"], [ADMIN]), ADMIN)
        self.address = str(receipt.contract)
        self._keep(receipt)

    def act(self, name: str, *values: Any, sender: str = ADMIN) -> bool:
        """Send a transaction; whether it was carried out."""
        try:
            self._keep(self.evm.transact(self.address, function(MANAGER, name, len(values)).encode(values), sender))
        except ContractError:
            return False
        return True

    def view(self, name: str, *values: Any) -> Any:
        """What a view returns, several values as a tuple."""
        entry = function(MANAGER, name, len(values))
        found = tuple(entry.decode_outputs(self.evm.call(self.address, entry.encode(values))).values())
        return found[0] if len(found) == 1 else found

    def wait(self, seconds: int) -> None:
        """Let time pass."""
        self.evm.go_to(self.evm.timestamp + seconds)

    @property
    def journal(self) -> Journal:
        """What the events so far amount to."""
        return journal_of(self.events)

    def _keep(self, receipt: Receipt) -> None:
        for index, log in enumerate(receipt.logs):
            known = EVENTS[log.topics[0]]
            place: Sequence[Any] = (self.evm.number, bytes(32), bytes(32), 0, index, self.evm.timestamp)
            args = known.decode_log(log.topics, log.data)
            self.events.append(Event(known.name, MANAGER, log.address, args, *place))
