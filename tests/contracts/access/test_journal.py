"""Whatever is done to an AccessManager, its events alone tell the state that its views show, at any later instant."""

from typing import Any

from eth_utils.address import to_checksum_address
from hypothesis import given, settings
from hypothesis import strategies as st

from contracts.access.allowed import may_carry_out
from tests.contracts.access.manager import ACCOUNTS, ADMIN, Manager

ROLES = [0, 1, 2]
TARGETS = [to_checksum_address("0x" + "aa" * 20), to_checksum_address("0x" + "bb" * 20)]
SELECTORS = [bytes.fromhex("11111111"), bytes.fromhex("22222222")]
DAY = 86_400

roles, accounts, targets = st.sampled_from(ROLES), st.sampled_from(ACCOUNTS), st.sampled_from(TARGETS)
delays = st.sampled_from([0, 60, DAY, 3 * DAY])
calls = st.sampled_from([selector + bytes(32) for selector in SELECTORS])
ACTS = st.one_of(
    st.tuples(st.just("grantRole"), roles, accounts, delays),
    st.tuples(st.just("revokeRole"), st.sampled_from([1, 2]), accounts),
    st.tuples(st.just("setRoleAdmin"), roles, roles),
    st.tuples(st.just("setRoleGuardian"), roles, roles),
    st.tuples(st.just("setGrantDelay"), roles, delays),
    st.tuples(st.just("setTargetAdminDelay"), targets, delays),
    st.tuples(st.just("setTargetClosed"), targets, st.booleans()),
    st.tuples(st.just("setTargetFunctionRole"), targets, st.lists(st.sampled_from(SELECTORS), max_size=2), roles),
    st.tuples(st.just("labelRole"), roles, st.sampled_from(["one", "two"])),
    st.tuples(st.just("schedule"), targets, calls, st.just(0)),
    st.tuples(st.just("cancel"), accounts, targets, calls),
    st.tuples(st.sampled_from(["suspend", "resume"]), accounts),
    st.tuples(st.just("renounceRole"), st.sampled_from([1, 2]), accounts),
)
STEPS = st.lists(st.tuples(ACTS, accounts, st.sampled_from([0, 1, 60, DAY, 5 * DAY])), max_size=15)


@settings(max_examples=15)
@given(steps=STEPS)
def test_the_events_tell_what_the_views_show(steps: list[tuple[tuple[Any, ...], str, int]]) -> None:
    manager = Manager()
    for (name, *values), sender, seconds in steps:
        as_sender = sender if name in ("schedule", "cancel", "renounceRole") else ADMIN
        manager.act(name, *values, sender=as_sender)
        manager.wait(seconds)
    _compare(manager)


def _compare(manager: Manager) -> None:
    journal, now = manager.journal, manager.evm.timestamp
    for role in ROLES:
        told = journal.role(role)
        assert (told.admin, told.guardian) == (
            manager.view("getRoleAdmin", role),
            manager.view("getRoleGuardian", role),
        )
        assert told.grant_delay.at(now) == manager.view("getRoleGrantDelay", role)
        for account in ACCOUNTS:
            held = told.members.get(account)
            shown = (held.since, held.delay.at(now), *(held.delay.pending(now) or (0, 0))) if held else (0, 0, 0, 0)
            assert shown == manager.view("getAccess", role, account)
    for address in TARGETS:
        target = journal.target(address)
        assert target.closed == manager.view("isTargetClosed", address)
        assert target.admin_delay.at(now) == manager.view("getTargetAdminDelay", address)
        for selector in SELECTORS:
            assert target.functions.get(selector, 0) == manager.view("getTargetFunctionRole", address, selector)
    assert journal.suspended == {account for account in ACCOUNTS if manager.view("isSuspended", account)}
    for operation in journal.operations.values():
        when = manager.view("getSchedule", operation.operation_id)
        assert when == (operation.earliest if now < operation.earliest + 7 * DAY else 0)
        may = manager.view("canCall", operation.caller, operation.target, operation.data[:4])
        assert may_carry_out(journal, manager.address, now, operation) == (may != (False, 0))


def test_a_shorter_delay_waits_for_the_difference_and_is_told_as_pending() -> None:
    manager = Manager()
    manager.act("grantRole", 1, ACCOUNTS[1], DAY)
    manager.act("grantRole", 1, ACCOUNTS[1], 60)
    held, now = manager.journal.role(1).members[ACCOUNTS[1]], manager.evm.timestamp
    assert held.delay.at(now) == DAY
    assert held.delay.pending(now) == (60, now + DAY - 60)
    assert held.delay.at(now + DAY - 60) == 60


def test_an_act_that_was_carried_out_or_cancelled_is_no_longer_announced() -> None:
    manager = Manager()
    manager.act("setTargetFunctionRole", manager.address, [], 0)
    manager.act("grantRole", 0, ACCOUNTS[1], 60)
    target, data = TARGETS[0], SELECTORS[0] + bytes(32)
    for over in ("cancel", "execute"):
        assert manager.act("schedule", target, data, 0, sender=ACCOUNTS[1])
        assert len(manager.journal.operations) == 1
        manager.wait(60)
        manager.evm.install(target, b"\x00", {})
        assert manager.act(over, *([ACCOUNTS[1]] if over == "cancel" else []), target, data, sender=ACCOUNTS[1])
        assert not manager.journal.operations
