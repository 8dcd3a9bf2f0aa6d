"""Keep the processes of a plan alive: start in order, restart what dies, stop all together."""

import json
import os
import signal
import subprocess
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Self, TextIO

import httpx

from scripts.process import PARENT_VARIABLE
from scripts.system.plan import ProcessPlan, SystemPlan, is_free

READY_SECONDS = 60.0
PORTS_SECONDS = 5.0
STOP_SECONDS = 8.0
POLL_SECONDS = 0.1
RESTART_FIRST_SECONDS = 0.2
RESTART_MOST_SECONDS = 5.0
HEALTHY_SECONDS = 10.0
RESTARTS_WHILE_STARTING = 3
LOG_TAIL_LINES = 15


class ProcessNotReady(Exception):
    """A process did not answer in time, or ended while it was awaited. Carries name, reason and log tail."""

    def __init__(self, name: str, reason: str, log: Path) -> None:
        tail = "\n".join(log.read_text(errors="replace").splitlines()[-LOG_TAIL_LINES:]) if log.exists() else ""
        super().__init__(f"{name} {reason}; the end of {log}:\n{tail}")
        self.name = name


class DataFolderInUse(Exception):
    """Another `tally up` holds this data folder."""

    def __init__(self, folder: Path) -> None:
        super().__init__(f"the data folder {folder} is in use by another running system")


class PortInUse(Exception):
    """Another program listens on a port of the plan; the system would talk to a stranger."""

    def __init__(self, port: int) -> None:
        super().__init__(f"port {port} is taken by another program; choose others with the --port options")
        self.port = port


@dataclass
class Child:
    """A running process of the plan and what its restarts need."""

    plan: ProcessPlan
    log: Path
    popen: subprocess.Popen[bytes]
    started: float
    backoff: float = RESTART_FIRST_SECONDS
    restart_at: float | None = None
    restarts: int = 0


@dataclass
class Supervisor:
    """Runs a `SystemPlan`; a context manager that stops everything on exit.

    `on_event` receives one line for each thing a person wants to know (started, restarted, deployed).
    """

    plan: SystemPlan
    on_event: Callable[[str], None] = lambda _line: None
    children: dict[str, Child] = field(default_factory=dict)
    _stopping: threading.Event = field(default_factory=threading.Event)
    _watcher: threading.Thread | None = None
    _lock: TextIO | None = None
    _ready: bool = False

    def start(self) -> None:
        """Start all in order and return once each answers. Raises ProcessNotReady, DataFolderInUse or PortInUse."""
        (self.plan.data / "logs").mkdir(parents=True, exist_ok=True)
        self._take_folder()
        self._await_ports()
        self._watcher = threading.Thread(target=self._watch, name="supervisor", daemon=True)
        self._watcher.start()
        self._launch(self.plan.node())
        self._await("node")
        self._deploy()
        for service in self.plan.services():
            self._launch(service)
        for service in self.plan.services():
            self._await(service.name)
        self._ready = True
        self._write_state()

    def stop(self) -> None:
        """Ask every child to end, in reverse order of start; kill what has not after a few seconds."""
        self._stopping.set()
        if self._watcher is not None:
            self._watcher.join()
        for child in reversed(self.children.values()):
            with suppress(ProcessLookupError):
                child.popen.terminate()
        deadline = time.monotonic() + STOP_SECONDS
        for child in self.children.values():
            _end(child.popen, deadline)
        if self._lock is not None:
            self._lock.close()

    def pid(self, name: str) -> int:
        return self.children[name].popen.pid

    def kill(self, name: str) -> None:
        """SIGKILL one child, as a crash would; the supervisor restarts it."""
        os.kill(self.pid(name), signal.SIGKILL)

    def await_restart(self, name: str, pid: int) -> None:
        """Wait until `name` runs under another pid than `pid` and answers again."""
        deadline = time.monotonic() + READY_SECONDS
        while self.pid(name) == pid:
            if time.monotonic() > deadline:
                raise ProcessNotReady(name, "was not restarted", self.children[name].log)
            time.sleep(POLL_SECONDS)
        self._await(name)

    def __enter__(self) -> Self:
        try:
            self.start()
        except BaseException:
            self.stop()
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def _take_folder(self) -> None:
        import fcntl

        self._lock = (self.plan.data / "up.lock").open("w")
        try:
            fcntl.flock(self._lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise DataFolderInUse(self.plan.data) from None

    def _await_ports(self) -> None:
        """Children of a supervisor that was killed need a moment to notice and end."""
        deadline = time.monotonic() + PORTS_SECONDS
        for port in self.plan.ports.all():
            while not is_free(port):
                if time.monotonic() > deadline:
                    raise PortInUse(port)
                time.sleep(POLL_SECONDS)

    def _deploy(self) -> None:
        plan = self.plan.deploy()
        log = self._log(plan)
        with log.open("ab") as out:
            done = subprocess.run(plan.command(), stdout=out, stderr=out, env=_environment(), check=False)  # noqa: S603 - our own command line
        if done.returncode != 0:
            raise ProcessNotReady("deploy", f"ended with status {done.returncode}", log)
        self.on_event("contracts deployed and verified")

    def _launch(self, plan: ProcessPlan) -> None:
        log = self._log(plan)
        self.children[plan.name] = Child(plan, log, _spawn(plan, log), time.monotonic())
        self._write_state()

    def _log(self, plan: ProcessPlan) -> Path:
        return self.plan.data / "logs" / f"{plan.name}.log"

    def _await(self, name: str) -> None:
        child = self.children[name]
        deadline = time.monotonic() + READY_SECONDS
        while child.plan.ready_url is not None and not _answers(child.plan.ready_url):
            if child.restarts > RESTARTS_WHILE_STARTING:
                raise ProcessNotReady(name, "keeps ending while it starts", child.log)
            if time.monotonic() > deadline:
                raise ProcessNotReady(name, f"did not answer within {READY_SECONDS:.0f} s", child.log)
            time.sleep(POLL_SECONDS)
        self.on_event(f"{name} ready (process {child.popen.pid})")

    def _watch(self) -> None:
        while not self._stopping.wait(POLL_SECONDS):
            for child in list(self.children.values()):
                self._mend(child)

    def _mend(self, child: Child) -> None:
        now = time.monotonic()
        if child.popen.poll() is None:
            if now - child.started > HEALTHY_SECONDS:
                child.backoff, child.restarts = RESTART_FIRST_SECONDS, 0
        elif child.restart_at is None:
            child.restart_at = now + child.backoff
            self.on_event(f"{child.plan.name} ended with status {child.popen.returncode}; restarting")
        elif now >= child.restart_at:
            child.popen, child.started, child.restart_at = _spawn(child.plan, child.log), now, None
            child.backoff, child.restarts = min(child.backoff * 2, RESTART_MOST_SECONDS), child.restarts + 1
            self._write_state()

    def _write_state(self) -> None:
        state = {"supervisor": os.getpid(), "ready": self._ready, "api": self.plan.api_url, "rpc": self.plan.rpc_url}
        pids = {name: child.popen.pid for name, child in self.children.items()}
        target = self.plan.data / "up.json"
        draft = target.with_suffix(".tmp")
        draft.write_text(json.dumps({**state, "processes": pids}, indent=2))
        draft.replace(target)


def _environment() -> dict[str, str]:
    return {**os.environ, PARENT_VARIABLE: str(os.getpid()), "PYTHONUNBUFFERED": "1"}


def _spawn(plan: ProcessPlan, log: Path) -> subprocess.Popen[bytes]:
    with log.open("ab") as out:
        return subprocess.Popen(  # noqa: S603 - our own command line
            plan.command(),
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=out,
            env=_environment(),
            start_new_session=True,
        )


def _answers(url: str) -> bool:
    try:
        return httpx.get(url, timeout=2.0).status_code < 500
    except httpx.HTTPError:
        return False


def _end(popen: subprocess.Popen[bytes], deadline: float) -> None:
    try:
        popen.wait(max(0.0, deadline - time.monotonic()))
    except subprocess.TimeoutExpired:
        popen.kill()
        popen.wait()
