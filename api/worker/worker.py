"""The worker: every step is durable and idempotent, so that it may be killed anywhere and started again."""

import time
from pathlib import Path
from threading import Event

from sqlalchemy import Engine

from api.indexer.indexer import Indexer
from api.kit.database import sync_engine, writing
from api.kit.idempotency import forget_old_keys
from api.kit.logs import log
from api.kit.migrate import migrate
from api.kit.product import Product
from api.kit.settings import Settings
from api.sessions.repository import forget_expired
from api.vault import Vault, load_vault_key
from api.worker.arrears import ArrearsKeeper
from api.worker.countersign import Countersigner
from api.worker.decisions import Decisions
from api.worker.duty import Duty
from api.worker.publisher import Publisher
from api.worker.relay import Relay
from contracts.clients import AddressBook, Ledger, Rpc
from contracts.keys import load_key
from contracts.sender import Sender, durable_engine

BUSY_SECONDS = 0.005
IDLE_SECONDS = 0.02
INDEX_IDLE_SECONDS = 0.05
DECIDE_IDLE_SECONDS = 0.1
ARREARS_IDLE_SECONDS = 0.5
TIDY_IDLE_SECONDS = 3_600.0


class Worker:
    """All duties of one installation, one after another in one loop."""

    def __init__(self, settings: Settings) -> None:
        migrate(settings.database, settings.data)
        self._engine = sync_engine(settings.database)
        book = AddressBook.load(settings.addresses)
        ledger = Ledger(settings.rpc, book)
        vault = Vault(load_vault_key(settings.vault_key, book.chain_id))
        with self._engine.connect() as connection:
            vault.check(connection)
        self._duties = _duties(settings, self._engine, ledger, vault)
        self._log = log("worker")

    def run(self, stop: Event) -> None:
        """Work until `stop` is set."""
        self._log.info("worker started", duties=[duty.name for duty in self._duties])
        while not stop.is_set():
            stop.wait(BUSY_SECONDS if self.tick() else IDLE_SECONDS)

    def tick(self) -> bool:
        """Run every duty that is due; True when any did something."""
        return sum(duty.run() for duty in self._duties) > 0


def _duties(settings: Settings, engine: Engine, ledger: Ledger, vault: Vault) -> list[Duty]:
    product = Product()
    indexer = Indexer(engine, ledger)
    decisions = Decisions(engine, vault, product, ledger, Publisher(settings.publisher))
    relays = {
        role: Relay(engine, _sender(settings, ledger, role, key_file), ledger)
        for role, key_file in (
            ("registrar", settings.registrar_key_file),
            ("relayer", settings.relayer_key_file),
        )
    }
    relayer = relays["relayer"].address
    underwriter = load_key("underwriter", settings.underwriter_key_file, ledger.book.chain_id)
    keeper = ArrearsKeeper(engine, ledger, indexer, product.policy.terms.time_zone_minutes, relayer)
    return [
        Duty("index", indexer.step, INDEX_IDLE_SECONDS),
        Duty("hand in applications", decisions.hand_in, DECIDE_IDLE_SECONDS),
        Duty("collect decisions", decisions.collect, DECIDE_IDLE_SECONDS),
        Duty("countersign", Countersigner(engine, ledger, underwriter, relayer).step, IDLE_SECONDS),
        *(Duty(f"relay as {role}", relay.step, IDLE_SECONDS) for role, relay in relays.items()),
        Duty("arrears", keeper.step, ARREARS_IDLE_SECONDS),
        Duty("tidy", lambda: _tidy(engine), TIDY_IDLE_SECONDS),
    ]


def _sender(settings: Settings, ledger: Ledger, role: str, key_file: Path | None) -> Sender:
    account = load_key(role, key_file, ledger.book.chain_id)
    return Sender(durable_engine(settings.database), account, Rpc(settings.rpc))


def _tidy(engine: Engine) -> int:
    now = int(time.time())
    with writing(engine) as connection:
        forget_expired(connection, now)
        forget_old_keys(connection, now)
    return 0
