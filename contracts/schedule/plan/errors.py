"""Why a plan is refused."""

MOST_CHARACTERS = 200
"""Of a name or a value in a message."""


class PlanRefused(Exception):
    """A field of the plan cannot be: which one, what it says, and what it may say."""

    def __init__(self, field: str, value: object, limit: str) -> None:
        name = field if field.isprintable() else repr(field)
        super().__init__(f"{_short(name)}: {_short(repr(value))} is not possible; {limit}")
        self.field, self.value, self.limit = field, value, limit


def _short(text: str) -> str:
    return text if len(text) <= MOST_CHARACTERS else f"{text[:MOST_CHARACTERS]}…"
