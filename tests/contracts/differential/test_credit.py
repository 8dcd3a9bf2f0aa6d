"""CreditRegistry against its twin under random acts, amounts and times; each rule refuses by name on both."""

from functools import cache

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test

from contracts.credit import Outcome
from tests.contracts.differential.credit import DAY_SECONDS, SUBJECTS, ZERO, CreditPair

SUBJECT = st.sampled_from(SUBJECTS)
AMOUNTS = st.integers(0, 1_500) | st.sampled_from((800, 1_000, 2**44))
LIMITS = st.sampled_from((0, 500, 1_000, 1_000, 2_000, 2**48 - 1))
OUTCOMES = st.sampled_from((*Outcome, 4))
FACTORS = st.sampled_from((400_000, 900_000, 950_000, 1_000_000, 1_100_000, 1_200_001))
RUNS, STEPS = 40, 50


@cache
def pair() -> CreditPair:
    """One deployment for all runs."""
    return CreditPair()


class CreditMachine(RuleBasedStateMachine):
    """Whatever happens to two subjects' credit."""

    def __init__(self) -> None:
        super().__init__()
        self.pair = pair()
        self.pair.reset()

    @rule(subject=SUBJECT, limit=LIMITS, days=st.sampled_from((1, 40, 180)))
    def the_quorum_publishes(self, subject: str, limit: int, days: int) -> None:
        self.pair.publish(subject, limit, days * DAY_SECONDS)

    @rule(subject=SUBJECT, wrong=st.sampled_from((False, False, True)))
    def a_report_is_revoked(self, subject: str, wrong: bool) -> None:
        self.pair.revoke(subject, ZERO if wrong else self.pair.uid(subject))

    @rule(subject=SUBJECT, amount=AMOUNTS)
    def a_loan_begins(self, subject: str, amount: int) -> None:
        self.pair.reserve(subject, self.pair.uid(subject), amount)

    @rule(subject=SUBJECT, amount=AMOUNTS)
    def a_loan_begins_on_another_report(self, subject: str, amount: int) -> None:
        self.pair.reserve(subject, b"\x01" * 32, amount)

    @rule(subject=SUBJECT, amount=AMOUNTS)
    def a_loan_is_topped_up(self, subject: str, amount: int) -> None:
        self.pair.reserve_more(subject, self.pair.uid(subject), amount)

    @rule(subject=SUBJECT, amount=AMOUNTS, outcome=OUTCOMES)
    def principal_is_given_back(self, subject: str, amount: int, outcome: int) -> None:
        self.pair.release(subject, amount, outcome)

    @rule(subject=SUBJECT, outcome=OUTCOMES)
    def a_loan_ends(self, subject: str, outcome: int) -> None:
        credit = self.pair.credits[subject]
        self.pair.release(subject, credit.reserved_minor // max(credit.open_loans, 1), outcome)

    @rule(subject=SUBJECT, amount=st.integers(0, 1_500), outcome=OUTCOMES)
    def a_payment_is_returned(self, subject: str, amount: int, outcome: int) -> None:
        self.pair.restore(subject, amount, outcome)

    @rule(subject=SUBJECT, before=st.integers(0, 5), after=st.integers(0, 5))
    def a_loan_is_later_than_it_was(self, subject: str, before: int, after: int) -> None:
        self.pair.note_arrears(subject, before, after)

    @rule(subject=SUBJECT)
    def a_loan_is_written_off(self, subject: str) -> None:
        self.pair.note_write_off(subject)

    @rule(subject=SUBJECT)
    def anyone_steps(self, subject: str) -> None:
        self.pair.step(subject)

    @rule(subject=SUBJECT, days=st.integers(30, 100))
    def a_limit_rests_and_steps(self, subject: str, days: int) -> None:
        self.pair.wait(days * DAY_SECONDS)
        self.pair.step(subject)

    @rule(days=st.integers(0, 20))
    def time_passes(self, days: int) -> None:
        self.pair.wait(days * DAY_SECONDS)

    @rule(factor=FACTORS)
    def the_market_moves(self, factor: int) -> None:
        self.pair.set_factor(factor)

    @rule(ahead=st.integers(-1, 2))
    def signer_sets_are_revoked(self, ahead: int) -> None:
        self.pair.revoke_sets(self.pair.policy.signer_set + ahead)

    @rule()
    def the_signers_rotate(self) -> None:
        self.pair.rotate()

    @rule(paused=st.booleans())
    def the_book_pauses(self, paused: bool) -> None:
        self.pair.pause(paused)

    @rule(listed=st.booleans())
    def the_book_is_listed_or_unlisted(self, listed: bool) -> None:
        self.pair.list_book(listed)

    @invariant()
    def the_registry_says_what_the_twin_says(self) -> None:
        self.pair.require_same()


def test_the_registry_and_its_twin_agree_on_every_life() -> None:
    checks = settings(
        max_examples=RUNS,
        stateful_step_count=STEPS,
        deadline=None,
        suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much],
    )
    run_state_machine_as_test(CreditMachine, settings=checks)
