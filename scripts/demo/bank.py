"""The outside world of the demo: a bank that credits salaries, and a calendar that moves.

Salaries reach a subject as cash tokens minted by the rails key against a bank entry, each entry once.
"""

from dataclasses import dataclass
from pathlib import Path

import httpx
from eth_utils.crypto import keccak

from contracts.clients import AddressBook, Ledger
from scripts.demo.desk import Desk

SECONDS_A_DAY = 86_400
PRODUCT_TIME_ZONE_SECONDS = 8 * 3600
NOON_SECONDS = 12 * 3600


class Bank:
    """Credits money at subjects' cash accounts."""

    def __init__(self, rpc_url: str, addresses: Path, data: Path) -> None:
        self.ledger = Ledger(rpc_url, AddressBook.load(addresses))
        self._desk = Desk(self.ledger, "rails", data)

    def credit(self, credits: dict[str, int], reference: str) -> None:
        """Credit each subject with its amount (minor units), once per reference, and wait until all are booked."""
        acts = {f"{reference}/{subject}": (subject, amount_minor) for subject, amount_minor in credits.items()}
        mint = self.ledger.cash_token.mint_call
        self._desk.carry_out({act: mint(subject, minor, keccak(text=act)) for act, (subject, minor) in acts.items()})


@dataclass(frozen=True)
class Calendar:
    """The devnet's clock, moved over JSON-RPC."""

    rpc_url: str

    def go_to(self, day: int) -> None:
        """Let it be noon of `day` (days since 1970 in the product's time zone); the past stays past."""
        instant = day * SECONDS_A_DAY + NOON_SECONDS - PRODUCT_TIME_ZONE_SECONDS
        pending = int(self._ask("eth_getBlockByNumber", ["pending", False])["timestamp"], 16)
        if instant > pending:
            self._ask("evm_increaseTime", [instant - pending])
            self._ask("evm_mine", [])

    def _ask(self, method: str, parameters: list[object]) -> dict[str, str]:
        request = {"jsonrpc": "2.0", "id": 1, "method": method, "params": parameters}
        answer = httpx.post(self.rpc_url, json=request, timeout=30).raise_for_status().json()
        if "error" in answer:
            raise RuntimeError(f"{method}: {answer['error']}")
        result: dict[str, str] = answer["result"]
        return result
