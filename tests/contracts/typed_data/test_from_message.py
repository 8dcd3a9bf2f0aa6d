"""A message is read exactly or refused by name."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given

from contracts.typed_data import (
    Agreement,
    FieldOutOfRange,
    InvalidMessage,
    MalformedField,
    MissingField,
    NotAnObject,
    Payment,
    Struct,
    UnknownField,
)
from tests.contracts.typed_data.strategies import structs

MESSAGE: dict[str, Any] = {"loan": "0x" + "ab" * 32, "amountMinor": 8000, "nonce": 0, "deadline": 1_700_000_000}


@given(structs)
def test_what_is_written_is_read_back(struct: Struct) -> None:
    assert type(struct).from_message(json.loads(json.dumps(struct.message()))) == struct


@given(structs)
def test_numbers_may_come_as_decimal_strings(struct: Struct) -> None:
    assert type(struct).from_message(_as_strings(struct.message())) == struct


@given(structs)
def test_integers_in_json_are_safe_for_every_reader(struct: Struct) -> None:
    assert all(isinstance(value, str) or abs(value) < 2**53 for value in _leaves(struct.message()))


def _as_strings(message: dict[str, Any]) -> dict[str, Any]:
    return {key: _as_strings(value) if isinstance(value, dict) else str(value) for key, value in message.items()}


def _leaves(message: dict[str, Any]) -> Iterator[Any]:
    for value in message.values():
        yield from _leaves(value) if isinstance(value, dict) else [value]


def test_a_missing_field_is_named() -> None:
    with pytest.raises(MissingField) as refused:
        Payment.from_message({key: value for key, value in MESSAGE.items() if key != "nonce"})
    assert (refused.value.struct, refused.value.field) == ("Payment", "nonce")


def test_an_extra_field_is_named() -> None:
    with pytest.raises(UnknownField) as refused:
        Payment.from_message(MESSAGE | {"amount_minor": 1})
    assert refused.value.field == "amount_minor"


@pytest.mark.parametrize(("value", "limit"), [(2**256, 2**256 - 1), (-1, 0), (str(2**256), 2**256 - 1)])
def test_a_number_out_of_range_names_field_value_and_limit(value: int | str, limit: int) -> None:
    with pytest.raises(FieldOutOfRange) as refused:
        Payment.from_message(MESSAGE | {"amountMinor": value})
    assert (refused.value.field, refused.value.value, refused.value.limit) == ("amountMinor", int(value), limit)


@pytest.mark.parametrize("value", [2**256 - 1, 0, str(2**256 - 1), "0"])
def test_a_number_at_its_limit_is_read(value: int | str) -> None:
    assert Payment.from_message(MESSAGE | {"amountMinor": value}).amount_minor == int(value)


def test_a_signed_number_has_signed_limits() -> None:
    low = Agreement.from_message(_agreement(timeZoneMinutes=-(2**255)))
    assert low.time_zone_minutes == -(2**255)
    with pytest.raises(FieldOutOfRange) as refused:
        Agreement.from_message(_agreement(timeZoneMinutes=-(2**255) - 1))
    assert refused.value.limit == -(2**255)


@pytest.mark.parametrize("value", [1.0, True, None, "", "1.0", "0x10", "01", "+1", " 1", "9" * 5000, [1], "١"])
def test_what_is_not_an_integer_is_refused(value: object) -> None:
    with pytest.raises(InvalidMessage):
        Payment.from_message(MESSAGE | {"amountMinor": value})


@pytest.mark.parametrize("value", ["ab" * 32, "0x" + "ab" * 31, "0x" + "ab" * 33, "0xzz" * 16, 5, None, b"\0" * 32])
def test_what_is_not_32_bytes_of_hex_is_refused(value: object) -> None:
    with pytest.raises(MalformedField):
        Payment.from_message(MESSAGE | {"loan": value})


@pytest.mark.parametrize(
    "value",
    ["0x" + "11" * 19, "11" * 20, "0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAeD".swapcase(), 7],
)
def test_what_is_not_an_address_is_refused(value: object) -> None:
    with pytest.raises(MalformedField):
        Agreement.from_message(_agreement(lender=value))


def test_a_lower_case_address_is_read_as_its_checksummed_form() -> None:
    read = Agreement.from_message(_agreement(lender="0x5aaeb6053f3e94c9b9a09f33669435e7ef1beaed"))
    assert read.lender == "0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed"


def test_what_is_not_an_object_is_refused() -> None:
    with pytest.raises(NotAnObject):
        Payment.from_message([1, 2])  # type: ignore[arg-type]


def _agreement(**changes: object) -> dict[str, object]:
    blanks: dict[str, object] = {"uint256": 1, "int256": 1, "address": "0x" + "11" * 20, "bytes32": "0x" + "11" * 32}
    return {field.key: blanks[field.type] for field in Agreement.fields()} | changes
