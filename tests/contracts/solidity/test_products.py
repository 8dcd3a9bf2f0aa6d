"""ProductCaps: the shapes and the length that a product is sold with."""

from dataclasses import replace
from typing import Any

import pytest

from contracts.deployment.plan import CONSUMER_INSTALMENT, CONSUMER_INSTALMENT_CAPS
from contracts.schedule import Method, PeriodUnit, Row
from contracts.typed_data import Agreement
from scripts.workbench.system import FIRST_DAY, Draft, Person, System
from tests.contracts.conftest import Refused

OFFERED = {Method.ANNUITY, Method.EQUAL_PRINCIPAL, Method.CUSTOM}
TERM_DAYS = bytes.fromhex(b"termDays".hex().ljust(64, "0"))
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
