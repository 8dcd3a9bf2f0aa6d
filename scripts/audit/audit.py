"""The audit: `chain` replays, `contracts` recounts, `oracle`'s reports are checked for their signatures."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TaskID, TextColumn, TimeElapsedColumn

from scripts.audit.engines import EngineRun, ReplayFailed, replay_both
from scripts.audit.found import ContractNotFound, FoundContracts, find_contracts, transactions
from scripts.audit.recounted import RecountDiffers, check_loans, check_reports, events_of
from scripts.audit.report import Check, Report


@dataclass(frozen=True)
class Anchors:
    """What the auditor knows from elsewhere and the export must say too (None: not known); 0x-hex, small letters."""

    sealer: str | None = None
    genesis_hash: str | None = None


class OtherAnchor(Exception):
    """The export is sound in itself, or not, but it is another ledger's or another operator's."""

    def __init__(self, field: str, expected: str, found: str) -> None:
        super().__init__(f"{field}: you expect {expected}, the export says {found}")
        self.field, self.expected, self.found = field, expected, found


def run_audit(folder: Path, console: Console, anchors: Anchors = Anchors()) -> Report:
    """Make all checks in order; the report is complete only if none failed. Progress goes to `console`."""
    report = Report(str(folder))
    try:
        for check in _checks(folder, console, anchors):
            report.checks.append(check)
    except Refusal as refused:
        report.checks.append(Check(refused.check, False, str(refused)))
        return report
    report.complete = True
    return report


class Refusal(Exception):
    """A check that failed; `check` is its name, the message names what differs."""

    def __init__(self, check: str, reason: Exception) -> None:
        super().__init__(str(reason))
        self.check = check


def _checks(folder: Path, console: Console, anchors: Anchors) -> Iterator[Check]:
    from chain.errors import LedgerError
    from chain.export.read import Export

    export = _attempt("files", lambda: Export(folder), LedgerError)
    yield _files(export)
    yield _attempt("whose ledger", lambda: _whose(export, anchors), OtherAnchor)
    yield _attempt("seals", lambda: _seals(export), LedgerError)
    runs, replayed = _replay(folder, console)
    yield from runs
    found = _attempt("contracts", lambda: find_contracts(export), ContractNotFound)
    yield _contracts(found)
    book = found.book
    events = events_of(export, replayed, book)
    inputs = {transaction.hash: bytes(transaction.evm.data) for transaction, _ in transactions(export)}
    yield _attempt("score reports", lambda: check_reports(events, inputs, book), RecountDiffers)
    yield _attempt("loans and cash", lambda: check_loans(events, replayed, book), RecountDiffers)


def _attempt(name: str, work: Callable[[], Any], *refusals: type[Exception]) -> Any:
    try:
        return work()
    except refusals as reason:
        raise Refusal(name, reason) from reason


def _files(export: Any) -> Check:
    manifest = export.manifest
    detail = f"chain {manifest.chain_id}, blocks 0 to {manifest.head_number}, {manifest.transactions} transactions"
    figures = {"blocks": manifest.head_number, "transactions": manifest.transactions}
    return Check("files", True, f"{detail}; every file is the one the manifest names", figures)


def _whose(export: Any, anchors: Anchors) -> Check:
    """What the whole audit rests on; the seals and the replays show afterwards that the manifest tells it truly."""
    said = {"genesis_hash": export.manifest.genesis_hash, "sealer": export.manifest.sealer}
    lines = []
    for name, field in (("genesis_hash", "genesis block"), ("sealer", "sealer")):
        expected: str | None = getattr(anchors, name)
        if expected is not None and expected != said[name]:
            raise OtherAnchor(field, expected, said[name])
        known = "as you expect" if expected is not None else f"taken from the export; {_advice(name, said[name])}"
        lines.append(f"{field} {said[name]}, {known}")
    lines.append(f"head block {export.manifest.head_number} {export.manifest.head_hash}")
    return Check("whose ledger", True, "\n           ".join(lines), said | {"head_hash": export.manifest.head_hash})


def _advice(name: str, said: str) -> str:
    from chain.devnet import DEVNET_CHAIN_ID
    from chain.seals.keys import load_sealer

    if name == "sealer" and said == f"0x{load_sealer(None, DEVNET_CHAIN_ID).address.hex()}":
        return "the devnet's public key: anybody can seal with it"
    return "compare it with what the operator published"


def _seals(export: Any) -> Check:
    from chain.replay.seals import check_seals

    count = sum(1 for _ in check_seals(export))
    return Check("seals", True, f"{count} blocks sealed by {export.manifest.sealer}, one tree head over all")


def _contracts(found: FoundContracts) -> Check:
    told = f"{len(found.book.contracts)} contracts, each the code this repository compiles"
    if found.copies:
        told += f"; later copies, which are no part of it: {', '.join(found.copies)}"
    return Check("contracts", True, told, {"contracts": dict(found.book.contracts), "copies": list(found.copies)})


def _replay(folder: Path, console: Console) -> tuple[list[Check], Any]:
    columns = (TextColumn("replay in {task.description:<16}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=console) as progress:
        tasks: dict[str, TaskID] = {}

        def tell(engine: str, block: int, head: int) -> None:
            if engine not in tasks:
                tasks[engine] = progress.add_task(engine, total=head)
            progress.update(tasks[engine], completed=block)

        try:
            mine, theirs, replayed = replay_both(folder, tell)
        except ReplayFailed as failed:
            raise Refusal(f"replay in {failed.engine}", failed) from failed
    own = "every state, transaction and receipt root recomputed and equal"
    specs = f"{own} (fork rules and EVM are theirs, unmodified; the state trie is ours)"
    return [_engine_check(mine, own), _engine_check(theirs, specs)], replayed


def _engine_check(run: EngineRun, whose: str) -> Check:
    detail = f"{run.transactions} transactions in {run.seconds:.1f} s ({run.rate:.0f}/s); {whose}"
    figures = {"transactions": run.transactions, "seconds": round(run.seconds, 2), "per_second": round(run.rate, 1)}
    return Check(f"replay in {run.engine}", True, detail, figures)
