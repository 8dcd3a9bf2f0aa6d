"""Which processes make up Tallystick, in the order they start, and how each tells that it is ready."""

import socket
import sys
from dataclasses import dataclass
from pathlib import Path

HOST = "127.0.0.1"
SIGNERS = 4
DEVNET = Path(__file__).resolve().parents[2] / "hardhat-free-devnet"


@dataclass(frozen=True)
class Ports:
    """TCP ports on the loopback interface; signer i (1-based) listens on `publisher + i`."""

    node: int = 8545
    publisher: int = 8600
    api: int = 8000

    def signer(self, index: int) -> int:
        return self.publisher + index

    def all(self) -> list[int]:
        return [self.node, self.api, *(self.publisher + i for i in range(SIGNERS + 1))]


def free_ports(first: int = 21_000, last: int = 32_000, step: int = 10) -> Ports:
    """A block of unused ports, so that several systems can run side by side.

    The start of the search depends on the process id, so that parallel runs rarely meet. Stays below the range
    (from 32768 on Linux) whose ports the system gives to outgoing connections.
    """
    import os

    span = (last - first) // step
    for i in range(span):
        base = first + (os.getpid() * 7 + i) % span * step
        ports = Ports(node=base, api=base + 1, publisher=base + 2)
        if all(is_free(port) for port in ports.all()):
            return ports
    raise OSError(f"no block of {SIGNERS + 3} free ports between {first} and {last}")


def is_free(port: int) -> bool:
    """Whether nothing listens on this loopback port."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError:
            return False
    return True


@dataclass(frozen=True)
class ProcessPlan:
    """One process: its name, its command line, and the URL that answers once it is ready (None: at once)."""

    name: str
    arguments: tuple[str, ...]
    ready_url: str | None

    def command(self) -> list[str]:
        return [sys.executable, "-m", "scripts.tally", *self.arguments]


@dataclass(frozen=True)
class SystemPlan:
    """Everything `tally up` runs, from one data folder and one set of ports."""

    data: Path
    ports: Ports

    @property
    def rpc_url(self) -> str:
        return f"http://{HOST}:{self.ports.node}"

    @property
    def api_url(self) -> str:
        return f"http://{HOST}:{self.ports.api}"

    @property
    def publisher_url(self) -> str:
        return f"http://{HOST}:{self.ports.publisher}"

    @property
    def addresses(self) -> Path:
        return self.data / "addresses.json"

    def signer_url(self, index: int) -> str:
        return f"http://{HOST}:{self.ports.signer(index)}"

    def node(self) -> ProcessPlan:
        genesis = DEVNET / "genesis.json"
        arguments = ("node", "--data", f"{self.data}/node", "--genesis", f"{genesis}")
        return ProcessPlan("node", (*arguments, "--port", f"{self.ports.node}", "--dev"), self.rpc_url)

    def deploy(self) -> ProcessPlan:
        arguments = ("deploy", "--rpc", self.rpc_url, "--out", f"{self.addresses}")
        return ProcessPlan("deploy", (*arguments, "--data", f"{self.data}/deploy"), None)

    def services(self) -> list[ProcessPlan]:
        signers = [self._signer(i) for i in range(1, SIGNERS + 1)]
        return [*signers, self._publisher(), self._api(), self._worker()]

    def _ledger_options(self) -> tuple[str, ...]:
        return ("--rpc", self.rpc_url, "--addresses", f"{self.addresses}")

    def _signer(self, index: int) -> ProcessPlan:
        data = ("--index", f"{index}", "--data", f"{self.data}/signer-{index}")
        arguments = (
            "oracle",
            "signer",
            *data,
            *self._ledger_options(),
            "--port",
            f"{self.ports.signer(index)}",
        )
        return ProcessPlan(f"signer-{index}", arguments, f"{self.signer_url(index)}/health")

    def _publisher(self) -> ProcessPlan:
        signers = [word for i in range(1, SIGNERS + 1) for word in ("--signer", self.signer_url(i))]
        arguments = (
            "oracle",
            "publisher",
            "--data",
            f"{self.data}/publisher",
            *self._ledger_options(),
            *signers,
        )
        port = ("--port", f"{self.ports.publisher}")
        return ProcessPlan("publisher", (*arguments, *port), f"{self.publisher_url}/health")

    def _facade_options(self) -> tuple[str, ...]:
        return ("--data", f"{self.data}/api", *self._ledger_options(), "--publisher", self.publisher_url)

    def _api(self) -> ProcessPlan:
        arguments = ("api", "serve", *self._facade_options(), "--port", f"{self.ports.api}")
        return ProcessPlan("api", arguments, f"{self.api_url}/health/live")

    def _worker(self) -> ProcessPlan:
        return ProcessPlan("worker", ("api", "worker", *self._facade_options()), None)
