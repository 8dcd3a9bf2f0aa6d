"""Every kind of act, and how often it is drawn."""

from tests.contracts.model.act import Draw
from tests.contracts.model.acts.amending import amend_loan
from tests.contracts.model.acts.cash import mint, redeem, transfer
from tests.contracts.model.acts.lending import originate
from tests.contracts.model.acts.mandates import allow, collect_many, collect_one
from tests.contracts.model.acts.paying import record, repay, repay_by_signature
from tests.contracts.model.acts.people import freeze, publish, revoke, set_kyc
from tests.contracts.model.acts.returning import reject_redemption
from tests.contracts.model.acts.settling import settle_as_caller, settle_by_signature

CATALOGUE: dict[str, tuple[int, Draw]] = {
    "mint": (12, mint),
    "redeem": (3, redeem),
    "transfer": (4, transfer),
    "freeze": (2, freeze),
    "setKyc": (1, set_kyc),
    "publish": (10, publish),
    "revoke": (1, revoke),
    "originate": (20, originate),
    "repay": (20, repay),
    "repayBySignature": (20, repay_by_signature),
    "recordArrears": (10, record),
    "settle": (3, settle_as_caller),
    "settleBySignature": (3, settle_by_signature),
    "setMandate": (10, allow),
    "collect": (8, collect_many),
    "collect a table": (6, collect_one),
    "rejectRedemption": (1, reject_redemption),
    "amend": (8, amend_loan),
}
