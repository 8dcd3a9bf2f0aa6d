"""The arrears keeper: once a day it lets the ledger record every loan whose bucket has changed."""

from collections import defaultdict
from collections.abc import Iterator
from typing import Any

from sqlalchemy import Engine, Row

from api.indexer.indexer import Indexer
from api.indexer.repository import acts_on_ledger, open_loans, payments_on_ledger, table_of
from api.kit.database import writing
from api.kit.logs import log
from api.kit.types import bytes_of
from api.loans.account import account_on, rows_to_bring
from contracts.clients import Call, Ledger
from contracts.schedule import day_at
from contracts.sender import enqueue
from contracts.typed_data import Agreement


class ArrearsKeeper:
    """Compares the bucket recorded on the ledger with the one a day implies."""

    def __init__(self, engine: Engine, ledger: Ledger, indexer: Indexer, zone: int, relayer: str) -> None:
        self._engine, self._ledger, self._indexer = engine, ledger, indexer
        self._zone, self._relayer = zone, relayer
        self._done_day, self._log = -1, log("arrears")

    def step(self) -> int:
        """Enqueue what changed on a new day, as soon as the read model is at the head. Raises LedgerUnavailable."""
        now = self._ledger.pending_timestamp()
        today = day_at(now, self._zone)
        if today == self._done_day or not self._indexer.caught_up():
            return 0
        changed = list(self._changed(now))
        with writing(self._engine) as connection:
            for act_id, call in changed:
                enqueue(connection, act_id, call.to, call.data, key_address=self._relayer)
        self._done_day = today
        self._log.info("arrears checked", day=today, changed=len(changed))
        return len(changed)

    def _changed(self, now: int) -> Iterator[tuple[str, Call]]:
        """By the day of each loan's own time zone, as the contract counts."""
        for row, payments, acts in self._open_loans():
            agreement, table = Agreement.from_message(row.agreement), table_of(row)
            today = day_at(now, agreement.time_zone_minutes)
            account = account_on(agreement, payments, today, table, acts)
            if account.arrears.bucket != row.bucket:
                act_id = f"arrears/{row.loan}/{today}"
                rows = rows_to_bring(account, today + 1)  # it may reach the ledger after midnight
                yield act_id, self._ledger.loan_book.record_arrears_call(bytes_of(row.loan), rows)

    def _open_loans(self) -> list[tuple[Row[Any], list[Row[Any]], list[Row[Any]]]]:
        with self._engine.connect() as connection:
            loans = open_loans(connection)
            payments = defaultdict[str, list[Row[Any]]](list)
            for payment in payments_on_ledger(connection, (row.loan for row in loans)):
                payments[payment.loan].append(payment)
            acts = acts_on_ledger(connection, (row.loan for row in loans))
        return [(row, payments[row.loan], [act for act in acts if act.loan in (row.loan, None)]) for row in loans]
