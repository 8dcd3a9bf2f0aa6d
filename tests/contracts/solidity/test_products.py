"""ProductCaps: the shapes and the length that a product is sold with."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest

from contracts.deployment.plan import CONSUMER_INSTALMENT, CONSUMER_INSTALMENT_CAPS
from contracts.schedule import Method, PeriodUnit, Row
from contracts.typed_data import Agreement
from scripts.workbench.system import DAY_SECONDS, FIRST_DAY, Draft, Person, System
from tests.contracts.conftest import Refused

OFFERED = {Method.ANNUITY, Method.EQUAL_PRINCIPAL, Method.CUSTOM}
TERM_DAYS, PERIODS, FROM_DAY, MAX_PERIODS = (
    name.ljust(32, b"\0") for name in (b"termDays", b"periods", b"fromDay", b"maxPeriods")
)
ONE_ROW = [Row(1, FIRST_DAY + 28, 1_000_000, 0)]


@pytest.fixture
def person(system: System) -> Person:
    person = system.person()
    system.publish(person.subject)
    return person


def _shape(method: Method) -> dict[str, Any]:
    if method.is_table:
        return {"method": int(method), "periods": 1, "period_length": 0, "anchor_day": 0}
    return {"method": int(method), "periods": 1 if method is Method.BULLET else 12}


def _agreement(system: System, person: Person, method: Method) -> Agreement:
    return system.agreement(person, Draft(**_shape(method)), ONE_ROW if method.is_table else ())


def test_the_consumer_product_sells_what_its_caps_say(system: System) -> None:
    methods = CONSUMER_INSTALMENT_CAPS["methods"]
    assert {method for method in Method if methods >> method & 1} == OFFERED
    found = system.read("LoanBook", "product", CONSUMER_INSTALMENT)["caps"]
    assert list(found.values()) == list(CONSUMER_INSTALMENT_CAPS.values())
    assert list(found) == [
        "max_rate_ppm",
        "max_upfront_fee_ppm",
        "max_penalty_rate_ppm",
        "max_penalty_days",
        "max_late_fee_minor",
        "max_total_cost_ppm",
        "max_periods",
        "max_principal_minor",
        "min_kyc_level",
        "active",
        "methods",
        "max_term_days",
    ]


@pytest.mark.parametrize("method", list(Method))
def test_a_method_is_sold_or_not(system: System, person: Person, refused: Refused, method: Method) -> None:
    agreement = _agreement(system, person, method)
    table = ONE_ROW if method.is_table else ()
    if method in OFFERED:
        system.originate(person, agreement, table)
        return
    with refused("MethodNotOffered", product_id=CONSUMER_INSTALMENT, method=method):
        system.originate(person, agreement, table)


def test_a_loan_ends_within_the_products_term(system: System, person: Person, refused: Refused) -> None:
    most = CONSUMER_INSTALMENT_CAPS["maxTermDays"]
    by_days = Draft(period_unit=PeriodUnit.DAY, anchor_day=0, periods=5, period_length=3_600, rate_ppm=100)
    edge = replace(by_days, first_due_day=FIRST_DAY + most - 4 * 3_600)
    beyond = system.agreement(person, replace(edge, first_due_day=edge.first_due_day + 1))
    with refused("TermOutOfRange", term=TERM_DAYS, value=most + 1, least=0, most=most):
        system.originate(person, beyond)
    system.originate(person, system.agreement(person, edge))


def test_a_table_ends_within_the_products_term(system: System, person: Person, refused: Refused) -> None:
    most = CONSUMER_INSTALMENT_CAPS["maxTermDays"]
    rows = [Row(1, FIRST_DAY + 30, 1, 0), Row(2, FIRST_DAY + most + 1, 999_999, 0)]
    draft = replace(Draft(**_shape(Method.CUSTOM)), periods=2, first_due_day=FIRST_DAY + 30)
    with refused("TermOutOfRange", term=TERM_DAYS, value=most + 1, most=most):
        system.originate(person, system.agreement(person, draft, rows), rows)
    rows[1] = replace(rows[1], due_day=FIRST_DAY + most)
    system.originate(person, system.agreement(person, draft, rows), rows)


def test_a_product_may_sell_every_method(system: System) -> None:
    product = bytes(31) + b"\x01"
    system.offer(product, CONSUMER_INSTALMENT_CAPS | {"methods": 0x7F, "maxTermDays": 2**16 - 1})
    start = FIRST_DAY + 1
    person = system.person()
    system.publish(person.subject)
    for salt, method in enumerate(Method):
        table = [Row(1, start + 27, 1_000_000, 0)] if method.is_table else ()
        draft = Draft(**_shape(method), disbursement_day=start, product_id=product, salt=salt)
        system.originate(person, system.agreement(person, draft, table), table)
    assert system.read("LoanBook", "exposure", person.subject)["open_loans"] == len(Method)


SHORTER = CONSUMER_INSTALMENT_CAPS | {"maxPeriods": 6}


def _set_from(system: System, day: int, caps: Mapping[str, Any] = SHORTER) -> None:
    values = CONSUMER_INSTALMENT, tuple(caps.values()), day
    system.restricted("LoanBook", "setProduct", *values, sender=system.role("risk"))


def _sold(system: System) -> tuple[int, int, int]:
    """The most periods now, of the caps that wait, and the day they wait for."""
    found = system.read("LoanBook", "product", CONSUMER_INSTALMENT)
    return found["caps"]["max_periods"], found["next"]["max_periods"], found["next_day"]


def test_new_caps_wait_for_their_utc_day(system: System, person: Person, refused: Refused) -> None:
    _set_from(system, FIRST_DAY + 3)
    most = CONSUMER_INSTALMENT_CAPS["maxPeriods"]
    assert _sold(system) == (most, 6, FIRST_DAY + 3)
    system.evm.go_to((FIRST_DAY + 3) * DAY_SECONDS - 1)
    assert _sold(system)[0] == most
    draft = Draft(disbursement_day=FIRST_DAY + 3)
    system.originate(person, system.agreement(person, draft))
    system.evm.go_to((FIRST_DAY + 3) * DAY_SECONDS)
    assert _sold(system) == (6, 0, 0)
    with refused("TermOutOfRange", term=PERIODS, value=12, least=1, most=6):
        system.originate(person, system.agreement(person, replace(draft, salt=2)))
    system.originate(person, system.agreement(person, replace(draft, periods=6)))


def test_caps_that_wait_are_put_off_and_withdrawn(system: System) -> None:
    most = CONSUMER_INSTALMENT_CAPS["maxPeriods"]
    _set_from(system, FIRST_DAY + 10)
    _set_from(system, FIRST_DAY + 20, SHORTER | {"maxPeriods": 7})
    assert _sold(system) == (most, 7, FIRST_DAY + 20)
    _set_from(system, 0, CONSUMER_INSTALMENT_CAPS)
    system.at_day(FIRST_DAY + 21)
    assert _sold(system) == (most, 0, 0)


def test_caps_follow_caps_that_have_waited(system: System) -> None:
    _set_from(system, FIRST_DAY + 2)
    system.at_day(FIRST_DAY + 5)
    _set_from(system, FIRST_DAY + 9, SHORTER | {"maxPeriods": 7})
    assert _sold(system) == (6, 7, FIRST_DAY + 9)


def test_caps_and_their_day_fit_their_fields(system: System, refused: Refused) -> None:
    with refused("TermOutOfRange", term=FROM_DAY, value=2**17, least=0, most=2**17 - 1):
        _set_from(system, 2**17)
    with refused("TermOutOfRange", term=MAX_PERIODS, value=2**9, least=0, most=2**9 - 1):
        _set_from(system, 0, CONSUMER_INSTALMENT_CAPS | {"maxPeriods": 2**9})
