"""One running system for each test file."""

from collections.abc import Iterator
from typing import NamedTuple

import pytest

from oracle.decision import decide
from oracle.features import LedgerFeatures
from scripts.demo.borrower import Json
from scripts.demo.story import applicants
from tests.oracle.shipped import model, policy
from tests.system import RunningSystem


@pytest.fixture(scope="module")
def system(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningSystem]:
    running = RunningSystem(tmp_path_factory.mktemp("system"))
    running.start()
    yield running
    running.stop()


@pytest.fixture(scope="session")
def people() -> list[Json]:
    """The demo's applicants whom the shipped model and policy approve."""
    return [person for person in applicants() if _approved(person)]


def _approved(person: Json) -> bool:
    request = Asked(person["amount_minor"], person["periods"])
    return decide(person["features"], LedgerFeatures(), request, model(), policy()).approved


class Asked(NamedTuple):
    amount_minor: int
    periods: int
