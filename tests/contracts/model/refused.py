"""What the model says instead of an outcome."""


class Refused(Exception):
    """The contracts must refuse the act by this error."""

    def __init__(self, name: str) -> None:
        super().__init__(name)
        self.name = name


def require(holds: object, error: str) -> None:
    """Refuse by an error unless something holds."""
    if not holds:
        raise Refused(error)
