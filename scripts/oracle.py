"""`tally oracle`: train and evaluate the scorecard; run a signer or the publisher."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from starlette.applications import Starlette

    from oracle.attest import Evaluator

ORACLE = Path(__file__).resolve().parents[1] / "oracle"
MODEL = ORACLE / "models" / "german_credit"
POLICY = ORACLE / "policies" / "consumer-instalment.json"

existing_file = click.Path(exists=True, dir_okay=False, path_type=Path)
folder = click.Path(file_okay=False, path_type=Path)


@click.group()
def command() -> None:
    """Risk: model training, score signers and the publisher."""


@command.command()
@click.option("--data", required=True, type=existing_file, help="German credit rows, a gzipped CSV.")
@click.option("--folds", required=True, type=existing_file, help="The fold of each row, a gzipped CSV.")
@click.option("--out", default=MODEL, type=folder, help="Folder for model.json and training.json.")
@click.option("--json", "as_json", is_flag=True, help="Print training.json on stdout.")
def train(data: Path, folds: Path, out: Path, as_json: bool) -> None:
    """Train the scorecard on all folds but the held-back one and write it down with its measures."""
    import warnings

    warnings.filterwarnings("ignore", category=FutureWarning)
    from oracle.features.german_credit import read_rows, trained
    from oracle.models import Scorecard
    from oracle.models.dossier import MODEL_NAME, dossier
    from oracle.models.training import train as fit

    rows = read_rows(data, folds)
    click.echo(f"training on {len(trained(rows))} of {len(rows)} rows", err=True)
    document = fit(trained(rows), MODEL_NAME)
    record = dossier(Scorecard(document), rows, data, folds)
    out.mkdir(parents=True, exist_ok=True)
    _write(out / "model.json", document)
    _write(out / "training.json", record)
    measured = record["held_back"]
    click.echo(f"wrote {out}: held-back AUC {measured['auc']}, KS {measured['ks']}", err=True)
    if as_json:
        click.echo(json.dumps(record, ensure_ascii=False))


@command.command()
@click.option("--data", required=True, type=existing_file, help="German credit rows, a gzipped CSV.")
@click.option("--folds", required=True, type=existing_file, help="The fold of each row, a gzipped CSV.")
@click.option("--model", default=MODEL, type=click.Path(exists=True, path_type=Path), help="Model folder or file.")
@click.option("--policy", default=POLICY, type=existing_file, help="Policy file, for the approval shares.")
@click.option("--cross-validate/--no-cross-validate", default=True, help="Also re-train without each fold.")
@click.option("--json", "as_json", is_flag=True, help="On one line.")
def evaluate(data: Path, folds: Path, model: Path, policy: Path, cross_validate: bool, as_json: bool) -> None:
    """AUC, KS, Brier score, calibration and fairness of a model, as JSON."""
    import warnings

    warnings.filterwarnings("ignore", category=FutureWarning)
    from oracle.decision.evaluation import evaluation
    from oracle.features.german_credit import read_rows
    from oracle.models import Scorecard
    from oracle.policy import Policy

    rows = read_rows(data, folds)
    report = evaluation(Scorecard.load(model), Policy.load(policy), rows)
    if cross_validate:
        from oracle.models.dossier import cross_validation

        report["cross_validation"] = cross_validation(rows)
    click.echo(json.dumps(report, ensure_ascii=False, indent=None if as_json else 2))


@command.command()
@click.option("--data", required=True, type=existing_file, help="German credit rows, a gzipped CSV.")
@click.option("--folds", required=True, type=existing_file, help="The fold of each row, a gzipped CSV.")
@click.option("--count", default=20, show_default=True, help="How many rows.")
@click.option("--decisions/--no-decisions", default=False, help="With the decision of the shipped model and policy.")
@click.option("--out", required=True, type=click.Path(dir_okay=False, path_type=Path), help="The file to write.")
def distil(data: Path, folds: Path, count: int, decisions: bool, out: Path) -> None:
    """Write the first held-back rows as applicants in the oracle's own codes."""
    from oracle.decision.applicants import applicants, with_decisions
    from oracle.features.german_credit import read_rows
    from oracle.models import Scorecard
    from oracle.policy import Policy

    rows = read_rows(data, folds)
    document = applicants(rows, count)
    if decisions:
        document = with_decisions(document, rows, Scorecard.load(MODEL), Policy.load(POLICY))
    _write(out, document)
    click.echo(f"wrote {len(document['applicants'])} applicants to {out}", err=True)


def ledger_options(function: Callable[..., None]) -> Callable[..., None]:
    """What signer and publisher have in common."""
    options = (
        click.option("--data", required=True, type=folder, help="The process's own folder."),
        click.option("--rpc", required=True, help="JSON-RPC URL of the ledger."),
        click.option("--addresses", required=True, type=existing_file, help="Address book written by tally deploy."),
        click.option(
            "--model", default=MODEL, type=click.Path(exists=True, path_type=Path), help="Model folder or file."
        ),
        click.option("--policy", default=POLICY, type=existing_file, help="Policy file."),
        click.option("--key-file", type=existing_file, help='JSON {"private_key": "0x.."}; on the devnet optional.'),
        click.option("--host", default="127.0.0.1", show_default=True),
        click.option("--port", required=True, type=int),
    )
    for option in reversed(options):
        function = option(function)
    return function


@command.command()
@click.option("--index", required=True, type=click.IntRange(1, 99), help="Which signer: names the devnet key.")
@ledger_options
def signer(
    index: int,
    data: Path,
    rpc: str,
    addresses: Path,
    model: Path,
    policy: Path,
    key_file: Path | None,
    host: str,
    port: int,
) -> None:
    """Evaluate proposed reports independently and sign those that are right."""
    from contracts.keys import load_key
    from oracle.signer import SignedReports, Signer, signer_app

    with _refusals():
        evaluator = _evaluator(rpc, addresses, model, policy)
        account = load_key(f"signer-{index}", key_file, evaluator.ledger.book.chain_id)
        app = signer_app(Signer(evaluator, account, SignedReports(data / "signer.db")))
    _serve(app, host, port)


@command.command()
@click.option("--signer", "signers", required=True, multiple=True, help="URL of a signer; once for each.")
@ledger_options
def publisher(
    signers: tuple[str, ...],
    data: Path,
    rpc: str,
    addresses: Path,
    model: Path,
    policy: Path,
    key_file: Path | None,
    host: str,
    port: int,
) -> None:
    """Collect a quorum of signatures for each request and bring the report to the ledger."""
    from contracts.clients import Rpc
    from contracts.keys import load_key
    from contracts.sender import Sender, durable_engine
    from oracle.publisher import Publisher, RemoteSigner, RequestQueue, SignerPanel, publisher_app

    with _refusals():
        evaluator = _evaluator(rpc, addresses, model, policy)
        account = load_key("publisher", key_file, evaluator.ledger.book.chain_id)
        data.mkdir(parents=True, exist_ok=True)
        engine = durable_engine(f"sqlite:///{data / 'publisher.db'}")
        queue = RequestQueue(engine)
        panel = SignerPanel([RemoteSigner(url) for url in signers])
        app = publisher_app(Publisher(evaluator, queue, panel, Sender(engine, account, Rpc(rpc))))
    _serve(app, host, port)


@contextmanager
def _refusals() -> Iterator[None]:
    """Say in one line why a process does not start."""
    from contracts.clients import UnreadableAddressBook
    from contracts.keys import PublicKeyRefused, UnknownRole, UnreadableKeyFile
    from oracle.problems import OracleError

    try:
        yield
    except (OracleError, UnreadableAddressBook, PublicKeyRefused, UnknownRole, UnreadableKeyFile) as refusal:
        raise click.ClickException(str(refusal)) from refusal


def _evaluator(rpc: str, addresses: Path, model: Path, policy: Path) -> Evaluator:
    from contracts.clients import AddressBook, Ledger
    from oracle.attest import Evaluator
    from oracle.models import Scorecard
    from oracle.policy import Policy

    ledger = Ledger(rpc, AddressBook.load(addresses))
    return Evaluator(ledger, Scorecard.load(model), Policy.load(policy))


def _serve(app: Starlette, host: str, port: int) -> None:
    import uvicorn

    from oracle.logs import log_to_stderr
    from scripts.process import follow_supervisor

    follow_supervisor()
    log_to_stderr()
    click.echo(f"ready: http://{host}:{port}", err=True)
    uvicorn.run(app, host=host, port=port, log_level="warning", access_log=False)


LIST_OF_SCALARS = re.compile(r"\[\s+([^\[\]{}]*?)\s+\]")


def _write(path: Path, document: dict[str, Any]) -> None:
    text = json.dumps(document, ensure_ascii=False, indent=2)
    short = LIST_OF_SCALARS.sub(lambda found: f"[{' '.join(found[1].split())}]", text)
    path.write_text(short + "\n", encoding="utf-8")
