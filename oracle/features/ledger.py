"""What the ledger itself knows about a subject at one block."""

from dataclasses import asdict, dataclass

from oracle.features.validate import validate

PREFIX = "ledger_"


@dataclass(frozen=True)
class LedgerFeatures:
    """A subject's own history on the ledger; a subject without a loan has zeros everywhere.

    Buckets: 0 current, 1 1-29, 2 30-59, 3 60-89, 4 90 and more days past due.
    """

    open_loans: int = 0
    reserved_minor: int = 0
    worst_bucket: int = 0
    worst_bucket_ever: int = 0
    closed_loans: int = 0

    def __post_init__(self) -> None:
        validate({PREFIX + name: value for name, value in asdict(self).items()}, source="ledger")
