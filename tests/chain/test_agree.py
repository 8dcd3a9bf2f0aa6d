"""py-evm, the execution specs over our state, and the execution specs over their own state find the same ledger."""

from contextlib import nullcontext
from pathlib import Path

import pytest
from ethereum.forks.prague import state as specs_state

from chain.export.read import Export
from chain.replay.base import Replay
from chain.replay.pyevm import PyEvmReplay
from chain.replay.seals import check_seals
from chain.replay.specs import SpecsReplay
from tests.chain.programs import random_chain
from tests.chain.support import Wallet, exported, funded_genesis, grow, open_ledger, word


class PristineSpecsReplay(SpecsReplay):
    """The execution specs with their own, slow state module."""

    engine = "execution specs, their own state"
    new_state = specs_state.State
    state_code = nullcontext


def replay_all(replay: Replay) -> None:
    numbers = [progress.block for progress in replay.run()]
    assert numbers == list(range(1, replay.export.manifest.head_number + 1))


@pytest.fixture(scope="module")
def random_export(tmp_path_factory: pytest.TempPathFactory) -> Export:
    folder = tmp_path_factory.mktemp("random")
    with open_ledger(folder / "node", funded_genesis([Wallet(1), Wallet(2)])) as ledger:
        random_chain(ledger, seed=21, blocks=12, per_block=8)
    return exported(folder / "node", folder / "export")


@pytest.mark.parametrize("replay", [PyEvmReplay, SpecsReplay, PristineSpecsReplay])
def test_a_random_chain_replays(random_export: Export, replay: type[Replay]) -> None:
    replay_all(replay(random_export))


def test_the_random_chain_is_not_trivial(random_export: Export) -> None:
    replay = PyEvmReplay(random_export)
    replay_all(replay)
    assert replay.result.transactions == 96
    assert len(list(replay.result.logs())) > 5


@pytest.mark.parametrize("replay", [PyEvmReplay, SpecsReplay])
def test_a_replayed_ledger_answers_calls(tmp_path: Path, replay: type[Replay]) -> None:
    with open_ledger(tmp_path / "node") as ledger:
        keeper = grow(ledger, blocks=4)
    done = replay(exported(tmp_path / "node", tmp_path / "export"))
    replay_all(done)
    assert done.result.call(keeper, word(41)) == word(41)
    assert [log.data for log in done.result.logs()] == [word(1), word(2), word(3)]
    assert done.result.call(keeper, word(42)) == word(42)


def test_the_seals_of_an_export_hold(random_export: Export) -> None:
    assert [progress.block for progress in check_seals(random_export)] == list(range(13))
