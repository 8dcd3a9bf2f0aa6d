"""EIP-712 messages of Tallystick: what is signed, its digest, and who signed it."""

from contracts.typed_data.errors import (
    FieldOutOfRange,
    InvalidMessage,
    MalformedField,
    MissingField,
    NotAnObject,
    UnknownField,
)
from contracts.typed_data.signing import (
    Domain,
    InvalidSignature,
    digest,
    recover,
    recover_digest,
    sign,
    sign_digest,
    typed_data,
)
from contracts.typed_data.struct import Struct, StructField
from contracts.typed_data.structs import (
    Agreement,
    Login,
    Payment,
    Redemption,
    Registration,
    ScoreReport,
    ScoreRequest,
)

__all__ = [
    "Agreement",
    "Domain",
    "FieldOutOfRange",
    "InvalidMessage",
    "InvalidSignature",
    "Login",
    "MalformedField",
    "MissingField",
    "NotAnObject",
    "Payment",
    "Redemption",
    "Registration",
    "ScoreReport",
    "ScoreRequest",
    "Struct",
    "StructField",
    "UnknownField",
    "digest",
    "recover",
    "recover_digest",
    "sign",
    "sign_digest",
    "typed_data",
]
