"""The rows of a signed agreement."""

from collections.abc import Sequence

from contracts.schedule.derive import derive
from contracts.schedule.errors import UnsupportedMethod
from contracts.schedule.row import Row
from contracts.schedule.table import verify_table
from contracts.schedule.terms import ScheduleTerms
from contracts.typed_data import Agreement


def agreed_rows(agreement: Agreement, table: Sequence[Row] = ()) -> list[Row]:
    """The rows that a formula gives, or those of a table once it is verified.

    Raises a ScheduleRefused; a formula that comes with a table is an UnsupportedMethod.
    """
    terms = ScheduleTerms.of(agreement)
    if terms.method.is_table:
        verify_table(terms, table)
        return list(table)
    if table:
        raise UnsupportedMethod(terms.method)
    return derive(terms, agreement.instalment_minor)
