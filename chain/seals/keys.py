"""Where the sealing key comes from: a key file, or on the devnet only the public key `sealer`."""

import json
from pathlib import Path

from chain.devnet import DEVNET_CHAIN_ID
from chain.errors import LedgerError
from chain.seals.signature import Sealer

PUBLIC_KEYS_FILE = Path(__file__).resolve().parents[2] / "hardhat-free-devnet" / "keys.json"
DEVNET_ROLE = "sealer"
KEY_BYTES = 32


class KeyFileUnreadable(LedgerError):
    """The key file does not hold {"private_key": "0x..."}. Never quotes the content."""

    def __init__(self, path: Path, reason: str) -> None:
        self.path, self.reason = path, reason
        super().__init__(f"key file {path}: {reason}")


class PublicKeyRefused(LedgerError):
    """A key that everybody knows may seal the devnet only."""

    def __init__(self, chain_id: int) -> None:
        self.chain_id = chain_id
        super().__init__(f"chain {chain_id} is not the devnet: seal it with your own key (--key-file)")


def load_sealer(key_file: Path | None, chain_id: int) -> Sealer:
    """The sealer of a chain; raises KeyFileUnreadable, PublicKeyRefused."""
    public = _public_keys()
    if key_file is None:
        if chain_id != DEVNET_CHAIN_ID:
            raise PublicKeyRefused(chain_id)
        return Sealer(public[DEVNET_ROLE])
    key = _read(key_file)
    if key in public.values() and chain_id != DEVNET_CHAIN_ID:
        raise PublicKeyRefused(chain_id)
    return Sealer(key)


def _public_keys() -> dict[str, bytes]:
    keys = json.loads(PUBLIC_KEYS_FILE.read_text())["keys"]
    return {role: _key_bytes(entry["private_key"]) for role, entry in keys.items()}


def _read(path: Path) -> bytes:
    try:
        key = _key_bytes(json.loads(path.read_text())["private_key"])
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise KeyFileUnreadable(path, f'does not hold {{"private_key": "0x..."}} ({type(error).__name__})') from None
    if len(key) != KEY_BYTES:
        raise KeyFileUnreadable(path, f"the key is {len(key)} bytes long, not {KEY_BYTES}")
    return key


def _key_bytes(text: str) -> bytes:
    return bytes.fromhex(text.removeprefix("0x"))
