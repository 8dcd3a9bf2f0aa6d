"""Put a node together and run it until it is told to stop."""

import asyncio
import logging
import os
import signal
import socket
from collections.abc import Callable
from ipaddress import ip_address
from pathlib import Path
from typing import Any

import uvicorn

from chain.clock import LedgerClock
from chain.core.genesis import load_genesis
from chain.core.ledger import Ledger
from chain.devnet import DEVNET_CHAIN_ID
from chain.errors import LedgerError
from chain.producer import Pace, Producer
from chain.rpc.node import Node
from chain.rpc.server import application
from chain.seals.keys import load_sealer
from chain.seals.signature import Sealer

SHUTDOWN_SECONDS = 5

logger = logging.getLogger("tally.node")


class PortTaken(LedgerError):
    """Something else listens on the port."""

    def __init__(self, host: str, port: int) -> None:
        self.host, self.port = host, port
        super().__init__(f"{host}:{port} is taken by another program; choose another --port")


class RemoteAccessRefused(LedgerError):
    """Whoever reaches the port may use it, so it opens on the loopback interface only."""

    def __init__(self, host: str) -> None:
        self.host = host
        super().__init__(
            f"--host {host}: remote access needs credentials, which this node does not have; use 127.0.0.1"
        )


class DevelopmentRefused(LedgerError):
    """A ledger that can be rewound would make its sealer sign two histories."""

    def __init__(self, chain_id: int) -> None:
        self.chain_id = chain_id
        super().__init__(f"--dev is for the devnet (chain {DEVNET_CHAIN_ID}), not for chain {chain_id}")


def run_node(
    *,
    data: Path,
    genesis_file: Path,
    port: int,
    host: str,
    dev: bool,
    key_file: Path | None,
    pace: Pace,
    ready: Callable[[str], None],
) -> None:
    """Serve a ledger until SIGTERM or SIGINT; `ready` gets one line once requests are answered.

    Raises a LedgerError when the node cannot start or its producer cannot go on.
    """
    genesis = load_genesis(genesis_file)
    if dev and genesis.chain_id != DEVNET_CHAIN_ID:
        raise DevelopmentRefused(genesis.chain_id)
    sealer = load_sealer(key_file, genesis.chain_id)
    listener = _listen(host, port)
    try:
        ledger = Ledger(data, genesis, sealer)
        try:
            _serve(ledger, sealer, listener, dev, pace, ready)
        finally:
            ledger.close()
    finally:
        listener.close()


def _listen(host: str, port: int) -> socket.socket:
    if not _is_loopback(host):
        raise RemoteAccessRefused(host)
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    # asyncio sets TCP_NODELAY only where the protocol is named; without it every answer waits 40 ms for an ACK
    listener = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((host, port))
        listener.listen()
    except OSError as error:
        listener.close()
        raise PortTaken(host, port) from error
    return listener


def _is_loopback(host: str) -> bool:
    try:
        return host == "localhost" or ip_address(host).is_loopback
    except ValueError:
        return False


class _Server(uvicorn.Server):
    """uvicorn that reports readiness and leaves signals to us."""

    def __init__(self, config: uvicorn.Config, ready: Callable[[], None]) -> None:
        super().__init__(config)
        self._ready = ready

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self._ready()


def _serve(
    ledger: Ledger, sealer: Sealer, listener: socket.socket, dev: bool, pace: Pace, ready: Callable[[str], None]
) -> None:
    failures: list[Exception] = []

    def fail(error: Exception) -> None:
        failures.append(error)
        os.kill(os.getpid(), signal.SIGTERM)

    pace.outrun_clock = dev
    clock = LedgerClock(ledger)
    producer = Producer(ledger, clock, pace, fail)
    node = Node(ledger, clock, producer, dev)
    host, port = listener.getsockname()[:2]
    config = uvicorn.Config(
        application(node),
        log_level="warning",
        access_log=False,
        lifespan="off",
        timeout_graceful_shutdown=SHUTDOWN_SECONDS,
    )
    signal.signal(signal.SIGTERM, _already_stopping)  # uvicorn raises the signals it caught once more
    signal.signal(signal.SIGINT, _already_stopping)
    producer.start()
    server = _Server(config, lambda: ready(_ready_line(ledger, sealer, host, port, dev, pace)))
    try:
        asyncio.run(server.serve(sockets=[listener]))
    finally:
        producer.stop()
    if failures:
        raise failures[0]


def _already_stopping(*_: object) -> None:
    """The server has ended on this signal; what follows is the orderly close."""


def _ready_line(ledger: Ledger, sealer: Sealer, host: str, port: int, dev: bool, pace: Pace) -> str:
    with ledger.view() as view:
        head: Any = view.head
    kind = "devnet" if dev else "ledger"
    return (
        f"{kind} ready: http://{host}:{port} chain {ledger.chain_id}, head {head}, "
        f"blocks {pace.mode.value}, sealer 0x{sealer.address.hex()}"
    )
