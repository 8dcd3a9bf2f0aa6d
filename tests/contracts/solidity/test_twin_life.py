"""The whole life of a loan on contract and twin: random acts, after each the same state or the same refusal."""

from collections.abc import Callable
from dataclasses import dataclass

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from contracts.clients.errors import ContractError
from scripts.workbench.evm import Snapshot
from scripts.workbench.system import Draft, System
from tests.contracts.solidity.test_twin import DRAFTS
from tests.contracts.solidity.twinned import Twinned, entry, month_end

COOLING_OFF_DAYS = 60
MIN_PAUSE_SECONDS = 3_600


@dataclass(frozen=True)
class Step:
    """Some days pass, then something is done with an amount in parts of a thousand of what is owed."""

    days: int
    act: str
    permille: int


def _some(loan: Twinned, step: Step) -> int:
    return max(1, loan.owed.total_minor * step.permille // 1_000) if loan.state.status.is_running else step.permille


def _valued(loan: Twinned, step: Step, number: int) -> None:
    first = max(loan.state.accrued_day, loan.day - 5)
    if first <= loan.day:
        loan.repay_valued(_some(loan, step), first + step.permille % (loan.day - first + 1), number)


def _return(loan: Twinned, step: Step, number: int) -> None:
    made = [index for index in range(number) if entry(index) in loan.splits]
    if made:
        index = made[step.permille % len(made)]
        loan.return_payment(index)
        del loan.splits[entry(index)]


def _cover(loan: Twinned, step: Step, number: int) -> None:
    if loan.system.read("LoanBook", "uncovered", loan.loan)["uncovered_minor"] and not loan.state.covered_minor:
        try:
            loan.call_cover()
        except ContractError as error:
            assert error.name == "NothingCovered", error


def _pause(loan: Twinned, step: Step, number: int) -> None:
    paused = loan.system.read("LoanBook", "stops")["paused_since"]
    if paused and loan.system.evm.timestamp - paused < MIN_PAUSE_SECONDS:
        return
    loan.system.send("LoanBook", "setPaused", not paused, sender=loan.system.role("guardian"))


def _default(loan: Twinned, step: Step, number: int) -> None:
    if not loan.system.read("LoanBook", "stops")["paused_since"]:
        loan.default()


def _amend(loan: Twinned, step: Step, number: int) -> None:
    """What is earned joins the principal, so that there are always terms that fit."""
    owed = loan.system.payoff(loan.loan, loan.day) if loan.state.status.is_running else None
    if not owed or loan.state.accrued_day > loan.day:
        return
    joins = owed["interest_minor"] * min(step.permille, 1_000) // 1_000
    left = owed["principal_minor"] - owed["rebate_minor"] + joins
    if left > 0:
        loan.amend(loan.new_terms(month_end(loan.day), principal_minor=left), capitalised_minor=joins)


ACTS: dict[str, Callable[[Twinned, Step, int], object]] = {
    "repay": lambda loan, step, _: loan.repay(_some(loan, step)),
    "instalment": lambda loan, step, _: loan.repay(loan.agreement.instalment_minor),
    "valued": _valued,
    "return": _return,
    "arrears": lambda loan, step, _: loan.record_arrears(),
    "impair": lambda loan, step, _: loan.impair(loan.agreement.principal_minor * (step.permille % 1_001) // 1_000),
    "default": _default,
    "cover": _cover,
    "write off": lambda loan, step, _: loan.write_off(),
    "settle": lambda loan, step, _: loan.settle(),
    "cancel": lambda loan, step, _: loan.cancel(),
    "pause": _pause,
    "amend": _amend,
}
OFTEN = ("repay", "instalment", "valued", "return", "impair", "default", "cover", "write off", "arrears", "amend")
"""What does not end a loan."""
STEPS = st.builds(
    Step,
    days=st.one_of(st.integers(0, 20), st.integers(80, 130)),
    act=st.sampled_from([*OFTEN, *OFTEN, *OFTEN, *ACTS]),
    permille=st.one_of(st.integers(1, 400), st.integers(1, 1_100)),
)


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(DRAFTS, st.booleans(), st.lists(STEPS, min_size=8, max_size=16))
def test_contract_and_twin_agree_on_a_whole_life(
    deployed: tuple[System, Snapshot], draft: Draft, is_guaranteed: bool, steps: list[Step]
) -> None:
    system, fresh = deployed
    system.evm.restore(fresh)
    system.people.clear()
    loan = Twinned.begun(system, draft, cooling_off_days=COOLING_OFF_DAYS)
    if is_guaranteed:
        loan.guarantee(max(1, draft.principal_minor // 3))
    for number, step in enumerate(steps):
        if step.days:
            loan.go_to(loan.day + step.days)
        try:
            ACTS[step.act](loan, step, number)
        except ContractError:
            loan.check()
