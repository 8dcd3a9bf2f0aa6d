"""kill -9 between any two steps sends nothing twice and loses nothing."""

import signal
import subprocess
import sys
import time
from random import Random

import pytest
from eth_account import Account

from contracts.clients import Rpc
from contracts.sender import Sender, Status, durable_engine, enqueue
from tests.chain.support import NodeProcess
from tests.contracts.sender.once import create, has, nonce, words
from tests.contracts.sender.stepper import MOMENTS, NEVER

ACTS = range(1, 9)
DIES_SECONDS = 60


def _stepper(database: str, url: str, key: str, moment: str) -> subprocess.Popen[bytes]:
    return subprocess.Popen([sys.executable, "-m", "tests.contracts.sender.stepper", database, url, key, moment])


def _queue(sender: Sender, contract: str) -> None:
    with sender.engine.begin() as connection:
        for number in ACTS:
            enqueue(connection, f"act-{number}", contract, words(number), key_address=sender.address)


def _require_each_once(sender: Sender, contract: str) -> None:
    outcomes = [sender.wait(f"act-{number}") for number in ACTS]
    assert {outcome.status for outcome in outcomes} == {Status.CONFIRMED}
    assert all(has(sender, contract, number) for number in ACTS)
    assert nonce(sender) == 1 + len(ACTS)


@pytest.mark.processes
@pytest.mark.parametrize("moment", MOMENTS)
def test_a_kill_at_a_step_loses_nothing_and_repeats_nothing(node: NodeProcess, database: str, moment: str) -> None:
    account = Account.create()
    sender = Sender(durable_engine(database), account, Rpc(node.url), resend_seconds=0.2)
    contract = create(sender)
    _queue(sender, contract)
    process = _stepper(database, node.url, account.key.hex(), moment)
    assert process.wait(DIES_SECONDS) == -signal.SIGKILL
    _require_each_once(sender, contract)


@pytest.mark.processes
def test_kills_at_any_time_lose_nothing_and_repeat_nothing(node: NodeProcess, database: str) -> None:
    account = Account.create()
    sender = Sender(durable_engine(database), account, Rpc(node.url), resend_seconds=0.2)
    contract = create(sender)
    _queue(sender, contract)
    random = Random(20261124)
    for _ in range(3):
        process = _stepper(database, node.url, account.key.hex(), NEVER)
        time.sleep(random.uniform(0.8, 2.0))
        process.kill()
        process.wait()
    _require_each_once(sender, contract)
