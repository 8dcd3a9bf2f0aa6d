"""Why a packet was refused before anything was scored."""

from oracle.problems import OracleError


class MalformedPacket(OracleError):
    """The packet is not of the form that an applicant signs."""

    slug = "malformed-packet"
    status = 400
    title = "The packet cannot be read"

    def __init__(self, field: str, reason: str) -> None:
        super().__init__(f"{field}: {reason}", field=field, reason=reason)


class CommitmentMismatch(OracleError):
    """Features and salt are not those the subject signed."""

    slug = "commitment-mismatch"
    title = "The features are not the signed ones"

    def __init__(self, signed: bytes, computed: bytes) -> None:
        super().__init__(
            f"the subject signed the commitment 0x{signed.hex()}, the features give 0x{computed.hex()}",
            signed="0x" + signed.hex(),
            computed="0x" + computed.hex(),
        )


class SubjectSignatureInvalid(OracleError):
    """The signature does not speak for the subject at the block named."""

    slug = "subject-signature-invalid"
    title = "The signature does not speak for the subject"

    def __init__(self, subject: str, signer: bytes) -> None:
        super().__init__(
            f"signer 0x{signer.hex()} does not speak for {subject}", subject=subject, signer="0x" + signer.hex()
        )


class RequestExpired(OracleError):
    """The deadline of the request has passed in ledger time."""

    slug = "request-expired"
    title = "The request has expired"

    def __init__(self, deadline: int, now_at: int) -> None:
        super().__init__(f"the request was good until {deadline}, it is {now_at}", deadline=deadline, now_at=now_at)


class WrongProduct(OracleError):
    """The request is for a product that this policy does not price."""

    slug = "wrong-product"
    title = "The policy is of another product"

    def __init__(self, asked: bytes, priced: bytes) -> None:
        super().__init__(
            f"asked for product 0x{asked.hex()}, the policy prices 0x{priced.hex()}",
            asked="0x" + asked.hex(),
            priced="0x" + priced.hex(),
        )


class BlockUnknown(OracleError):
    """The block named is not on this node's chain."""

    slug = "block-unknown"
    status = 409
    title = "The block named is not on the ledger"

    def __init__(self, number: int, named: bytes, found: bytes | None) -> None:
        here = "nothing" if found is None else "0x" + found.hex()
        super().__init__(
            f"block {number} is named as 0x{named.hex()}, this ledger has {here}",
            number=number,
            named="0x" + named.hex(),
            found=here,
        )


class BlockTooOld(OracleError):
    """The block named lies so far back that its facts no longer count."""

    slug = "block-too-old"
    status = 409
    title = "The block named is too old"

    def __init__(self, number: int, head: int, oldest_age: int) -> None:
        super().__init__(
            f"block {number} is {head - number} blocks old, at most {oldest_age} count",
            number=number,
            head=head,
            oldest_age=oldest_age,
        )
