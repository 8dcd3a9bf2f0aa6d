"""Check a person's signature here, before anything is stored or the ledger is asked."""

from api.kit.limits import MAX_DEADLINE_SECONDS, MIN_DEADLINE_SECONDS
from api.kit.problems import DeadlinePassed, DeadlineTooFar, SignatureInvalid, SignerUnsupported
from api.kit.types import bytes_of
from contracts.typed_data import Domain, InvalidSignature, Struct, digest, recover_digest

WALLET_SIGNER_BYTES = 20


def check_signature(struct: Struct, domain: Domain, signer: str, signature: str) -> bytes:
    """The message's digest when the wallet key `signer` signed it.

    Raises SignerUnsupported (not a wallet key) and SignatureInvalid.
    """
    if len(bytes_of(signer)) != WALLET_SIGNER_BYTES:
        raise SignerUnsupported(signer)
    message_digest = digest(struct, domain)
    try:
        recovered = recover_digest(message_digest, bytes_of(signature))
    except InvalidSignature as error:
        raise SignatureInvalid from error
    if recovered.lower() != signer:
        raise SignatureInvalid
    return message_digest


def check_deadline(deadline: int, now: int) -> None:
    """Raise unless `deadline` leaves the relay its time and is not absurdly far."""
    earliest, latest = now + MIN_DEADLINE_SECONDS, now + MAX_DEADLINE_SECONDS
    if deadline < earliest:
        raise DeadlinePassed(deadline, earliest)
    if deadline > latest:
        raise DeadlineTooFar(deadline, latest)
