"""kill -9 of any process right after an act was acknowledged loses nothing and does nothing twice.

One applicant's short life is run undisturbed; then again and again with one process killed after each acknowledged
act. Every life must end with the same balances, and the export of all of them must pass the audit.
"""

import asyncio
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from eth_account import Account

from contracts.artifacts import artifact
from contracts.clients import Rpc
from contracts.sender import Sender, durable_engine
from scripts.demo.borrower import Json
from tests.e2e.life import Balances, live
from tests.system import RunningSystem, tally

PROCESSES = ("node", "signer-1", "publisher", "api", "worker")
HURT_AFTER = {"subjects", "submission", "acceptance", "payments"}


@pytest.fixture(scope="module")
def undisturbed(system: RunningSystem, people: list[Json]) -> Balances:
    tomorrow = asyncio.run(_today(system)) + 1
    system.calendar.go_to(tomorrow)  # noon, so that no life crosses midnight
    return asyncio.run(live(system.plan.api_url, people[0], lambda _kind: None))


async def _today(system: RunningSystem) -> int:
    async with httpx.AsyncClient(base_url=system.plan.api_url) as http:
        return int((await http.get("/v1/ledger")).json()["today_day"])


def _killer(system: RunningSystem, kill: Callable[[], None], hurt: list[str]) -> Callable[[str], None]:
    def on_accepted(kind: str) -> None:
        if kind in HURT_AFTER:
            kill()
            hurt.append(kind)

    return on_accepted


@pytest.mark.processes
@pytest.mark.parametrize("victim", PROCESSES)
def test_killing_one_process_changes_no_balance(
    system: RunningSystem, people: list[Json], undisturbed: Balances, victim: str
) -> None:
    hurt: list[str] = []

    def kill() -> None:
        pid = system.kill(victim)
        system.wait_for(lambda: system.pid(victim) != pid, f"{victim} to be restarted")

    assert asyncio.run(live(system.plan.api_url, people[0], _killer(system, kill, hurt))) == undisturbed
    assert set(hurt) == HURT_AFTER


@pytest.mark.processes
def test_killing_everything_changes_no_balance(
    system: RunningSystem, people: list[Json], undisturbed: Balances
) -> None:
    hurt: list[str] = []

    def kill() -> None:
        system.kill_all()
        system.start()

    assert asyncio.run(live(system.plan.api_url, people[0], _killer(system, kill, hurt))) == undisturbed
    assert set(hurt) == HURT_AFTER


@pytest.mark.processes
def test_a_strangers_copy_of_the_contract_changes_nothing(system: RunningSystem, undisturbed: Balances) -> None:
    rpc = Rpc(system.plan.rpc_url)
    code = next(tx["input"] for tx in creations(rpc) if tx["input"][2:].startswith(artifact("LoanBook").bytecode.hex()))
    stranger = Sender(durable_engine(f"sqlite:///{system.folder / 'stranger.db'}"), Account.create(), rpc)
    stranger.enqueue("copy", None, bytes.fromhex(code[2:]))
    assert stranger.wait("copy").contract_address


def creations(rpc: Rpc) -> Iterator[dict[str, Any]]:
    """The transactions that created contracts."""
    for number in range(1, int(rpc.request("eth_blockNumber"), 16) + 1):
        yield from (tx for tx in rpc.request("eth_getBlockByNumber", hex(number), True)["transactions"] if not tx["to"])


@pytest.mark.processes
def test_the_ledger_of_all_these_lives_passes_the_audit(
    system: RunningSystem, undisturbed: Balances, tmp_path: Path
) -> None:
    exported = tally("export", str(tmp_path / "export"), "--data", str(system.folder / "node"))
    assert exported.returncode == 0, exported.stderr
    audited = tally("audit", str(tmp_path / "export"))
    assert audited.returncode == 0, audited.stdout + audited.stderr
    assert "later copies, which are no part of it: LoanBook at" in audited.stdout
