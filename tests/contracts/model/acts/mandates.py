"""Standing permissions, and keepers that collect by them: many loans at once, of which some fail."""

from collections import Counter

from contracts.clients.events import Event
from contracts.clients.reverts import decode_revert
from contracts.loan import Allocation, LoanRefused, LoanState, collect, due_by, set_mandate, use_nonce
from contracts.typed_data import Mandate
from tests.contracts.model.act import Act, Outcome, Scene
from tests.contracts.model.acts.paying import brought, concerned, payment_event, require_rows_fit, some_loan, some_nonce
from tests.contracts.model.acts.signing import deadline, person_of, signed
from tests.contracts.model.checks import same
from tests.contracts.model.model import ModelLoan, Move
from tests.contracts.model.refused import Refused, require
from tests.contracts.model.world import STRANGER

MAX_MANDATE_MINOR = 2**44 - 1
LAST_MANDATE_DAY = 2**17 - 1
MAX_COLLECTIONS = 200


def allow(scene: Scene) -> Act | None:
    """The borrower allows collecting, for some time and up to an amount, or withdraws it."""
    tables = [one for one in scene.model.loans.values() if one.is_table and one.state.status.is_running]
    loan = scene.rng.choice(tables) if tables and scene.chance(30) else some_loan(scene)
    if loan is None:
        return None
    row = max(one.due_minor for one in loan.rows)
    most = scene.rng.choices((2 * row, row, 0, 1, MAX_MANDATE_MINOR, MAX_MANDATE_MINOR + 1), (50, 20, 8, 4, 15, 3))[0]
    last = scene.model.today(loan.zone) + scene.rng.choices((400, 30, 0, -1), (75, 15, 5, 5))[0]
    last = LAST_MANDATE_DAY + 1 if scene.chance(2) else last
    order = Mandate(loan.loan, most, last, some_nonce(scene, loan), deadline(scene))
    signer, signature, speaks = signed(scene, person_of(scene, loan.agreement.borrower), order, "LoanBook")

    def predict() -> Outcome:
        require(scene.model.now <= order.deadline, "DeadlinePassed")
        require(most <= MAX_MANDATE_MINOR and last <= LAST_MANDATE_DAY, "TermOutOfRange")
        require(loan.state.status.is_running, "LoanNotActive")
        used = use_nonce(loan.state, order.nonce)
        require(speaks, "InvalidSignature")
        after = set_mandate(used, most, last)
        told = {"loan": loan.loan, "max_amount_minor": most, "last_day": last}
        return Outcome(commit=lambda: scene.model.put(loan, after), events=[("MandateSet", told)])

    values = (order, signer, signature)
    return Act("setMandate", "LoanBook", "setMandate", values, STRANGER, predict, *concerned(loan))


def collect_one(scene: Scene) -> Act | None:
    """A keeper collects a loan by a table, with its rows."""
    tables = [one for one in scene.model.loans.values() if one.is_table and one.state.status.is_running]
    if not tables:
        return None
    allowed = [one for one in tables if one.state.mandate_max_minor]
    loan = scene.rng.choice(allowed if allowed and scene.chance(85) else tables)
    due = due_by(loan.state, scene.model.today(loan.zone), scene.model.stops(loan.zone))
    rows, flaw = brought(scene, loan, due)
    if not rows:
        return None
    borrower = loan.agreement.borrower

    def predict() -> Outcome:
        require_rows_fit(loan, flaw)
        state, split, day = _collected(scene, loan.state, loan, flaw)
        return Outcome(
            _moves(scene, loan, split),
            lambda: scene.model.paid(loan, state, split),
            [payment_event(loan, borrower, split, day)],
        )

    values = (loan.loan, *rows)
    return Act("collect a table", "LoanBook", "collect", values, STRANGER, predict, *concerned(loan, borrower))


def collect_many(scene: Scene) -> Act | None:
    """A keeper collects many loans; those that fail are told, and the others go on. Sometimes it names one twice."""
    loans = list(scene.model.loans.values())
    if not loans:
        return None
    allowed = [one for one in loans if one.state.mandate_max_minor and one.state.status.is_running]
    named = [*allowed, *scene.rng.sample(loans, min(len(loans), scene.rng.randint(0, 3)))]
    scene.rng.shuffle(named)
    named = named[:12]
    if scene.chance(3):
        named = (named or loans) * MAX_COLLECTIONS
    failed: list[tuple[bytes, str]] = []

    def predict() -> Outcome:
        require(len(named) <= MAX_COLLECTIONS, "TooManyCollections")
        return _many(scene, named, failed)

    def seen(events: list[Event]) -> None:
        told = [event.args for event in events if event.name == "CollectionFailed"]
        found = [(args["loan"], decode_revert(args["reason"]).name) for args in told]
        same("collections that failed", failed, found)

    distinct = {one.loan: one for one in named}
    borrowers = tuple(one.agreement.borrower for one in distinct.values())
    values = ([one.loan for one in named],)
    authority = frozenset(borrowers)
    return Act("collect", "LoanBook", "collect", values, STRANGER, predict, authority, tuple(distinct), borrowers, seen)


def _many(scene: Scene, named: list[ModelLoan], failed: list[tuple[bytes, str]]) -> Outcome:
    """Each loan after the others before it, from what cash there is left."""
    states: dict[bytes, LoanState] = {}
    cash = Counter(scene.model.cash)
    moves: list[Move] = []
    splits: list[tuple[ModelLoan, LoanState, LoanState, Allocation]] = []
    for loan in named:
        before = states.get(loan.loan, loan.state)
        try:
            after, split, _ = _collected(scene, before, loan, "missing" if _needs_rows(loan, before) else "")
            require(cash[loan.agreement.borrower] >= split.total_minor, "InsufficientCash")
        except (Refused, LoanRefused) as refused:
            failed.append((loan.loan, refused.name if isinstance(refused, Refused) else type(refused).__name__))
            continue
        states[loan.loan] = after
        cash[loan.agreement.borrower] -= split.total_minor
        moves += _moves(scene, ModelLoan(loan.loan, loan.agreement, before), split)
        splits.append((loan, before, after, split))
    told = [payment_event(loan, loan.agreement.borrower, split, _day(scene, loan)) for loan, _, _, split in splits]

    def commit() -> None:
        for loan, before, after, split in splits:
            scene.model.paid(ModelLoan(loan.loan, loan.agreement, before), after, split)

    return Outcome(moves, commit, told)


def _needs_rows(loan: ModelLoan, state: LoanState) -> bool:
    return loan.is_table and not state.rows_done


def _collected(scene: Scene, state: LoanState, loan: ModelLoan, flaw: str) -> tuple[LoanState, Allocation, int]:
    day, stops = _day(scene, loan), scene.model.stops(loan.zone)
    if flaw == "missing" and state.status.is_running:
        require(state.mandate_max_minor and day <= state.mandate_last_day, "MandateMissing")
        raise Refused("RowMissing")
    after, split = collect(state, day, stops)
    return after, split, day


def _moves(scene: Scene, loan: ModelLoan, split: Allocation) -> list[Move]:
    return scene.model.payment_moves(loan, loan.agreement.borrower, split)


def _day(scene: Scene, loan: ModelLoan) -> int:
    return scene.model.today(loan.zone)
