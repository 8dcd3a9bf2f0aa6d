"""A score signer: evaluates independently, and puts its name to one report per subject and sequence."""

from oracle.signer.app import signer_app
from oracle.signer.service import Signer, SignerDisagrees
from oracle.signer.store import AlreadySigned, DamagedMemory, RequestAlreadyUsed, SignedReports

__all__ = [
    "AlreadySigned",
    "DamagedMemory",
    "RequestAlreadyUsed",
    "SignedReports",
    "Signer",
    "SignerDisagrees",
    "signer_app",
]
