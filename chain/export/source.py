"""Where an export comes from: the data folder of a node (running or not), or a node's JSON-RPC."""

import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol
from urllib.error import URLError
from urllib.request import Request, urlopen

import rlp

from chain.core.genesis import Genesis, parse_genesis
from chain.core.verify import stored_genesis
from chain.core.view import View
from chain.export.manifest import ExportError
from chain.seals.signature import Seal
from chain.store.folder import open_checked
from chain.store.schema import META_SEALER

RPC_BATCH_BLOCKS = 100
RPC_TIMEOUT_SECONDS = 60


class SourceUnavailable(ExportError):
    """The node does not answer, or not as a node of this ledger."""

    def __init__(self, url: str, reason: str) -> None:
        self.url, self.reason = url, reason
        super().__init__(f"{url}: {reason}")


@dataclass(frozen=True)
class BlockRecord:
    """One block with all that is exported of it."""

    raw_block: bytes
    raw_receipts: bytes
    seal: Seal


class Source(Protocol):
    """A ledger up to a fixed head."""

    genesis: Genesis
    sealer: bytes
    head: int

    def records(self) -> Iterator[BlockRecord]:
        """Block 0 to the head."""


class StoreSource:
    """A snapshot of a data folder; the node may go on writing."""

    def __init__(self, view: View, genesis: Genesis) -> None:
        self._view = view
        self.genesis = genesis
        self.head = view.head
        self.sealer = view.meta(META_SEALER) or b""

    def records(self) -> Iterator[BlockRecord]:
        """Block 0 to the head."""
        for number in range(self.head + 1):
            yield BlockRecord(self._view.raw_block(number), self._view.raw_receipts(number), self._view.seal(number))


@contextmanager
def store_source(folder: Path) -> Iterator[StoreSource]:
    """The ledger in a data folder; raises a StoreError."""
    environment = open_checked(folder, readonly=True)
    try:
        with environment.read() as reader:
            genesis = stored_genesis(environment, reader)
            yield StoreSource(View(reader, environment, genesis.chain_id), genesis)
    finally:
        environment.close()


class RpcSource:
    """The ledger behind a JSON-RPC address, up to the head at the start."""

    def __init__(self, url: str) -> None:
        """Raises SourceUnavailable."""
        self._url = url
        self.head = int(self._ask("eth_blockNumber"), 16)
        self.genesis = parse_genesis(self._ask("tally_genesis")["text"])
        self.sealer = bytes.fromhex(self._ask("tally_sealer")[2:])

    def records(self) -> Iterator[BlockRecord]:
        """Block 0 to the head; raises SourceUnavailable."""
        for first in range(0, self.head + 1, RPC_BATCH_BLOCKS):
            numbers = range(first, min(first + RPC_BATCH_BLOCKS, self.head + 1))
            calls = [
                (name, hex(number))
                for number in numbers
                for name in ("debug_getRawBlock", "debug_getRawReceipts", "tally_getSeal")
            ]
            answers = self._ask_many(calls)
            for index, number in enumerate(numbers):
                yield _record(number, *answers[3 * index : 3 * index + 3])

    def _ask(self, name: str) -> Any:
        return self._ask_many([(name,)])[0]

    def _ask_many(self, calls: Sequence[tuple[str, ...]]) -> list[Any]:
        body = [
            {"jsonrpc": "2.0", "id": index, "method": call[0], "params": list(call[1:])}
            for index, call in enumerate(calls)
        ]
        answers = self._post(json.dumps(body).encode())
        if not isinstance(answers, list) or len(answers) != len(calls):
            raise SourceUnavailable(self._url, "the answer is no answer to the batch")
        ordered = sorted(answers, key=lambda answer: int(answer["id"]))
        for call, answer in zip(calls, ordered, strict=True):
            if "error" in answer:
                raise SourceUnavailable(self._url, f"{call[0]}: {answer['error'].get('message')}")
        return [answer["result"] for answer in ordered]

    def _post(self, body: bytes) -> Any:
        request = Request(self._url, body, {"Content-Type": "application/json"})  # noqa: S310
        try:
            with urlopen(request, timeout=RPC_TIMEOUT_SECONDS) as response:  # noqa: S310
                return json.load(response)
        except (URLError, OSError, ValueError) as error:
            raise SourceUnavailable(self._url, f"no usable answer ({error})") from error


def _record(number: int, raw_block: str, receipts: list[str], seal: dict[str, str]) -> BlockRecord:
    encoded = rlp.encode([bytes.fromhex(receipt[2:]) for receipt in receipts])
    parts = (bytes.fromhex(seal[name][2:]) for name in ("blockHash", "treeHead", "signature"))
    return BlockRecord(bytes.fromhex(raw_block[2:]), bytes(encoded), Seal(number, *parts))
