"""Why the vault refuses; values never include what was sealed."""

from pathlib import Path


class VaultError(Exception):
    """Base of the vault's refusals."""


class VaultKeyMissing(VaultError):
    """Outside the devnet the vault key is given, never made: without it nothing sealed could be read again."""

    def __init__(self, path: Path) -> None:
        super().__init__(f"vault key {path} is missing: give --vault-key-file with 32 bytes as hex")
        self.path = path


class VaultKeyMalformed(VaultError):
    """The key file does not hold 32 bytes as hex."""

    def __init__(self, path: Path) -> None:
        super().__init__(f"vault key {path} does not hold 32 bytes as hex")
        self.path = path


class VaultKeyExposed(VaultError):
    """The key file may be read by others."""

    def __init__(self, path: Path, mode: int) -> None:
        super().__init__(f"vault key {path} has mode {mode:o}; it must be readable by its owner only (600)")
        self.path, self.mode = path, mode


class VaultKeyMismatch(VaultError):
    """The database was sealed under another vault key."""

    def __init__(self, expected: str, given: str) -> None:
        super().__init__(f"the database was sealed under vault key {expected}, this one is {given}")
        self.expected, self.given = expected, given


class FieldDamaged(VaultError):
    """A sealed field fails authentication: damaged, moved to another place, or sealed under another key."""

    def __init__(self, subject: str, name: str) -> None:
        super().__init__(f"sealed field {name} of {subject} fails authentication")
        self.subject, self.name = subject, name


class FieldMissing(VaultError):
    """No such field is sealed for this subject."""

    def __init__(self, subject: str, name: str) -> None:
        super().__init__(f"no field {name} is sealed for {subject}")
        self.subject, self.name = subject, name
