"""The publisher on a ledger that is another chain's: nothing is sent, and nothing in the queue is lost."""

import json
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from threading import Thread

import pytest

from contracts.clients import CONTRACT_NAMES, AddressBook, Ledger, Rpc, WrongChain
from contracts.keys import DEVNET_CHAIN_ID, load_key
from contracts.sender import Sender, Status, durable_engine
from oracle.attest import Evaluator
from oracle.publisher import Publisher, RequestQueue, SignerPanel
from tests.oracle.attest.strategies import SALT, packet
from tests.oracle.publisher.test_queue import CALL, REQUEST_DIGEST, evaluation
from tests.oracle.shipped import model, policy


class OtherChain(BaseHTTPRequestHandler):
    """A ledger that says it is chain 1 and refuses everything else."""

    def do_POST(self) -> None:
        asked = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        answer = {"jsonrpc": "2.0", "id": asked["id"], "result": "0x1"} if isinstance(asked, dict) else []
        self.send_response(200)
        self.end_headers()
        self.wfile.write(json.dumps(answer).encode())

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture
def other_chain() -> Iterator[str]:
    server = HTTPServer(("127.0.0.1", 0), OtherChain)
    Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()


def test_on_another_chain_nothing_is_sent_and_everything_waits(tmp_path: Path, other_chain: str) -> None:
    book = AddressBook(DEVNET_CHAIN_ID, 1, dict.fromkeys(CONTRACT_NAMES, CALL.to))
    engine = durable_engine(f"sqlite:///{tmp_path / 'publisher.db'}")
    sender = Sender(engine, load_key("publisher", None, DEVNET_CHAIN_ID), Rpc(other_chain))
    queue = RequestQueue(engine)
    queue.accept("one", packet(), REQUEST_DIGEST)
    queue.propose("one", evaluation(), SALT)
    queue.send("one", evaluation().digest, CALL, sender.address, [])
    evaluator = Evaluator(Ledger(other_chain, book), model(), policy())
    publisher = Publisher(evaluator, queue, SignerPanel([]), sender)
    with pytest.raises(WrongChain):
        publisher.send()
    ((_, found),) = queue.sending()
    assert (found.status, queue.status("one")["status"]) == (Status.QUEUED, "pending")
