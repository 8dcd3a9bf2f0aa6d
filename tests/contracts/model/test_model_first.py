"""Runs 1 to 25 of the stateful check; see test_model_second for the others."""

from tests.contracts.model.made import check_runs


def test_contracts_and_model_agree_after_every_step_of_the_first_runs() -> None:
    check_runs(1)
