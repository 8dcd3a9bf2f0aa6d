"""A loan on the ledger for its borrower, and for nobody else."""

from typing import Any

from sqlalchemy import Connection, Row

from api.indexer.repository import loan_on_ledger
from api.kit.contract_errors import LoanClosed, LoanNotActive
from api.kit.problems import NotFound
from api.loans import repository


def own_active_loan(connection: Connection, loan: str, subject: str) -> Row[Any]:
    """The row of an active loan of `subject`; raises NotFound, LoanNotActive, LoanClosed."""
    row = loan_on_ledger(connection, loan)
    if row is None:
        if repository.accepted_offers(connection, subject, loan):
            raise LoanNotActive(loan)
        raise NotFound
    if row.borrower != subject:
        raise NotFound
    if row.closed_day is not None:
        raise LoanClosed(loan)
    return row
