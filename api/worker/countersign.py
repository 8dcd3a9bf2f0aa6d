"""The lender's side of an accepted offer, and the act that brings both signatures to the ledger."""

from typing import Any

from eth_account.signers.local import LocalAccount
from sqlalchemy import Connection, Engine, Row

from api.kit.database import writing
from api.kit.logs import log
from api.kit.types import bytes_of, hex_of
from api.offers import repository
from contracts.clients import Ledger
from contracts.sender import enqueue
from contracts.typed_data import Agreement, digest, sign_digest

MOST_AT_ONCE = 50


class Countersigner:
    """Holds the underwriting key; signs only agreements of stored offers, which the policy produced."""

    def __init__(self, engine: Engine, ledger: Ledger, underwriter: LocalAccount, relayer: str) -> None:
        self._engine, self._ledger = engine, ledger
        self._underwriter, self._relayer, self._log = underwriter, relayer, log("countersigner")
        self._altered: set[str] = set()

    def step(self) -> int:
        """Sign accepted offers and put their originations into the outbox, each in one transaction."""
        with self._engine.connect() as connection:
            rows = repository.to_countersign(connection, MOST_AT_ONCE)
        return sum(self._step(row) for row in rows)

    def _step(self, row: Row[Any]) -> bool:
        """An altered offer is named once and holds no other up."""
        try:
            with writing(self._engine) as connection:
                self._countersign(connection, row)
        except OfferAltered as error:
            if row.id not in self._altered:
                self._altered.add(row.id)
                self._log.error("offer altered, not signed", offer=row.id, error=str(error))
            return False
        self._log.info("countersigned", offer=row.id, loan=row.loan)
        return True

    def _countersign(self, connection: Connection, row: Row[Any]) -> None:
        agreement = Agreement.from_message(row.agreement)
        loan = digest(agreement, self._ledger.book.domain("LoanBook"))
        if hex_of(loan) != row.loan:
            raise OfferAltered(row.id, row.loan, hex_of(loan))
        signature = sign_digest(self._underwriter, loan)
        call = self._ledger.loan_book.originate_call(agreement, bytes_of(row.signer), row.signature, signature)
        act_id = f"loan/{row.loan}"
        enqueue(connection, act_id, call.to, call.data, key_address=self._relayer)
        repository.countersign(connection, row.id, signature, act_id)


class OfferAltered(Exception):
    """A stored agreement is not the one the offer was made with; it is never signed."""

    def __init__(self, offer: str, expected: str, found: str) -> None:
        super().__init__(f"offer {offer}: the agreement's digest is {found}, it was offered as {expected}")
        self.offer, self.expected, self.found = offer, expected, found
