"""Reading a subject's loans: from the signature on, and also while the ledger is stopped."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, Row

from api.indexer.repository import acts_on_ledger, payments_on_ledger, table_of
from api.kit.contract_errors import failure
from api.kit.facade import Facade
from api.kit.pagination import Page, PageQuery
from api.kit.problems import NotFound
from api.ledger.clock import estimated_time
from api.loans import repository
from api.loans.schemas import LoanLedgerOut, LoanOut
from api.loans.view import Facts, loan_view
from contracts.schedule import day_at
from contracts.typed_data import Agreement


async def get(facade: Facade, subject: str, loan: str) -> LoanOut:
    """The subject's loan; raises NotFound."""
    found = await facade.database.read(_loans, facade, subject, loan)
    if not found:
        raise NotFound
    return _view(found[0], await estimated_time(facade))


async def page(facade: Facade, subject: str, query: PageQuery) -> Page[LoanOut]:
    """A part of the subject's loans, newest first; the cursor is a loan id. A person has few loans."""
    loans = await facade.database.read(_loans, facade, subject, None)
    ids = [facts.loan for _, facts in loans]
    start = ids.index(query.after) + 1 if query.after in ids else 0
    part = loans[start : start + query.limit]
    now = await estimated_time(facade)
    more = start + query.limit < len(loans)
    return Page(items=[_view(loan, now) for loan in part], next=part[-1][1].loan if more else None)


def _view(loan: tuple[Agreement, Facts], now: int) -> LoanOut:
    agreement, facts = loan
    return loan_view(agreement, facts, day_at(now, agreement.time_zone_minutes))


def _loans(connection: Connection, facade: Facade, subject: str, loan: str | None) -> list[tuple[Agreement, Facts]]:
    """Loans that are not on the ledger yet first, then those that are; each newest first."""
    on_ledger = repository.ledger_loans_of(connection, subject, loan)
    ids = [row.loan for row in on_ledger]
    payments = payments_on_ledger(connection, ids)
    acts, names = acts_on_ledger(connection, ids), repository.payment_ids(connection, ids)
    begun = [_begun(facade, row, payments, acts, names) for row in on_ledger]
    offers = repository.accepted_offers(connection, subject, loan)
    return [_signed(facade, row) for row in offers if row.loan not in ids] + begun


def _begun(
    facade: Facade, row: Row[Any], payments: Sequence[Row[Any]], acts: Sequence[Row[Any]], names: dict[str, str]
) -> tuple[Agreement, Facts]:
    """`payments` and `acts` are those of many loans; an act without a loan is of all."""
    ledger, own = _ledger(facade, row.block_number, row.tx_hash), [p for p in payments if p.loan == row.loan]
    life = [act for act in acts if act.loan in (row.loan, None)]
    facts = Facts(row.loan, "active", own, names, ledger, None, table_of(row), life)
    return Agreement.from_message(row.agreement), facts


def _signed(facade: Facade, row: Row[Any]) -> tuple[Agreement, Facts]:
    failed = row.act_status == "failed"
    error = failure(row.error) if failed else None
    facts = Facts(row.loan, "failed" if failed else "pending", [], {}, _ledger(facade, None, None), error)
    return Agreement.from_message(row.agreement), facts


def _ledger(facade: Facade, block_number: int | None, origination_tx: str | None) -> LoanLedgerOut:
    return LoanLedgerOut(
        chain_id=facade.book.chain_id,
        loan_book=facade.book.contracts["LoanBook"],
        block_number=block_number,
        origination_tx=origination_tx,
    )
