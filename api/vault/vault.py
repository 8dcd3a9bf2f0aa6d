"""Seal and open a subject's fields inside the caller's transaction."""

import json
import time
from typing import Any

from sqlalchemy import Connection, insert, select

from api.vault.envelope import SealBroken, new_key, seal, unseal
from api.vault.errors import FieldDamaged, FieldMissing, VaultKeyMismatch
from api.vault.keys import VaultKey
from api.vault.tables import vault_fields, vault_keys

KEY_FIELD = "key"


class Vault:
    """Fields of subjects, each sealed under the subject's own key and bound to its subject and name."""

    def __init__(self, key: VaultKey) -> None:
        self._key = key

    def check(self, connection: Connection) -> None:
        """Refuse to start on a database sealed under another key (VaultKeyMismatch)."""
        other = connection.scalar(select(vault_keys.c.key_id).where(vault_keys.c.key_id != self._key.id).limit(1))
        if other is not None:
            raise VaultKeyMismatch(other, self._key.id)

    def fingerprint(self, content: bytes) -> str:
        """A keyed hash of content that may hold personal data."""
        return self._key.fingerprint(content)

    def login_tag(self, content: bytes) -> bytes:
        """Sixteen bytes by which a login challenge made here is known again, without keeping it."""
        return self._key.login_tag(content)

    def put(self, connection: Connection, subject: str, name: str, value: Any) -> None:
        """Seal a JSON value as a new field `name` of `subject`."""
        sealed = self.seal(connection, subject, name, value)
        connection.execute(insert(vault_fields).values(subject=subject, name=name, sealed=sealed))

    def get(self, connection: Connection, subject: str, name: str) -> Any:
        """Open a field; raises FieldMissing and FieldDamaged."""
        sealed = connection.scalar(
            select(vault_fields.c.sealed).where(vault_fields.c.subject == subject, vault_fields.c.name == name)
        )
        if sealed is None:
            raise FieldMissing(subject, name)
        return self.open(connection, subject, name, sealed)

    def seal(self, connection: Connection, subject: str, name: str, value: Any) -> bytes:
        """A JSON value sealed for `name` of `subject`, for the caller to store."""
        plain = json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()
        return seal(self._subject_key(connection, subject), plain, _place(subject, name))

    def open(self, connection: Connection, subject: str, name: str, sealed: bytes) -> Any:
        """Open what `seal` made for this subject and name; raises FieldDamaged."""
        return json.loads(_open(self._subject_key(connection, subject), sealed, subject, name))

    def _subject_key(self, connection: Connection, subject: str) -> bytes:
        wrapped = connection.scalar(select(vault_keys.c.wrapped).where(vault_keys.c.subject == subject))
        if wrapped is None:
            return self._new_subject_key(connection, subject)
        return _open(self._key.secret, wrapped, subject, KEY_FIELD)

    def _new_subject_key(self, connection: Connection, subject: str) -> bytes:
        key = new_key()
        wrapped = seal(self._key.secret, key, _place(subject, KEY_FIELD))
        connection.execute(
            insert(vault_keys).values(
                subject=subject, wrapped=wrapped, key_id=self._key.id, created_at=int(time.time())
            )
        )
        return key


def _place(subject: str, name: str) -> bytes:
    return f"tallystick vault 1|{subject}|{name}".encode()


def _open(key: bytes, sealed: bytes, subject: str, name: str) -> bytes:
    try:
        return unseal(key, sealed, _place(subject, name))
    except SealBroken as error:
        raise FieldDamaged(subject, name) from error
