"""An agreement as its reader sees it. Pure."""

from collections.abc import Sequence

from api.offers.schemas import OfferRowOut, TermsOut, TotalsOut
from api.offers.shape import shape_of
from contracts import schedule
from contracts.schedule import Row
from contracts.typed_data import Agreement

CURRENCY = "CNY"
DECIMALS = 2


def offer_rows(rows: Sequence[Row]) -> list[OfferRowOut]:
    """Rows with the principal left after each."""
    left = sum(row.principal_minor for row in rows)
    shown = []
    for row in rows:
        left -= row.principal_minor
        shown.append(
            OfferRowOut(
                nr=row.nr,
                due_day=row.due_day,
                principal_minor=row.principal_minor,
                interest_minor=row.interest_minor,
                due_minor=row.due_minor,
                balance_minor=left,
            )
        )
    return shown


def totals_view(agreement: Agreement, rows: Sequence[Row]) -> TotalsOut:
    """Sums of the schedule with the fee."""
    sums = schedule.totals(rows, agreement.upfront_fee_minor)
    return TotalsOut(
        principal_minor=sums.principal_minor,
        interest_minor=sums.interest_minor,
        fees_minor=sums.fees_minor,
        total_minor=sums.total_minor,
    )


def terms_view(agreement: Agreement) -> TermsOut:
    """The terms in the words of a loan."""
    return TermsOut(
        **shape_of(agreement),
        currency=CURRENCY,
        decimals=DECIMALS,
        disbursed_minor=agreement.principal_minor - agreement.upfront_fee_minor,
        upfront_fee_minor=agreement.upfront_fee_minor,
        latest_origination_day=agreement.latest_origination_day,
        time_zone_minutes=agreement.time_zone_minutes,
        grace_days=agreement.grace_days,
        late_fee_minor=agreement.late_fee_minor,
        penalty_rate_ppm=agreement.penalty_rate_ppm,
        penalty_max_days=agreement.penalty_max_days,
        cooling_off_days=agreement.cooling_off_days,
    )
