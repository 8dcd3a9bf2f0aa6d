"""Blocks that py-evm alone would get wrong are right: the execution specs, over their own state, agree on each."""

from pathlib import Path

import pytest
from eth_account import Account

from chain.core.execution import ExecutedBlock
from chain.core.ledger import Ledger
from chain.replay.base import Replay
from chain.replay.pyevm import PyEvmReplay
from chain.replay.specs import SpecsReplay
from tests.chain.support import Wallet, accepted, exported, funded_genesis, open_ledger, word
from tests.chain.test_agree import PristineSpecsReplay, replay_all

ENGINES: list[type[Replay]] = [PyEvmReplay, SpecsReplay, PristineSpecsReplay]
TO = b"\x77" * 20
GAS = 100_000


def produced(ledger: Ledger) -> ExecutedBlock:
    block = ledger.produce(0)
    assert block is not None
    return block


def authorization(of: Wallet, nonce: int) -> object:
    return of.account.sign_authorization({"chainId": of.chain_id, "address": f"0x{TO.hex()}", "nonce": nonce})


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
