"""The contract refuses the terms that the twin refuses, with the same values, at and beyond every limit."""

from dataclasses import replace
from typing import Any

import pytest

from contracts.clients import ContractError
from contracts.compile import SOURCES
from contracts.loan import LoanRefused, accrue, originate, require_last_due_day, require_terms, use_nonce
from contracts.loan.accrual import LAST_ACCRUAL_DAY, MAX_CHARGE_MINOR
from contracts.loan.nonces import MAX_NONCE, NONCE_WINDOW
from contracts.loan.terms import MAX_GRACE_DAYS, MAX_LATE_FEE_MINOR, MAX_PENALTY_DAYS
from contracts.schedule import LAST_DAY, MAX_ROW_MINOR, Row, ScheduleRefused, agreed_rows
from contracts.schedule.limits import (
    MAX_DAY,
    MAX_FIRST_PERIOD_DAYS,
    MAX_INSTALMENT_MINOR,
    MAX_PERIOD_DAYS,
    MAX_PERIOD_MONTHS,
    MAX_PERIODS,
    MAX_PRINCIPAL_MINOR,
    MAX_RATE_PPM,
)
from contracts.typed_data import Agreement
from scripts.workbench.system import System
from tests.contracts.loan.strategies import (
    AGREEMENT,
    BALLOON,
    BULLET,
    FORTNIGHTLY,
    HARVESTS,
    QUARTERLY,
    TABLE_AGREEMENT,
    YEAR,
    agreement,
)

PARTS, FLAT, REST, LUMP = (agreement(terms) for terms in (QUARTERLY, FORTNIGHTLY, BALLOON, BULLET))
LIMITS = [
    (AGREEMENT, "principal_minor", MAX_PRINCIPAL_MINOR),
    (AGREEMENT, "rate_ppm", MAX_RATE_PPM),
    (AGREEMENT, "periods", MAX_PERIODS),
    (AGREEMENT, "period_length", MAX_PERIOD_MONTHS),
    (AGREEMENT, "period_length", 0),
    (AGREEMENT, "interest_only_periods", AGREEMENT.periods - 1),
    (AGREEMENT, "instalment_minor", MAX_INSTALMENT_MINOR),
    (AGREEMENT, "grace_days", MAX_GRACE_DAYS),
    (AGREEMENT, "late_fee_minor", MAX_LATE_FEE_MINOR),
    (AGREEMENT, "penalty_rate_ppm", MAX_RATE_PPM),
    (AGREEMENT, "penalty_max_days", MAX_PENALTY_DAYS),
    (AGREEMENT, "anchor_day", 31),
    (AGREEMENT, "disbursement_day", MAX_DAY),
    (AGREEMENT, "first_due_day", YEAR.disbursement_day + MAX_FIRST_PERIOD_DAYS),
    (AGREEMENT, "first_due_day", YEAR.disbursement_day),
    (AGREEMENT, "day_count", 5),
    (AGREEMENT, "method", 6),
    (AGREEMENT, "period_unit", 1),
    (AGREEMENT, "rounding", 0x3),
    (AGREEMENT, "rounding", 0x0F),
    (AGREEMENT, "rounding", 0xFF),
    (AGREEMENT, "rounding", 0x103),
    (AGREEMENT, "rounding", 0x1FF),
    (AGREEMENT, "rounding", 0xFFF),
    (AGREEMENT, "time_zone_minutes", 840),
    (AGREEMENT, "time_zone_minutes", -721),
    (AGREEMENT, "waterfall", 0x1234),
    (AGREEMENT, "waterfall", 0x1243),
    (AGREEMENT, "instalment_multiple_minor", 0),
    (AGREEMENT, "principal_minor", 0),
    (AGREEMENT, "periods", 0),
    (AGREEMENT, "anchor_day", 0),
    (AGREEMENT, "instalment_minor", 0),
    (PARTS, "rounding", 0x113),
    (PARTS, "interest_only_periods", PARTS.periods - 1),
    (FLAT, "period_length", MAX_PERIOD_DAYS),
    (FLAT, "anchor_day", 0),
    (FLAT, "day_count", 4),
    (FLAT, "interest_only_periods", FLAT.periods - 1),
    (FLAT, "first_due_day", FORTNIGHTLY.disbursement_day + MAX_FIRST_PERIOD_DAYS),
    (REST, "instalment_minor", 0),
    (REST, "interest_only_periods", 0),
    (REST, "rate_ppm", 0),
    (LUMP, "periods", 1),
    (LUMP, "instalment_minor", 0),
    (LUMP, "rate_ppm", MAX_RATE_PPM),
    (TABLE_AGREEMENT, "periods", 3),
    (TABLE_AGREEMENT, "period_unit", 0),
    (TABLE_AGREEMENT, "period_unit", 1),
    (TABLE_AGREEMENT, "period_length", 0),
    (TABLE_AGREEMENT, "interest_only_periods", 0),
    (TABLE_AGREEMENT, "anchor_day", 0),
    (TABLE_AGREEMENT, "instalment_minor", 0),
    (TABLE_AGREEMENT, "instalment_multiple_minor", 0),
    (TABLE_AGREEMENT, "instalment_multiple_minor", 1),
    (TABLE_AGREEMENT, "rounding", 0x3),
    (TABLE_AGREEMENT, "rounding", 0x0F),
    (TABLE_AGREEMENT, "rounding", 0xFF),
    (TABLE_AGREEMENT, "day_count", 4),
    (TABLE_AGREEMENT, "first_due_day", TABLE_AGREEMENT.disbursement_day),
    (TABLE_AGREEMENT, "disbursement_day", TABLE_AGREEMENT.disbursement_day),
    (TABLE_AGREEMENT, "method", 5),
    (TABLE_AGREEMENT, "rate_ppm", 80_000),
]


@pytest.fixture(scope="module")
def system() -> System:
    return System.start()


def _table(agreed: Agreement) -> tuple[Row, ...]:
    return HARVESTS if agreed.method >= 5 else ()


def _twin(agreed: Agreement) -> str:
    try:
        require_terms(agreed)
        rows = agreed_rows(agreed, _table(agreed))
        require_last_due_day(rows[-1].due_day)
    except (LoanRefused, ScheduleRefused) as refused:
        return f"{type(refused).__name__} {[_plain(value) for value in vars(refused).values()]}"
    return "carried out"


def _contract(system: System, agreed: Agreement) -> str:
    try:
        if agreed.method in (5, 6):
            system.read("LoanBook", "verifyTable", agreed, [row.word for row in HARVESTS])
        else:
            system.read("LoanBook", "deriveSchedule", agreed)
    except ContractError as refused:
        return f"{refused.name} {[_plain(value) for value in refused.values.values()]}"
    return "carried out"


def _plain(value: Any) -> Any:
    return value.rstrip(b"\0").decode() if isinstance(value, bytes) else value


@pytest.mark.parametrize("step", [0, 1])
@pytest.mark.parametrize(("agreed", "field", "limit"), LIMITS)
def test_the_contract_refuses_what_the_twin_refuses(
    system: System, agreed: Agreement, field: str, limit: int, step: int
) -> None:
    changes: dict[str, Any] = {field: limit + step}
    changed = replace(agreed, **changes)
    assert _contract(system, changed) == _twin(changed)


def test_charges_and_days_stop_where_the_contract_s_fields_end() -> None:
    loan = originate(agreement(YEAR, late_fee_minor=MAX_LATE_FEE_MINOR))
    late = accrue(loan, 10**9)
    assert (late.accrued_day, late.late_fee_due_minor) == (LAST_ACCRUAL_DAY, MAX_CHARGE_MINOR)


def test_constants_are_those_of_the_source() -> None:
    """Where only years of payments would reach a limit, the source is asked."""
    source = (SOURCES / "libraries" / "PaymentLib.sol").read_text()
    assert f"NONCE_WINDOW = {NONCE_WINDOW};" in source
    assert "NONCE_END = type(uint16).max;" in source
    assert "CHARGE_END = 2 ** 28 - 1;" in source
    assert "LAST_DAY = 2 ** 17 - 1;" in source
    schedules = (SOURCES / "libraries" / "ScheduleLib.sol").read_text()
    assert "LAST_DAY = 115_000;" in schedules and "MAX_ROW_MINOR = 2 ** 39 - 1;" in schedules
    assert (LAST_DAY, MAX_ROW_MINOR) == (115_000, 2**39 - 1)
    assert (MAX_NONCE, MAX_CHARGE_MINOR, LAST_ACCRUAL_DAY) == (2**16 - 2, 2**28 - 1, 2**17 - 1)
    full = replace(originate(AGREEMENT), nonce_base=MAX_NONCE)
    assert use_nonce(full, MAX_NONCE).nonce_base == MAX_NONCE + 1
