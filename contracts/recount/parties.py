"""Who the parties are, from the events of IdentityRegistry."""

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from contracts.clients.events import Event

DAY_SECONDS = 86_400
NOTHING = bytes(32)
CONTEST_SECONDS = 90 * DAY_SECONDS
"""How long after a vetoed recovery the next one cannot be vetoed, as IdentityRegistry has it."""


@dataclass
class Signing:
    """What waits for a subject's signers, named as IdentityRegistry's view names it."""

    nonce: int = 0
    change: bytes = NOTHING
    change_at: int = 0
    recovery: bytes = NOTHING
    recovery_at: int = 0
    contested: bool = False
    contested_until: int = 0

    def drop_change(self) -> None:
        """No change waits."""
        self.change, self.change_at = NOTHING, 0

    def drop_recovery(self) -> None:
        """No recovery waits."""
        self.recovery, self.recovery_at, self.contested = NOTHING, 0, False


@dataclass
class Party:
    """What is known of a subject or an institution. `signers` may speak for it, `former` once could."""

    registered: bool = False
    institution: bool = False
    frozen: bool = False
    kyc_level: int = 0
    kyc_expiry_day: int = 0
    signers: set[bytes] = field(default_factory=set)
    former: set[bytes] = field(default_factory=set)
    signing: Signing = field(default_factory=Signing)

    def add(self, signer: bytes) -> None:
        """A signer speaks from now on."""
        self.signers.add(signer)
        self.former.discard(signer)

    def remove(self, *signers: bytes) -> None:
        """Signers speak no more."""
        self.signers.difference_update(signers)
        self.former.update(signers)

    def in_standing(self, instant: int) -> bool:
        """Whether it may draw and move cash at an instant, UTC seconds."""
        valid = self.institution or instant // DAY_SECONDS <= self.kyc_expiry_day
        return self.registered and not self.frozen and valid


class Parties:
    """All parties, by address, and the verifiers whose keys may become signers."""

    def __init__(self) -> None:
        self.parties: defaultdict[str, Party] = defaultdict(Party)
        self.verifiers: dict[str, bool] = {}

    def apply(self, event: Event) -> None:
        """Take an event of IdentityRegistry."""
        args = event.args
        if event.name == "VerifierChanged":
            self.verifiers[args["verifier"]] = args["listed"]
        elif event.name == "InstitutionRegistered":
            party = self.parties[args["institution"]]
            party.registered = party.institution = True
        elif event.name == "FrozenChanged":
            self.parties[args["party"]].frozen = args["frozen"]
        elif event.name in _OF_SUBJECTS:
            _OF_SUBJECTS[event.name](self.parties[args["subject"]], event)

    def party(self, address: str) -> Party:
        """What is known of an address, perhaps nothing."""
        return self.parties.get(address, Party())

    def is_person(self, address: str) -> bool:
        """Whether it is a subject, whose cash moves only by what its signers sign."""
        party = self.party(address)
        return party.registered and not party.institution


def _kyc_changed(party: Party, event: Event) -> None:
    party.kyc_level, party.kyc_expiry_day = event.args["kyc_level"], event.args["kyc_expiry_day"]


def _change_announced(party: Party, event: Event) -> None:
    signing = party.signing
    signing.nonce += 1
    signing.change, signing.change_at = event.args["change"], event.args["effective_at"]


def _recovery_announced(party: Party, event: Event) -> None:
    signing, args = party.signing, event.args
    signing.recovery, signing.recovery_at, signing.contested = args["recovery"], args["effective_at"], args["contested"]


def _recovered(party: Party, _: Event) -> None:
    party.remove(*party.signers)
    party.signing = Signing(nonce=party.signing.nonce)


def _vetoed(party: Party, event: Event) -> None:
    signing: Signing = party.signing
    if event.args["change"] == signing.change:
        signing.drop_change()
    else:
        signing.drop_recovery()
        signing.contested_until = event.timestamp + CONTEST_SECONDS


def _registered(party: Party, _: Event) -> None:
    party.registered = True


_OF_SUBJECTS: dict[str, Callable[[Party, Event], Any]] = {
    "SubjectRegistered": _registered,
    "KycChanged": _kyc_changed,
    "SignerAdded": lambda party, event: party.add(event.args["signer"]),
    "SignerRemoved": lambda party, event: party.remove(event.args["signer"]),
    "SignerChangeAnnounced": _change_announced,
    "SignerChangeApplied": lambda party, _: party.signing.drop_change(),
    "RecoveryAnnounced": _recovery_announced,
    "SubjectRecovered": _recovered,
    "RecoveryCancelled": lambda party, _: party.signing.drop_recovery(),
    "ChangeVetoed": _vetoed,
}
