"""The check itself: what differs is found, said, and cut down to the steps it needs."""

from dataclasses import replace
from random import Random

import pytest

from contracts.loan import LoanState
from tests.contracts.model.act import Scene
from tests.contracts.model.acts.catalogue import CATALOGUE
from tests.contracts.model.checks import Broken
from tests.contracts.model.driver import RunBroken, _require_authorised, run
from tests.contracts.model.model import Model, ModelLoan
from tests.contracts.model.world import World


def test_a_run_repeats_by_its_seed() -> None:
    assert str(run(7, 60)) == str(run(7, 60))


def test_a_wrong_amount_in_the_model_is_found_and_cut_down(monkeypatch: pytest.MonkeyPatch) -> None:
    put = Model.put

    def wrong(model: Model, loan: ModelLoan, state: LoanState) -> None:
        put(model, loan, replace(state, paid_row_minor=state.paid_row_minor + 1))

    monkeypatch.setattr(Model, "put", wrong)
    with pytest.raises(RunBroken, match=r"(?s)seed 3: loan .*again: python -m") as broken:
        run(3, 200)
    steps = str(broken.value).split("\nafter\n")[1].splitlines()[:-1]
    assert 0 < len(steps) <= 8


def test_a_refusal_that_the_model_does_not_expect_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Model, "require_cash", lambda *_: None)
    with pytest.raises(RunBroken, match="refused by: the model says nothing"):
        run(5, 300)


def test_cash_that_falls_without_authority_is_found() -> None:
    world = World.shared()
    scene = Scene(world, world.begin(), Random(1))
    act = CATALOGUE["mint"][1](scene)
    assert act is not None
    before = {world.pool: scene.model.cash[world.pool] + 1}
    with pytest.raises(Broken, match="without its authority"):
        _require_authorised(scene.model, act, before)
