"""Refusals and faults of the publisher, each naming who or what."""

from collections.abc import Sequence
from typing import Any

from contracts.clients import ContractError
from oracle.problems import OracleError


class DamagedQueue(OracleError):
    """The publisher's database cannot be read."""

    slug = "damaged-queue"
    status = 500
    title = "The publisher's queue is damaged"

    def __init__(self, database: str, reason: str) -> None:
        super().__init__(f"{database}: {reason}", database=database, reason=reason)


class UnknownRequest(OracleError):
    """No request of this id was ever accepted."""

    slug = "unknown-request"
    status = 404
    title = "No such request"

    def __init__(self, request_id: str) -> None:
        super().__init__(f"no request {request_id}", id=request_id)


class RequestConflict(OracleError):
    """The id stands for another packet."""

    slug = "request-conflict"
    status = 409
    title = "The id stands for another packet"

    def __init__(self, request_id: str) -> None:
        super().__init__(f"request {request_id} was accepted with another packet", id=request_id)


class RequestRepeated(OracleError):
    """The subject's signature has been used under another id: it is good for one report."""

    slug = "request-already-used"
    status = 409
    title = "The request has already been used"

    def __init__(self, request_id: str, first_id: str) -> None:
        super().__init__(
            f"the signed request of {request_id} came before as {first_id}", id=request_id, first_id=first_id
        )


class SignerUnreachable(OracleError):
    """A signer does not answer, or its answer cannot be read."""

    slug = "signer-unreachable"
    status = 503
    title = "A signer does not answer"

    def __init__(self, url: str, reason: str) -> None:
        super().__init__(f"signer {url}: {reason}", url=url, reason=reason)


class SignatureInvalid(OracleError):
    """A signer's signature is not that of a registered signer over the report proposed."""

    slug = "signature-invalid"
    status = 502
    title = "A signer's signature does not hold"

    def __init__(self, url: str, reason: str) -> None:
        super().__init__(f"signer {url}: {reason}", url=url, reason=reason)


class TooFewSigners(OracleError):
    """Fewer signers agree than the quorum needs; nothing is published."""

    slug = "too-few-signatures"
    status = 503
    title = "Too few signers agree"

    def __init__(self, agreeing: int, quorum: int, dissent: Sequence[dict[str, Any]]) -> None:
        missing = "; ".join(f"{entry['url']} {entry['detail']}" for entry in dissent)
        super().__init__(
            f"{agreeing} of {quorum} needed signers agree; {missing}",
            agreeing=agreeing,
            quorum=quorum,
            dissent=list(dissent),
        )


class PublicationRefused(OracleError):
    """The registry refused the report."""

    slug = "publication-refused"
    status = 409
    title = "The registry refused the report"

    def __init__(self, error: ContractError | None) -> None:
        super().__init__(str(error), error=error.name if error else "unknown")
