"""The vault: what is sealed can be read only by its key, for its subject, in its place."""

import stat
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Engine, delete, select, update

from api.kit.database import sync_engine, writing
from api.kit.migrate import migrate
from api.vault import Vault, VaultKey, load_vault_key
from api.vault.envelope import SealBroken, new_key, seal, unseal
from api.vault.errors import (
    FieldDamaged,
    FieldMissing,
    VaultKeyExposed,
    VaultKeyMalformed,
    VaultKeyMismatch,
    VaultKeyMissing,
)
from api.vault.tables import vault_fields, vault_keys
from contracts.keys import DEVNET_CHAIN_ID

ALICE, BOB = "0x" + "Aa" * 20, "0x" + "Bb" * 20
PRODUCTION_CHAIN_ID = 1

json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=12,
)


@pytest.fixture
def engine(tmp_path: Path) -> Engine:
    url = f"sqlite:///{tmp_path / 'vault.db'}"
    migrate(url, tmp_path)
    return sync_engine(url)


@pytest.fixture
def vault() -> Vault:
    return Vault(VaultKey(new_key()))


@given(plain=st.binary(max_size=200), place=st.binary(max_size=40))
def test_what_is_sealed_opens_unchanged(plain: bytes, place: bytes) -> None:
    key = new_key()
    assert unseal(key, seal(key, plain, place), place) == plain


@given(plain=st.binary(max_size=60), bit=st.integers(min_value=0))
def test_any_flipped_bit_breaks_the_seal(plain: bytes, bit: int) -> None:
    key = new_key()
    sealed = bytearray(seal(key, plain, b"place"))
    sealed[bit // 8 % len(sealed)] ^= 1 << bit % 8
    with pytest.raises(SealBroken):
        unseal(key, bytes(sealed), b"place")


@given(plain=st.binary(min_size=8, max_size=60), length=st.integers(min_value=0))
def test_a_shortened_seal_is_broken(plain: bytes, length: int) -> None:
    key = new_key()
    sealed = seal(key, plain, b"place")
    with pytest.raises(SealBroken):
        unseal(key, sealed[: length % len(sealed)], b"place")


@given(plain=st.binary(min_size=1, max_size=60))
def test_a_seal_opens_neither_elsewhere_nor_by_another_key(plain: bytes) -> None:
    key = new_key()
    sealed = seal(key, plain, b"here")
    for other_key, place in ((key, b"there"), (new_key(), b"here")):
        with pytest.raises(SealBroken):
            unseal(other_key, sealed, place)
    assert plain not in sealed or len(plain) < 4


@given(value=json_values)
def test_fields_keep_any_json_value(value: object) -> None:
    vault = Vault(VaultKey(new_key()))
    engine = sync_engine("sqlite://")
    vault_keys.metadata.create_all(engine, [vault_keys, vault_fields])
    with writing(engine) as connection:
        vault.put(connection, ALICE, "name", value)
        assert vault.get(connection, ALICE, "name") == value
    engine.dispose()


def test_each_subject_has_a_key_of_its_own(engine: Engine, vault: Vault) -> None:
    with writing(engine) as connection:
        for subject in (ALICE, BOB):
            vault.put(connection, subject, "name", subject)
        wrapped = connection.scalars(select(vault_keys.c.wrapped)).all()
    assert len(set(wrapped)) == 2


def test_a_field_moved_to_another_subject_or_name_does_not_open(engine: Engine, vault: Vault) -> None:
    with writing(engine) as connection:
        vault.put(connection, ALICE, "name", "Alice")
        vault.put(connection, BOB, "name", "Bob")
        sealed = connection.scalar(select(vault_fields.c.sealed).where(vault_fields.c.subject == ALICE))
        connection.execute(update(vault_fields).where(vault_fields.c.subject == BOB).values(sealed=sealed))
        connection.execute(update(vault_fields).where(vault_fields.c.subject == ALICE).values(name="phone"))
        for subject, name in ((BOB, "name"), (ALICE, "phone")):
            with pytest.raises(FieldDamaged, match=subject):
                vault.get(connection, subject, name)


def test_without_the_subjects_key_its_fields_are_gone(engine: Engine, vault: Vault) -> None:
    with writing(engine) as connection:
        vault.put(connection, ALICE, "name", "Alice")
        connection.exec_driver_sql("PRAGMA defer_foreign_keys=ON")
        connection.execute(delete(vault_keys))
        with pytest.raises(FieldDamaged):
            vault.get(connection, ALICE, "name")
        connection.execute(delete(vault_fields))


def test_a_missing_field_is_named(engine: Engine, vault: Vault) -> None:
    with writing(engine) as connection, pytest.raises(FieldMissing, match="name"):
        vault.get(connection, ALICE, "name")


def test_a_database_of_another_key_is_refused_at_the_start(engine: Engine, vault: Vault) -> None:
    other = Vault(VaultKey(new_key()))
    with writing(engine) as connection:
        vault.put(connection, ALICE, "name", "Alice")
        vault.check(connection)
        with pytest.raises(VaultKeyMismatch):
            other.check(connection)


def test_the_devnets_first_start_makes_a_key_only_its_owner_reads(tmp_path: Path) -> None:
    path = tmp_path / "api" / "vault.key"
    made = load_vault_key(path, DEVNET_CHAIN_ID)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert load_vault_key(path, DEVNET_CHAIN_ID) == made
    assert [file.name for file in path.parent.iterdir()] == ["vault.key"]


def test_elsewhere_the_key_must_be_given(tmp_path: Path) -> None:
    with pytest.raises(VaultKeyMissing):
        load_vault_key(tmp_path / "vault.key", PRODUCTION_CHAIN_ID)
    assert not (tmp_path / "vault.key").exists()


def test_a_key_that_others_can_read_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "vault.key"
    path.write_text(new_key().hex())
    path.chmod(0o640)
    with pytest.raises(VaultKeyExposed, match="640"):
        load_vault_key(path, PRODUCTION_CHAIN_ID)


@pytest.mark.parametrize("content", ["", "zz", "00" * 31, "00" * 33])
def test_a_malformed_key_is_refused(tmp_path: Path, content: str) -> None:
    path = tmp_path / "vault.key"
    path.write_text(content)
    path.chmod(0o600)
    with pytest.raises(VaultKeyMalformed):
        load_vault_key(path, PRODUCTION_CHAIN_ID)


def test_the_key_shows_nowhere() -> None:
    key = VaultKey(new_key())
    assert key.secret.hex() not in repr(key) and key.secret.hex()[:16] != key.id
    assert key.fingerprint(b"a") != key.fingerprint(b"b") != VaultKey(new_key()).fingerprint(b"b")
