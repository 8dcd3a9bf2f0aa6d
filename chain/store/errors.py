"""What can be wrong with a data folder. Nothing is repaired or deleted silently; the message says what was found."""

from pathlib import Path

from chain.errors import LedgerError


class StoreError(LedgerError):
    """A data folder cannot be used."""


class FolderInUse(StoreError):
    """Another process holds the data folder."""

    def __init__(self, folder: Path, holder: str) -> None:
        self.folder, self.holder = folder, holder
        super().__init__(f"{folder} is in use by another node (process {holder}); one folder serves one node")


class FolderMissing(StoreError):
    """There is no ledger in the data folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        super().__init__(f"{folder} holds no ledger; start `tally node` on it first")


class FileMissing(StoreError):
    """A file that an initialised data folder must hold is not there."""

    def __init__(self, file: Path) -> None:
        self.file = file
        super().__init__(f"{file} is missing although the data folder was initialised; restore it from a copy")


class FileDamaged(StoreError):
    """A file of the data folder does not hold what was written to it."""

    def __init__(self, file: Path, found: str) -> None:
        self.file, self.found = file, found
        super().__init__(f"{file} is damaged: {found}; restore the data folder from a copy")


class WriteFailed(StoreError):
    """The disk does not take what must be written; nothing of it was kept."""

    def __init__(self, file: Path, reason: str) -> None:
        self.file, self.reason = file, reason
        super().__init__(f"{file} cannot be written: {reason}")


class StoreClosed(StoreError):
    """The node is stopping."""

    def __init__(self) -> None:
        super().__init__("the node is stopping")


class OtherLedger(StoreError):
    """The data folder belongs to another ledger than the genesis file asked for."""

    def __init__(self, file: Path, field: str, expected: str, found: str) -> None:
        self.file, self.field, self.expected, self.found = file, field, expected, found
        super().__init__(f"{file} holds another ledger: {field} is {found}, the genesis file says {expected}")
