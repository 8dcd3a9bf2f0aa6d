"""The agreement that the documented examples of offers and loans tell, whole: its typed data and its digest."""

from typing import Any

from eth_utils.address import to_checksum_address

from api.kit.limits import RELAY_MARGIN_SECONDS
from api.kit.types import EXAMPLE_HASH, EXAMPLE_SUBJECT, bytes_of, hex_of
from contracts.loan import DEFAULT_WATERFALL
from contracts.typed_data import Agreement, Domain, digest, typed_data

EXAMPLE_CHAIN_ID = 1_337_421
EXAMPLE_LOAN_BOOK = "0x5FbDB2315678afecb367f032d93F642f64180aa3"
EXAMPLE_ROOT = "0xa48de02b9c05c56d463314af507662fb3c4f6b3af73e257f4a8154da58d1c569"
"""Of the schedule that the examples of offers and loans describe."""
EXAMPLE_EXPIRES_AT = 1_764_172_800
EXAMPLE_AGREEMENT = Agreement(
    borrower=to_checksum_address(EXAMPLE_SUBJECT),
    lender="0x7F00000000000000000000000000000000000002",
    currency="0x7F00000000000000000000000000000000000003",
    principal_minor=1_200_000,
    method=0,
    rate_ppm=96_000,
    periods=12,
    period_unit=0,
    period_length=1,
    interest_only_periods=0,
    disbursement_day=20_416,
    latest_origination_day=20_419,
    first_due_day=20_446,
    anchor_day=24,
    time_zone_minutes=480,
    day_count=0,
    rounding=0,
    instalment_minor=105_259,
    instalment_multiple_minor=1,
    upfront_fee_minor=6_000,
    apr_ppm=110_387,
    grace_days=3,
    late_fee_minor=1_000,
    penalty_rate_ppm=120_000,
    penalty_max_days=90,
    waterfall=DEFAULT_WATERFALL,
    cooling_off_days=14,
    product_id=bytes_of(EXAMPLE_HASH),
    score_report=bytes_of(EXAMPLE_HASH),
    document_hash=bytes_of(EXAMPLE_HASH),
    schedule_root=bytes_of(EXAMPLE_ROOT),
    salt=bytes_of(EXAMPLE_HASH),
    deadline=EXAMPLE_EXPIRES_AT + RELAY_MARGIN_SECONDS,
)
_DOMAIN = Domain(EXAMPLE_CHAIN_ID, EXAMPLE_LOAN_BOOK)
EXAMPLE_TYPED_DATA: dict[str, Any] = typed_data(EXAMPLE_AGREEMENT, _DOMAIN)
EXAMPLE_LOAN = hex_of(digest(EXAMPLE_AGREEMENT, _DOMAIN))
