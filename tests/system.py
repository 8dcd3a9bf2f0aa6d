"""A whole Tallystick system in real processes, started by `tally up` as a user would, for tests to use and to hurt."""

import json
import os
import signal
import subprocess
import sys
import time
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from scripts.demo.bank import Calendar
from scripts.system.plan import Ports, SystemPlan, free_ports

UP_SECONDS = 90.0
POLL_SECONDS = 0.1


@dataclass
class RunningSystem:
    """`tally up` on a data folder of its own; `plan` holds its addresses."""

    folder: Path
    ports: Ports = field(default_factory=free_ports)
    up: subprocess.Popen[bytes] | None = None

    @property
    def plan(self) -> SystemPlan:
        return SystemPlan(self.folder, self.ports)

    @property
    def calendar(self) -> Calendar:
        return Calendar(self.plan.rpc_url)

    def start(self) -> None:
        """Run `tally up` and wait until it says that everything is ready."""
        self.folder.mkdir(parents=True, exist_ok=True)
        (self.folder / "up.json").unlink(missing_ok=True)
        ports = ("--port", self.ports.api, "--rpc-port", self.ports.node, "--publisher-port", self.ports.publisher)
        words = ["up", "--data", str(self.folder), *map(str, ports)]
        with (self.folder / "up.log").open("ab") as log:
            self.up = subprocess.Popen([sys.executable, "-m", "scripts.tally", *words], stdout=log, stderr=log)
        self.wait_for(lambda: self.state().get("ready") is True, "the system to be ready")

    def stop(self) -> None:
        if self.up is not None and self.up.poll() is None:
            self.up.terminate()
            self.up.wait(30)

    def state(self) -> dict[str, Any]:
        with suppress(FileNotFoundError, json.JSONDecodeError):
            found: dict[str, Any] = json.loads((self.folder / "up.json").read_text())
            return found
        return {}

    def pid(self, name: str) -> int:
        return int(self.state()["processes"][name])

    def kill(self, name: str) -> int:
        """SIGKILL one process; returns the pid it had. `tally up` restarts it."""
        pid = self.pid(name)
        os.kill(pid, signal.SIGKILL)
        return pid

    def pause(self, name: str) -> int:
        """Stop one process without ending it (SIGSTOP), as a hung machine would; `resume` lets it go on."""
        pid = self.pid(name)
        os.kill(pid, signal.SIGSTOP)
        return pid

    @staticmethod
    def resume(pid: int) -> None:
        os.kill(pid, signal.SIGCONT)

    def kill_all(self) -> None:
        """SIGKILL every process, the supervisor first, as a power cut would."""
        state = self.state()
        for pid in (int(state["supervisor"]), *map(int, state["processes"].values())):
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        assert self.up is not None
        self.up.wait(10)

    def wait_for(self, true: Any, what: str, seconds: float = UP_SECONDS) -> None:
        deadline = time.monotonic() + seconds
        while not true():
            ended = self.up is None or self.up.poll() is not None
            if ended or time.monotonic() > deadline:
                raise AssertionError(f"waited in vain for {what}:\n{self.log_tails()}")
            time.sleep(POLL_SECONDS)

    def log_tails(self, lines: int = 25) -> str:
        logs = [self.folder / "up.log", *sorted((self.folder / "logs").glob("*.log"))]
        return "\n".join(f"--- {log.name}\n" + "\n".join(log.read_text().splitlines()[-lines:]) for log in logs)


def tally(*words: str) -> subprocess.CompletedProcess[str]:
    """Run a `tally` command to its end and return what it printed."""
    command = [sys.executable, "-m", "scripts.tally", *words]
    return subprocess.run(command, capture_output=True, text=True, check=False, timeout=300)
