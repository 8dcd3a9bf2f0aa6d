"""Who the parties are, from the events of IdentityRegistry."""

from collections import defaultdict
from dataclasses import dataclass

from contracts.clients.events import Event

DAY_SECONDS = 86_400


@dataclass
class Party:
    """What is known of a subject or an institution."""

    registered: bool = False
    institution: bool = False
    frozen: bool = False
    kyc_level: int = 0
    kyc_expiry_day: int = 0

    def in_standing(self, instant: int) -> bool:
        """Whether it may draw and move cash at an instant, UTC seconds."""
        valid = self.institution or instant // DAY_SECONDS <= self.kyc_expiry_day
        return self.registered and not self.frozen and valid


class Parties:
    """All parties, by address."""

    def __init__(self) -> None:
        self.parties: defaultdict[str, Party] = defaultdict(Party)

    def apply(self, event: Event) -> None:
        """Take an event of IdentityRegistry."""
        args = event.args
        if event.name == "SubjectRegistered":
            self.parties[args["subject"]].registered = True
        elif event.name == "InstitutionRegistered":
            party = self.parties[args["institution"]]
            party.registered = party.institution = True
        elif event.name == "KycChanged":
            party = self.parties[args["subject"]]
            party.kyc_level, party.kyc_expiry_day = args["kyc_level"], args["kyc_expiry_day"]
        elif event.name == "FrozenChanged":
            self.parties[args["party"]].frozen = args["frozen"]

    def party(self, address: str) -> Party:
        """What is known of an address, perhaps nothing."""
        return self.parties.get(address, Party())

    def is_person(self, address: str) -> bool:
        """Whether it is a subject, whose cash moves only by what its signers sign."""
        party = self.party(address)
        return party.registered and not party.institution
