"""Keys come from files; public test keys work on the devnet only; no key is ever shown."""

import json
from pathlib import Path

import pytest
from eth_account import Account

from contracts.keys import (
    DEVNET_CHAIN_ID,
    PUBLIC_KEYS_FILE,
    PublicKeyRefused,
    UnknownRole,
    UnreadableKeyFile,
    load_key,
)

ROLES = json.loads(PUBLIC_KEYS_FILE.read_text())["keys"]
OWN_KEY = "0x" + "42" * 32


def _write(tmp_path: Path, content: object) -> Path:
    path = tmp_path / "key.json"
    path.write_text(content if isinstance(content, str) else json.dumps(content))
    path.chmod(0o600)
    return path


@pytest.mark.parametrize("role", ROLES)
def test_every_role_has_its_public_key_on_the_devnet(role: str) -> None:
    assert load_key(role, None, DEVNET_CHAIN_ID).address == ROLES[role]["address"]


def test_a_public_key_is_refused_elsewhere() -> None:
    with pytest.raises(PublicKeyRefused) as refused:
        load_key("relayer", None, 1)
    assert (refused.value.role, refused.value.chain_id) == ("relayer", 1)


def test_a_public_key_in_a_file_is_refused_elsewhere(tmp_path: Path) -> None:
    path = _write(tmp_path, {"private_key": ROLES["governor"]["private_key"]})
    assert load_key("relayer", path, DEVNET_CHAIN_ID).address == ROLES["governor"]["address"]
    with pytest.raises(PublicKeyRefused) as refused:
        load_key("relayer", path, 1)
    assert refused.value.role == "governor"


def test_an_own_key_works_on_any_chain(tmp_path: Path) -> None:
    path = _write(tmp_path, {"private_key": OWN_KEY})
    assert load_key("relayer", path, 1).address == Account.from_key(OWN_KEY).address


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o644])
def test_a_key_file_that_is_not_its_owners_alone_is_refused_off_the_devnet(tmp_path: Path, mode: int) -> None:
    path = _write(tmp_path, {"private_key": OWN_KEY})
    path.chmod(mode)
    assert load_key("relayer", path, DEVNET_CHAIN_ID).address == Account.from_key(OWN_KEY).address
    with pytest.raises(UnreadableKeyFile, match=f"has mode {mode:o}"):
        load_key("relayer", path, 1)


def test_an_unknown_role_is_named() -> None:
    with pytest.raises(UnknownRole, match="butler"):
        load_key("butler", None, DEVNET_CHAIN_ID)


@pytest.mark.parametrize("content", ["nonsense", [], {}, {"private_key": 5}, {"private_key": OWN_KEY + "42"}])
def test_a_bad_key_file_is_refused_without_quoting_it(tmp_path: Path, content: object) -> None:
    with pytest.raises(UnreadableKeyFile) as refused:
        load_key("relayer", _write(tmp_path, content), 1)
    assert "4242" not in str(refused.value)


def test_an_absent_key_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(UnreadableKeyFile, match=r"nowhere\.json"):
        load_key("relayer", tmp_path / "nowhere.json", 1)


def test_no_key_is_shown() -> None:
    account = load_key("relayer", None, DEVNET_CHAIN_ID)
    assert ROLES["relayer"]["private_key"][2:] not in repr(account) + str(account)
