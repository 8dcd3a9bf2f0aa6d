"""Guarantees: bound by both sides, attached to a loan, called for a default, released, taken back."""

from dataclasses import replace

from contracts.loan import LoanStatus, apply_cover
from contracts.typed_data import Agreement, Guarantee, digest
from tests.contracts.model.act import Act, Outcome, Scene
from tests.contracts.model.acts.signing import deadline, person_of, signed
from tests.contracts.model.amounts import some_amount
from tests.contracts.model.model import DAY_SECONDS, Cover, ModelLoan
from tests.contracts.model.refused import require
from tests.contracts.model.world import INSTITUTIONS, STRANGER

MAX_COVERS = 8
MAX_PREMIUM_PERCENT = 20
CONTRACT = "GuaranteeFund"
CALLABLE = (LoanStatus.DEFAULTED, LoanStatus.WRITTEN_OFF)


def bind(scene: Scene) -> Act | None:
    """A person by its signature, or an institution by its own act, sets cash aside to cover a loan."""
    running = [one for one in scene.model.loans.values() if one.state.status is LoanStatus.ACTIVE]
    if not running:
        return None
    late = [one for one in running if _late(scene, one) > 0]
    rng, loan = scene.rng, scene.rng.choice(late if late and scene.chance(60) else running)
    agreement, people = loan.agreement, [person.subject for person in scene.world.people]
    others = [subject for subject in people if subject != agreement.borrower]
    guarantor = rng.choice(
        [*others, *INSTITUTIONS * 2] if scene.chance(96) else [agreement.borrower, loan.agreement.lender]
    )
    most = some_amount(scene, agreement.principal_minor // 10, agreement.principal_minor // 4)
    terms = Guarantee(
        guarantor=guarantor,
        kind=rng.choices((0, 1, 2), (60, 38, 2))[0],
        borrower=agreement.borrower,
        lender=agreement.lender,
        agreement_salt=agreement.salt,
        max_minor=most % 2**60,
        premium_minor=rng.choices((0, most // 10, most), (60, 36, 4))[0] % 2**60,
        last_day=_today(scene) + rng.choices((2_000, 100, 0, -1), (84, 10, 3, 3))[0],
        salt=rng.randbytes(32),
        deadline=deadline(scene),
    )
    guarantee = digest(terms, scene.world.system.domain(CONTRACT))
    by_lender, lender_speaks = scene.world.lender_signs(terms, CONTRACT), scene.underwriter_counts
    own_act = guarantor not in people
    signer, signature, speaks = b"", b"", True
    if not own_act:
        signer, signature, speaks = signed(scene, person_of(scene, guarantor), terms, CONTRACT)

    def predict() -> Outcome:
        _require_terms(scene, terms)
        model = scene.model
        require(model.in_standing(terms.lender), "PartyNotInStanding")
        require(lender_speaks, "InvalidSignature")
        require(model.in_standing(guarantor), "PartyNotInStanding")
        require(speaks, "InvalidSignature")
        told = {"guarantee": guarantee, "guarantor": guarantor}
        return Outcome(
            [(guarantor, model.fund, terms.max_minor)],
            lambda: model.covers.update({guarantee: Cover(guarantee, terms)}),
            [("GuaranteeBound", told)],
        )

    sender = guarantor if guarantor in INSTITUTIONS else STRANGER
    values = (terms, signer, signature, by_lender)
    return Act("bind", CONTRACT, "bind", values, sender, predict, frozenset({guarantor}), parties=(guarantor,))


def attach(scene: Scene) -> Act | None:
    """Anyone attaches a guarantee to the loan that it is for, or tries to with another; the lender pays the premium."""
    model, rng = scene.model, scene.rng
    if not model.covers:
        return None
    salts = {_agreed(scene, one).salt for one in model.loans.values() if one.state.status is LoanStatus.ACTIVE}
    loose = [one for one in model.covers.values() if not one.loan and one.terms.agreement_salt in salts]
    cover = rng.choice(loose if loose and scene.chance(92) else list(model.covers.values()))
    if cover.loan and scene.chance(80):
        return None
    terms = cover.terms
    fitting = [one for one in model.loans.values() if _agreed(scene, one).salt == terms.agreement_salt]
    loan = rng.choice(fitting if fitting and scene.chance(92) else list(model.loans.values()))
    agreement = _agreed(scene, loan)

    def predict() -> Outcome:
        require(not cover.released, "GuaranteeNotOpen")
        require(_today(scene) <= terms.last_day, "GuaranteeExpired")
        require(not cover.loan, "GuaranteeAttachedBefore")
        purpose = terms.borrower, terms.lender, terms.agreement_salt
        require(purpose == (agreement.borrower, agreement.lender, agreement.salt), "WrongAgreement")
        require(loan.state.status is LoanStatus.ACTIVE, "WrongLoanStatus")
        others = model.covers_of(loan.loan)
        require(len(others) < MAX_COVERS, "TooManyCovers")
        total = terms.max_minor + sum(one.terms.max_minor for one in others)
        require(total <= agreement.principal_minor, "Overcovered")
        require(not terms.premium_minor or model.in_standing(terms.lender), "PartyNotInStanding")
        premium = terms.premium_minor
        moves = [(terms.lender, model.fund, premium), (model.fund, terms.guarantor, premium)]
        return Outcome(moves, lambda: model.attach(cover, loan.loan))

    authority, parties = frozenset({terms.lender}), (terms.guarantor,)
    return Act("attach", CONTRACT, "attach", (cover.guarantee, agreement), STRANGER, predict, authority, (), parties)


def call_cover(scene: Scene) -> Act | None:
    """Anyone has the guarantees of a loan in default or written off pay the lender, guarantors before insurers."""
    model, loans = scene.model, list(scene.model.loans.values())
    covered = [one for one in loans if one.state.status in CALLABLE and model.covers_of(one.loan)]
    if not loans:
        return None
    loan = scene.rng.choice(covered if covered and scene.chance(90) else loans)

    def predict() -> Outcome:
        require(loan.state.status in CALLABLE, "WrongLoanStatus")
        left, parts = loan.state.uncovered_minor, list[tuple[Cover, int]]()
        for cover in model.covers_of(loan.loan):
            open_ = not cover.released and _today(scene) <= cover.terms.last_day
            part = min(cover.terms.max_minor - cover.paid_minor, left) if open_ else 0
            if part:
                parts.append((cover, part))
                left -= part
        total = sum(part for _, part in parts)
        require(total, "NothingCovered")
        after = apply_cover(loan.state, total)

        def commit() -> None:
            for cover, part in parts:
                model.covers[cover.guarantee] = replace(cover, paid_minor=cover.paid_minor + part)
            if after.status is LoanStatus.WRITTEN_OFF:
                model.recovered_minor += total
            model.put(loan, after)

        told = [("CoverPaid", {"guarantee": cover.guarantee, "amount_minor": part}) for cover, part in parts]
        applied = {"loan": loan.loan, "fund": model.fund, "amount_minor": total}
        return Outcome([(model.fund, loan.agreement.lender, total)], commit, [*told, ("CoverApplied", applied)])

    authority = frozenset({model.fund})
    return Act("callCover", CONTRACT, "callCover", (loan.loan,), STRANGER, predict, authority, (loan.loan,))


def release(scene: Scene) -> Act | None:
    """Anyone lets a guarantee go whose time or whose loan is over."""
    model = scene.model
    if not model.covers:
        return None
    cover = scene.rng.choice(list(model.covers.values()))

    def predict() -> Outcome:
        require(not cover.released, "GuaranteeNotOpen")
        require(_today(scene) > cover.terms.last_day or _is_over(model.loans.get(cover.loan)), "NotReleasable")
        return Outcome(commit=lambda: model.covers.update({cover.guarantee: replace(cover, released=True)}))

    return Act("release", CONTRACT, "release", (cover.guarantee,), STRANGER, predict)


def withdraw(scene: Scene) -> Act | None:
    """What a guarantee has not spent, or got back, goes to its guarantor, whoever asks for it."""
    model = scene.model
    if not model.covers:
        return None
    cover = scene.rng.choice(list(model.covers.values()))
    unspent = cover.terms.max_minor - cover.paid_minor if cover.released else 0
    amount = unspent + cover.recovered_minor - cover.withdrawn_minor

    def predict() -> Outcome:
        after = replace(cover, withdrawn_minor=cover.withdrawn_minor + amount)
        return Outcome(
            [(model.fund, cover.terms.guarantor, amount)], lambda: model.covers.update({cover.guarantee: after})
        )

    authority, guarantor = frozenset({model.fund}), cover.terms.guarantor
    return Act("withdraw", CONTRACT, "withdraw", (cover.guarantee,), STRANGER, predict, authority, parties=(guarantor,))


def _require_terms(scene: Scene, terms: Guarantee) -> None:
    require(scene.model.now <= terms.deadline, "DeadlinePassed")
    require(terms.kind <= 1, "UnknownKind")
    require(terms.guarantor not in {terms.borrower, terms.lender}, "OwnLoan")
    most = terms.max_minor * MAX_PREMIUM_PERCENT // 100
    require(terms.max_minor and terms.premium_minor <= most, "PremiumOutOfRange")
    require(terms.last_day >= _today(scene), "GuaranteeExpired")


def _agreed(scene: Scene, loan: ModelLoan) -> Agreement:
    return scene.model.originals[loan.loan]


def _late(scene: Scene, loan: ModelLoan) -> int:
    return loan.state.days_late(scene.model.today(loan.zone), scene.model.stops(loan.zone))


def _is_over(loan: ModelLoan | None) -> bool:
    return loan is not None and loan.state.status not in {LoanStatus.ACTIVE, *CALLABLE}


def _today(scene: Scene) -> int:
    return scene.model.now // DAY_SECONDS
