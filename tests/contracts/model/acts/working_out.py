"""What officers decide: impairment, default, write-off, and a pause."""

from contracts.loan import LoanStatus, declare_default, rows_needed, set_impairment, write_off
from contracts.loan.brought import accrued_rows
from tests.contracts.model.act import Act, Outcome, Scene
from tests.contracts.model.acts.cash import UNAUTHORISED
from tests.contracts.model.acts.paying import Rows, concerned, is_special, require_rows_fit, some_loan, spoilt_rows
from tests.contracts.model.amounts import some_amount
from tests.contracts.model.model import ModelLoan
from tests.contracts.model.refused import require
from tests.contracts.model.world import INSTITUTIONS

MIN_PAUSE_SECONDS = 3_600


def impair(scene: Scene) -> Act | None:
    """Risk says how much of a loan is not expected back, or takes it back."""
    loan = some_loan(scene)
    if loan is None:
        return None
    most = max(0, loan.state.uncovered_minor)
    amount = some_amount(scene, most, most // 2, 0, loan.state.impaired_minor)
    sender = _officer(scene)
    rows, flaw = _open_row(scene, loan)
    needed = loan.is_table and not is_special(loan.state) and not loan.state.rows_done

    def predict() -> Outcome:
        require(sender == scene.world.risk, UNAUTHORISED)
        require(loan.state.status.is_running, "LoanNotActive")
        require_rows_fit(loan, flaw)
        require(loan.state.status is not LoanStatus.WRITTEN_OFF, "LoanNotActive")
        require(flaw != "missing" or not needed, "RowMissing")
        after = set_impairment(loan.state, amount)
        told = {"loan": loan.loan, "impaired_minor": amount}
        return Outcome(commit=lambda: scene.model.put(loan, after), events=[("ImpairmentChanged", told)])

    values = (loan.loan, amount, *rows)
    return Act("setImpairment", "LoanBook", "setImpairment", values, sender, predict, *concerned(loan))


def default(scene: Scene) -> Act | None:
    """Risk calls a loan in default."""
    late = [one for one in scene.model.loans.values() if _late(scene, one) > 90 and _is(one, LoanStatus.ACTIVE)]
    covered = [one for one in late if scene.model.covers_of(one.loan)]
    loan = scene.rng.choice(covered or late) if late and scene.chance(85) else some_loan(scene)
    if loan is None:
        return None
    sender, (rows, flaw) = _officer(scene), _open_row(scene, loan)
    day, stops = scene.model.today(loan.zone), scene.model.stops(loan.zone)

    def predict() -> Outcome:
        require(sender == scene.world.risk, UNAUTHORISED)
        require(loan.state.status.is_running, "LoanNotActive")
        require_rows_fit(loan, flaw)
        require(_is(loan, LoanStatus.ACTIVE), "LoanNotActive")
        require(not scene.model.paused_since, "LoanBookPaused")
        require(flaw != "missing", "RowMissing")
        after, days = declare_default(loan.state, day, stops)
        told = {"loan": loan.loan, "days_past_due": days}
        return Outcome(commit=lambda: scene.model.put(loan, after), events=[("LoanDefaulted", told)])

    values = (loan.loan, *rows)
    return Act("declareDefault", "LoanBook", "declareDefault", values, sender, predict, *concerned(loan))


def give_up(scene: Scene) -> Act | None:
    """Risk writes a loan off."""
    defaulted = [one for one in scene.model.loans.values() if _is(one, LoanStatus.DEFAULTED)]
    loan = scene.rng.choice(defaulted) if defaulted and scene.chance(85) else some_loan(scene)
    if loan is None:
        return None
    model, sender = scene.model, _officer(scene)
    day, stops = model.today(loan.zone), model.stops(loan.zone)
    read = range(loan.state.row, accrued_rows(loan.state, day, stops))
    rows, flaw = spoilt_rows(scene, loan, read) if loan.is_table else ([], "")

    def predict() -> Outcome:
        require(sender == scene.world.risk, UNAUTHORISED)
        require(loan.state.status.is_running, "LoanNotActive")
        require_rows_fit(loan, flaw)
        require(_is(loan, LoanStatus.DEFAULTED), "LoanNotActive")
        require(flaw != "missing", "RowMissing")
        after = write_off(loan.state, day, stops)

        def commit() -> None:
            model.lost_minor += after.written_off_minor
            model.put(loan, after)

        told = {"loan": loan.loan, "principal_minor": after.written_off_minor}
        return Outcome(commit=commit, events=[("LoanWrittenOff", told)])

    return Act("writeOff", "LoanBook", "writeOff", (loan.loan, *rows), sender, predict, *concerned(loan))


def pause(scene: Scene) -> Act | None:
    """The guardian pauses the book now and then, and lifts the pause soon."""
    model, guardian = scene.model, scene.world.system.role("guardian")
    if not model.paused_since and not scene.chance(20):
        return None
    paused = not model.paused_since if scene.chance(92) else bool(model.paused_since)
    sender = guardian if scene.chance(95) else scene.rng.choice(INSTITUTIONS)

    def commit() -> None:
        if not paused:
            model.stops_at.append((model.paused_since, model.now))
        model.paused_since = model.now if paused else 0

    def predict() -> Outcome:
        require(sender == guardian, UNAUTHORISED)
        require(paused != bool(model.paused_since), "PauseUnchanged")
        require(paused or model.now - model.paused_since >= MIN_PAUSE_SECONDS, "PauseTooShort")
        return Outcome(commit=commit, events=[("PausedChanged", {"paused": paused})])

    return Act("setPaused", "LoanBook", "setPaused", (paused,), sender, predict)


def _officer(scene: Scene) -> str:
    return scene.world.risk if scene.chance(96) else scene.rng.choice(INSTITUTIONS)


def _open_row(scene: Scene, loan: ModelLoan) -> tuple[Rows, str]:
    if not loan.is_table:
        return [], ""
    return spoilt_rows(scene, loan, rows_needed(loan.state, 0, scene.model.today(loan.zone)))


def _is(loan: ModelLoan, status: LoanStatus) -> bool:
    return loan.state.status is status


def _late(scene: Scene, loan: ModelLoan) -> int:
    if not loan.state.status.is_running:
        return 0
    return loan.state.days_late(scene.model.today(loan.zone), scene.model.stops(loan.zone))
