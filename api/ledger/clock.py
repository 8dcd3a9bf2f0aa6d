"""Business time is ledger time: the timestamp the next block would carry."""

import time

from api.indexer.repository import last_seen
from api.kit.facade import Facade
from api.kit.problems import LedgerUnavailable


async def ledger_time(facade: Facade) -> int:
    """UTC seconds by the ledger; raises LedgerUnavailable."""
    return await facade.ledger.ask(facade.ledger.clients.pending_timestamp)


async def estimated_time(facade: Facade) -> int:
    """Ledger time, or while the ledger is stopped the time it last told plus what has passed here since.

    Good enough to read by and to judge deadlines by; the contract judges again. Raises LedgerUnavailable when the
    ledger was never seen.
    """
    try:
        return await ledger_time(facade)
    except LedgerUnavailable:
        seen = await facade.database.read(last_seen)
        if seen is None:
            raise
        return int(seen.ledger_at) + max(0, int(time.time()) - int(seen.seen_at))
