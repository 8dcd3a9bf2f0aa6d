"""Who signs, and how it may go wrong."""

from typing import Any

from contracts.typed_data import sign
from contracts.typed_data.struct import Struct
from scripts.workbench.system import Person
from tests.contracts.model.act import Scene

DEADLINES = (600, 0, -1)


def person_of(scene: Scene, subject: str) -> Person:
    """The person behind a subject."""
    return next(person for person in scene.world.people if person.subject == subject)


def deadline(scene: Scene) -> int:
    """Mostly some time ahead, sometimes this very second, sometimes passed."""
    return scene.model.now + scene.rng.choices(DEADLINES, (90, 5, 5))[0]


def signed(scene: Scene, person: Person, message: Struct, contract: str) -> tuple[bytes, bytes, bool]:
    """Signer, signature, and whether they speak for the person: sometimes another signs, or another message."""
    domain = scene.world.system.domain(contract)
    how = scene.rng.choices(("good", "other key", "other domain", "cut"), (92, 4, 2, 2))[0]
    key = person.key
    if how == "other key":
        key = scene.rng.choice([one for one in scene.world.people if one is not person]).key
    if how == "other domain":
        domain = scene.world.system.domain("CashToken" if contract != "CashToken" else "LoanBook")
    signature = sign(key, message, domain)
    return person.signer, signature[:-1] if how == "cut" else signature, how == "good"


def by_underwriter(scene: Scene, message: Any) -> tuple[bytes, bool]:
    """The lender's signature, and whether it speaks for the lender: sometimes a borrower signs in its place."""
    if scene.chance(3):
        person = scene.rng.choice(scene.world.people)
        return sign(person.key, message, scene.world.system.domain("LoanBook")), False
    return scene.world.lender_signs(message), scene.underwriter_counts
