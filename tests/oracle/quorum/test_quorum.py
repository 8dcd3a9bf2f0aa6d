"""Three of four signers make a report; fewer make none; nobody makes two. All in real processes."""

import sqlite3
from dataclasses import replace
from typing import Any

import httpx
import pytest

from contracts.typed_data import recover_digest
from oracle.attest import Evaluation, Evaluator, Packet
from oracle.attest.history import read_history
from oracle.canonical import commitment
from oracle.features import LedgerFeatures
from scripts.demo.bank import Calendar
from tests.oracle.quorum.panel import Panel, Person, other_policy, until
from tests.oracle.shipped import model, policy

pytestmark = pytest.mark.processes

UNREACHABLE_LEDGER = "http://127.0.0.1:1"


def evaluate(panel: Panel, packet: Packet) -> Evaluation:
    """What an honest signer makes of the packet at the head."""
    head = panel.ledger.head()
    return Evaluator(panel.ledger, model(), policy()).evaluate(packet, head.number, head.hash)


def ask_signer(panel: Panel, packet: Packet, evaluation: Evaluation, name: str = "signer-1") -> tuple[int, Any]:
    """Ask one signer to sign one report, as the publisher would."""
    body = {"packet": packet.to_json(), "report": evaluation.report.message()}
    response = panel.post(name, "/v1/reports", body)
    return response.status_code, response.json()


def test_a_report_reaches_the_ledger_as_decided(panel: Panel) -> None:
    person = panel.register()
    packet = panel.packet(person)
    found = panel.published(panel.ask(packet))
    (event,) = panel.reports(person.subject)
    report, decision = event.args["report"], found["decision"]
    assert report.message() == found["report"]
    assert "0x" + event.args["uid"].hex() == found["uid"]
    assert len(event.args["signers"]) == 3 and found["dissent"] == []
    assert (report.score, report.limit_minor) == (decision["score"], decision["limit_minor"])
    assert panel.ledger.credit_registry.require_current(person.subject, event.args["uid"]) == report.limit_minor
    opened = {name: decision[name] for name in ("pd_ppm", "band", "reasons")}
    assert report.reasons_commitment == commitment(bytes.fromhex(decision["reasons_salt"][2:]), opened)


def test_a_decline_is_on_the_ledger_too_with_limit_zero(panel: Panel) -> None:
    person = panel.register()
    good = panel.packet(person)
    weak = {**good.features, "checking_account": "overdrawn", "credit_history": "all_paid_here", "savings": "below_100"}
    packet = panel.packet_with(person, weak)
    found = panel.published(panel.ask(packet))
    assert not found["decision"]["approved"] and found["decision"]["reasons"]
    assert panel.ledger.credit_registry.current(person.subject).limit_minor == 0


def test_with_one_signer_down_the_report_is_published_and_the_signer_named(panel: Panel) -> None:
    panel.kill("signer-4")
    found = panel.published(panel.ask(panel.packet(panel.register())))
    assert len(found["signers"]) == 3
    (dissent,) = found["dissent"]
    assert dissent["url"] == panel.plan.signer_url(4)
    assert dissent["type"] == "/problems/signer-unreachable"
    assert panel.plan.signer_url(4) in panel.log_of("publisher")


def test_a_signer_that_decides_by_another_policy_is_named_and_not_needed(panel: Panel) -> None:
    panel.kill("signer-2")
    panel.start_signer(2, "--policy", str(other_policy(panel.folder)))
    found = panel.published(panel.ask(panel.packet(panel.register())))
    panel.kill("signer-2")
    (dissent,) = found["dissent"]
    assert (dissent["url"], dissent["type"]) == (panel.plan.signer_url(2), "/problems/signer-disagrees")
    assert dissent["fields"] == ["policyHash"]
    assert dissent["report"]["policyHash"] != found["report"]["policyHash"]
    assert dissent["signer"] not in found["signers"]


def test_with_two_signers_down_nothing_is_published_until_one_returns(panel: Panel) -> None:
    person = panel.register()
    panel.kill("signer-3")
    panel.kill("signer-4")
    request = panel.ask(panel.packet(person))
    waiting = until(lambda: (found := panel.status(request))["error"] and found, "the request to say what it waits for")
    assert (waiting["status"], waiting["error"]["type"]) == ("pending", "/problems/too-few-signatures")
    assert {entry["url"] for entry in waiting["dissent"]} == {panel.plan.signer_url(3), panel.plan.signer_url(4)}
    assert panel.reports(person.subject) == []
    panel.start_signer(3)
    assert panel.published(request)["error"] is None
    assert len(panel.reports(person.subject)) == 1


def test_a_request_whose_deadline_passes_without_a_quorum_fails(panel: Panel) -> None:
    person = panel.register()
    panel.kill("signer-3")
    panel.kill("signer-4")
    request = panel.ask(panel.packet(person, deadline=panel.ledger.pending_timestamp() + 2))
    assert failure(panel, request)["type"] in {"/problems/too-few-signatures", "/problems/request-expired"}
    assert panel.reports(person.subject) == []


@pytest.mark.parametrize("stage", ["received", "proposed", "sending"])
def test_a_publisher_killed_at_any_stage_publishes_exactly_once(panel: Panel, stage: str) -> None:
    person = panel.register()
    order = ["received", "proposed", "sending", "published"]
    request = panel.ask(panel.packet(person))
    until(lambda: order.index(_stage(panel, request)) >= order.index(stage), f"stage {stage}")
    panel.kill("publisher")
    panel.start_publisher()
    found = panel.published(request)
    (event,) = panel.reports(person.subject)
    assert (found["tx_hash"], found["report"]["sequence"]) == ("0x" + event.tx_hash.hex(), 1)


def test_a_stopped_ledger_delays_a_request_and_loses_nothing(panel: Panel) -> None:
    person = panel.register()
    packet = panel.packet(person)
    panel.kill("node")
    request = panel.ask(packet)
    waiting = until(lambda: (found := panel.status(request))["error"] and found, "the request to say what it waits for")
    assert (waiting["status"], waiting["error"]["type"]) == ("pending", "/problems/ledger-unavailable")
    assert waiting["error"]["url"] == panel.plan.rpc_url
    panel.start(panel.plan.node())
    panel.published(request)
    assert len(panel.reports(person.subject)) == 1


def test_the_same_request_again_changes_nothing_and_its_signature_serves_once(panel: Panel) -> None:
    packet = panel.packet(panel.register())
    first = panel.published(panel.ask(packet, "first"))
    assert panel.ask(packet, "first") == "first"
    assert panel.status("first") == first
    other = panel.post("publisher", "/v1/requests", {"id": "second", "packet": packet.to_json()})
    assert (other.status_code, other.json()["type"]) == (409, "/problems/request-already-used")
    changed = panel.post(
        "publisher", "/v1/requests", {"id": "first", "packet": panel.packet(panel.register()).to_json()}
    )
    assert (changed.status_code, changed.json()["type"]) == (409, "/problems/request-conflict")


def test_two_requests_of_one_subject_become_two_reports_in_order(panel: Panel) -> None:
    person = panel.register()
    one, two = panel.ask(panel.packet(person)), panel.ask(panel.packet(person))
    sequences = [panel.published(request)["report"]["sequence"] for request in (one, two)]
    assert sequences == [1, 2]


def test_a_signer_never_signs_a_second_report_of_a_sequence_not_even_after_a_crash(panel: Panel) -> None:
    person = panel.register()
    packet = panel.packet(person)
    first = evaluate(panel, packet)
    status, signed = ask_signer(panel, packet, first)
    assert status == 200
    assert recover_digest(first.digest, bytes.fromhex(signed["signature"][2:])) == signed["signer"]
    panel.register()  # one more block
    second = evaluate(panel, packet)
    assert second.report.sequence == first.report.sequence and second.digest != first.digest
    panel.kill("signer-1")
    panel.start_signer(1)
    status, refused = ask_signer(panel, packet, second)
    assert (status, refused["type"]) == (409, "/problems/already-signed")
    assert refused["signed"] == "0x" + first.digest.hex()
    assert ask_signer(panel, packet, first) == (200, signed)


def refused_packets(panel: Panel, person: Person) -> dict[str, Packet]:
    """Packets that nobody may sign a report for, by the problem each must meet."""
    good = panel.packet(person)
    stranger = panel.register()
    return {
        "subject-signature-invalid": replace(good, signer=stranger.signer),
        "commitment-mismatch": replace(good, features={**good.features, "savings": "at_least_1000"}),
        "request-expired": panel.packet(person, deadline=panel.ledger.pending_timestamp() - 1),
        "wrong-product": panel.packet(person, product_id=bytes(32)),
        "request-outside-product": panel.packet(person, amount_minor=policy().amount_minor.maximum + 1),
        "unknown-feature": panel.packet_with(person, {**good.features, "shoe_size": 42}),
        "feature-not-for-decisions": panel.packet_with(person, {**good.features, "age_years": 42}),
        "feature-missing": panel.packet_with(person, {"housing": "own"}),
    }


def test_signers_and_publisher_refuse_what_may_not_be_scored_each_with_its_problem(panel: Panel) -> None:
    person = panel.register()
    report = evaluate(panel, panel.packet(person))
    for slug, packet in refused_packets(panel, person).items():
        status, problem = ask_signer(panel, packet, report)
        assert (status, problem["type"]) == (422, f"/problems/{slug}"), slug
        answer = panel.post("publisher", "/v1/requests", {"id": slug, "packet": packet.to_json()})
        problem = failure(panel, slug) if answer.status_code == 202 else answer.json()
        assert problem["type"] == f"/problems/{slug}"
    assert panel.reports(person.subject) == []


@pytest.mark.parametrize("field", ["score", "limit_minor", "expires_at", "sequence", "signer_set", "model_hash"])
def test_a_report_changed_in_any_field_is_answered_with_the_signers_own(panel: Panel, field: str) -> None:
    packet = panel.packet(panel.register())
    honest = evaluate(panel, packet)
    value = getattr(honest.report, field)
    changes: dict[str, Any] = {field: bytes(32) if isinstance(value, bytes) else value + 1}
    wrong = replace(honest.report, **changes)
    status, problem = ask_signer(panel, packet, replace(honest, report=wrong))
    assert (status, problem["type"]) == (409, "/problems/signer-disagrees")
    assert problem["report"] == honest.report.message()


def test_a_report_on_a_block_the_ledger_does_not_have_is_refused(panel: Panel) -> None:
    packet = panel.packet(panel.register())
    honest = evaluate(panel, packet)
    other_ledger = replace(honest.report, block_hash=bytes(32))
    future = replace(honest.report, block_number=honest.report.block_number + 1000)
    for report in (other_ledger, future):
        status, problem = ask_signer(panel, packet, replace(honest, report=report))
        assert (status, problem["type"]) == (409, "/problems/block-unknown")


def test_a_signer_without_its_ledger_says_so_and_names_the_url(panel: Panel) -> None:
    packet = panel.packet(panel.register())
    honest = evaluate(panel, packet)
    panel.kill("signer-4")
    panel.start_signer(4, "--rpc", UNREACHABLE_LEDGER)
    status, problem = ask_signer(panel, packet, honest, "signer-4")
    panel.kill("signer-4")
    assert (status, problem["type"], problem["url"]) == (503, "/problems/ledger-unavailable", UNREACHABLE_LEDGER)


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ("", 400),
        ("[]", 400),
        ("{", 400),
        ('{"packet": 1}', 400),
        ('{"packet": 1, "report": {}}', 400),
        ("x" * 70_000, 413),
    ],
)
def test_a_body_that_cannot_be_read_is_a_problem_not_a_crash(panel: Panel, body: str, status: int) -> None:
    answer = httpx.post(panel.plan.signer_url(1) + "/v1/reports", content=body)
    assert answer.status_code == status
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["status"] == status


def test_a_subjects_own_arrears_on_the_ledger_decline_the_next_request(panel: Panel) -> None:
    person = panel.register()
    loan = panel.lend(person, panel.published(panel.ask(panel.packet(person))))
    ledger = panel.ledger
    principal = ledger.loan_book.loan(loan).principal_minor
    assert read_history(ledger, person.subject, ledger.head()) == LedgerFeatures(1, principal)
    Calendar(panel.plan.rpc_url).go_to(ledger.loan_book.loan(loan).next_due_day + 45)
    late = LedgerFeatures(1, principal, worst_bucket=2, worst_bucket_ever=2)
    assert read_history(ledger, person.subject, ledger.head()) == late
    panel.send("relayer", f"arrears/{loan.hex()}", ledger.loan_book.record_arrears_call(loan))
    assert read_history(ledger, person.subject, ledger.head()) == late
    declined = panel.published(panel.ask(panel.packet(person)))
    assert (declined["decision"]["limit_minor"], declined["decision"]["reasons"][0]) == (0, "in_arrears")


def failure(panel: Panel, request: str) -> Any:
    """Wait for a request to fail; why it did."""
    return until(lambda: (f := panel.status(request))["status"] == "failed" and f["error"], f"{request} to fail")


def _stage(panel: Panel, request: str) -> str:
    path = panel.folder / "publisher" / "publisher.db"
    with sqlite3.connect(f"file:{path}?mode=ro", uri=True) as database:
        (stage,) = database.execute("SELECT stage FROM score_requests WHERE id = ?", (request,)).fetchone()
    return str(stage)
