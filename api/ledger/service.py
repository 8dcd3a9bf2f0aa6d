"""How far ledger, read model and publisher are."""

import httpx

from api.indexer.repository import last_seen
from api.kit.facade import Facade
from api.kit.limits import MAX_READY_LAG_BLOCKS
from api.kit.problems import LedgerUnavailable
from api.ledger.clock import ledger_time
from api.ledger.schemas import LedgerOut, ReadyOut
from contracts.schedule import day_at

PUBLISHER_PATIENCE_SECONDS = 2.0


async def ledger(facade: Facade) -> LedgerOut:
    """What a client needs before it can sign anything; raises LedgerUnavailable."""
    now = await ledger_time(facade)
    zone = facade.product.policy.terms.time_zone_minutes
    return LedgerOut(
        chain_id=facade.book.chain_id,
        contracts=dict(facade.book.contracts),
        head_block=await _head(facade),
        ledger_at=now,
        today_day=day_at(now, zone),
        time_zone_minutes=zone,
        indexed_block=await _indexed(facade),
    )


async def _head(facade: Facade) -> int:
    return (await facade.ledger.ask(facade.ledger.clients.head)).number


async def _indexed(facade: Facade) -> int | None:
    seen = await facade.database.read(last_seen)
    return None if seen is None else seen.block_number


async def readiness(facade: Facade) -> ReadyOut:
    """Ledger reachable and the read model close behind it."""
    lag = await _lag(facade)
    return ReadyOut(
        ready=lag is not None and lag <= MAX_READY_LAG_BLOCKS,
        ledger=lag is not None,
        publisher=await _publisher_answers(facade.settings.publisher),
        lag_blocks=lag,
    )


async def _lag(facade: Facade) -> int | None:
    try:
        head = await _head(facade)
    except LedgerUnavailable:
        return None
    return head - (await _indexed(facade) or 0)


async def _publisher_answers(url: str) -> bool:
    try:
        async with httpx.AsyncClient(timeout=PUBLISHER_PATIENCE_SECONDS) as client:
            return (await client.get(f"{url}/health")).is_success
    except httpx.HTTPError:
        return False
