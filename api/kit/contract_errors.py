"""The contracts' custom errors as problems, whether met before an act is accepted or when it is relayed."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from api.kit.problems import DeadlinePassed, LedgerRefused, Problem, SignatureInvalid
from api.kit.types import hex_of
from contracts.clients import ContractError

LOAN_CLOSED = 2


@dataclass
class InsufficientCash(Problem):
    """The paying account holds less cash than the act moves."""

    status = 409
    title = "The cash does not suffice"
    example: ClassVar[dict[str, Any]] = {"account": "0x7f00…", "balance_minor": 120, "needed_minor": 10_355}
    account: str
    balance_minor: int
    needed_minor: int


@dataclass
class Overpayment(Problem):
    """The amount is more than everything owed; nothing was taken."""

    status = 409
    title = "The amount is more than everything owed"
    example: ClassVar[dict[str, Any]] = {"amount_minor": 99_999, "owed_minor": 20_712}
    amount_minor: int
    owed_minor: int


@dataclass
class NonceUsed(Problem):
    """This nonce already belongs to a payment of the loan; `payment` names it when it was accepted here."""

    status = 409
    title = "The nonce is used"
    example: ClassVar[dict[str, Any]] = {"nonce": 3, "payment": "pay_0193b2c4d1e09f3ab1c2d3e4"}
    nonce: int
    payment: str | None


@dataclass
class NonceTooFar(Problem):
    """The nonce lies beyond the window of 32 that may be used out of order."""

    status = 409
    title = "The nonce is beyond the window"
    example: ClassVar[dict[str, Any]] = {"nonce": 90, "nonce_base": 3}
    nonce: int
    nonce_base: int


@dataclass
class LoanClosed(Problem):
    """The loan is paid in full and closed."""

    status = 409
    title = "The loan is closed"
    example: ClassVar[dict[str, Any]] = {"loan": "0xc0de…"}
    loan: str


@dataclass
class LoanNotActive(Problem):
    """The loan was signed but is not on the ledger (yet)."""

    status = 409
    title = "The loan is not active"
    example: ClassVar[dict[str, Any]] = {"loan": "0xc0de…"}
    loan: str


@dataclass
class PartyNotInStanding(Problem):
    """A party is not registered, frozen, or its identification has expired."""

    status = 409
    title = "A party may not do this now"
    example: ClassVar[dict[str, Any]] = {"party": "0x7f00…"}
    party: str


@dataclass
class SubjectExists(Problem):
    """The subject is registered, or its registration is under way."""

    status = 409
    title = "The subject is registered already"
    example: ClassVar[dict[str, Any]] = {"subject": "0x7f00…"}
    subject: str


@dataclass
class OutsideOriginationWindow(Problem):
    """Ledger time left the days in which the agreement may begin before it was relayed."""

    status = 409
    title = "The agreement may not begin today"
    example: ClassVar[dict[str, Any]] = {"today_day": 20_420, "first_day": 20_416, "last_day": 20_418}
    today_day: int
    first_day: int
    last_day: int


@dataclass
class LimitExceeded(Problem):
    """The principal does not fit into what is left of the subject's limit."""

    status = 409
    title = "The limit does not suffice"
    example: ClassVar[dict[str, Any]] = {"wanted_minor": 1_200_000, "available_minor": 300_000}
    wanted_minor: int
    available_minor: int


@dataclass
class LoanMovedOn(Problem):
    """Another act on the loan came first, so that other rows of its table are due now; ask and sign again."""

    status = 409
    title = "The loan has moved on"
    example: ClassVar[dict[str, Any]] = {"row": 3}
    row: int


Values = Mapping[str, Any]


def _loan_not_active(values: Values) -> Problem:
    loan = _plain(values["loan"])
    return LoanClosed(loan) if values["status"] == LOAN_CLOSED else LoanNotActive(loan)


PROBLEMS: dict[str, Callable[[Values], Problem]] = {
    "AlreadyRegistered": lambda v: SubjectExists(v["party"]),
    "DeadlinePassed": lambda v: DeadlinePassed(v["deadline"], v["now_at"]),
    "InsufficientCash": lambda v: InsufficientCash(v["account"], v["balance"], v["needed"]),
    "InvalidSignature": lambda _: SignatureInvalid(),
    "LimitExceeded": lambda v: LimitExceeded(v["wanted_minor"], v["available_minor"]),
    "LoanNotActive": _loan_not_active,
    "NonceTooFar": lambda v: NonceTooFar(v["nonce"], v["nonce_base"]),
    "NonceUsed": lambda v: NonceUsed(v["nonce"], None),
    "OutsideOriginationWindow": lambda v: OutsideOriginationWindow(v["today"], v["first_day"], v["last_day"]),
    "Overpayment": lambda v: Overpayment(v["amount_minor"], v["owed_minor"]),
    "RowMissing": lambda v: LoanMovedOn(v["row"]),
    "RowProofInvalid": lambda v: LoanMovedOn(v["row"]),
    "PartyNotInStanding": lambda v: PartyNotInStanding(v["party"]),
}


def as_problem(error: ContractError) -> Problem:
    """The refusal that fits a contract's error; LedgerRefused where it has no type of its own."""
    if error.name in PROBLEMS:
        return PROBLEMS[error.name](error.values)
    return LedgerRefused(error.name, {name: _plain(value) for name, value in error.values.items()})


def failure(error: str | None) -> dict[str, Any] | None:
    """Why a relayed act failed, from what the sender recorded, as a problem document."""
    return None if error is None else as_problem(ContractError.from_json(error)).document()


def _plain(value: Any) -> Any:
    return hex_of(value) if isinstance(value, bytes) else value
