"""A packet is read exactly, or the refusal names the field."""

import copy
from collections.abc import Callable
from typing import Any

import pytest

from oracle.attest import MalformedPacket, Packet
from oracle.attest.packet import MAX_FEATURES
from oracle.canonical import NotCanonical
from tests.oracle.attest.strategies import packet

Change = Callable[[dict[str, Any]], Any]


def test_a_packet_reads_back_as_it_was_written() -> None:
    assert Packet.from_json(packet().to_json()) == packet()


BROKEN: dict[str, Change] = {
    "packet": lambda p: p.pop("salt"),
    "features": lambda p: p.update(features=[]),
    "salt": lambda p: p.update(salt="0x00"),
    "signer": lambda p: p.update(signer="not hex"),
    "signature": lambda p: p.update(signature="0xzz"),
    "request": lambda p: p["request"].update(amountMinor=-1),
}


@pytest.mark.parametrize("field", BROKEN)
def test_a_broken_packet_is_refused_by_field(field: str) -> None:
    body = copy.deepcopy(packet().to_json())
    BROKEN[field](body)
    with pytest.raises(MalformedPacket) as refused:
        Packet.from_json(body)
    assert refused.value.values["field"] == field


@pytest.mark.parametrize("body", [None, [], "packet", 1])
def test_what_is_no_object_is_refused(body: object) -> None:
    with pytest.raises(MalformedPacket):
        Packet.from_json(body)


@pytest.mark.parametrize("value", [1.5, None, True])
def test_features_without_exact_form_are_refused(value: object) -> None:
    with pytest.raises(NotCanonical):
        Packet.from_json({**packet().to_json(), "features": {"savings": value}})


def test_more_features_than_the_catalogue_could_ever_have_are_refused() -> None:
    many = {f"feature_{n}": 1 for n in range(MAX_FEATURES + 1)}
    with pytest.raises(MalformedPacket, match="64"):
        Packet.from_json({**packet().to_json(), "features": many})
