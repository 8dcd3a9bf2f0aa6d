"""The synchronous ledger clients for asynchronous callers, with their refusals as problems."""

import asyncio
from collections.abc import Callable
from functools import partial
from typing import ParamSpec, TypeVar

from api.kit.contract_errors import as_problem
from api.kit.problems import LedgerUnavailable
from contracts import clients

P = ParamSpec("P")
R = TypeVar("R")

ABSENCES = (clients.LedgerUnavailable, clients.WrongChain, clients.RpcError, clients.ContractMissing)


class AsyncLedger:
    """Asks the ledger in a thread; raises LedgerUnavailable, or the problem that fits the contract's error."""

    def __init__(self, ledger: clients.Ledger) -> None:
        self.clients = ledger

    async def ask(self, query: Callable[P, R], *args: P.args, **kwargs: P.kwargs) -> R:
        """`query(...)`, one of the clients' methods."""
        try:
            return await asyncio.to_thread(self._on_this_chain, partial(query, *args, **kwargs))
        except ABSENCES as error:
            raise LedgerUnavailable from error
        except clients.ContractError as error:
            raise as_problem(error) from error

    def _on_this_chain(self, ask: Callable[[], R]) -> R:
        """Another chain at the URL is as good as none; asked once, then remembered."""
        _ = self.clients.chain_id
        return ask()

    async def preflight(self, call: clients.Call) -> clients.Call:
        """Let the contract judge an act as the next block would; the act comes back with the gas it needs.

        Raises the problem that fits the contract's refusal.
        """
        return await self.ask(self.clients.try_out, call)
