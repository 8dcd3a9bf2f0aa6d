"""The worker's loop: what is absent is asked again later, what fails stops nothing else."""

import time
from collections.abc import Callable
from threading import Event, Thread

import httpx
import pytest
from sqlalchemy import select

from api.applications.tables import applications
from api.kit.facade import Facade
from api.worker.duty import FIRST_DELAY_SECONDS, LONGEST_DELAY_SECONDS, Duty
from api.worker.publisher import Publisher, PublisherUnavailable
from api.worker.worker import Worker
from contracts.clients import LedgerUnavailable
from contracts.sender.tables import sender_transactions
from tests.api.conftest import NOBODY_LISTENS, Json, Person, registration_of, stranger

IDLE_SECONDS = 100.0


def raising(error: Exception) -> Callable[[], int]:
    def act() -> int:
        raise error

    return act


@pytest.mark.parametrize(
    "error", [LedgerUnavailable("url", "refused"), PublisherUnavailable("url", "refused"), RuntimeError("fault")]
)
def test_a_duty_that_cannot_be_done_is_tried_again_ever_later(error: Exception) -> None:
    duty = Duty("test", raising(error), IDLE_SECONDS)
    delays = []
    for _ in range(7):
        duty.due_at, began = 0.0, time.monotonic()
        assert duty.run() is False
        delays.append(duty.due_at - began)
    assert delays[0] == pytest.approx(FIRST_DELAY_SECONDS, abs=0.2)
    assert delays[2] > delays[1] > delays[0]
    assert delays[-1] == pytest.approx(LONGEST_DELAY_SECONDS, abs=0.2)


def test_a_duty_is_done_again_at_once_while_there_is_work() -> None:
    work = [2, 1, 0]
    duty = Duty("test", lambda: work.pop(0), IDLE_SECONDS)
    assert [duty.run(), duty.run(), duty.run()] == [True, True, False]
    assert duty.run() is False and work == []


@pytest.mark.anyio
async def test_with_everything_absent_the_worker_goes_on_and_loses_nothing(
    person: Person, http: httpx.AsyncClient, facade: Facade, application_body: Json
) -> None:
    draft = (await person.post("/v1/applications", application_body)).json()
    await person.post(f"/v1/applications/{draft['id']}/submission", person.proof(draft["typed_data"]))
    somebody = stranger(http)
    await somebody.post("/v1/subjects", registration_of(somebody, facade, int(time.time()) + 3600))
    worker = Worker(facade.settings)
    for _ in range(3):
        worker.tick()
    statuses = await facade.database.read(lambda c: c.scalars(select(applications.c.status)).all())
    acts = await facade.database.read(lambda c: c.scalars(select(sender_transactions.c.status)).all())
    assert (statuses, acts) == (["submitted"], ["queued"])


@pytest.mark.anyio
async def test_the_worker_stops_when_told(facade: Facade) -> None:
    stop = Event()
    thread = Thread(target=Worker(facade.settings).run, args=(stop,))
    thread.start()
    stop.set()
    thread.join(10)
    assert not thread.is_alive()


def test_an_absent_publisher_is_named() -> None:
    publisher = Publisher(NOBODY_LISTENS)
    with pytest.raises(PublisherUnavailable, match=NOBODY_LISTENS):
        publisher.state("app_1")
    publisher.close()
