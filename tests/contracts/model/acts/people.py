"""Registrar and oracle: who is in standing, and what a person may owe."""

from dataclasses import replace

from contracts.credit import publish as twin_publish
from contracts.credit import step
from contracts.typed_data import digest
from tests.contracts.model.act import Act, Outcome, Scene
from tests.contracts.model.acts.cash import UNAUTHORISED
from tests.contracts.model.model import Report
from tests.contracts.model.refused import require
from tests.contracts.model.world import INSTITUTIONS, STRANGER

LIMITS = (0, 500_000, 3_000_000, 8_000_000, 8_000_000, 8_000_000)


def freeze(scene: Scene) -> Act:
    """The registrar freezes a party or lifts a freeze, the lender's too; frozen parties are thawed more often."""
    model, rng, registrar = scene.model, scene.rng, scene.world.system.role("registrar")
    frozen = [address for address, party in model.parties.items() if party.frozen]
    thaws = bool(frozen) and scene.chance(85)
    party = rng.choice(frozen) if thaws else rng.choice([*scene.world.people_and_payers * 2, model.lender])
    sender = registrar if scene.chance(95) else rng.choice(INSTITUTIONS)

    def commit() -> None:
        model.parties[party] = replace(model.parties[party], frozen=not thaws)

    def predict() -> Outcome:
        require(sender == registrar, UNAUTHORISED)
        return Outcome(commit=commit)

    values = (party, not thaws)
    return Act("freeze", "IdentityRegistry", "setFrozen", values, sender, predict, parties=(party,))


def set_kyc(scene: Scene) -> Act:
    """What is known of a person runs out or is renewed."""
    model, registrar = scene.model, scene.world.system.role("registrar")
    subject, today = scene.rng.choice(scene.world.people).subject, scene.model.now // 86_400
    level = scene.rng.choices((0, 1, 2), (5, 35, 60))[0]
    expiry = today + scene.rng.choices((-1, 0, 400, 4_000), (3, 3, 14, 80))[0]

    def commit() -> None:
        model.parties[subject] = replace(model.parties[subject], kyc_level=level, kyc_expiry_day=expiry)

    act = (subject, level, expiry)
    return Act(
        "setKyc", "IdentityRegistry", "setKyc", act, registrar, lambda: Outcome(commit=commit), parties=(subject,)
    )


def publish(scene: Scene) -> Act:
    """A quorum says what a person may owe; sometimes too few, out of turn, or for a time that has passed."""
    model, system = scene.model, scene.world.system
    subjects = [person.subject for person in scene.world.people]
    without = [subject for subject in subjects if not has_report(scene, subject)]
    subject = scene.rng.choice(without if without and scene.chance(70) else subjects)
    before = model.reports.get(subject)
    sequence = (before.sequence if before else 0) + scene.rng.choices((1, 0, 2), (94, 3, 3))[0]
    expires = model.now + scene.rng.choices((365 * 86_400, 0, -1), (94, 3, 3))[0]
    limit = scene.rng.choice(LIMITS)
    report = system.report(subject, limit_minor=limit, sequence=sequence, expires_at=expires)
    keys = system.oracle_keys()[: scene.rng.choices((3, 4, 2), (90, 6, 4))[0]]
    uid = digest(report, system.domain("CreditRegistry"))

    def commit() -> None:
        model.reports[subject] = Report(uid, sequence, expires)
        model.credits[subject] = twin_publish(model.credits[subject], report, uid, model.policy.signer_set, model.now)

    def predict() -> Outcome:
        require(expires >= model.now, "ReportExpired")
        require(len(keys) >= 3, "TooFewSignatures")
        require(sequence == (before.sequence if before else 0) + 1, "WrongSequence")
        return Outcome(commit=commit)

    values = (report, system.quorum(report, keys))
    relayer = scene.rng.choice(INSTITUTIONS)
    return Act("publish", "CreditRegistry", "publish", values, relayer, predict, parties=(subject,))


def step_limit(scene: Scene) -> Act:
    """Anybody has a person's limit reckoned anew by what the ledger saw since."""
    model = scene.model
    subject = scene.rng.choice(scene.world.people).subject

    def predict() -> Outcome:
        before = model.credit(subject)
        after, reasons = step(before, model.policy, model.now)

        def commit() -> None:
            model.credits[subject] = after

        told = {"subject": subject, "scale_before": before.scale, "scale_after": after.scale, "reasons": reasons}
        return Outcome(commit=commit, events=[("LimitStepped", told)])

    return Act("step", "CreditRegistry", "step", (subject,), STRANGER, predict, parties=(subject,))


def has_report(scene: Scene, subject: str) -> bool:
    """Whether a person's report counts now."""
    report = scene.model.reports.get(subject)
    return report is not None and not report.revoked and report.expires_at >= scene.model.now


def revoke(scene: Scene) -> Act | None:
    """Risk takes back a report."""
    model = scene.model
    if not model.reports:
        return None
    subject = scene.rng.choice(sorted(model.reports))
    report = model.reports[subject]

    def commit() -> None:
        model.reports[subject] = replace(report, revoked=True)

    def predict() -> Outcome:
        require(not report.revoked, "RevokedReport")
        return Outcome(commit=commit)

    values = (subject, report.uid, bytes(32))
    risk = scene.world.system.role("risk")
    return Act("revoke", "CreditRegistry", "revoke", values, risk, predict, parties=(subject,))
