"""Settling a loan at its payoff, by anyone in standing or by the borrower's order."""

from contracts.loan import LoanStatus, fund_minor, payoff, settle, use_nonce
from contracts.typed_data import Settlement
from tests.contracts.model.act import Act, Outcome, Scene
from tests.contracts.model.acts.paying import Concerned, concerned, some_loan, some_nonce
from tests.contracts.model.acts.rows import require_words_fit, whole_table
from tests.contracts.model.acts.signing import deadline, person_of, signed
from tests.contracts.model.amounts import some_amount
from tests.contracts.model.model import ModelLoan, Move
from tests.contracts.model.refused import require
from tests.contracts.model.world import INSTITUTIONS, STRANGER


def settle_as_caller(scene: Scene) -> Act | None:
    """From the caller's own cash."""
    loan = some_loan(scene)
    if loan is None:
        return None
    sender = scene.rng.choices((loan.agreement.borrower, *INSTITUTIONS, STRANGER), (55, 20, 20, 5))[0]
    most, (words, flaw) = _most(scene, loan), whole_table(scene, loan)

    def predict() -> Outcome:
        require(loan.state.status.is_running, "LoanNotActive")
        require_words_fit(flaw)
        require(sender == loan.agreement.borrower or scene.model.in_standing(sender), "PartyNotInStanding")
        require(flaw != "missing", "RowMissing")
        return _settled(scene, loan, sender, most)

    values = (loan.loan, most, *words)
    return Act("settle", "LoanBook", "settle", values, sender, predict, *concerned(loan, sender))


def settle_by_signature(scene: Scene) -> Act | None:
    """From the borrower's cash by its order."""
    loan = some_loan(scene)
    if loan is None:
        return None
    borrower, most = loan.agreement.borrower, _most(scene, loan)
    order = Settlement(loan.loan, most, some_nonce(scene, loan), deadline(scene))
    signer, signature, speaks = signed(scene, person_of(scene, borrower), order, "LoanBook")
    words, flaw = whole_table(scene, loan)

    def predict() -> Outcome:
        require(loan.state.status.is_running, "LoanNotActive")
        require_words_fit(flaw)
        require(scene.model.now <= order.deadline, "DeadlinePassed")
        ordered = ModelLoan(loan.loan, loan.agreement, use_nonce(loan.state, order.nonce))
        require(speaks, "InvalidSignature")
        require(flaw != "missing", "RowMissing")
        return _settled(scene, ordered, borrower, most)

    values = (order, signer, signature, *words)
    involved: Concerned = concerned(loan, borrower)
    return Act("settleBySignature", "LoanBook", "settleBySignature", values, STRANGER, predict, *involved)


def _settled(scene: Scene, loan: ModelLoan, payer: str, most: int) -> Outcome:
    model, day, before = scene.model, scene.model.today(loan.zone), loan.state
    after, found = settle(before, most, day, model.stops(loan.zone))
    to_fund = fund_minor(before, found)
    moves: list[Move] = [(payer, loan.agreement.lender, found.total_minor - to_fund), (payer, model.fund, to_fund)]
    told = {
        "loan": loan.loan,
        "payer": payer,
        "late_fee_minor": found.late_fee_minor,
        "penalty_minor": found.penalty_minor,
        "interest_minor": found.interest_minor,
        "principal_minor": found.principal_minor,
        "rebate_minor": found.rebate_minor,
        "day": day,
    }

    def commit() -> None:
        if before.status is LoanStatus.WRITTEN_OFF:
            model.recovered_minor += found.principal_minor - found.rebate_minor - to_fund
        model.recover(loan.loan, to_fund)
        model.put(loan, after)

    return Outcome(moves, commit, [("LoanSettled", told), ("LoanClosed", {"loan": loan.loan, "day": day})])


def _most(scene: Scene, loan: ModelLoan) -> int:
    """Near the payoff of the day."""
    if not loan.state.status.is_running:
        return 1_000
    return some_amount(
        scene, payoff(loan.state, scene.model.today(loan.zone), scene.model.stops(loan.zone)).total_minor
    )
