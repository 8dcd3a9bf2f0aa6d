"""What every refusal of the oracle has in common: a stable slug, an HTTP status and the values it speaks of."""

from typing import Any, ClassVar

PROBLEM_MEDIA_TYPE = "application/problem+json"


class OracleError(Exception):
    """A refusal with its values; `problem()` is the same as RFC 9457 problem details."""

    slug: ClassVar[str] = "oracle-refused"
    status: ClassVar[int] = 422
    title: ClassVar[str] = "The oracle refused"

    def __init__(self, detail: str, **values: Any) -> None:
        super().__init__(detail)
        self.values = values

    def problem(self) -> dict[str, Any]:
        """The problem as a JSON object: type, title, status, detail and the values of the refusal."""
        return {
            "type": f"/problems/{self.slug}",
            "title": self.title,
            "status": self.status,
            "detail": str(self),
            **self.values,
        }
