"""Agreements with their digests, for the phone to find anew.

`python -m tests.web.agreements` writes `tests/golden/agreements.json` again. Terms are made up; Apache-2.0.
"""

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from contracts.schedule import Row, day_of
from contracts.typed_data import Agreement, Domain, typed_data
from tests.web.loan_page import DISBURSED_ON, FEE_MINOR, Json, address_of, agreement, annuity, loan_id, made_up

GOLDEN = Path(__file__).parents[1] / "golden" / "agreements.json"
MAX_SAFE = 2**53 - 1
MAX_UINT = 2**256 - 1
MAX_INT = 2**255 - 1


def _agreements() -> Iterator[tuple[str, Agreement, Domain]]:
    domain = Domain(1_337_421, address_of("loan book"))
    formula = agreement("agreements", annuity(), (), FEE_MINOR)
    rows = [Row(1, day_of(DISBURSED_ON) + 90, 600_000, 20_000), Row(2, day_of(DISBURSED_ON) + 180, 400_000, 9_000)]
    yield "annuity", formula, domain
    yield "table", agreement("agreements", annuity().as_table(rows), rows, 0), domain
    yield "west of Greenwich", replace(formula, time_zone_minutes=-210), domain
    yield "another chain", formula, replace(domain, chain_id=MAX_SAFE)
    yield "another contract", formula, replace(domain, verifying_contract=address_of("another book"))
    for deadline in (MAX_SAFE, MAX_SAFE + 1, MAX_UINT):
        yield f"deadline {deadline}", replace(formula, deadline=deadline), domain
    for minutes in (-1, -MAX_INT - 1, MAX_INT):
        yield f"time zone {minutes}", replace(formula, time_zone_minutes=minutes), domain
    yield "salt of ones", replace(formula, salt=b"\xff" * 32), domain
    yield "salt of one", replace(formula, salt=bytes(31) + b"\1", product_id=made_up("another product")), domain


def agreements() -> Json:
    """The types, and each agreement with its name, its digest as the contract finds it, its domain and message."""
    made = list(_agreements())
    types = typed_data(made[0][1], made[0][2])["types"]
    cases = [
        {"name": name, "digest": loan_id(signed, domain), "domain": domain.message(), "message": signed.message()}
        for name, signed, domain in made
    ]
    return {"types": types, "cases": cases}


if __name__ == "__main__":
    GOLDEN.write_text(json.dumps(agreements(), indent=1) + "\n", encoding="utf-8")
