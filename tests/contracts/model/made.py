"""The runs that every test run makes."""

import click

from tests.contracts.model.driver import Tally, run

RUNS, STEPS = 25, 300
"""Of each of the two files."""


def check_runs(first_seed: int) -> None:
    """Make the runs; every kind of act must have been accepted in one of them. Prints what was done."""
    tally = Tally()
    for seed in range(first_seed, first_seed + RUNS):
        tally.add(run(seed, STEPS))
    click.echo(f"seeds {first_seed} to {first_seed + RUNS - 1}: {tally}")
    assert not tally.never_accepted
