"""What every operation needs, made once per process."""

from dataclasses import dataclass
from typing import Annotated

from fastapi import Depends, Request

from api.kit.database import Database
from api.kit.idempotency import IdempotencyKey, Once
from api.kit.ledger import AsyncLedger
from api.kit.limits import LEDGER_PATIENCE_SECONDS
from api.kit.product import Product
from api.kit.settings import Settings
from api.vault import Vault, load_vault_key
from contracts.clients import AddressBook, Ledger
from contracts.keys import load_key
from contracts.typed_data import Domain


@dataclass(frozen=True)
class Domains:
    """The EIP-712 domains in which people sign."""

    identity: Domain
    credit: Domain
    loans: Domain

    @classmethod
    def of(cls, book: AddressBook) -> "Domains":
        """Chain id and contracts from the address book."""
        return cls(
            identity=book.domain("IdentityRegistry"),
            credit=book.domain("CreditRegistry"),
            loans=book.domain("LoanBook"),
        )


@dataclass(frozen=True)
class Relays:
    """The accounts that acts are put into the outbox for; the worker holds their keys."""

    relayer: str
    registrar: str

    @classmethod
    def of(cls, settings: Settings, chain_id: int) -> "Relays":
        """Read the addresses off the keys and forget the keys."""
        return cls(
            relayer=load_key("relayer", settings.relayer_key_file, chain_id).address,
            registrar=load_key("registrar", settings.registrar_key_file, chain_id).address,
        )


@dataclass(frozen=True)
class Facade:
    """Settings, database, vault and ledger of one API process. It keeps no key but the vault's."""

    settings: Settings
    book: AddressBook
    domains: Domains
    database: Database
    vault: Vault
    ledger: AsyncLedger
    product: Product
    relays: Relays

    def once(self, key: IdempotencyKey, subject: str) -> Once:
        """The writes of one request of `subject`."""
        return Once(self.database, self.vault, key, subject)


def make_facade(settings: Settings) -> Facade:
    """Wire one installation; touches the vault key file and the address book, nothing else yet."""
    book = AddressBook.load(settings.addresses)
    return Facade(
        settings=settings,
        book=book,
        domains=Domains.of(book),
        database=Database(settings.database),
        vault=Vault(load_vault_key(settings.vault_key, book.chain_id)),
        ledger=AsyncLedger(Ledger(settings.rpc, book, LEDGER_PATIENCE_SECONDS)),
        product=Product(),
        relays=Relays.of(settings, book.chain_id),
    )


def current_facade(request: Request) -> Facade:
    """The facade of the running application."""
    facade: Facade = request.app.state.facade
    return facade


CurrentFacade = Annotated[Facade, Depends(current_facade)]
