"""Why a message of typed data was refused, one class per reason."""

import reprlib


class InvalidMessage(ValueError):
    """A message that is not the typed data it claims to be."""


class NotAnObject(InvalidMessage):
    """The message is not a JSON object."""

    def __init__(self, struct: str, value: object) -> None:
        super().__init__(f"{struct}: expected an object, got {type(value).__name__}")
        self.struct, self.value = struct, value


class MissingField(InvalidMessage):
    """A field of the struct is absent."""

    def __init__(self, struct: str, field: str) -> None:
        super().__init__(f"{struct}.{field} is missing")
        self.struct, self.field = struct, field


class UnknownField(InvalidMessage):
    """The message carries a field that the struct does not have."""

    def __init__(self, struct: str, field: str) -> None:
        super().__init__(f"{struct} has no field {field}")
        self.struct, self.field = struct, field


class MalformedField(InvalidMessage):
    """A field's value cannot be read as its type."""

    def __init__(self, struct: str, field: str, value: object, expected: str) -> None:
        super().__init__(f"{struct}.{field} is {reprlib.repr(value)}, expected {expected}")
        self.struct, self.field, self.value, self.expected = struct, field, value, expected


class FieldOutOfRange(InvalidMessage):
    """A number lies beyond what its type can hold."""

    def __init__(self, struct: str, field: str, value: int, limit: int) -> None:
        side = "above the limit" if value > limit else "below the limit"
        super().__init__(f"{struct}.{field} is {value}, {side} {limit}")
        self.struct, self.field, self.value, self.limit = struct, field, value, limit
