"""The key-encryption key: a file of 32 bytes as hex, mode 600, made by itself only on the devnet."""

import hmac
import os
import stat
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path

from api.vault.envelope import KEY_BYTES, new_key
from api.vault.errors import VaultKeyExposed, VaultKeyMalformed, VaultKeyMissing
from contracts.keys import DEVNET_CHAIN_ID

OWNER_ONLY = 0o600


@dataclass(frozen=True)
class VaultKey:
    """The wrapping key and what is derived from it; its bytes never show in a repr."""

    secret: bytes = field(repr=False)

    @property
    def id(self) -> str:
        """Sixteen hex digits that name the key without telling it."""
        return self._derive(b"tallystick vault key id").hex()[:16]

    def fingerprint(self, content: bytes) -> str:
        """A keyed hash: equal content can be recognised, but not guessed by who has only the database."""
        return hmac.new(self._derive(b"tallystick vault fingerprint"), content, sha256).hexdigest()

    def login_tag(self, content: bytes) -> bytes:
        """Sixteen bytes by which a login challenge made here is known again."""
        return hmac.new(self._derive(b"tallystick login challenge"), content, sha256).digest()[:16]

    def _derive(self, purpose: bytes) -> bytes:
        return hmac.new(self.secret, purpose, sha256).digest()


def load_vault_key(path: Path, chain_id: int) -> VaultKey:
    """Read the key file, or make it on the devnet's first start.

    Raises VaultKeyMissing (not the devnet), VaultKeyExposed, VaultKeyMalformed.
    """
    if not path.exists():
        if chain_id != DEVNET_CHAIN_ID:
            raise VaultKeyMissing(path)
        _create(path)
    mode = stat.S_IMODE(path.stat().st_mode)
    if mode & 0o077:
        raise VaultKeyExposed(path, mode)
    return VaultKey(_parse(path))


def _create(path: Path) -> None:
    """Write a whole key file or none: two processes may start at once, and either may be killed."""
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_suffix(f".{os.getpid()}.new")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, OWNER_ONLY)
    with os.fdopen(descriptor, "w") as file:
        file.write(new_key().hex() + "\n")
        file.flush()
        os.fsync(file.fileno())
    try:
        os.link(draft, path)  # fails when the other process was first; its key is then the key
    except FileExistsError:
        pass
    finally:
        draft.unlink()


def _parse(path: Path) -> bytes:
    try:
        secret = bytes.fromhex(path.read_text(encoding="ascii").strip().removeprefix("0x"))
    except ValueError as error:
        raise VaultKeyMalformed(path) from error
    if len(secret) != KEY_BYTES:
        raise VaultKeyMalformed(path)
    return secret
