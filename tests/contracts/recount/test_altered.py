"""Whatever is altered of a history is named: the event, the block, the field."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from contracts.clients import Event
from contracts.clients.contract import function_of
from contracts.recount import recount
from tests.contracts.recount.history import History
from tests.contracts.recount.tampering import again, caps, change, drop, plus_one

TAMPERINGS = [
    (change("PaymentApplied", interest_minor=plus_one), "interest_minor"),
    (change("PaymentApplied", principal_minor=plus_one), "principal_minor"),
    (change("PaymentApplied", late_fee_minor=plus_one), "late_fee_minor"),
    (change("PaymentApplied", penalty_minor=plus_one), "penalty_minor"),
    (change("PaymentApplied", amount_minor=plus_one), "transfer"),
    (change("PaymentApplied", day=plus_one), "day"),
    (change("PaymentApplied", payer="0x" + "99" * 20), "transfer"),
    (change("ArrearsChanged", bucket=plus_one), "bucket"),
    (change("ArrearsChanged", days_past_due=plus_one), "days_past_due"),
    (change("LoanClosed", day=plus_one), "day"),
    (change("LoanOriginated", agreement=lambda a: replace(a, salt=bytes(32))), "digest"),
    (change("LoanOriginated", agreement=lambda a: replace(a, apr_ppm=a.apr_ppm + 1)), "apr_ppm"),
    (change("LoanOriginated", agreement=lambda a: replace(a, schedule_root=bytes(32))), "terms"),
    (change("LoanOriginated", agreement=lambda a: replace(a, rounding=0x10)), "terms"),
    (change("LoanOriginated", agreement=lambda a: replace(a, method=1)), "terms"),
    (change("LoanOriginated", agreement=lambda a: replace(a, method=5)), "terms"),
    (change("LoanOriginated", agreement=lambda a: replace(a, period_length=2)), "terms"),
    (change("LoanOriginated", agreement=lambda a: replace(a, upfront_fee_minor=1)), "transfer"),
    (change("LoanOriginated", lender="0x" + "99" * 20), "lender"),
    (change("LoanOriginated", agreement=lambda a: replace(a, lender=a.borrower)), "borrower is the lender"),
    (change("LoanOriginated", agreement=lambda a: replace(a, currency=a.lender)), "currency"),
    (change("LoanOriginated", agreement=lambda a: replace(a, deadline=1)), "before its deadline"),
    (change("LoanOriginated", agreement=lambda a: replace(a, product_id=bytes(32))), "product_id"),
    (caps("active", False), "product_id"),
    (caps("methods", 0b111_1110), "method offered"),
    (caps("max_term_days", 333), "term_days within its cap"),
    (caps("min_kyc_level", 3), "kyc_level suffices"),
    (caps("max_principal_minor", 999_999), "principal_minor within its cap"),
    (caps("max_rate_ppm", 119_999), "rate_ppm within its cap"),
    (caps("max_periods", 11), "periods within its cap"),
    (caps("max_late_fee_minor", 1_999), "late_fee_minor within its cap"),
    (caps("max_penalty_rate_ppm", 179_999), "penalty_rate_ppm within its cap"),
    (caps("max_upfront_fee_ppm", 9_999), "upfront_fee_minor within its cap"),
    (change("KycChanged", kyc_expiry_day=1), "borrower in standing"),
    (change("KycChanged", kyc_level=plus_one), "kyc_level"),
    (drop("SubjectRegistered"), "borrower in standing"),
    (drop("InstitutionRegistered"), "lender in standing"),
    (drop("FacilityChanged"), "lender has a facility"),
    (drop("ProductChanged"), "product_id"),
    (drop("CashMinted"), "order"),
    (change("Transfer", value=plus_one), "balance"),
    (change("CashMinted", amount_minor=plus_one), "money in less money out"),
    (change("ReportPublished", report=lambda r: replace(r, limit_minor=1)), "limit_minor"),
    (change("ReportPublished", signers=lambda s: s[:2]), "quorum"),
    (change("ReportPublished", signers=lambda s: [*s[:2], "0x" + "99" * 20]), "unknown signers"),
    (change("SignersChanged", quorum=plus_one), "signer_set"),
    (drop("LoanOriginated"), "loan"),
    (drop("PaymentApplied"), "row"),
    (drop("ArrearsChanged"), "ArrearsChanged"),
    (drop("LoanClosed"), "LoanClosed"),
    (drop("ReportPublished"), "score_report"),
    (drop("Transfer"), "transfer"),
]


@pytest.mark.parametrize(("tamper", "field"), TAMPERINGS)
def test_an_altered_history_is_named(
    lived: tuple[History, list[Event]], tamper: Callable[[Event], Event | None], field: str
) -> None:
    history, events = lived
    findings = history.recount([altered for event in events if (altered := tamper(event)) is not None])
    assert field in {difference.field for difference in findings.differences}


def test_a_loan_begins_once(lived: tuple[History, list[Event]]) -> None:
    history, events = lived
    assert "loan" in {found.field for found in history.recount(again(events, "LoanOriginated")).differences}


def test_a_persons_cash_moves_by_an_order_only(lived: tuple[History, list[Event]]) -> None:
    history, events = lived
    person, pool, nobody = history.system.person().subject, history.book.contracts["LendingPool"], "0x" + "00" * 20
    for source, target in ((person, pool), (nobody, pool), (pool, nobody)):
        moved = again(events, "Transfer", **{"from": source, "to": target, "value": 5})
        first = history.recount(moved).differences[0]
        assert (first.field, first.block_number) == ("order", moved[-1].block_number)
    nothing = again(events, "Transfer", **{"from": person, "to": pool, "value": 0})
    assert history.recount(nothing).clean


def test_a_frozen_party_borrows_nothing(history: History) -> None:
    history.lend()
    events = history.events()
    begun = next(event for event in events if event.name == "LoanOriginated")
    frozen = replace(
        begun,
        name="FrozenChanged",
        contract="IdentityRegistry",
        address=history.book.contracts["IdentityRegistry"],
        args={"party": begun.args["borrower"], "frozen": True},
        log_index=-1,
    )
    fields = {found.field for found in history.recount([*events, frozen]).differences}
    assert fields == {"borrower in standing", "frozen"}


def test_a_difference_names_block_transaction_and_field(lived: tuple[History, list[Event]]) -> None:
    history, events = lived
    altered = [
        replace(event, args={**event.args, "interest_minor": 1}) if event.name == "PaymentApplied" else event
        for event in events
    ]
    first = history.recount(altered).differences[0]
    payment = next(event for event in events if event.name == "PaymentApplied")
    assert (first.block_number, first.tx_hash, first.found) == (payment.block_number, payment.tx_hash, 1)
    assert f"block {payment.block_number}, transaction 0x" in str(first)
    assert f"interest_minor is 1, expected {payment.args['interest_minor']}" in str(first)


def test_a_state_that_does_not_follow_from_the_events_is_named(lived: tuple[History, list[Event]]) -> None:
    history, events = lived

    def one_too_many(to: str, data: bytes) -> bytes:
        returned = history.evm.call(to, data)
        if data == function_of("LoanBook", "stops", 0).encode([]):
            return returned  # ends with the length of a list
        return returned[:-1] + bytes([returned[-1] ^ 1])

    findings = recount(events, one_too_many, history.book)
    named = {difference.field for difference in findings.differences}
    assert {"mandate_last_day", "recovered_minor", "exposure", "balance", "totalSupply", "revoked"} <= named
    assert all(difference.tx_hash is None for difference in findings.differences)
