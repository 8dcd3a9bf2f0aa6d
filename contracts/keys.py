"""Where a process's key comes from: a key file, or on the devnet only the public test keys."""

import json
import stat
from functools import cache
from pathlib import Path
from typing import Any

from eth_account import Account
from eth_account.signers.local import LocalAccount

PUBLIC_KEYS_FILE = Path(__file__).resolve().parents[1] / "hardhat-free-devnet" / "keys.json"
DEVNET_CHAIN_ID = 1337421
OWNER_ONLY = 0o600


class PublicKeyRefused(Exception):
    """A public test key was asked for, or given, on a chain that is not the devnet."""

    def __init__(self, role: str, chain_id: int) -> None:
        super().__init__(f"the public devnet key of {role} is refused on chain {chain_id}; give a key file")
        self.role, self.chain_id = role, chain_id


class UnknownRole(Exception):
    """The devnet has no public key of this name."""

    def __init__(self, role: str) -> None:
        super().__init__(f"the devnet has no key for the role {role}")
        self.role = role


class UnreadableKeyFile(Exception):
    """The key file is absent, may be read by others, or is no {"private_key": "0x..."}. Never quotes the content."""

    def __init__(self, path: Path, reason: str) -> None:
        super().__init__(f"key file {path}: {reason}")
        self.path, self.reason = path, reason


def load_key(role: str, key_file: Path | None, chain_id: int) -> LocalAccount:
    """The account of a role: from `key_file`, or without one the role's public devnet key.

    Off the devnet's chain id a key file must be its owner's alone (mode 600).
    Raises PublicKeyRefused off the devnet's chain id, UnknownRole, UnreadableKeyFile.
    """
    if key_file is not None and chain_id != DEVNET_CHAIN_ID:
        _require_private(key_file)
    account = _public_key(role, chain_id) if key_file is None else _from_file(key_file)
    public = public_roles().get(account.address)
    if public is not None and chain_id != DEVNET_CHAIN_ID:
        raise PublicKeyRefused(public, chain_id)
    return account


@cache
def public_roles() -> dict[str, str]:
    """Address -> role of every public devnet key."""
    return {entry["address"]: role for role, entry in _public_keys().items()}


@cache
def _public_keys() -> dict[str, dict[str, str]]:
    keys: dict[str, dict[str, str]] = json.loads(PUBLIC_KEYS_FILE.read_text())["keys"]
    return keys


def _public_key(role: str, chain_id: int) -> LocalAccount:
    if chain_id != DEVNET_CHAIN_ID:
        raise PublicKeyRefused(role, chain_id)
    if role not in _public_keys():
        raise UnknownRole(role)
    return _account(_public_keys()[role]["private_key"])


def _require_private(path: Path) -> None:
    mode = stat.S_IMODE(path.stat().st_mode) if path.exists() else OWNER_ONLY
    if mode & 0o077:
        raise UnreadableKeyFile(path, f"has mode {mode:o}; it must be readable by its owner only (600)")


def _from_file(path: Path) -> LocalAccount:
    try:
        content: Any = json.loads(path.read_text())
    except OSError as error:
        raise UnreadableKeyFile(path, error.strerror or "cannot be read") from None
    except ValueError:
        raise UnreadableKeyFile(path, "not JSON") from None
    if not isinstance(content, dict) or not isinstance(content.get("private_key"), str):
        raise UnreadableKeyFile(path, 'expected {"private_key": "0x..."}')
    try:
        return _account(content["private_key"])
    except Exception:  # whatever eth-account raises may quote the key
        raise UnreadableKeyFile(path, "private_key is not a 32-byte hex key") from None


def _account(private_key: str) -> LocalAccount:
    account: LocalAccount = Account.from_key(private_key)
    return account
