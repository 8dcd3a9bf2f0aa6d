"""The contract refuses the terms that the twin refuses, with the same values, at and beyond every limit."""

from dataclasses import replace
from typing import Any

import pytest

from contracts.clients import ContractError
from contracts.compile import SOURCES
from contracts.loan import LoanRefused, accrue, originate, require_terms, use_nonce
from contracts.loan.rules import LAST_ACCRUAL_DAY, MAX_CHARGE_MINOR, MAX_NONCE, NONCE_WINDOW
from contracts.loan.terms import (
    MAX_DAY,
    MAX_FIRST_PERIOD_DAYS,
    MAX_GRACE_DAYS,
    MAX_INSTALMENT_MINOR,
    MAX_LATE_FEE_MINOR,
    MAX_PENALTY_DAYS,
    MAX_PERIODS,
    MAX_PRINCIPAL_MINOR,
    MAX_RATE_PPM,
)
from contracts.schedule import ScheduleDegenerate, derive
from contracts.schedule.terms import ScheduleTerms
from scripts.workbench.system import System
from tests.contracts.loan.strategies import AGREEMENT, YEAR, agreement

LIMITS = [
    ("principal_minor", MAX_PRINCIPAL_MINOR),
    ("rate_ppm", MAX_RATE_PPM),
    ("periods", MAX_PERIODS),
    ("instalment_minor", MAX_INSTALMENT_MINOR),
    ("grace_days", MAX_GRACE_DAYS),
    ("late_fee_minor", MAX_LATE_FEE_MINOR),
    ("penalty_rate_ppm", MAX_RATE_PPM),
    ("penalty_max_days", MAX_PENALTY_DAYS),
    ("anchor_day", 31),
    ("disbursement_day", MAX_DAY),
    ("first_due_day", YEAR.disbursement_day + MAX_FIRST_PERIOD_DAYS),
    ("day_count", 2),
    ("method", 0),
    ("period_unit", 0),
    ("time_zone_minutes", 840),
    ("time_zone_minutes", -721),
    ("waterfall", 0x1234),
    ("waterfall", 0x1243),
    ("instalment_multiple_minor", 0),
    ("principal_minor", 0),
    ("periods", 0),
    ("anchor_day", 0),
]


@pytest.fixture(scope="module")
def system() -> System:
    return System.start()


def _twin(changes: dict[str, Any]) -> str:
    try:
        changed = replace(AGREEMENT, **changes)
        require_terms(changed)
        derive(ScheduleTerms.of(changed), changed.instalment_minor)
    except (LoanRefused, ScheduleDegenerate) as refused:
        return f"{type(refused).__name__} {[_plain(value) for value in vars(refused).values()]}"
    return "carried out"


def _contract(system: System, changes: dict[str, Any]) -> str:
    try:
        system.read("LoanBook", "deriveSchedule", replace(AGREEMENT, **changes))
    except ContractError as refused:
        return f"{refused.name} {[_plain(value) for value in refused.values.values()]}"
    return "carried out"


def _plain(value: Any) -> Any:
    return value.rstrip(b"\0").decode() if isinstance(value, bytes) else value


@pytest.mark.parametrize("step", [0, 1])
@pytest.mark.parametrize(("field", "limit"), LIMITS)
def test_the_contract_refuses_what_the_twin_refuses(system: System, field: str, limit: int, step: int) -> None:
    changes = {field: limit + step}
    assert _contract(system, changes) == _twin(changes)


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
    assert (MAX_NONCE, MAX_CHARGE_MINOR, LAST_ACCRUAL_DAY) == (2**16 - 2, 2**28 - 1, 2**17 - 1)
    full = replace(originate(AGREEMENT), nonce_base=MAX_NONCE)
    assert use_nonce(full, MAX_NONCE).nonce_base == MAX_NONCE + 1
