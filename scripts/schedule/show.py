"""`tally schedule`: the table, the JSON and the picture of a plan."""

import json
from datetime import date
from pathlib import Path
from typing import Any

import click

from contracts.schedule import ScheduleRefused, date_of
from contracts.schedule.plan import Line, PlanRefused, Resolved, parse_plan, resolve
from scripts.schedule.json_text import parse_json
from scripts.schedule.words import LANGUAGES

STDOUT = Path("-")
MOST_BYTES = 1_000_000
"""480 rows need a tenth of it."""


def run_show(content: bytes, as_json: bool, svg: Path | None, language: str) -> None:
    """Print and draw the plan in a JSON text. Raises click.ClickException, one line, when it cannot be."""
    resolved = resolve_text(content)
    if svg is not None:
        _draw(resolved, svg, language)
    if as_json:
        click.echo(json.dumps(as_fields(resolved), indent=1))
    elif svg != STDOUT:
        from scripts.schedule.sheet import print_sheet

        print_sheet(resolved, LANGUAGES[language])


def resolve_text(content: bytes) -> Resolved:
    """The rows of a plan as JSON text. Raises click.ClickException, one line, when it cannot be."""
    if len(content) > MOST_BYTES:
        raise click.ClickException(f"the terms are longer than {MOST_BYTES} bytes")
    try:
        terms = parse_json(content)
    except ValueError as error:
        raise click.ClickException(f"the terms are not JSON: {error}") from error
    try:
        return resolve(parse_plan(terms))
    except PlanRefused as refused:
        raise click.ClickException(str(refused)) from refused
    except ScheduleRefused as refused:
        raise click.ClickException(f"{type(refused).__name__}: {refused}") from refused


def _draw(resolved: Resolved, svg: Path, language: str) -> None:
    from scripts.schedule.picture import draw

    picture = draw(resolved, LANGUAGES[language], language)
    if svg == STDOUT:
        click.echo(picture)
        return
    try:
        svg.write_text(picture + "\n", encoding="utf-8")
    except OSError as error:
        raise click.ClickException(f"{svg}: {error.strerror}") from error


def as_fields(resolved: Resolved) -> dict[str, Any]:
    """All there is to say of a resolved plan; amounts in minor units, rates in ppm a year (null where undefined)."""
    sums, plan = resolved.totals, resolved.plan
    return {
        "method": plan.method.name.lower(),
        "table": resolved.table,
        "instalment_minor": resolved.instalment_minor,
        "payout": {
            "date": date_of(plan.disbursement_day).isoformat(),
            "principal_minor": plan.lent_minor,
            "fees_minor": plan.fees_minor,
            "received_minor": plan.received_minor,
        },
        "totals": {
            "principal_minor": sums.principal_minor,
            "interest_minor": sums.interest_minor,
            "fees_minor": sums.fees_minor,
            "due_minor": sums.principal_minor + sums.interest_minor,
            "cost_minor": resolved.cost_minor,
        },
        "apr_ppm": resolved.apr_ppm,
        "all_in_ppm": resolved.all_in_ppm,
        "schedule_root": f"0x{resolved.root.hex()}",
        "terms": agreed_terms(resolved),
        "rows": [_row(line) for line in resolved.lines if line.nr],
    }


def agreed_terms(resolved: Resolved) -> dict[str, int]:
    """The words of the agreement that the rows follow from."""
    terms = resolved.terms
    return {
        "principal_minor": terms.principal_minor,
        "rate_ppm": terms.rate_ppm,
        "periods": terms.periods,
        "disbursement_day": terms.disbursement_day,
        "first_due_day": terms.first_due_day,
        "anchor_day": terms.anchor_day,
        "day_count": int(terms.day_count),
        "multiple_minor": terms.multiple_minor,
        "rounding": terms.rounding.word,
        "method": int(terms.method),
        "period_unit": int(terms.period_unit),
        "period_length": terms.period_length,
        "interest_only_periods": terms.interest_only_periods,
        "upfront_fee_minor": resolved.plan.fees_minor,
        "time_zone_minutes": resolved.plan.time_zone_minutes,
    }


def _row(line: Line) -> dict[str, Any]:
    due: date = date_of(line.due_day)
    return {
        "nr": line.nr,
        "date": due.isoformat(),
        "principal_minor": line.principal_minor,
        "interest_minor": line.interest_minor,
        "fees_minor": line.fees_minor,
        "due_minor": line.due_minor,
        "balance_minor": line.balance_minor,
    }
