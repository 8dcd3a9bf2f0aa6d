"""The worker's loop: what is absent is asked again later, what fails stops nothing else."""

import time
from collections.abc import Callable
from threading import Event, Thread

import httpx
import pytest
from sqlalchemy import select, update

from api.applications.service import features_field
from api.applications.tables import applications
from api.kit.database import sync_engine
from api.kit.facade import Facade
from api.kit.types import hex_of
from api.offers.repository import accept, add_offer
from api.offers.tables import offers
from api.offers.terms import Approval, make_offer
from api.vault.tables import vault_fields
from api.worker.countersign import Countersigner
from api.worker.decisions import Decisions
from api.worker.duty import FIRST_DELAY_SECONDS, LONGEST_DELAY_SECONDS, Duty
from api.worker.publisher import Publisher, PublisherUnavailable
from api.worker.worker import Worker
from contracts.clients import LedgerUnavailable
from contracts.keys import DEVNET_CHAIN_ID, load_key
from contracts.sender.tables import sender_transactions
from contracts.typed_data import digest, sign
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


async def submitted(person: Person, body: Json) -> str:
    draft = (await person.post("/v1/applications", body)).json()
    answer = await person.post(f"/v1/applications/{draft['id']}/submission", person.proof(draft["typed_data"]))
    assert answer.status_code == 202
    return str(draft["id"])


@pytest.mark.anyio
async def test_an_application_whose_features_are_damaged_holds_no_other_up(
    person: Person, facade: Facade, application_body: Json
) -> None:
    first = await submitted(person, application_body)
    await submitted(person, application_body)
    damage = update(vault_fields).where(vault_fields.c.name == features_field(first)).values(sealed=bytes(40))
    await facade.database.write(lambda c: c.execute(damage))
    engine, ledger = sync_engine(facade.settings.database), facade.ledger.clients
    decisions = Decisions(engine, facade.vault, facade.product, ledger, Publisher(NOBODY_LISTENS))
    with pytest.raises(PublisherUnavailable):  # reached with the second application, the first never gets so far
        decisions.hand_in()


@pytest.mark.anyio
async def test_an_altered_offer_is_never_signed_and_holds_no_other_up(person: Person, facade: Facade) -> None:
    ids = [await accepted_offer(person, facade, f"ofr_{n}") for n in range(2)]
    cheaper = {**await agreement_of(facade, ids[0]), "ratePpm": 1}
    await facade.database.write(
        lambda c: c.execute(update(offers).where(offers.c.id == ids[0]).values(agreement=cheaper))
    )
    key, engine = load_key("underwriter", None, DEVNET_CHAIN_ID), sync_engine(facade.settings.database)
    countersigner = Countersigner(engine, facade.ledger.clients, key, facade.relays.relayer)
    assert [countersigner.step(), countersigner.step()] == [1, 0]
    signed = await facade.database.read(
        lambda c: c.execute(select(offers.c.id, offers.c.lender_signature.is_not(None)).order_by(offers.c.id)).all()
    )
    assert [tuple(row) for row in signed] == [(ids[0], False), (ids[1], True)]


async def accepted_offer(person: Person, facade: Facade, offer_id: str) -> str:
    """An offer with the borrower's signature, as the API leaves it for the worker."""
    contracts, policy = facade.book.contracts, facade.product.policy
    now = int(time.time())
    parties = (person.subject, contracts["LendingPool"], contracts["CashToken"])
    offer = make_offer(Approval(*parties, 100_000, 12, 96_000, bytes(32), now + 86_400), policy, now, "en")
    values = {
        "id": offer_id,
        "application_id": f"app_of_{offer_id}",
        "subject": person.subject,
        "loan": hex_of(digest(offer.agreement, facade.domains.loans)),
        "agreement": offer.agreement.message(),
        "document": offer.document,
        "document_salt": hex_of(offer.document_salt),
        "expires_at": offer.expires_at,
    }
    signature = sign(person.account, offer.agreement, facade.domains.loans)
    await facade.database.write(lambda c: add_offer(c, **values))
    await facade.database.write(lambda c: accept(c, offer_id, now, person.signer, signature))
    return offer_id


async def agreement_of(facade: Facade, offer_id: str) -> Json:
    query = select(offers.c.agreement).where(offers.c.id == offer_id)
    return dict(await facade.database.read(lambda c: c.scalar(query)) or {})


def test_an_absent_publisher_is_named() -> None:
    publisher = Publisher(NOBODY_LISTENS)
    with pytest.raises(PublisherUnavailable, match=NOBODY_LISTENS):
        publisher.state("app_1")
    publisher.close()
