"""What a bank says later: value days, returned debits, rejected payouts; and a borrower that withdraws."""

from dataclasses import replace

from contracts.loan import (
    MAX_UNWIND_DAYS,
    MAX_VALUE_DAYS,
    Allocation,
    LoanStatus,
    apply_payment,
    cancel,
    cancellation,
    require_returnable,
    return_payment,
    unwind,
    use_nonce,
)
from contracts.typed_data import Cancellation
from tests.contracts.model.act import Act, Outcome, Scene
from tests.contracts.model.acts.cash import UNAUTHORISED
from tests.contracts.model.acts.paying import (
    amount_near,
    brought_for,
    concerned,
    payment_event,
    require_rows_fit,
    some_loan,
    some_nonce,
)
from tests.contracts.model.acts.rows import require_words_fit, whole_table
from tests.contracts.model.acts.signing import deadline, person_of, signed
from tests.contracts.model.amounts import some_amount
from tests.contracts.model.model import Booked, ModelLoan, Valued
from tests.contracts.model.refused import require
from tests.contracts.model.world import INSTITUTIONS, STRANGER


def repay_valued(scene: Scene) -> Act | None:
    """The rails pay from their own cash, as of the bank's value day; often a loan with interest from before."""
    carrying = [one for one in scene.model.loans.values() if one.state.carried_interest_minor]
    loan = scene.rng.choice(carrying) if carrying and scene.chance(40) else some_loan(scene)
    if loan is None:
        return None
    model, today = scene.model, scene.model.today(loan.zone)
    day = today - scene.rng.choices((0, 1, 2, 5, 6, -1), (35, 20, 15, 20, 5, 5))[0]
    sender = scene.world.rails if scene.chance(96) else scene.rng.choice(INSTITUTIONS)
    known = [entry for one, entry in model.valued if one == loan.loan]
    entry = scene.rng.choice(known) if known and scene.chance(4) else scene.rng.randbytes(32)
    amount = amount_near(scene, loan, day)
    rows, flaw = brought_for(scene, loan, amount, day)

    def predict() -> Outcome:
        require(sender == scene.world.rails, UNAUTHORISED)
        require(loan.state.status.is_running, "LoanNotActive")
        require_rows_fit(loan, flaw)
        require(max(today - MAX_VALUE_DAYS, loan.state.accrued_day) <= day <= today, "ValueDayOutOfRange")
        require((loan.loan, entry) not in model.valued, "EntryUsed")
        require(flaw != "missing", "RowMissing")
        require(amount, "ZeroPayment")
        after, split = apply_payment(loan.state, amount, day, model.stops(loan.zone))

        def commit() -> None:
            model.valued[loan.loan, entry] = Valued(split, day, loan.state.amendments)
            model.paid(loan, after, split)

        told = {"loan": loan.loan, "entry": entry, "carried_interest_minor": split.carried_minor, "value_day": day}
        events = [payment_event(loan, sender, split, day), ("PaymentValued", told)]
        return Outcome(model.payment_moves(loan, sender, split), commit, events)

    values = (loan.loan, amount, day, entry, *rows)
    return Act("repayValued", "LoanBook", "repayValued", values, sender, predict, *concerned(loan, sender))


def return_debit(scene: Scene) -> Act | None:
    """A bank takes a payment back: the lender pays it to the rails, whatever has become of the loan."""
    model = scene.model
    if not model.valued:
        return None
    carried = [key for key, one in model.valued.items() if one.split.carried_minor and not one.returned]
    loan_id, entry = scene.rng.choice(sorted(carried if carried and scene.chance(40) else model.valued))
    loan, kept = model.loans[loan_id], model.valued[loan_id, entry]
    if scene.chance(4):
        entry = scene.rng.randbytes(32)
    words, flaw = whole_table(scene, loan)
    day, before = model.today(loan.zone), loan.state
    lender, rails = loan.agreement.lender, scene.world.rails

    def predict() -> Outcome:
        require_words_fit(flaw)
        require(before.status is not LoanStatus.UNWOUND, "LoanNotActive")
        require((loan_id, entry) in model.valued and not kept.returned, "NothingToReturn")
        require_returnable(before, kept.day, kept.amendments, day)
        require(flaw != "missing", "RowMissing")
        after, due = return_payment(before, kept.split, day, model.stops(loan.zone))

        def commit() -> None:
            model.valued[loan_id, entry] = replace(kept, returned=True)
            if before.status is LoanStatus.WRITTEN_OFF:
                model.lost_minor += due.principal_minor
            model.put(loan, after)

        return Outcome([(lender, rails, kept.split.total_minor)], commit, [_returned_event(loan, entry, due, day)])

    authority, loans, parties = concerned(loan, lender)
    values = (loan_id, entry, *words)
    return Act("returnPayment", "LoanBook", "returnPayment", values, rails, predict, authority, loans, parties)


def cancel_by_signature(scene: Scene) -> Act | None:
    """The borrower withdraws: in time or not, with the agreement or another one."""
    fresh = [one for one in scene.model.loans.values() if _may_withdraw(scene, one)]
    loan = scene.rng.choice(fresh) if fresh and scene.chance(80) else some_loan(scene)
    if loan is None:
        return None
    agreement = loan.agreement if scene.chance(96) else replace(loan.agreement, salt=bytes(32))
    borrower, day = loan.agreement.borrower, scene.model.today(loan.zone)
    owed = cancellation(loan.state, loan.agreement, day).amount_minor if _may_withdraw(scene, loan) else 1_000
    most = some_amount(scene, owed, 2 * owed)
    order = Cancellation(loan.loan, most, some_nonce(scene, loan), deadline(scene))
    signer, signature, speaks = signed(scene, person_of(scene, borrower), order, "LoanBook")
    words, flaw = whole_table(scene, loan)

    def predict() -> Outcome:
        require(loan.state.status.is_running, "LoanNotActive")
        require_words_fit(flaw)
        require(scene.model.now <= order.deadline, "DeadlinePassed")
        require(loan.state.status is LoanStatus.ACTIVE, "LoanNotActive")
        require(not loan.state.amendments, "LoanAlreadyAmended")
        require(agreement == loan.agreement, "AgreementMismatch")
        cancellation(loan.state, agreement, day)
        used = use_nonce(loan.state, order.nonce)
        require(speaks, "InvalidSignature")
        require(flaw != "missing", "RowMissing")
        after, found = cancel(used, agreement, most, day)
        to_fund = min(loan.state.covered_minor, found.amount_minor)

        def commit() -> None:
            scene.model.recover(loan.loan, to_fund)
            scene.model.put(loan, after)

        told = {"loan": loan.loan, "amount_minor": found.amount_minor, "interest_minor": found.interest_minor}
        lender, fund = agreement.lender, scene.model.fund
        moves = [(borrower, lender, found.amount_minor - to_fund), (borrower, fund, to_fund)]
        return Outcome(moves, commit, [("LoanCancelled", told | {"payer": borrower, "day": day})])

    values = (order, agreement, signer, signature, *words)
    return Act(
        "cancelBySignature", "LoanBook", "cancelBySignature", values, STRANGER, predict, *concerned(loan, borrower)
    )


def reject_redemption(scene: Scene) -> Act | None:
    """The bank says that a payout did not arrive."""
    model = scene.model
    if not model.redemptions:
        return None
    standing = [entry for entry, one in model.redemptions.items() if not one.rejected]
    payouts = [entry for entry in standing if _loans_paid_out(scene, model.redemptions[entry])]
    entry = scene.rng.choice(sorted(payouts or standing if standing and scene.chance(88) else model.redemptions))
    booked = model.redemptions[entry]

    def predict() -> Outcome:
        require(not booked.rejected, "NotRedeemed")

        def commit() -> None:
            model.redemptions[entry] = replace(booked, rejected=True)
            model.money_out_minor -= booked.amount_minor
            model.money_in_minor -= booked.amount_minor

        return Outcome([("0x" + "00" * 20, booked.subject, booked.amount_minor)], commit)

    return Act("rejectRedemption", "CashToken", "rejectRedemption", (entry,), scene.world.rails, predict)


def unwind_loan(scene: Scene) -> Act | None:
    """The payout of a loan was rejected: it is taken back, unless something was paid or it is too late."""
    model = scene.model
    rejected = [entry for entry, one in model.redemptions.items() if one.rejected]
    if not rejected:
        return None
    payouts = [entry for entry in rejected if _loans_paid_out(scene, model.redemptions[entry])]
    entry = scene.rng.choice(sorted(payouts if payouts and scene.chance(85) else rejected))
    theirs = _loans_paid_out(scene, model.redemptions[entry])
    loan = scene.rng.choice(theirs) if theirs and scene.chance(90) else some_loan(scene)
    if loan is None:
        return None
    booked, agreement = model.redemptions[entry], loan.agreement
    day, before = model.today(loan.zone), loan.state

    def predict() -> Outcome:
        require(before.status.is_running, "LoanNotActive")
        _ = unwind(before, agreement, 2**256, day)
        require(booked.subject == agreement.borrower, "RejectedForAnother")
        after, moved = unwind(before, agreement, booked.amount_minor, day)
        require(entry not in model.unwound, "EntryUnwound")

        def commit() -> None:
            model.unwound.add(entry)
            model.put(loan, after)

        told = {"loan": loan.loan, "amount_minor": moved, "entry": entry}
        return Outcome([(agreement.borrower, agreement.lender, moved)], commit, [("LoanUnwound", told)])

    values = (loan.loan, agreement, entry)
    rails = scene.world.rails
    return Act("unwind", "LoanBook", "unwind", values, rails, predict, *concerned(loan, agreement.borrower))


def _may_withdraw(scene: Scene, loan: ModelLoan) -> bool:
    agreement = loan.agreement
    last = agreement.latest_origination_day + agreement.cooling_off_days
    active = loan.state.status is LoanStatus.ACTIVE and not loan.state.amendments
    return active and agreement.cooling_off_days > 0 and scene.model.today(loan.zone) <= last


def _loans_paid_out(scene: Scene, booked: Booked) -> list[ModelLoan]:
    """The loans that a payout was perhaps that of, and that nothing has happened to since."""
    own = [one for one in scene.model.loans.values() if one.agreement.borrower == booked.subject]
    fresh = [one for one in own if _unwindable(scene, one)]
    return [
        one for one in fresh if one.agreement.principal_minor - one.agreement.upfront_fee_minor <= booked.amount_minor
    ]


def _unwindable(scene: Scene, loan: ModelLoan) -> bool:
    last = loan.agreement.latest_origination_day + MAX_UNWIND_DAYS
    fresh = loan.state.status is LoanStatus.ACTIVE and not loan.state.paid_rows_minor
    return fresh and scene.model.today(loan.zone) <= last


def _returned_event(loan: ModelLoan, entry: bytes, due: Allocation, day: int) -> tuple[str, dict[str, object]]:
    parts = {
        "loan": loan.loan,
        "entry": entry,
        "late_fee_minor": due.late_fee_minor,
        "penalty_minor": due.penalty_minor,
        "interest_minor": due.interest_minor,
        "principal_minor": due.principal_minor,
        "day": day,
    }
    return "PaymentReturned", parts
