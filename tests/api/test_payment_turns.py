"""Payments of a loan by a table take turns: each brings the rows that the one before left open."""

from dataclasses import replace

import pytest
from sqlalchemy import update

from api.indexer import repository as index
from api.kit.facade import Facade
from api.kit.types import hex_of
from api.payments import repository
from contracts.schedule import Row
from contracts.sender import enqueue
from contracts.sender.tables import sender_transactions
from contracts.typed_data import Payment, typed_data
from tests.api.conftest import Json, Person, slug
from tests.contracts.loan.strategies import AGREEMENT, HARVESTS, TABLE_AGREEMENT

pytestmark = pytest.mark.anyio

LOAN = b"\x0c" * 32
NOWHERE = "0x" + "00" * 20
FAR = 2**40
EARLIER = "pay_earlier"


async def borrowed(person: Person, facade: Facade, table: tuple[Row, ...]) -> None:
    """The person's loan is in the read model."""
    agreement = replace(TABLE_AGREEMENT if table else AGREEMENT, borrower=person.subject)
    values = {"loan": hex_of(LOAN), "borrower": person.subject, "agreement": agreement.message()}
    await facade.database.write(lambda c: index.add_loan(c, **values, tx_hash="0x01", block_number=7))
    if table:
        words = [f"{row.word:#066x}" for row in table]
        await facade.database.write(lambda c: index.add_table(c, hex_of(LOAN), words, 7))


async def earlier_payment(person: Person, facade: Facade) -> None:
    """A payment of the loan was accepted and waits in the outbox."""
    values = {"id": EARLIER, "subject": person.subject, "loan": hex_of(LOAN), "amount_minor": 1, "nonce": 0}
    proof = {"deadline": FAR, "signer": person.signer, "signature": b""}
    await facade.database.write(lambda c: repository.add_payment(c, **values, **proof))
    await facade.database.write(
        lambda c: enqueue(c, EARLIER, NOWHERE, b"", key_address=facade.relays.relayer, estimated_gas=1)
    )


async def pays(person: Person, facade: Facade) -> Json:
    payment = Payment(LOAN, 1, 1, FAR)
    terms = {"amount_minor": 1, "nonce": 1, "deadline": FAR}
    body = {**terms, **person.proof(typed_data(payment, facade.domains.loans))}
    answer = await person.post(f"/v1/loans/{hex_of(LOAN)}/payments", body)
    return {"slug": slug(answer), **answer.json()}


async def test_a_second_payment_waits_for_the_first(person: Person, facade: Facade) -> None:
    await borrowed(person, facade, HARVESTS)
    assert (await pays(person, facade))["slug"] == "ledger-unavailable"
    await earlier_payment(person, facade)
    refused = await pays(person, facade)
    assert (refused["slug"], refused["status"], refused["payment"]) == ("payment-under-way", 409, EARLIER)


async def test_a_payment_that_failed_or_is_booked_is_not_waited_for(person: Person, facade: Facade) -> None:
    await borrowed(person, facade, HARVESTS)
    await earlier_payment(person, facade)
    await facade.database.write(lambda c: c.execute(update(sender_transactions).values(tx_hash="0x02")))
    assert (await pays(person, facade))["slug"] == "payment-under-way"
    parts = dict.fromkeys(("late_fee_minor", "penalty_minor", "interest_minor"), 0)
    booked = {"loan": hex_of(LOAN), "payer": person.subject, "amount_minor": 1, "principal_minor": 1, **parts}
    await facade.database.write(
        lambda c: index.add_payment(
            c, tx_hash="0x02", log_index=0, day=TABLE_AGREEMENT.disbursement_day, block_number=8, **booked
        )
    )
    assert (await pays(person, facade))["slug"] == "ledger-unavailable"


async def test_payments_of_a_loan_by_a_formula_need_not_wait(person: Person, facade: Facade) -> None:
    await borrowed(person, facade, ())
    await earlier_payment(person, facade)
    assert (await pays(person, facade))["slug"] == "ledger-unavailable"
