"""The example in docs/concepts/schedule.md is what the code gives."""

from datetime import date
from pathlib import Path

from contracts.schedule import (
    DayCount,
    ScheduleTerms,
    date_of,
    day_of,
    derive,
    first_due_day,
    level_instalment,
    schedule_apr_ppm,
)

PAGE = Path(__file__).resolve().parents[3] / "docs" / "concepts" / "schedule.md"


def test_the_page_s_table_and_apr() -> None:
    paid_out = day_of(date(2026, 1, 31))
    terms = ScheduleTerms(1_000_000, 145_000, 6, paid_out, first_due_day(paid_out, 31), 31, DayCount.ACT_365F)
    rows = derive(terms, level_instalment(terms))
    page, balance = PAGE.read_text(), terms.principal_minor
    for row in rows:
        balance -= row.principal_minor
        cells = (row.nr, date_of(row.due_day), row.interest_minor, row.principal_minor, row.due_minor, balance)
        assert f"| {' | '.join(str(cell) for cell in cells)} |" in page
    assert f"APR {schedule_apr_ppm(terms, rows, 20_000)} ppm" in page
