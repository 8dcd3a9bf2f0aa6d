"""A packet and its report without a ledger, from the first golden applicant who is approved."""

from typing import Any

from eth_utils.crypto import keccak

from contracts.keys import DEVNET_CHAIN_ID, load_key
from contracts.typed_data import Domain, ScoreReport, ScoreRequest, sign
from oracle.attest import ChainContext, Packet, build_report, features_commitment
from oracle.decision import decide
from oracle.features import LedgerFeatures
from tests.oracle.shipped import golden, model, policy

DOMAIN = Domain(DEVNET_CHAIN_ID, "0x" + "11" * 20)
SUBJECT = "0x" + "22" * 20
SALT = keccak(b"salt")
APPLICANT: dict[str, Any] = next(entry for entry in golden()["applicants"] if entry["decision"]["approved"])
CONTEXT = ChainContext(7, keccak(b"block"), 1_800_000_000, 0, keccak(b"signer set"))
KEYS = sorted((load_key(f"signer-{i}", None, DEVNET_CHAIN_ID) for i in range(1, 5)), key=lambda k: k.address.lower())
MEMBERS = [key.address for key in KEYS]


def packet() -> Packet:
    """A packet signed by the relayer's key as the subject's signer."""
    request = ScoreRequest(
        subject=SUBJECT,
        amount_minor=APPLICANT["amount_minor"],
        periods=APPLICANT["periods"],
        product_id=policy().product_id,
        features_commitment=features_commitment(SALT, APPLICANT["features"]),
        consent_id=keccak(b"consent"),
        deadline=CONTEXT.block_timestamp + 60,
    )
    account = load_key("relayer", None, DEVNET_CHAIN_ID)
    signer = bytes.fromhex(account.address[2:])
    return Packet(request, signer, sign(account, request, DOMAIN), APPLICANT["features"], SALT)


def report() -> ScoreReport:
    """The report on it for a subject new to the ledger."""
    asked = packet()
    decision = decide(asked.features, LedgerFeatures(), asked.request, model(), policy())
    return build_report(asked, decision, CONTEXT, model(), policy())
