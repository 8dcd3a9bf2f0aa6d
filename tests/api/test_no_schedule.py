"""An approved application for which the product has no schedule fails, says why, and holds no other up."""

import json
import time
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path

import pytest
from sqlalchemy import select

from api.applications.tables import applications
from api.kit.database import sync_engine
from api.kit.facade import Facade
from api.kit.product import POLICY_FILE, Product
from api.offers.tables import offers
from api.worker.decisions import Decisions
from api.worker.publisher import Publisher
from contracts.clients import Ledger
from contracts.typed_data import digest
from oracle.attest import ChainContext, Packet, build_report, reasons_salt
from oracle.decision import decide
from oracle.features import LedgerFeatures
from oracle.policy import Policy
from scripts.demo.story import application
from tests.api.conftest import Json, Person
from tests.api.local_server import LedgerTime
from tests.api.test_flow import approved
from tests.oracle.shipped import model

pytestmark = pytest.mark.anyio

COARSE_MULTIPLE_MINOR = 100_000
"""No instalment of so much can be paid more than once of the smaller amount."""
SMALL_MINOR, LARGE_MINOR = 100_000, 600_000


class Oracle(LedgerTime):
    """Publishes at once what honest signers say under a policy, and tells the time as a ledger does."""

    def __init__(self, facade: Facade, policy: Policy) -> None:
        super().__init__(int(time.time()))
        self.domain, self.policy, self.packets = facade.domains.credit, policy, dict[str, Packet]()

    def get(self, path: str) -> Json:
        return self.state(path.rsplit("/", 1)[-1])

    def post(self, body: Json) -> Json:
        if "packet" not in body:
            return super().post(body)
        self.packets[body["id"]] = Packet.from_json(body["packet"])
        return {}

    def state(self, request_id: str) -> Json:
        """A published request."""
        packet = self.packets[request_id]
        decision = decide(packet.features, LedgerFeatures(), packet.request, model(), self.policy)
        context = ChainContext(7, bytes(32), self.instant, 0, bytes(32))
        report = build_report(packet, decision, context, model(), self.policy)
        salt = "0x" + reasons_salt(packet.salt).hex()
        return {
            "status": "published",
            "decision": {**asdict(decision), "reasons_salt": salt},
            "report": report.message(),
            "uid": "0x" + digest(report, self.domain).hex(),
        }


@pytest.fixture
def product(tmp_path: Path) -> Product:
    """The shipped product with instalments of whole thousands, for whatever amount."""
    document = json.loads(POLICY_FILE.read_text())
    document["terms"]["instalment_multiple_minor"] = COARSE_MULTIPLE_MINOR
    (tmp_path / "coarse.json").write_text(json.dumps(document))
    return Product(tmp_path / "coarse.json")


@pytest.fixture
def oracle(facade: Facade, product: Product) -> Iterator[Oracle]:
    with Oracle(facade, product.policy) as server:
        yield server


async def submitted(person: Person, amount_minor: int) -> str:
    body = {**application(approved(0)), "amount_minor": amount_minor, "periods": 3}
    draft = (await person.post("/v1/applications", body)).json()
    answer = await person.post(f"/v1/applications/{draft['id']}/submission", person.proof(draft["typed_data"]))
    assert answer.status_code == 202, answer.text
    return str(draft["id"])


async def test_an_approval_without_a_schedule_fails_by_name_and_holds_no_other_up(
    person: Person, facade: Facade, product: Product, oracle: Oracle
) -> None:
    small, large = await submitted(person, SMALL_MINOR), await submitted(person, LARGE_MINOR)
    engine, ledger = sync_engine(facade.settings.database), Ledger(oracle.url, facade.book)
    decisions = Decisions(engine, facade.vault, product, ledger, Publisher(oracle.url))
    assert (decisions.hand_in(), decisions.collect(), decisions.collect()) == (2, 2, 0)
    failed = (await person.get(f"/v1/applications/{small}")).json()
    assert (failed["status"], failed["error"]["type"]) == ("failed", "/problems/no-schedule")
    assert failed["error"]["status"] == 409 and "balance" in failed["error"]["reason"]
    listed = (await person.get("/v1/problems")).json()
    assert failed["error"]["type"] in {row["type"] for row in listed}
    other = await facade.database.read(
        lambda c: c.scalar(select(applications.c.status).where(applications.c.id == large))
    )
    made = await facade.database.read(lambda c: c.scalars(select(offers.c.application_id)).all())
    assert (other, made) == ("offered", [large])
