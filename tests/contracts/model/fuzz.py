"""`make fuzz`: many runs of the stateful check on all cores; each repeats by its own seed."""

import os
import secrets
import sys
from concurrent.futures import ProcessPoolExecutor, as_completed

import click
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn, TimeRemainingColumn

from scripts.process import PARENT_VARIABLE, follow_supervisor
from tests.contracts.model.driver import RunBroken, Tally, run
from tests.contracts.model.made import STEPS as RUN_STEPS

SEEDS = 2**32
STEPS = 100_000


def try_run(seed: int, steps: int) -> Tally | str:
    """What a run did, or what it found."""
    try:
        return run(seed, steps)
    except RunBroken as broken:
        return str(broken)


def fuzz(first_seed: int, count: int, jobs: int) -> tuple[Tally, list[str]]:
    """So many runs on so many processes; what they did and what they found."""
    console = Console(stderr=True)
    console.print(f"seeds {first_seed} to {first_seed + count - 1}, {RUN_STEPS} steps each, {jobs} processes")
    columns = (TextColumn("runs"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn(), TimeRemainingColumn())
    os.environ[PARENT_VARIABLE] = str(os.getpid())
    tally, found = Tally(), list[str]()
    with (
        Progress(*columns, console=console) as progress,
        ProcessPoolExecutor(jobs, initializer=follow_supervisor) as pool,
    ):
        done = progress.add_task("runs", total=count)
        for one in as_completed([pool.submit(try_run, first_seed + number, RUN_STEPS) for number in range(count)]):
            result = one.result()
            if isinstance(result, str):
                found.append(result)
            else:
                tally.add(result)
            progress.advance(done)
    return tally, found


@click.command()
@click.option("--seed", type=int, help="Seed of the first run; a random one is printed.")
@click.option("--steps", type=click.IntRange(1), default=STEPS, show_default=True)
@click.option("--runs", type=click.IntRange(1), help="So many runs, instead of so many steps.")
@click.option("--jobs", type=click.IntRange(1), default=os.cpu_count() or 1, show_default=True)
def main(seed: int | None, steps: int, runs: int | None, jobs: int) -> None:
    """Drive the contracts and an independent model with random actors, and compare them after each step."""
    first_seed = secrets.randbelow(SEEDS) if seed is None else seed
    tally, found = fuzz(first_seed, runs or -(-steps // RUN_STEPS), jobs)
    for report in found:
        click.echo(report, err=True)
    click.echo(f"{tally}; {len(found)} runs found a difference")
    if found:
        sys.exit(1)


if __name__ == "__main__":
    main()
