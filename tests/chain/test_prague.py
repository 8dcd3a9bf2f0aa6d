"""Blocks that py-evm alone would get wrong are right: the execution specs, over their own state, agree on each."""

from pathlib import Path
from typing import Any

import pytest
import rlp
from eth_account import Account

from chain.core.execution import ExecutedBlock
from chain.core.ledger import Ledger
from chain.core.transactions import TypeNotSupported, Undecodable, decode_transaction
from chain.replay.base import Replay
from chain.replay.pyevm import PyEvmReplay
from chain.replay.specs import SpecsReplay
from tests.chain.support import Wallet, accepted, exported, funded_genesis, init_code, open_ledger, word
from tests.chain.test_agree import PristineSpecsReplay, replay_all

ENGINES: list[type[Replay]] = [PyEvmReplay, SpecsReplay, PristineSpecsReplay]
TO = b"\x77" * 20
GAS = 100_000
CREATOR_CODE = bytes.fromhex("600f5f5ff000")  # creates an empty contract with 15 zero bytes
ENTRY = [{"address": "0x" + "11" * 20, "storageKeys": ["0x" + "22" * 32]}]


def produced(ledger: Ledger) -> ExecutedBlock:
    block = ledger.produce(0)
    assert block is not None
    return block


def authorization(of: Wallet, nonce: int, code_of: bytes = TO) -> object:
    return of.account.sign_authorization({"chainId": of.chain_id, "address": f"0x{code_of.hex()}", "nonce": nonce})


def agreed(folder: Path) -> None:
    export = exported(folder / "node", folder / "export")
    for engine in ENGINES:
        replay_all(engine(export))


@pytest.mark.parametrize("length", [500, 640, 2_000])
def test_a_refund_never_goes_below_the_floor_of_calldata(tmp_path: Path, length: int) -> None:
    sender, authority = Wallet(1), Wallet(2)
    with open_ledger(tmp_path / "node", funded_genesis([sender, authority])) as ledger:
        data = b"\x01" * length
        accepted(ledger, sender.sign(TO, data, type=4, authorizationList=[authorization(authority, 0)]))
        assert produced(ledger).header.gas_used >= 21_000 + 40 * length
    agreed(tmp_path)


def test_a_sender_must_own_the_value_and_all_gas_at_the_fee_cap(tmp_path: Path) -> None:
    sender = Wallet(1)
    with open_ledger(tmp_path / "node", funded_genesis([sender], balance=2 * GAS)) as ledger:
        spends = sender.sign(TO, value=GAS)
        cannot_pay = sender.sign(TO, gas=GAS, value=GAS, maxFeePerGas=1)
        accepted(ledger, spends, cannot_pay)
        block = produced(ledger)
        assert len(block.transactions) == 1
        assert "insufficient funds" in block.refused[0][1]
    agreed(tmp_path)


def test_behind_a_refused_transaction_the_later_ones_wait(tmp_path: Path) -> None:
    sender = Wallet(1)
    with open_ledger(tmp_path / "node", funded_genesis([sender], balance=GAS)) as ledger:
        accepted(ledger, sender.sign(TO, value=GAS), sender.sign(TO, value=1), sender.sign(TO, word(5)))
        block = produced(ledger)
        assert (len(block.transactions), len(block.refused)) == (1, 1)
        assert ledger.queue_counts() == (0, 1)
    with open_ledger(tmp_path / "node", funded_genesis([sender], balance=GAS)) as ledger:
        accepted(ledger, sender.sign(TO, nonce=1))
        assert len(produced(ledger).transactions) == 2
        assert ledger.queue_counts() == (0, 0)
    agreed(tmp_path)


def test_a_transaction_whose_nonce_an_authorization_took_leaves_the_queue(tmp_path: Path) -> None:
    sender, authority = Wallet(1), Wallet(2)
    with open_ledger(tmp_path / "node", funded_genesis([sender, authority])) as ledger:
        (held,) = accepted(ledger, authority.sign(TO, nonce=1))
        entries = [authorization(authority, nonce) for nonce in (0, 1)]
        accepted(ledger, sender.sign(TO, type=4, gas=GAS, authorizationList=entries))
        produced(ledger)
        assert ledger.waiting(held) is not None
        accepted(ledger, sender.sign(TO))
        assert "used up" in produced(ledger).refused[0][1]
        assert ledger.waiting(held) is None
    with open_ledger(tmp_path / "node", funded_genesis([sender, authority])) as ledger:
        assert ledger.queue_counts() == (0, 0)


def test_a_sender_with_code_pays_once_for_what_it_creates(tmp_path: Path) -> None:
    sender = Wallet(1)
    with open_ledger(tmp_path / "node", funded_genesis([sender])) as ledger:
        creator = sender.next_contract()
        accepted(ledger, sender.sign(data=init_code(CREATOR_CODE)))
        becomes = authorization(sender, 2, creator)
        accepted(ledger, sender.sign(sender.address, type=4, authorizationList=[becomes]))
        assert len(produced(ledger).transactions) == 2
    agreed(tmp_path)


@pytest.mark.parametrize("head", [b"\x00", b"\x03", b"\x05", b"\x7f", b"\xbf"])
def test_an_unknown_type_is_refused(head: bytes) -> None:
    with pytest.raises(TypeNotSupported):
        decode_transaction(head + Wallet(1).sign(TO)[1:])


@pytest.mark.parametrize(("field", "value"), [(1, []), (2, []), (6, []), (8, b""), (8, [[b"", []]])])
def test_what_other_engines_cannot_decode_is_refused(tmp_path: Path, field: int, value: object) -> None:
    raw = Wallet(1).sign(TO)
    parts = rlp.decode(raw[1:], use_list=True)
    parts[field] = value
    with open_ledger(tmp_path) as ledger:
        (refused,) = ledger.accept([raw[:1] + rlp.encode(parts)])
        assert isinstance(refused, Undecodable)


def test_each_canonical_type_is_accepted(tmp_path: Path) -> None:
    sender, lists = Wallet(1), {"accessList": ENTRY}
    with open_ledger(tmp_path / "node") as ledger:
        kinds: list[dict[str, Any]] = [{"gasPrice": 0}, {"type": 1, "gasPrice": 0} | lists, lists]
        accepted(ledger, *(sender.sign(TO, **kind) for kind in kinds))
        assert [transaction.type for transaction in produced(ledger).transactions] == [0, 1, 2]
    agreed(tmp_path)


def test_an_authorization_that_recovers_to_nobody_is_skipped(tmp_path: Path) -> None:
    sender = Wallet(1)
    stranger = Account.from_key(word(99)).sign_authorization(
        {"chainId": sender.chain_id, "address": f"0x{TO.hex()}", "nonce": 0}
    )
    broken = stranger.model_copy(update={"r": 0})
    with open_ledger(tmp_path / "node", funded_genesis([sender])) as ledger:
        accepted(ledger, sender.sign(TO, type=4, gas=GAS, authorizationList=[broken, stranger]))
        assert len(produced(ledger).transactions) == 1
    agreed(tmp_path)
