"""Acts go from the outbox to the ledger, each once, and those that would revert never leave."""

from collections import Counter
from functools import cached_property
from typing import Any

import pytest
from eth_account import Account
from sqlalchemy import update

from contracts.clients import Call, Rpc
from contracts.clients.contract import estimate_gas
from contracts.sender import OutcomeTimeout, Sender, Status, UnknownAct, durable_engine, enqueue
from contracts.sender.tables import sender_transactions
from contracts.sender.transactions import with_margin
from tests.chain.support import NodeProcess
from tests.contracts.sender.once import (
    NEEDED_MISSING,
    NOTHING_GIVEN,
    TAKEN,
    create,
    failure,
    has,
    init_code,
    nonce,
    words,
)


class CountingRpc(Rpc):
    """Counts round trips and the methods asked for."""

    trips = 0

    def _post(self, body: object) -> object:
        self.trips += 1
        requests: list[Any] = body if isinstance(body, list) else [body]
        self.methods.update(request["method"] for request in requests)
        return super()._post(body)

    @cached_property
    def methods(self) -> Counter[str]:
        return Counter()


def drain(sender: Sender) -> None:
    while sender.step():
        pass


def test_a_creation_records_its_contract(sender: Sender) -> None:
    sender.enqueue("create", None, init_code())
    outcome = sender.wait("create")
    assert outcome.status is Status.CONFIRMED
    assert sender.rpc.request("eth_getCode", outcome.contract_address, "latest") != "0x"
    receipt = sender.rpc.request("eth_getTransactionReceipt", outcome.tx_hash)
    assert int(receipt["blockNumber"], 16) == outcome.block_number


def test_a_call_is_confirmed_with_its_block(sender: Sender) -> None:
    contract = create(sender)
    sender.enqueue("one", contract, words(1))
    outcome = sender.wait("one")
    assert (outcome.status, outcome.error, has(sender, contract, 1)) == (Status.CONFIRMED, None, True)


def test_what_would_revert_fails_with_its_error_and_burns_no_nonce(sender: Sender) -> None:
    contract = create(sender)
    sender.enqueue("bad", contract, b"")
    sender.enqueue("good", contract, words(1))
    outcome = sender.wait("bad")
    assert failure(outcome) == ("Panic", {"code": NOTHING_GIVEN})
    assert outcome.tx_hash is None
    assert sender.wait("good").status is Status.CONFIRMED
    assert nonce(sender) == 2


def test_an_act_waits_for_an_earlier_one_that_it_needs(sender: Sender) -> None:
    contract = create(sender)
    for number in range(1, 5):
        sender.enqueue(f"act-{number}", contract, words(number, number - 1) if number > 1 else words(1))
    assert sender.wait("act-4").status is Status.CONFIRMED


def test_an_act_whose_need_never_comes_fails_once_nothing_earlier_is_open(sender: Sender) -> None:
    contract = create(sender)
    sender.enqueue("earlier", contract, words(1))
    sender.enqueue("orphan", contract, words(2, 99))
    assert failure(sender.wait("orphan")) == ("Panic", {"code": NEEDED_MISSING})
    assert sender.outcome("earlier").status is Status.CONFIRMED


def test_a_transaction_that_reverts_in_its_block_fails_with_its_reason(sender: Sender, node: NodeProcess) -> None:
    contract = create(sender)
    node.result("evm_setAutomine", False)
    try:
        sender.enqueue("first", contract, words(1))
        sender.enqueue("second", contract, words(1))
        sender.step()
        node.result("evm_mine")
    finally:
        node.result("evm_setAutomine", True)
    assert sender.wait("first").status is Status.CONFIRMED
    outcome = sender.wait("second")
    assert outcome.status is Status.FAILED
    assert outcome.block_number is not None
    assert failure(outcome)[0] in ("Panic", "RevertedInBlock")
    assert nonce(sender) == 3


def test_forty_acts_take_few_round_trips(node: NodeProcess, database: str) -> None:
    rpc = CountingRpc(node.url)
    sender = Sender(durable_engine(database), Account.create(), rpc)
    contract = create(sender)
    with sender.engine.begin() as connection:
        for number in range(1, 41):
            enqueue(connection, f"act-{number}", contract, words(number), key_address=sender.address)
    before = rpc.trips
    sender.step()
    assert rpc.trips - before == 3  # receipts and nonce, estimates, transactions
    assert sender.wait("act-40").status is Status.CONFIRMED
    assert all(sender.wait(f"act-{number}").status is Status.CONFIRMED for number in range(1, 41))
    assert nonce(sender) == 41


def test_an_act_that_was_tried_out_is_not_estimated_again(node: NodeProcess, database: str) -> None:
    rpc = CountingRpc(node.url)
    sender = Sender(durable_engine(database), Account.create(), rpc)
    contract = create(sender)
    tried = estimate_gas(rpc, Call(contract, words(1)))
    asked = rpc.methods["eth_estimateGas"]
    with sender.engine.begin() as connection:
        gas = tried.estimated_gas
        enqueue(connection, "tried", tried.to, tried.data, key_address=sender.address, estimated_gas=gas)
    sent = sender.wait("tried")
    assert (sent.status, rpc.methods["eth_estimateGas"]) == (Status.CONFIRMED, asked)
    transaction = rpc.request("eth_getTransactionByHash", sent.tx_hash)
    assert int(transaction["gas"], 16) == with_margin(gas or 0)


def test_a_refused_transaction_leaves_its_nonce_to_a_filler(sender: Sender) -> None:
    contract = create(sender)
    sender.enqueue("refused", contract, words(1))
    sender.settle()
    sender.allocate()
    with sender.engine.begin() as connection:
        connection.execute(update(sender_transactions).where(sender_transactions.c.nonce == 1).values(gas=21_000))
    sender.enqueue("next", contract, words(2))
    assert sender.wait("next").status is Status.CONFIRMED
    assert failure(sender.outcome("refused"))[0] == "RefusedByLedger"
    assert (has(sender, contract, 1), nonce(sender)) == (False, 3)


def test_another_key_s_acts_are_left_alone(sender: Sender) -> None:
    other = "0x" + "77" * 20
    with sender.engine.begin() as connection:
        enqueue(connection, "theirs", None, init_code(), key_address=other)
    drain(sender)
    assert sender.outcome("theirs").status is Status.QUEUED


def test_an_act_that_is_not_settled_in_time_stays(sender: Sender, node: NodeProcess) -> None:
    node.result("evm_setAutomine", False)
    try:
        sender.enqueue("slow", None, init_code())
        with pytest.raises(OutcomeTimeout):
            sender.wait("slow", timeout_seconds=0.3)
        assert sender.outcome("slow").status is Status.SENT
    finally:
        node.result("evm_setAutomine", True)
        node.result("evm_mine")
    assert sender.wait("slow").status is Status.CONFIRMED


def test_an_unknown_act_is_named(sender: Sender) -> None:
    with pytest.raises(UnknownAct, match="nowhere"):
        sender.outcome("nowhere")


def test_the_error_of_a_taken_word_is_decoded(sender: Sender) -> None:
    contract = create(sender)
    sender.enqueue("one", contract, words(1))
    sender.wait("one")
    sender.enqueue("again", contract, words(1))
    assert failure(sender.wait("again")) == ("Panic", {"code": TAKEN})
