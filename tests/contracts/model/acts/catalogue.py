"""Every kind of act, and how often it is drawn."""

from tests.contracts.model.act import Draw
from tests.contracts.model.acts.cash import mint, redeem, transfer
from tests.contracts.model.acts.lending import originate
from tests.contracts.model.acts.paying import record, repay, repay_by_signature
from tests.contracts.model.acts.people import freeze, publish, revoke, set_kyc

CATALOGUE: dict[str, tuple[int, Draw]] = {
    "mint": (12, mint),
    "redeem": (3, redeem),
    "transfer": (4, transfer),
    "freeze": (3, freeze),
    "setKyc": (2, set_kyc),
    "publish": (10, publish),
    "revoke": (1, revoke),
    "originate": (20, originate),
    "repay": (20, repay),
    "repayBySignature": (20, repay_by_signature),
    "recordArrears": (10, record),
}
