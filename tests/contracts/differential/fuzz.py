"""`make fuzz`: many random agreements on all cores, in batches that each re-run by their own seed."""

import os
import secrets
import sys
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor, as_completed
from typing import TypeVar

import click
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn, TimeRemainingColumn

from scripts.process import PARENT_VARIABLE, follow_supervisor
from tests.contracts.differential.agreement import Disagreement, require_agreement
from tests.contracts.differential.case import Case
from tests.contracts.differential.edges import edges
from tests.contracts.differential.outlaws import outlaws
from tests.contracts.differential.strategies import formulas, perturbed
from tests.contracts.differential.tables import tables
from tests.contracts.differential.walk import Walk, require_same_walk, walks

BATCH = 500
SEEDS = 2**32
ONE_IN_WALKS = 20
EXAMPLES = 200_000

T = TypeVar("T")


def everything() -> st.SearchStrategy[Case]:
    """Any agreement: sound, perturbed, a table, at an edge, or with a number that may not be."""
    return st.one_of(formulas(), formulas(), perturbed(), tables(), edges(), outlaws())


def run_batch(number: int, examples: int) -> str | None:
    """What a batch found, shrunk; None when all agree. One in twenty is a loan paid row by row."""
    try:
        _repeated(everything(), require_agreement, number, examples)
        _repeated(walks(), require_same_walk, number, -(-examples // ONE_IN_WALKS))
    except Exception as found:  # what breaks an implementation is a finding as well
        notes = [] if isinstance(found, Disagreement) else [repr(found), *getattr(found, "__notes__", [])]
        return "\n".join([str(found), *notes, f"whole batch: make fuzz SEED={number} EXAMPLES={examples}"])
    return None


def _repeated(strategy: st.SearchStrategy[T], act: Callable[[T], object], number: int, examples: int) -> None:
    @seed(number)
    @settings(
        max_examples=examples,
        database=None,
        deadline=None,
        phases=(Phase.generate, Phase.shrink),
        suppress_health_check=list(HealthCheck),
        report_multiple_bugs=False,
        print_blob=False,
    )
    @given(strategy)
    def repeat(drawn: T) -> None:
        act(drawn)

    repeat()


def fuzz(first_seed: int, examples: int, jobs: int) -> str | None:
    """Run batches on so many processes until one finds a disagreement; its report, or None."""
    console = Console(stderr=True)
    console.print(f"seed {first_seed}, {examples:,} examples, {jobs} processes")
    batches = [(first_seed + nr, min(BATCH, examples - nr * BATCH)) for nr in range(-(-examples // BATCH))]
    columns = (TextColumn("agreements"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn(), TimeRemainingColumn())
    os.environ[PARENT_VARIABLE] = str(os.getpid())
    pool = ProcessPoolExecutor(jobs, initializer=follow_supervisor)
    with Progress(*columns, console=console) as progress, pool:
        done = progress.add_task("agreements", total=examples)
        sizes = {pool.submit(run_batch, *batch): batch[1] for batch in batches}
        for batch in as_completed(sizes):
            found = batch.result()
            if found is not None:
                pool.shutdown(cancel_futures=True)
                return found
            progress.advance(done, sizes[batch])
    return None


def replay(case: Case) -> str | None:
    """Compare one case, and pay it row by row where there can be a loan; what it found, or None."""
    try:
        click.echo(f"{case}\n{require_agreement(case)}")
        require_same_walk(Walk(case, tuple(range(case.periods))))
    except Disagreement as found:
        return str(found)
    return None


@click.command()
@click.option("--seed", "first_seed", type=int, help="Seed of the first batch; a random one is printed.")
@click.option("--examples", type=click.IntRange(1), default=EXAMPLES, show_default=True)
@click.option("--jobs", type=click.IntRange(1), default=os.cpu_count() or 1, show_default=True)
@click.option("--case", "case", help="Compare this one case, as a report prints it.")
def main(first_seed: int | None, examples: int, jobs: int, case: str | None) -> None:
    """Compare the schedules of the contract, the Python twin and the TypeScript twin on random agreements."""
    if case:
        found = replay(Case.from_json(case))
    else:
        found = fuzz(secrets.randbelow(SEEDS) if first_seed is None else first_seed, examples, jobs)
    if found is not None:
        click.echo(found, err=True)
        sys.exit(1)
    click.echo("Solidity, Python and TypeScript agree")


if __name__ == "__main__":
    main()
