"""The contract and its Python twin on random loans: after each act the same state, the same split, the same refusal."""

from dataclasses import dataclass
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from contracts import loan as twin
from contracts.clients.errors import ContractError
from contracts.loan import LoanState
from contracts.typed_data import Agreement, digest
from scripts.workbench.evm import Snapshot
from scripts.workbench.system import FIRST_DAY, Draft, System

WATERFALLS = (0x1234, 0x2134, 0x3412, 0x3421, 0x3124, 0x1342, 0x1324, 0x2341)


@dataclass(frozen=True)
class Step:
    """Some days pass, then something is paid (in parts of a thousand of a measure) or arrears are recorded."""

    days: int
    act: str
    permille: int


STEPS = st.builds(
    Step,
    days=st.integers(0, 75),
    act=st.sampled_from(["instalment", "overdue", "total", "few", "arrears"]),
    permille=st.integers(1, 1_500),
)
DRAFTS = st.builds(
    Draft,
    principal_minor=st.integers(50_000, 5_000_000),
    rate_ppm=st.integers(0, 240_000),
    periods=st.integers(1, 6),
    day_count=st.integers(0, 2),
    upfront_fee_minor=st.integers(0, 1_000),
    grace_days=st.integers(0, 20),
    late_fee_minor=st.integers(0, 5_000),
    penalty_rate_ppm=st.integers(0, 360_000),
    penalty_max_days=st.integers(0, 120),
    waterfall=st.sampled_from(WATERFALLS),
)


def _view(system: System, loan: bytes) -> dict[str, Any]:
    view = system.loan(loan)
    names = ("status", "row", "balance_minor", "paid_row_minor", "late_fee_due_minor", "penalty_due_minor", "bucket")
    found = {name: view[name] for name in names}
    return found | {"outstanding": view["outstanding_principal_minor"], "next_due_day": view["next_due_day"]}


def _state(state: LoanState) -> dict[str, Any]:
    return {
        "status": state.status,
        "row": state.row,
        "balance_minor": state.balance_minor,
        "paid_row_minor": state.paid_row_minor,
        "late_fee_due_minor": state.late_fee_due_minor,
        "penalty_due_minor": state.penalty_due_minor,
        "bucket": state.bucket,
        "outstanding": state.outstanding_principal_minor,
        "next_due_day": 0 if state.rows_done else state.open_row.due_day,
    }


def _owed(system: System, loan: bytes, day: int) -> twin.Owed:
    return twin.Owed(**system.read("LoanBook", "owed", loan, day))


def _amount(step: Step, agreement: Agreement, owed: twin.Owed) -> int:
    measures = {"instalment": agreement.instalment_minor, "overdue": owed.overdue_minor, "total": owed.total_minor}
    return max(1, measures.get(step.act, 1_000) * step.permille // 1_000)


def _pay(system: System, loan: bytes, amount: int) -> dict[str, Any]:
    receipt = system.send("LoanBook", "repay", loan, amount, sender=system.person().subject)
    return dict(system.events(receipt))["PaymentApplied"]


def _compare_payment(system: System, loan: bytes, state: LoanState, amount: int, day: int) -> LoanState:
    try:
        after, expected = twin.apply_payment(state, amount, day)
    except twin.Overpayment as refusal:
        error = _refusal(lambda: _pay(system, loan, amount))
        assert (error.name, error.values["owed_minor"]) == ("Overpayment", refusal.owed_minor)
        return state
    paid = _pay(system, loan, amount)
    split = twin.Allocation(*(paid[f"{part}_minor"] for part in ("late_fee", "penalty", "interest", "principal")))
    assert (split, paid["day"]) == (expected, day)
    return after


def _compare_arrears(system: System, loan: bytes, state: LoanState, day: int) -> LoanState:
    try:
        after, days = twin.record_arrears(state, day)
    except twin.ArrearsUnchanged:
        error = _refusal(lambda: system.send("LoanBook", "recordArrears", loan))
        assert error.name == "ArrearsUnchanged"
        return state
    event = dict(system.events(system.send("LoanBook", "recordArrears", loan)))["ArrearsChanged"]
    assert (event["bucket"], event["days_past_due"]) == (after.bucket, days)
    return after


def _refusal(act: Any) -> ContractError:
    try:
        act()
    except ContractError as error:
        return error
    raise AssertionError("not refused")


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(DRAFTS, st.lists(STEPS, max_size=9))
def test_contract_and_twin_agree(deployed: tuple[System, Snapshot], draft: Draft, steps: list[Step]) -> None:
    system, fresh = deployed
    system.evm.restore(fresh)
    system.people.clear()
    person = system.person()
    system.publish(person.subject)
    agreement = system.agreement(person, draft)
    system.originate(person, agreement)
    system.mint(person.subject, 100_000_000)
    loan, state, day = digest(agreement, system.domain("LoanBook")), twin.originate(agreement), FIRST_DAY
    for step in steps:
        day += step.days
        system.at_day(day) if step.days else None
        assert _owed(system, loan, day) == twin.owed(state, day)
        if step.act == "arrears":
            state = _compare_arrears(system, loan, state, day)
        else:
            state = _compare_payment(system, loan, state, _amount(step, agreement, twin.owed(state, day)), day)
        assert _view(system, loan) == _state(state)
        assert (
            system.read("LoanBook", "position", agreement.lender)["outstanding_minor"]
            == state.outstanding_principal_minor
        )
        if state.status is twin.LoanStatus.CLOSED:
            assert system.read("LoanBook", "exposure", person.subject)["open_loans"] == 0
            break
