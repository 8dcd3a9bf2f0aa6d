"""A desk of the demo: one key from which calls go to the ledger, each once."""

from collections.abc import Mapping
from pathlib import Path
from threading import Lock

from contracts.clients import Call, Ledger
from contracts.keys import load_key
from contracts.sender import Sender, durable_engine, enqueue


class Desk:
    """Carries calls out from the public devnet key of a role, by the same durable sender that everything else uses."""

    def __init__(self, ledger: Ledger, role: str, data: Path) -> None:
        data.mkdir(parents=True, exist_ok=True)
        self._engine = durable_engine(f"sqlite:///{data / f'{role}.db'}")
        self._sender = Sender(self._engine, load_key(role, None, ledger.chain_id), ledger.rpc)
        self._lock = Lock()

    def carry_out(self, calls: Mapping[str, Call]) -> None:
        """Send each call under its act id and wait until all are booked. Raises the ContractError of a refused one."""
        with self._lock:
            with self._engine.begin() as connection:
                for act, call in calls.items():
                    enqueue(connection, act, call.to, call.data, key_address=self._sender.address)
            for act in calls:
                booked = self._sender.wait(act)
                if booked.error is not None:
                    raise booked.error
