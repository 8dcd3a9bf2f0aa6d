"""The generated reference is complete, and says of roles what a deployment does."""

import re
from dataclasses import replace
from xml.etree.ElementTree import fromstring

import pytest

from contracts.artifacts import artifact
from contracts.deployment.roles import FUNCTIONS
from contracts.loan import TRANSITIONS, LoanStatus
from scripts.reference.__main__ import generated
from scripts.reference.natspec import documented
from scripts.reference.page import RestrictionUnknown, page, require_known_restrictions
from scripts.reference.states import LAYOUT, TransitionNotDrawn, arrows, draw_states
from scripts.reference.typed import messages

PAGE = page()
SVG = "{http://www.w3.org/2000/svg}"


def test_the_reference_is_current() -> None:
    for path, text in generated().items():
        assert path.read_text(encoding="utf-8") == text, f"{path}: run `python -m scripts.reference`"


@pytest.mark.parametrize("contract", documented())
def test_every_function_event_and_error_of_every_contract_is_named(contract: str) -> None:
    section = PAGE.split(f"\n## {contract}\n")[1].split("\n## ")[0]
    named = set(re.findall(r"`(\w+)\(", section))
    assert {
        entry["name"] for entry in artifact(contract).abi if entry["type"] in ("function", "event", "error")
    } <= named


@pytest.mark.parametrize("contract", FUNCTIONS)
def test_what_the_documentation_restricts_is_what_the_code_restricts(contract: str) -> None:
    """The NatSpec names the role that the deployment gives the function to."""
    roles = {function: role for role, functions in FUNCTIONS[contract].items() for function in functions}
    for entry in documented()[contract].functions:
        said = re.search(r"Restricted to (\w+)", entry.details)
        if entry.restricted and entry.notice:
            assert said, f"{contract}.{entry.name} does not say to whom it is restricted"
        if said:
            assert roles[entry.name].name == said[1], entry.name


def test_a_restriction_that_no_role_opens_is_refused() -> None:
    book = documented()["LoanBook"]
    opened = tuple(replace(entry, restricted=entry.name == "repay") for entry in book.functions)
    with pytest.raises(RestrictionUnknown, match="repay"):
        require_known_restrictions(replace(book, functions=opened))


def test_every_field_of_every_signed_message_has_a_meaning() -> None:
    assert {message.name for message in messages()} >= {"Agreement", "Payment", "Amendment", "Guarantee", "Attestation"}
    for message in messages():
        assert all(meaning for _, _, meaning in message.fields), message.name
        assert message.checked in PAGE


def test_every_transition_is_an_arrow_or_named_in_its_box() -> None:
    drawn = fromstring(draw_states())
    lines = drawn.findall(f"{SVG}line")
    between = {pair for pair in arrows() if pair[0] != pair[1]}
    assert len(lines) == len(between)
    words = " ".join(text.text or "" for text in drawn.findall(f"{SVG}text"))
    for act in TRANSITIONS:
        assert act.value in words
    for status in LoanStatus:
        assert f"{status.value}  {status.name.lower().replace('_', ' ')}" in words


def test_a_transition_without_a_straight_line_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(LAYOUT, LoanStatus.NONE, replace(LAYOUT[LoanStatus.NONE], top=-90, bottom=-10))
    with pytest.raises(TransitionNotDrawn, match="NONE to ACTIVE"):
        draw_states()
