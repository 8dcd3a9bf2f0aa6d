"""What answers at the URL is a ledger, or is refused by name."""

from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

import pytest

from contracts.clients import ContractError, LedgerUnavailable, Rpc, RpcError
from contracts.clients.reverts import contract_error, decode_revert
from contracts.clients.rpc import MAX_BATCH
from tests.chain.support import NodeProcess


class Stranger(BaseHTTPRequestHandler):
    """A web server that is not a ledger; its path is what it says."""

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers["Content-Length"]))
        body = {"/page": b"<html>", "/list": b"[]", "/object": b"{}", "/number": b"5"}[self.path]
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Nothing."""


@pytest.fixture(scope="module")
def stranger() -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), Stranger)
    Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()


@pytest.mark.parametrize("path", ["/page", "/list", "/number"])
def test_a_page_that_is_not_a_ledger_is_refused(stranger: str, path: str) -> None:
    with pytest.raises(LedgerUnavailable):
        Rpc(stranger + path).request("eth_blockNumber")


@pytest.mark.parametrize("path", ["/page", "/list", "/object", "/number"])
def test_an_incomplete_answer_to_a_batch_is_refused(stranger: str, path: str) -> None:
    with pytest.raises(LedgerUnavailable):
        Rpc(stranger + path).batch([("eth_blockNumber", ())])


@pytest.mark.parametrize("url", ["http://127.0.0.1:9", "nonsense", "http://"])
def test_an_address_where_nothing_answers_is_refused(url: str) -> None:
    with pytest.raises(LedgerUnavailable) as refused:
        Rpc(url).request("eth_blockNumber")
    assert refused.value.url == url


def test_a_batch_answers_in_order_with_refusals_in_place(node: NodeProcess) -> None:
    rpc = Rpc(node.url)
    answers = rpc.batch([("eth_chainId", ()), ("no_such_method", ()), ("eth_blockNumber", ())])
    assert answers[0] == hex(1337421)
    assert isinstance(answers[1], RpcError)
    assert int(answers[2], 16) > 0
    with pytest.raises(RpcError):
        rpc.batch_strict([("no_such_method", ())])
    with pytest.raises(RpcError):
        rpc.request("no_such_method")
    assert rpc.batch([]) == []


def test_a_long_batch_is_cut(node: NodeProcess) -> None:
    assert len(Rpc(node.url).batch([("eth_chainId", ())] * (2 * MAX_BATCH + 1))) == 2 * MAX_BATCH + 1


def test_revert_data_becomes_a_typed_error() -> None:
    overpayment = decode_revert(bytes.fromhex("7cb9d51a") + bytes(96))
    assert decode_revert(b"").name == "RevertedWithoutReason"
    assert decode_revert(b"\xde\xad\xbe\xef\1").values == {"data": b"\1"}
    message = bytes.fromhex("08c379a0") + (32).to_bytes(32, "big") + (2).to_bytes(32, "big") + b"no".ljust(32, b"\0")
    assert str(decode_revert(message)) == "Error(message=no)"
    assert decode_revert(bytes.fromhex("4e487b71") + (17).to_bytes(32, "big")).values == {"code": 17}
    assert decode_revert(bytes.fromhex("4e487b71") + b"\1").values == {"data": b"\1"}
    assert isinstance(overpayment, ContractError)


def test_errors_of_the_library_are_known_too() -> None:
    found = contract_error(RpcError(3, "execution reverted", "0x" + "e450d38c" + "00" * 31 + "01" + "00" * 64))
    assert found is not None
    assert found.name == "ERC20InsufficientBalance"


@pytest.mark.parametrize(
    ("error", "name"),
    [
        (RpcError(3, "execution reverted", "0x"), "RevertedWithoutReason"),
        (RpcError(-32000, "execution reverted"), "RevertedWithoutReason"),
        (RpcError(-32015, "VM error", {"data": "0x4e487b71" + "00" * 31 + "01"}), "Panic"),
    ],
)
def test_a_revert_is_recognised_as_other_engines_report_it(error: RpcError, name: str) -> None:
    found = contract_error(error)
    assert found is not None
    assert found.name == name


def test_what_is_not_a_revert_is_none() -> None:
    assert contract_error(RpcError(-32602, "invalid argument")) is None


def test_an_error_survives_json() -> None:
    error = ContractError("Overpayment", {"loan": b"\1\2", "amount_minor": 2**200, "account": "0x" + "11" * 20})
    again = ContractError.from_json(error.to_json())
    assert (again.name, str(again)) == (error.name, str(error))
    assert again.values["amount_minor"] == 2**200
