"""`tally schedule check` replays scripts on the loan twin, and says of each what it does not do and why."""

import json
import re
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st

from scripts.schedule import command
from scripts.schedule.replay import check_replay
from scripts.schedule.verdict import Status
from tests.public_data import PUBLIC_DATA, needs_public_data
from tests.scripts.schedule.case import Case
from tests.scripts.schedule.replay_case import AMOUNTS, EVENTS, closed, paid, replay, with_events
from tests.scripts.schedule.test_check import JUNK

RECALCULATES = {"interest_recalculation": True}
ADVANCED = {"allocation": "ADVANCED_PAYMENT_ALLOCATION"}
LATER = {"kind": "disburse", "date": "2024-01-01", "amount": "50"}


def _verdict(changed: Case) -> tuple[Status, str]:
    verdict = check_replay(changed)
    return verdict.status, verdict.reason


def test_a_script_passes_when_every_figure_of_every_checkpoint_agrees() -> None:
    verdict = check_replay(replay())
    assert (verdict.status, verdict.reason) == (Status.PASSED, "")
    rows, payout, totals, completed = 4 * 6 * 13, 4 * 5, 4 * 9, 2
    assert (verdict.figures["checkpoints"], verdict.figures["agreed"]) == (4, 4)
    assert verdict.figures["figures"] == rows + payout + totals + completed


FIGURES = [("row", name) for name in ("nr", "days", "date", "balance", "paid_date", *AMOUNTS)]
FIGURES += [("payout", name) for name in ("date", "balance", "fees", "due", "paid")]
FIGURES += [("totals", name) for name in AMOUNTS]


@pytest.mark.parametrize(("place", "name"), FIGURES)
def test_any_other_figure_at_the_last_checkpoint_fails(place: str, name: str) -> None:
    changed = replay()
    last = changed["checkpoints"][-1]
    line = {"row": last["schedule"][1], "payout": last["schedule"][0], "totals": last["totals"]}[place]
    line[name] = {"nr": 9, "days": 30, "date": "2024-01-02", "paid_date": "2024-02-02"}.get(name, "0.03")
    status, reason = _verdict(changed)
    assert (status, f"{name} is" in reason) == (Status.FAILED, True)


@pytest.mark.parametrize(("place", "name"), [figure for figure in FIGURES if figure[1] != "paid_date"])
def test_a_table_that_lacks_a_figure_is_not_said_to_agree(place: str, name: str) -> None:
    changed = replay()
    last = changed["checkpoints"][-1]
    line = {"row": last["schedule"][1], "payout": last["schedule"][0], "totals": last["totals"]}[place]
    del line[name]
    assert _verdict(changed)[0] is not Status.PASSED


def test_a_paid_row_that_is_said_to_be_unpaid_fails_and_so_does_the_reverse() -> None:
    forgotten, invented = replay(), replay()
    del forgotten["checkpoints"][-1]["schedule"][1]["paid_date"]
    invented["checkpoints"][-1]["schedule"][2]["paid_date"] = "2024-03-03"
    assert [_verdict(changed)[0] for changed in (forgotten, invented)] == [Status.FAILED] * 2


def test_what_comes_before_something_unsupported_is_compared_all_the_same() -> None:
    several = replay(events=[*EVENTS, LATER])
    assert _verdict(several) == (Status.UNSUPPORTED, "several disbursements: a loan is paid out once")
    several["checkpoints"][1]["schedule"][3]["interest"] = "0.40"
    assert _verdict(several)[0] is Status.FAILED


def test_an_instalment_too_many_or_too_few_fails() -> None:
    changed = replay()
    del changed["checkpoints"][-1]["schedule"][-1]
    assert _verdict(changed) == (Status.FAILED, "line 7: 6 instalments, the table has 5")


@pytest.mark.parametrize(
    ("changed", "reason"),
    [
        (with_events({"kind": "chargeback"}), "event 'chargeback' is not known"),
        (with_events({"kind": "repay", "date": "1 May", "amount": "1"}), "date '1 May' of an event"),
        (with_events({"kind": "repay", "date": "2024-02-01"}), "an event has no amount"),
        (with_events({"kind": "repay", "date": "2024-02-01", "amount": "1.001"}), "not one in hundredths"),
        (with_events(LATER), "several disbursements"),
        (replay(events=paid("2024-01-01", "5")), "a payment before the payout"),
        (with_events(*paid("2024-02-01", "200")), "overpayment: 9795 minor units more than everything owed"),
        (with_events(*paid("2024-02-01", "17.01", today="2024-02-09")), "another value date: paid 8 days before"),
        (
            with_events(*paid("2024-02-01", "1"), *paid("2024-01-31", "1", today="2024-02-01")),
            "before an earlier payment",
        ),
        (with_events(*paid("2024-02-02", "1", today="2024-02-01")), "another value date: paid -1 days before"),
        (
            replay(events=[{"kind": "today", "date": "2024-01-05"}, EVENTS[1]]),
            "another payout date: 4 days before it is booked",
        ),
        (with_events(*paid("2024-01-20", "5"), settings=RECALCULATES), "principal of row 1 is paid before its due day"),
        (with_events(*closed("2024-02-02"), settings=RECALCULATES), "on an instalment overdue by 1 day"),
        (with_events(*paid("2024-02-03", "17.01"), settings=RECALCULATES), "on an instalment overdue by 2 days"),
        (with_events(*paid("2024-02-01", "5"), terms=ADVANCED), "allocation order: principal before interest"),
        (
            with_events(terms=ADVANCED | {"product": "LAST_INSTALLMENT_STRATEGY"}),
            "allocation order: what is paid in advance goes to the last instalment",
        ),
        (with_events(terms={"allocation": "RBI_INDIA"}), "allocation order: 'RBI_INDIA' is not one that is known"),
        (replay(scenario="Charge-off a loan"), "an act that the script leaves out: the loan is charged off"),
        (replay(scenario="Loan re-aging"), "an act that the script leaves out: the loan is re-aged"),
        (replay(scenario="Re-amortization"), "an act that the script leaves out: the loan is re-amortised"),
        (replay(terms={"charge calculation type": "OVERDUE_FEES"}), "charges: 'OVERDUE_FEES' is none at the payout"),
        (replay(events=[]), "nothing to replay: events is not a list of objects"),
        (replay(checkpoints=None), "nothing to replay: checkpoints is not a list of objects"),
        (replay(events=EVENTS[:4]), "a checkpoint after more events than there are"),
        (replay(settings={"decimals": 3}), "terms: amounts have 3 decimals"),
    ],
)
def test_each_reason_not_to_support_a_script_is_told(changed: Case, reason: str) -> None:
    status, told = _verdict(changed)
    assert status is Status.UNSUPPORTED
    assert reason in told


@pytest.mark.parametrize(
    "supported",
    [
        with_events(*closed("2024-02-02"), settings=RECALCULATES, terms={"product": "NO_CALC_ON_PAST_DUE"}),
        with_events(*closed("2024-02-01"), settings=RECALCULATES),
        with_events(*paid("2024-02-01", "17.01"), settings=RECALCULATES),
        with_events(*paid("2024-01-20", "0.2"), settings=RECALCULATES),
        with_events(*paid("2024-02-01", "17.01"), terms=ADVANCED),
        with_events(*paid("2024-02-01", "5"), terms=ADVANCED | {"product": "PMT_ALLOC_1"}),
        replay(terms=ADVANCED | {"product": "PMT_ALLOC_1"}),
        with_events(*paid("2024-01-05", "102.05"), *closed("2024-01-06")),
        with_events(*paid("2024-02-01", "17.01", today="2024-02-06"), settings=RECALCULATES),
        replay(events=[EVENTS[0], {"kind": "today", "date": "2024-01-03"}, EVENTS[1]], checkpoints=[]),
    ],
)
def test_what_gives_no_occasion_to_differ_is_supported(supported: Case) -> None:
    if not supported["checkpoints"]:
        supported["checkpoints"] = [replay()["checkpoints"][1] | {"after": 3}]
    assert _verdict(supported) == (Status.PASSED, "")


def test_a_charge_at_the_payout_is_due_and_paid_with_it() -> None:
    charged = with_events(terms={"charge calculation type": "LOAN_DISBURSEMENT_CHARGE", "charge amount %": "2"})
    [point] = charged["checkpoints"] = charged["checkpoints"][1:]
    point["schedule"][0] |= {"fees": "2.04", "due": "2.04", "paid": "2.04"}
    point["totals"] |= {"fees": "2.04", "due": "104.09", "paid": "2.04"}
    assert _verdict(charged) == (Status.PASSED, "")
    point["totals"]["paid"] = "0.0"
    assert _verdict(charged)[0] is Status.FAILED
    point["schedule"][0]["fees"] = "3.00"
    assert "shows 300 minor units at the payout" in _verdict(charged)[1]


def test_a_product_may_take_the_down_payment_by_itself() -> None:
    terms: Case = {"annual_rate_percent": "0", "repayments": 3, "product": "LP2_DOWNPAYMENT_AUTO"}
    days = (("2024-01-01", 0), ("2024-02-01", 31), ("2024-03-01", 29), ("2024-04-01", 31))
    rows = [
        {"nr": nr, "days": count, "date": day, "balance": f"{100 - 25 * nr}"}
        | dict(zip(AMOUNTS, ("25", "0", "0", "0", "25", "0", "0", "0", "25"), strict=True))
        for nr, (day, count) in enumerate(days, 1)
    ]
    rows[0] |= {"paid": "25", "outstanding": "0", "paid_date": "2024-01-01"}
    payout = {"date": "2024-01-01", "balance": "100", "fees": "0", "due": "0", "paid": "0"}
    totals = dict(zip(AMOUNTS, ("100", "0", "0", "0", "100", "25", "0", "0", "75"), strict=True))
    point = {"line": 1, "after": 2, "schedule": [payout, *rows], "totals": totals}
    down: Case = {"down_payment_percent": "25"}
    by_itself = replay(terms, down, events=EVENTS[:2], checkpoints=[point])
    assert _verdict(by_itself) == (Status.PASSED, "")
    by_hand = replay(terms | {"product": "LP2_DOWNPAYMENT"}, down, events=EVENTS[:2], checkpoints=[point])
    assert _verdict(by_hand)[0] is Status.FAILED


def test_the_json_has_our_table_of_each_checkpoint_and_the_reasons(tmp_path: Path) -> None:
    file = tmp_path / "replays.json"
    file.write_text(json.dumps({"cases": [replay(), replay(events=[*EVENTS, LATER])]}))
    found = json.loads(CliRunner().invoke(command, ["check", str(file), "--json"]).stdout)
    assert found["reasons"] == {"several disbursements": 1}
    first, second = found["cases"]
    assert list(first) == ["id", "status", "reason", "checkpoints", "agreed", "figures", "tables"]
    assert first["tables"][3]["rows"][1]["late"] == "10.0"
    assert (second["status"], second["agreed"]) == ("unsupported", 4)


def test_reasons_are_counted_in_a_table(tmp_path: Path) -> None:
    file = tmp_path / "replays.json"
    several = replay(events=[*EVENTS, LATER])
    file.write_text(json.dumps({"cases": [several, several, replay(scenario="re-aging"), replay()]}))
    told = CliRunner().invoke(command, ["check", str(file)])
    assert told.exit_code == 0
    assert told.stdout.splitlines()[-6:] == [
        "",
        "not supported                      cases",
        "several disbursements                  2",
        "an act that the script leaves out      1",
        "",
        "1 passed, 0 failed, 3 not supported",
    ]


@given(st.data(), JUNK)
def test_no_value_whatever_stops_a_replay(data: st.DataObject, junk: Any) -> None:
    changed = deepcopy(replay())
    part = data.draw(st.sampled_from(["terms", "settings", "events", "checkpoints", "schedule"]))
    found = changed["checkpoints"][2]["schedule"] if part == "schedule" else changed[part]
    line = data.draw(st.sampled_from(found)) if isinstance(found, list) else found
    line[data.draw(st.sampled_from(sorted(line)))] = junk
    assert check_replay(changed).status in set(Status)
    assert check_replay(replay() | {part: junk}).status in set(Status)


PAGE = (Path(__file__).resolve().parents[3] / "docs" / "concepts" / "schedule.md").read_text()


@needs_public_data
def test_the_public_scripts() -> None:
    file = PUBLIC_DATA / "schedules" / "fineract_replays.json"
    told = CliRunner().invoke(command, ["check", str(file), "--json"])
    assert told.exit_code == 0
    found = json.loads(told.stdout)
    assert (found["passed"], found["failed"], found["unsupported"]) == (14, 0, 50)
    told_there = re.findall(r"^\| ([a-z ]+) \| (\d+) \| .+ \|$", PAGE, re.MULTILINE)
    assert {kind: int(cases) for kind, cases in told_there} == found["reasons"]
    passed = [case for case in found["cases"] if case["status"] == "passed"]
    assert all(case["agreed"] == case["checkpoints"] for case in passed)
    agreed = [sum(case["agreed"] for case in cases) for cases in (found["cases"], passed)]
    assert agreed == [77, 33]
    assert f"Of {len(found['cases'])} scripts {found['passed']} pass and none fails" in PAGE
    assert "77 of 162 checkpoints agree, 33 of them" in PAGE.replace("\n", " ")
