"""Seals: the tree head of RFC 9162 and a signature that ordinary EIP-712 tools recover."""

import json
from hashlib import sha256
from pathlib import Path

import pytest
from eth_account import Account
from eth_account.messages import encode_typed_data

from chain.seals.keys import KeyFileUnreadable, PublicKeyRefused, load_sealer
from chain.seals.signature import Sealer, SealInvalid
from chain.seals.tree import MemoryTree
from tests.chain.support import CHAIN_ID, grow, open_ledger, word

OWN_KEY = "0x" + "42" * 32


def naive_head(leaves: list[bytes]) -> bytes:
    """MTH of RFC 9162 section 2.1.1, word for word."""
    if len(leaves) == 1:
        return sha256(b"\x00" + leaves[0]).digest()
    split = 1
    while split * 2 < len(leaves):
        split *= 2
    return sha256(b"\x01" + naive_head(leaves[:split]) + naive_head(leaves[split:])).digest()


def test_the_incremental_head_is_the_head_of_the_rfc() -> None:
    tree, leaves = MemoryTree(), []
    for number in range(70):
        leaves.append(word(number))
        assert tree.append(leaves[-1]) == naive_head(leaves)


def test_every_block_is_sealed_when_it_is_committed(tmp_path: Path) -> None:
    with open_ledger(tmp_path) as ledger:
        grow(ledger, blocks=6)
        with ledger.view() as view:
            hashes = [view.block(number).hash for number in range(view.head + 1)]
            for number in range(view.head + 1):
                seal = view.seal(number)
                assert seal.tree_head == naive_head(hashes[: number + 1])
                assert seal.signer(CHAIN_ID) == load_sealer(None, CHAIN_ID).address


def test_an_ordinary_wallet_library_recovers_the_sealer() -> None:
    sealer = Sealer(bytes.fromhex(OWN_KEY[2:]))
    seal = sealer.seal(CHAIN_ID, 7, word(1), word(2))
    message = encode_typed_data(
        domain_data={"name": "Tallystick Ledger", "version": "1", "chainId": CHAIN_ID},
        message_types={
            "Seal": [
                {"name": "number", "type": "uint256"},
                {"name": "blockHash", "type": "bytes32"},
                {"name": "treeHead", "type": "bytes32"},
            ]
        },
        message_data={"number": 7, "blockHash": word(1), "treeHead": word(2)},
    )
    assert bytes.fromhex(Account.recover_message(message, signature=seal.signature)[2:]) == sealer.address
    assert seal.signer(CHAIN_ID + 1) != sealer.address


def test_a_malformed_signature_is_refused() -> None:
    seal = Sealer(bytes.fromhex(OWN_KEY[2:])).seal(CHAIN_ID, 1, word(1), word(2))
    for signature in (b"", seal.signature[:-1], seal.signature[:64] + b"\x05", bytes(64) + b"\x1b"):
        with pytest.raises(SealInvalid):
            type(seal)(1, seal.block_hash, seal.tree_head, signature).signer(CHAIN_ID)


def test_the_public_key_seals_the_devnet_only(tmp_path: Path) -> None:
    with pytest.raises(PublicKeyRefused):
        load_sealer(None, 5)
    keys = json.loads((Path(__file__).parents[2] / "hardhat-free-devnet" / "keys.json").read_text())["keys"]
    file = tmp_path / "key.json"
    file.write_text(json.dumps({"private_key": keys["governor"]["private_key"]}))
    with pytest.raises(PublicKeyRefused):
        load_sealer(file, 5)


def test_a_key_file_is_read_and_never_quoted(tmp_path: Path) -> None:
    file = tmp_path / "key.json"
    file.write_text(json.dumps({"private_key": OWN_KEY}))
    sealer = load_sealer(file, 5)
    assert OWN_KEY[2:] not in repr(sealer)
    file.write_text(json.dumps({"private_key": "0x4242"}))
    with pytest.raises(KeyFileUnreadable, match="2 bytes"):
        load_sealer(file, 5)
