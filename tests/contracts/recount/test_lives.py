"""Whatever happens through the contracts recounts clean."""

from hypothesis import HealthCheck, Phase, given, settings

from contracts.typed_data import Cancellation
from scripts.workbench.system import FIRST_DAY, Draft
from tests.contracts.recount.history import History
from tests.contracts.recount.lives import ACTS, ASKS, Ask, do, lend, one_life


@settings(max_examples=30, phases=[Phase.generate], suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(acts=ACTS, first=ASKS, second=ASKS)
def test_every_life_recounts_clean(history: History, acts: list[tuple[str, int, int]], first: Ask, second: Ask) -> None:
    history.reset()
    loans, states = {}, {}
    for number, asked in enumerate((first, second), 1):
        loans[number], states[number] = lend(history, number, asked)
    day = FIRST_DAY
    for nonce, (act, person, wait) in enumerate(acts):
        day += wait
        history.system.at_day(day)
        states[person] = do(history, loans[person], states[person], person, act, wait, nonce)
    findings = history.recount()
    assert findings.differences == []
    assert findings.loans == 2
    assert findings.money_held_minor == findings.money_in_minor - findings.money_out_minor


def test_findings_count_what_happened(history: History) -> None:
    one_life(history)
    findings = history.recount()
    assert findings.clean, findings.differences
    assert (findings.loans, findings.loans_closed, findings.payments, findings.score_reports) == (1, 1, 3, 1)
    assert findings.principal_lent_minor == findings.principal_repaid_minor == 1_000_000
    assert findings.charges_paid_minor > 0
    assert findings.comparisons > 50


def test_what_a_withdrawal_pays_back_is_counted_and_not_as_a_payment(history: History) -> None:
    system, day = history.system, FIRST_DAY + 10
    loan = history.lend(cooling_off_days=14)
    [agreement] = [event.args["agreement"] for event in history.events() if event.name == "LoanOriginated"]
    system.at_day(day)
    system.ordered("cancelBySignature", Cancellation(loan, 1_000_000, 0, system.evm.timestamp + 600), agreement)
    findings = history.recount()
    assert findings.clean, findings.differences
    assert (findings.loans_cancelled, findings.payments) == (1, 0)
    assert findings.principal_repaid_minor == agreement.principal_minor - agreement.upfront_fee_minor
    assert findings.interest_paid_minor == 3_288


def test_loans_of_one_borrower_that_end_together_recount_clean(history: History) -> None:
    """What the borrower's history says after the first is not yet what it says after both."""
    system, day = history.system, FIRST_DAY + 45
    person, due = system.person(), {1: FIRST_DAY + 28, 2: day}
    loans = []
    for salt, first_due_day in due.items():
        draft = Draft(periods=1, period_unit=1, period_length=28, anchor_day=0, first_due_day=first_due_day, salt=salt)
        loans.append(history.lend(1, draft))
        system.allow(loans[-1], 2_000_000, day, person=person)
    system.at_day(day)
    system.send("LoanBook", "collect", loans)
    findings = history.recount()
    assert findings.differences == []
    assert findings.loans_closed == len(loans)
