"""Every kind of act, and how often it is drawn."""

from tests.contracts.model.act import Draw
from tests.contracts.model.acts.amending import amend_loan
from tests.contracts.model.acts.cash import mint, redeem, transfer
from tests.contracts.model.acts.guaranteeing import attach, bind, call_cover, release, withdraw
from tests.contracts.model.acts.halting import record_halt
from tests.contracts.model.acts.lending import originate
from tests.contracts.model.acts.mandates import allow, collect_many, collect_one
from tests.contracts.model.acts.paying import record, repay, repay_by_signature
from tests.contracts.model.acts.people import freeze, publish, revoke, set_kyc, step_limit
from tests.contracts.model.acts.returning import (
    cancel_by_signature,
    reject_redemption,
    repay_valued,
    return_debit,
    unwind_loan,
)
from tests.contracts.model.acts.settling import settle_as_caller, settle_by_signature
from tests.contracts.model.acts.working_out import default, give_up, impair, pause

CATALOGUE: dict[str, tuple[int, Draw]] = {
    "mint": (26, mint),
    "redeem": (8, redeem),
    "transfer": (2, transfer),
    "freeze": (2, freeze),
    "setKyc": (1, set_kyc),
    "publish": (14, publish),
    "revoke": (1, revoke),
    "step": (6, step_limit),
    "originate": (38, originate),
    "repay": (20, repay),
    "repayBySignature": (20, repay_by_signature),
    "recordArrears": (9, record),
    "settle": (3, settle_as_caller),
    "settleBySignature": (4, settle_by_signature),
    "setMandate": (8, allow),
    "collect": (8, collect_many),
    "collect a table": (9, collect_one),
    "amend": (7, amend_loan),
    "repayValued": (14, repay_valued),
    "returnPayment": (7, return_debit),
    "cancelBySignature": (9, cancel_by_signature),
    "rejectRedemption": (7, reject_redemption),
    "unwind": (9, unwind_loan),
    "setImpairment": (4, impair),
    "declareDefault": (14, default),
    "writeOff": (3, give_up),
    "setPaused": (6, pause),
    "recordHalt": (6, record_halt),
    "bind": (14, bind),
    "attach": (16, attach),
    "callCover": (7, call_cover),
    "release": (3, release),
    "withdraw": (2, withdraw),
}
