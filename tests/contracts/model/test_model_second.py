"""Runs 26 to 50 of the stateful check; in a file of their own, so that a second process can make them."""

from tests.contracts.model.made import RUNS, check_runs


def test_contracts_and_model_agree_after_every_step_of_the_second_runs() -> None:
    check_runs(1 + RUNS)
