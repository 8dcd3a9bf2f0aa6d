"""RFC 9457 problems: one exception class per refusal, carrying its values; the table of all is generated."""

import re
from collections.abc import Iterable
from dataclasses import asdict, dataclass, fields
from typing import Any, ClassVar

from api.kit.limits import RETRY_AFTER_SECONDS

MEDIA_TYPE = "application/problem+json"
REGISTRY: "dict[str, type[Problem]]" = {}


@dataclass
class Problem(Exception):
    """A refusal with a stable type, an HTTP status and the values it was decided on."""

    status: ClassVar[int] = 400
    title: ClassVar[str] = ""
    example: ClassVar[dict[str, Any]] = {}
    headers: ClassVar[dict[str, str]] = {}

    def __init_subclass__(cls) -> None:
        REGISTRY[cls.slug()] = cls

    @classmethod
    def slug(cls) -> str:
        """The stable name: the class name in kebab case."""
        return re.sub(r"(?<!^)(?=[A-Z])", "-", cls.__name__).lower()

    @classmethod
    def type(cls) -> str:
        """The problem type, a relative reference that is also the page's anchor."""
        return f"/problems/{cls.slug()}"

    def values(self) -> dict[str, Any]:
        """The values of this refusal, as extension members."""
        return asdict(self)

    def document(self) -> dict[str, Any]:
        """The problem as RFC 9457 JSON."""
        return {"type": self.type(), "title": self.title, "status": self.status, **self.values()}

    def __str__(self) -> str:
        told = ", ".join(f"{name}={value}" for name, value in self.values().items())
        return f"{self.slug()}: {self.title}" + (f" ({told})" if told else "")


@dataclass
class InvalidRequest(Problem):
    """The body, path or query does not have the shape the operation describes."""

    status = 422
    title = "The request is malformed"
    example: ClassVar[dict[str, Any]] = {
        "errors": [{"at": "body.amount_minor", "message": "Input should be greater than 0"}]
    }
    errors: list[dict[str, str]]


@dataclass
class NotFound(Problem):
    """Nothing with this id exists, or it belongs to someone else."""

    status = 404
    title = "There is nothing here, or it is not yours"


@dataclass
class MethodNotAllowed(Problem):
    """The address exists, the method does not."""

    status = 405
    title = "This address does not know that method"


@dataclass
class BodyTooLarge(Problem):
    """The body is longer than the facade reads."""

    status = 413
    title = "The request body is too large"
    example: ClassVar[dict[str, Any]] = {"limit_bytes": 65_536}
    limit_bytes: int


@dataclass
class JsonTooDeep(Problem):
    """The body nests deeper than any operation needs."""

    status = 400
    title = "The JSON body is nested too deeply"
    example: ClassVar[dict[str, Any]] = {"limit": 8}
    limit: int


@dataclass
class IdempotencyKeyMissing(Problem):
    """A write came without a usable Idempotency-Key, so it could not be repeated safely."""

    status = 400
    title = "A write needs an Idempotency-Key header of 1 to 200 visible characters"


@dataclass
class IdempotencyKeyReused(Problem):
    """The same Idempotency-Key came with another body."""

    status = 422
    title = "This Idempotency-Key was used with a different request"


@dataclass
class Unauthenticated(Problem):
    """The bearer token is missing, unknown, ended or expired."""

    status = 401
    title = "A valid session token is needed"
    headers: ClassVar[dict[str, str]] = {"WWW-Authenticate": "Bearer"}


@dataclass
class InternalFault(Problem):
    """The facade failed; the request changed nothing unless a repetition with its key says otherwise."""

    status = 500
    title = "The facade failed; repeat the request with the same Idempotency-Key"


@dataclass
class LedgerUnavailable(Problem):
    """The ledger does not answer and this request cannot be checked without it; nothing was stored."""

    status = 503
    title = "The ledger does not answer; nothing was stored, try again"
    headers: ClassVar[dict[str, str]] = {"Retry-After": str(RETRY_AFTER_SECONDS)}


@dataclass
class LedgerRefused(Problem):
    """The contract refuses the act for a reason without a type of its own; the reason is given by name."""

    status = 409
    title = "The contract refuses this act"
    example: ClassVar[dict[str, Any]] = {"error": "NotPermitted", "reason": {"account": "0x7f00…"}}
    error: str
    reason: dict[str, Any]


@dataclass
class SignatureInvalid(Problem):
    """The signature is not that of the named signer over exactly this message."""

    status = 422
    title = "The signature does not fit the message"


@dataclass
class SignerUnknown(Problem):
    """The signer is not registered for this subject."""

    status = 422
    title = "This signer does not speak for the subject"
    example: ClassVar[dict[str, Any]] = {"subject": "0x7f00…", "signer": "0x51aa…"}
    subject: str
    signer: str


@dataclass
class SignerUnsupported(Problem):
    """The signer is not a wallet key of 20 bytes, the only kind accepted so far."""

    status = 422
    title = "This kind of signer is not accepted"
    example: ClassVar[dict[str, Any]] = {"signer": "0x"}
    signer: str


@dataclass
class DeadlinePassed(Problem):
    """The message's deadline lies before ledger time plus the time a relay needs."""

    status = 422
    title = "The deadline has passed or leaves no time to relay"
    example: ClassVar[dict[str, Any]] = {"deadline": 1_764_000_000, "earliest": 1_764_000_060}
    deadline: int
    earliest: int


@dataclass
class DeadlineTooFar(Problem):
    """The message would stay valid longer than the facade accepts."""

    status = 422
    title = "The deadline is too far away"
    example: ClassVar[dict[str, Any]] = {"deadline": 1_999_000_000, "latest": 1_766_592_000}
    deadline: int
    latest: int


def problem_responses(*problems: type[Problem]) -> dict[int | str, dict[str, Any]]:
    """OpenAPI responses for the refusals an operation can give, with an example of each."""
    answers: dict[int | str, dict[str, Any]] = {}
    for problem in problems:
        answer = answers.setdefault(problem.status, _empty_response(problem))
        answer["content"][MEDIA_TYPE]["examples"][problem.slug()] = {
            "summary": problem.title,
            "value": example_document(problem),
        }
    return answers


def _empty_response(problem: type[Problem]) -> dict[str, Any]:
    return {
        "description": problem.title,
        "content": {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/ProblemDocument"}, "examples": {}}},
    }


def example_document(problem: type[Problem]) -> dict[str, Any]:
    """The problem's JSON with its example values."""
    return {"type": problem.type(), "title": problem.title, "status": problem.status, **problem.example}


def listed() -> Iterable[type[Problem]]:
    """Every problem type, by slug."""
    return (REGISTRY[slug] for slug in sorted(REGISTRY))


def describe(problem: type[Problem]) -> dict[str, Any]:
    """One row of the table of problems."""
    return {
        "type": problem.type(),
        "status": problem.status,
        "title": problem.title,
        "meaning": " ".join((problem.__doc__ or "").split()),
        "values": [field.name for field in fields(problem)],
        "example": example_document(problem),
    }


def reference() -> str:
    """The page docs/reference/problems.md: a table of every refusal, generated from its classes."""
    head = (
        "# Problems\n\n"
        "Every refusal is an RFC 9457 problem (`application/problem+json`) with one of these types; its values are\n"
        "extension members of the document. Generated by `python -m api.kit.problem_reference`.\n\n"
        "| type | status | title | meaning | values |\n|---|---|---|---|---|\n"
    )
    return head + "".join(_reference_row(describe(problem)) for problem in listed())


def _reference_row(row: dict[str, Any]) -> str:
    values = ", ".join(f"`{name}`" for name in row["values"]) or "-"
    return f"| `{row['type']}` | {row['status']} | {row['title']} | {row['meaning']} | {values} |\n"
