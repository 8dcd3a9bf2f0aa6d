"""Why a plan is refused."""


class PlanRefused(Exception):
    """A field of the plan cannot be: which one, what it says, and what it may say."""

    def __init__(self, field: str, value: object, limit: str) -> None:
        super().__init__(f"{field}: {value!r} is not possible; {limit}")
        self.field, self.value, self.limit = field, value, limit
