"""Repaying: by the borrower, by others, by signature, by mandate; and recording how late a loan is."""

from contracts.clients import TableRow, table_rows
from contracts.loan import (
    Allocation,
    LoanState,
    LoanStatus,
    apply_payment,
    owed,
    record_arrears,
    rows_needed,
    use_nonce,
)
from contracts.loan.status import RUNNING
from contracts.typed_data import Payment
from tests.contracts.model.act import Act, Outcome, Scene
from tests.contracts.model.acts.signing import deadline, person_of, signed
from tests.contracts.model.amounts import some_amount
from tests.contracts.model.model import ModelLoan
from tests.contracts.model.refused import require
from tests.contracts.model.world import INSTITUTIONS, STRANGER

Rows = list[list[TableRow]]
Concerned = tuple[frozenset[str], tuple[bytes, ...], tuple[str, ...]]
"""Whose cash may fall, which loans and which parties are looked at."""


def some_loan(scene: Scene, running_percent: int = 93) -> ModelLoan | None:
    """Mostly one that runs."""
    loans = scene.model.loans
    running = sorted(loan for loan, one in loans.items() if one.state.status in RUNNING)
    if running and scene.chance(running_percent):
        return loans[scene.rng.choice(running)]
    return loans[scene.rng.choice(sorted(loans))] if loans and scene.chance(20) else None


def repay(scene: Scene) -> Act | None:
    """From the caller's own cash: the borrower's, a third party's, a stranger's."""
    loan = some_loan(scene)
    if loan is None:
        return None
    sender = scene.rng.choices((loan.agreement.borrower, *INSTITUTIONS, STRANGER), (60, 20, 15, 5))[0]
    amount = _amount(scene, loan)
    rows, missing = brought(scene, loan, amount)

    def predict() -> Outcome:
        require(loan.state.status.is_running, "LoanNotActive")
        require_rows_fit(loan, missing)
        require(sender == loan.agreement.borrower or scene.model.in_standing(sender), "PartyNotInStanding")
        return paid(scene, loan, sender, amount, missing)

    return Act("repay", "LoanBook", "repay", (loan.loan, amount, *rows), sender, predict, *concerned(loan, sender))


def repay_by_signature(scene: Scene) -> Act | None:
    """By the borrower's order, which anyone may bring: signed by another, too late, used before, or far ahead."""
    loan = some_loan(scene)
    if loan is None:
        return None
    borrower = loan.agreement.borrower
    amount = _amount(scene, loan)
    order = Payment(loan.loan, amount, some_nonce(scene, loan), deadline(scene))
    signer, signature, speaks = signed(scene, person_of(scene, borrower), order, "LoanBook")
    rows, missing = brought(scene, loan, amount)

    def predict() -> Outcome:
        require(scene.model.now <= order.deadline, "DeadlinePassed")
        require(loan.state.status.is_running, "LoanNotActive")
        require_rows_fit(loan, missing)
        ordered = ModelLoan(loan.loan, loan.agreement, use_nonce(loan.state, order.nonce))
        require(speaks, "InvalidSignature")
        return paid(scene, ordered, borrower, amount, missing)

    values = (order, signer, signature, *rows)
    involved = concerned(loan, borrower)
    return Act("repayBySignature", "LoanBook", "repayBySignature", values, STRANGER, predict, *involved)


def record(scene: Scene) -> Act | None:
    """Anyone may say how late a loan is."""
    loan = some_loan(scene)
    if loan is None:
        return None
    rows, missing = brought(scene, loan, 0)
    day = scene.model.today(loan.zone)

    def predict() -> Outcome:
        require(loan.state.status.is_running, "LoanNotActive")
        require_rows_fit(loan, missing)
        require(missing != "missing", "RowMissing")
        after, late = record_arrears(loan.state, day, scene.model.stops(loan.zone))
        told = {"loan": loan.loan, "bucket": after.bucket, "days_past_due": late}
        return Outcome(commit=lambda: scene.model.put(loan, after), events=[("ArrearsChanged", told)])

    values = (loan.loan, *rows)
    return Act("recordArrears", "LoanBook", "recordArrears", values, STRANGER, predict, *concerned(loan))


def paid(scene: Scene, loan: ModelLoan, payer: str, amount: int, missing: str = "") -> Outcome:
    """What follows from a payment of today, or its refusal."""
    model, day = scene.model, scene.model.today(loan.zone)
    require(amount or (missing == "missing" and is_special(loan.state)), "ZeroPayment")  # there rows are read first
    require(missing != "missing", "RowMissing")
    after, split = apply_payment(loan.state, amount, day, model.stops(loan.zone))
    told = payment_event(loan, payer, split, day)
    return Outcome(model.payment_moves(loan, payer, split), lambda: model.paid(loan, after, split), [told])


def payment_event(loan: ModelLoan, payer: str, split: Allocation, day: int) -> tuple[str, dict[str, object]]:
    """The event that tells a payment's split."""
    parts = {
        "loan": loan.loan,
        "payer": payer,
        "amount_minor": split.total_minor,
        "late_fee_minor": split.late_fee_minor,
        "penalty_minor": split.penalty_minor,
        "interest_minor": split.interest_minor,
        "principal_minor": split.principal_minor,
        "day": day,
    }
    return "PaymentApplied", parts


def brought(scene: Scene, loan: ModelLoan, amount: int) -> tuple[Rows, str]:
    """The last argument of the forms that take rows, and what is wrong with it."""
    return brought_for(scene, loan, amount, scene.model.today(loan.zone))


def brought_for(scene: Scene, loan: ModelLoan, amount: int, day: int) -> tuple[Rows, str]:
    """The same for an act of another day."""
    if not loan.is_table:
        return ([[TableRow(1, ())]], "no table") if scene.chance(1) else ([], "")
    stops = scene.model.stops(loan.zone)
    return spoilt_rows(scene, loan, rows_needed(loan.state, amount, day, stops))


def spoilt_rows(scene: Scene, loan: ModelLoan, needed: range) -> tuple[Rows, str]:
    """Rows of a table: mostly the needed ones, sometimes one too few, one that is not in it, or none."""
    rows = table_rows(loan.rows, needed)
    if not needed or not loan.state.status.is_running:
        return [rows], ""
    how = scene.rng.choices(("", "missing", "spoilt", "short form"), (94, 2, 2, 2))[0]
    if how == "short form":
        return [], "missing"
    if not how or not rows[0].proof or len(rows) == len(loan.rows):
        return [rows], ""
    if how == "missing":
        return [rows[:-1]], "missing"
    return [[TableRow(rows[0].word + 1, rows[0].proof), *rows[1:]]], "spoilt"


def require_rows_fit(loan: ModelLoan, missing: str) -> None:
    """Rows are for tables, and prove themselves."""
    require(missing != "no table", "UnsupportedMethod")
    require(missing != "spoilt", "RowProofInvalid")


def some_nonce(scene: Scene, loan: ModelLoan) -> int:
    """Mostly the next free one; sometimes out of order, used before, or far ahead."""
    base = loan.state.nonce_base
    how = scene.rng.choices(("next", "ahead", "used", "far", "edge"), (80, 10, 6, 2, 2))[0]
    if how == "ahead":
        return base + scene.rng.randrange(32)
    return {"next": base, "used": max(0, base - 1), "far": base + 32, "edge": base + 31}[how]


def is_special(state: LoanState) -> bool:
    """Whether the loan is off the ordinary path: of its open row it keeps what officers' acts need."""
    words = (state.impaired_minor, state.carried_interest_minor, state.covered_minor, state.unreserved_minor)
    decided = state.status in {LoanStatus.DEFAULTED, LoanStatus.WRITTEN_OFF}
    return decided or (state.status.is_running and any(words))


def _amount(scene: Scene, loan: ModelLoan) -> int:
    return amount_near(scene, loan, scene.model.today(loan.zone))


def amount_near(scene: Scene, loan: ModelLoan, day: int) -> int:
    """Near something that the loan owes on a day."""
    if not loan.state.status.is_running:
        return 1_000
    found = owed(loan.state, day, scene.model.stops(loan.zone))
    current = found.current_due_minor or found.overdue_minor
    return some_amount(scene, *(current,) * 4, *(found.overdue_minor or current,) * 3, found.total_minor)


def concerned(loan: ModelLoan, payer: str = "") -> Concerned:
    """Whose cash may fall, and whose views are looked at."""
    return frozenset({payer} - {""}), (loan.loan,), (loan.agreement.borrower,)
