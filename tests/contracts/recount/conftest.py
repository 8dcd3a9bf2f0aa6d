"""A deployed system that remembers every event since its deployment, and one that something happened to."""

import pytest

from contracts.clients import Event
from tests.contracts.recount.history import History, new_history
from tests.contracts.recount.lives import one_life


@pytest.fixture(scope="session")
def deployed_history() -> History:
    return new_history()


@pytest.fixture
def history(deployed_history: History) -> History:
    deployed_history.reset()
    return deployed_history


@pytest.fixture(scope="module")
def lived() -> tuple[History, list[Event]]:
    history = new_history()
    one_life(history)
    return history, history.events()
