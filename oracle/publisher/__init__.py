"""The publisher: proposes reports, collects a quorum of signatures, and brings them to the ledger exactly once."""

from oracle.publisher.app import publisher_app
from oracle.publisher.errors import (
    DamagedQueue,
    PublicationRefused,
    RequestConflict,
    RequestRepeated,
    SignatureInvalid,
    SignerUnreachable,
    TooFewSigners,
    UnknownRequest,
)
from oracle.publisher.queue import RequestQueue
from oracle.publisher.service import Publisher
from oracle.publisher.signers import RemoteSigner, SignerPanel

__all__ = [
    "DamagedQueue",
    "PublicationRefused",
    "Publisher",
    "RemoteSigner",
    "RequestConflict",
    "RequestQueue",
    "RequestRepeated",
    "SignatureInvalid",
    "SignerPanel",
    "SignerUnreachable",
    "TooFewSigners",
    "UnknownRequest",
    "publisher_app",
]
