"""The only place for personal data: an AES-GCM envelope with one key per subject, wrapped by the vault's key."""

from api.vault.keys import VaultKey, load_vault_key
from api.vault.vault import Vault

__all__ = ["Vault", "VaultKey", "load_vault_key"]
