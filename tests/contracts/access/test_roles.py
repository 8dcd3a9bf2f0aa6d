"""`tally roles` on a real node with the real deployment: what it says at a block is what AccessManager held there."""

import json
import subprocess
import sys
from collections.abc import Iterator
from typing import Any

import pytest

from contracts.access import OperationState, UnknownFunction, bypasses, picture_at, who_may
from contracts.access.names import functions_of, shown_signature
from contracts.clients import AddressBook, Ledger
from contracts.clients.contract import eth_call, function_of
from contracts.deployment import Accounts, Role
from contracts.deployment.plan import selectors
from contracts.deployment.roles import DELAYS, FUNCTIONS, holders
from contracts.keys import DEVNET_CHAIN_ID, load_key
from contracts.sender import Sender, durable_engine
from tests.chain.support import ROOT, NodeProcess

DEPLOY_SECONDS = 120
RISK = str(load_key("risk", None, DEVNET_CHAIN_ID).address)
TREASURER = str(load_key("treasurer", None, DEVNET_CHAIN_ID).address)
GOVERNOR = str(load_key("governor", None, DEVNET_CHAIN_ID).address)
LENDER, PRODUCT = "0x" + "77" * 20, b"\7" * 32
pytestmark = pytest.mark.processes


@pytest.fixture(scope="module")
def ledger(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Ledger]:
    folder = tmp_path_factory.mktemp("ledger")
    node = NodeProcess(folder / "node", "--dev").wait_ready()
    out = folder / "addresses.json"
    words = ("-m", "scripts.tally", "deploy", "--rpc", node.url, "--out", str(out))
    subprocess.run([sys.executable, *words], check=True, timeout=DEPLOY_SECONDS, cwd=ROOT)
    yield Ledger(node.url, AddressBook.load(out))
    node.stop()


def _tally(ledger: Ledger, *words: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "scripts.tally", "roles", "--rpc", ledger.rpc.url, *words]
    return subprocess.run(command, capture_output=True, text=True, check=False, timeout=60, cwd=ROOT)


def _manage(ledger: Ledger, role: str, act: str, name: str, *values: Any) -> int:
    """Let a role call the AccessManager; the block in which it did."""
    sender = Sender(durable_engine("sqlite://"), load_key(role, None, DEVNET_CHAIN_ID), ledger.rpc)
    address = ledger.book.contracts["AccessManager"]
    sender.enqueue(act, address, function_of("AccessManager", name, len(values)).encode(values))
    return int(sender.wait(act).block_number or 0)


def _view(ledger: Ledger, name: str, *values: Any) -> dict[str, Any]:
    known = function_of("AccessManager", name, len(values))
    return known.decode_outputs(eth_call(ledger.rpc, ledger.book.contracts["AccessManager"], known.encode(values)))


def test_every_role_is_shown_with_its_holder_delay_and_guardian(ledger: Ledger) -> None:
    picture = picture_at(ledger.rpc)
    accounts = Accounts.load(None, DEVNET_CHAIN_ID)
    assert picture.manager == ledger.book.contracts["AccessManager"]
    for role, holder in holders(accounts, ledger.book.contracts).items():
        shown = picture.role(role)
        assert [(each.account, each.delay_seconds) for each in shown.holders] == [(holder, DELAYS.get(role, 0))]
        admin = Role.TRUSTEE if role is Role.GUARDIAN else Role.ADMIN
        assert (shown.name, shown.admin) == (role.name, admin)
        assert shown.guardian == _view(ledger, "getRoleGuardian", role)["0"]


def test_every_restricted_function_is_named_under_its_role(ledger: Ledger) -> None:
    picture = picture_at(ledger.rpc)
    for contract, roles in FUNCTIONS.items():
        for role, names in roles.items():
            opened = {each.function for each in picture.role(role).opens if each.contract == contract}
            assert {each.partition("(")[0] for each in opened} == set(names)
            assert len(opened) == len(selectors(contract, names))


def test_before_the_handover_the_deployer_held_admin_at_once_and_the_check_says_so(ledger: Ledger) -> None:
    picture = picture_at(ledger.rpc, ledger.book.block)
    deployer = str(load_key("deployer", None, DEVNET_CHAIN_ID).address)
    assert [(each.role, [held.account for held in each.holders]) for each in picture.roles] == [(0, [deployer])]
    assert [found.account for found in bypasses(picture)] == [deployer]
    refused = _tally(ledger, "--at", str(ledger.book.block), "--check")
    assert refused.returncode == 1
    assert "acts at once" in refused.stdout


def test_after_the_deployment_no_single_key_gets_round_a_delay(ledger: Ledger) -> None:
    assert bypasses(picture_at(ledger.rpc)) == []
    told = _tally(ledger, "--check")
    assert (told.returncode, told.stderr) == (0, "")
    assert "No single key can both change policy and get round its delay." in told.stdout


def test_who_could_call_a_function_is_answered_by_name(ledger: Ledger) -> None:
    picture = picture_at(ledger.rpc)
    [answer] = who_may(picture, "LoanBook.setProduct")
    assert (answer.account, answer.role, answer.delay_seconds) == (RISK, "RISK", DELAYS[Role.RISK])
    granting = who_may(picture, "AccessManager.grantRole")
    by_trustee = [each for each in granting if each.condition == "for GUARDIAN"]
    assert [(each.account, each.delay_seconds) for each in by_trustee] == [(TREASURER, 0)]
    by_admin = {(each.account, each.delay_seconds) for each in granting if each not in by_trustee}
    assert by_admin == {(GOVERNOR, DELAYS[Role.ADMIN])}
    assert {each.condition for each in granting} == {f"for {role.name}" for role in picture.roles}
    [unassigned] = who_may(picture, "LoanBook.recordArrears(bytes32)")
    assert (unassigned.account, unassigned.condition[:26]) == (GOVERNOR, "if the function is restric")
    [suspending] = who_may(picture, "AccessManager.suspend")
    assert (suspending.role, suspending.delay_seconds) == ("GUARDIAN", 0)
    assert who_may(picture, "LoanBook.setAuthority") == who_may(picture, "AccessManager.updateAuthority") == []
    for unknown in ("LoanBook.lend", "Bank.setProduct", "AccessManager.canCall"):
        with pytest.raises(UnknownFunction):
            who_may(picture, unknown)


def test_the_answers_are_those_of_can_call(ledger: Ledger) -> None:
    picture = picture_at(ledger.rpc)
    accounts = sorted({holder.account for role in picture.roles for holder in role.holders})
    cash = ledger.book.contracts["CashToken"]
    for selector, function in functions_of("CashToken").items():
        wanted = f"CashToken.{shown_signature(function.entry)}"
        may = {answer.account: answer.delay_seconds for answer in who_may(picture, wanted)}
        for account in accounts:
            shown = _view(ledger, "canCall", account, cash, selector)
            assert shown == {"immediate": may.get(account) == 0, "delay": may.get(account, 0)}


def test_an_announced_act_is_shown_from_its_block_until_it_is_over(ledger: Ledger) -> None:
    data = function_of("LoanBook", "openFacility").encode([LENDER, PRODUCT, 5_000, 10])
    book = ledger.book.contracts["LoanBook"]
    announced = _manage(ledger, "risk", "announce", "schedule", book, data, 0)
    [waiting] = picture_at(ledger.rpc, announced).operations
    assert (waiting.caller, waiting.contract, waiting.state) == (RISK, "LoanBook", OperationState.WAITING)
    assert waiting.call.startswith(f"openFacility(lender={LENDER}, product_id=0x{PRODUCT.hex()}")
    assert waiting.earliest == picture_at(ledger.rpc, announced).timestamp + DELAYS[Role.RISK]
    assert picture_at(ledger.rpc, announced - 1).operations == ()
    assert "openFacility" in _tally(ledger, "--at", str(announced)).stdout

    ledger.rpc.request("evm_increaseTime", DELAYS[Role.RISK] + 600)
    ledger.rpc.request("evm_mine")
    [ready] = picture_at(ledger.rpc).operations
    assert ready.state is OperationState.READY
    _manage(ledger, "guardian", "cancel", "cancel", RISK, book, data)
    assert picture_at(ledger.rpc).operations == ()
    assert [each.state for each in picture_at(ledger.rpc, announced).operations] == [OperationState.WAITING]


def test_the_command_prints_tables_and_json(ledger: Ledger) -> None:
    head = ledger.head().number
    document = json.loads(_tally(ledger, "--json", "--at", str(head)).stdout)
    assert document["block"] == head
    assert {role["name"] for role in document["roles"]} >= {role.name for role in Role}
    asked = json.loads(_tally(ledger, "--json", "--function", "CashToken.mint").stdout)
    assert [answer["role"] for answer in asked["may"]] == ["RAILS"]
    table = _tally(ledger, "--function", "CashToken.mint").stdout
    assert "at once" in table
    assert GOVERNOR in _tally(ledger).stdout


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--at", "999999"), "has no block 999999"),
        (("--function", "LoanBook.lend"), "no function LoanBook.lend"),
        (("--manager", "0x" + "77" * 20), "stands no AccessManager"),
        (("--rpc", "http://127.0.0.1:9"), "is not available"),
    ],
)
def test_what_cannot_be_answered_is_refused_in_one_line(ledger: Ledger, words: tuple[str, ...], said: str) -> None:
    refused = _tally(ledger, *words)
    assert refused.returncode == 1
    assert said in refused.stderr
    assert refused.stderr.count("\n") == 1
