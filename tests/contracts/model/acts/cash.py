"""Bank money comes in, goes out, and moves between parties in standing."""

from contracts.typed_data import Redemption
from tests.contracts.model.act import Act, Outcome, Scene
from tests.contracts.model.acts.signing import deadline, person_of, signed
from tests.contracts.model.amounts import some_amount
from tests.contracts.model.model import NOBODY
from tests.contracts.model.refused import require
from tests.contracts.model.world import INSTITUTIONS, STRANGER

UNAUTHORISED = "AccessManagedUnauthorized"


def mint(scene: Scene) -> Act:
    """The rails book an incoming payment, each bank entry once; others try to."""
    model, rng = scene.model, scene.rng
    borrowers = [person.subject for person in scene.world.people]
    others = [*INSTITUTIONS, scene.world.rails, scene.world.rails, model.lender, STRANGER]
    account = rng.choice(borrowers if scene.chance(60) else others)
    amount = rng.choice((1, 10_000, 500_000, 2_000_000, 2_000_000))
    entry = _entry(scene)
    sender = scene.world.rails if scene.chance(95) else rng.choice(INSTITUTIONS)

    def predict() -> Outcome:
        require(sender == scene.world.rails, UNAUTHORISED)
        require(account in model.parties, "NotPermitted")
        require(entry not in model.entries, "EntryUsed")
        return Outcome([(NOBODY, account, amount)], lambda: model.entries.add(entry))

    return Act("mint", "CashToken", "mint", (account, amount, entry), sender, predict)


def redeem(scene: Scene) -> Act:
    """A person has cash paid out to its bank account by its signature."""
    model, subject = scene.model, scene.rng.choice(scene.world.people).subject
    amount = _payout_of(scene, subject) or some_amount(scene, model.cash[subject], model.cash[subject] // 3)
    order = Redemption(subject, amount, _entry(scene), deadline(scene))
    signer, signature, speaks = signed(scene, person_of(scene, subject), order, "CashToken")

    def predict() -> Outcome:
        require(model.now <= order.deadline, "DeadlinePassed")
        require(model.in_standing(subject), "NotPermitted")
        require(speaks, "InvalidSignature")
        model.require_cash([(subject, NOBODY, amount)])
        require(order.entry not in model.entries, "EntryUsed")
        return Outcome([(subject, NOBODY, amount)], lambda: model.redeemed(order))

    values = (order, signer, signature)
    return Act("redeem", "CashToken", "redeem", values, scene.world.rails, predict, frozenset({subject}))


def transfer(scene: Scene) -> Act:
    """An institution moves its own cash to another party; both must be in standing. Persons have no such account."""
    model, rng = scene.model, scene.rng
    sender, target = rng.choice([*INSTITUTIONS, STRANGER]), rng.choice([*model.parties, STRANGER])
    amount = some_amount(scene, model.cash[sender], model.cash[sender] // 5)

    def predict() -> Outcome:
        require(model.in_standing(sender) and model.in_standing(target), "NotPermitted")
        return Outcome([(sender, target, amount)])

    return Act("transfer", "CashToken", "transfer", (target, amount), sender, predict, frozenset({sender}))


def _payout_of(scene: Scene, subject: str) -> int:
    """Often exactly what a loan that was not touched yet has paid out."""
    loans = [one for one in scene.model.loans.values() if one.agreement.borrower == subject]
    fresh = [one.agreement for one in loans if one.state.status.is_running and not one.state.paid_rows_minor]
    if not fresh or scene.chance(40):
        return 0
    agreement = scene.rng.choice(fresh)
    return agreement.principal_minor - agreement.upfront_fee_minor


def _entry(scene: Scene) -> bytes:
    """A bank's reference; sometimes one that was used before."""
    if scene.model.entries and scene.chance(5):
        return scene.rng.choice(sorted(scene.model.entries))
    return scene.rng.randbytes(32)
