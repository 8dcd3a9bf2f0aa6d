"""What contracts cannot check cheaply: instalments, and who signed score reports."""

from dataclasses import replace

import pytest

from contracts.clients import Event
from contracts.recount import check_report_signatures
from scripts.workbench.system import Draft
from tests.contracts.recount.history import History


@pytest.mark.parametrize("rounding", [0x000, 0x002, 0x100, 0x102])
def test_an_instalment_that_is_not_that_of_the_declared_rounding_is_named(history: History, rounding: int) -> None:
    agreed = history.system.agreement(history.system.person(), Draft(rounding=rounding)).instalment_minor
    history.lend(1, Draft(rounding=rounding))
    assert history.recount().clean
    history.reset()
    history.lend(1, Draft(rounding=rounding, instalment_minor=agreed + 1))
    (found,) = history.recount().differences
    assert (found.field, found.expected, found.found) == ("instalment_minor", agreed, agreed + 1)


def test_report_signatures_are_recovered_from_calldata(lived: tuple[History, list[Event]]) -> None:
    history, events = lived
    published = next(event for event in events if event.name == "ReportPublished")
    data = next(one.data for one in history.evm.record if one.number == published.block_number)
    domain = history.book.domain("CreditRegistry")
    assert check_report_signatures(data, published, domain) == []
    assert check_report_signatures(b"\0" * 4 + data[4:], published, domain)[0].field == "calldata"
    spoilt = bytearray(data)
    spoilt[-100] ^= 1  # inside the last signature, which the padding follows
    assert check_report_signatures(bytes(spoilt), published, domain)[0].field == "signers"
    other = replace(published, args={**published.args, "signers": published.args["signers"][::-1]})
    assert check_report_signatures(data, other, domain)[0].field == "signers"
