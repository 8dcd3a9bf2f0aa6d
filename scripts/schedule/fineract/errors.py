"""Why a case is not compared."""


class Unsupported(Exception):
    """The case needs something that this calculator does not do, or does not say enough."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason
