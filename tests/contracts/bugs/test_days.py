"""Bugs of days: when something is due, which period is the last, how long a period is."""

from contracts.schedule import Method
from scripts.workbench.system import FIRST_DAY, Draft, System
from tests.contracts.bugs.lives import lent, next_due_day, repay
from tests.contracts.conftest import Refused

LAST_DAY = 115_000
MONTHS_IN_A_DECADE = 120
THIRTY_360_US = 3
END_OF_FEBRUARY, MARCH_30 = FIRST_DAY + 28, FIRST_DAY + 58


def test_paying_a_day_after_the_start_moves_no_due_day(system: System) -> None:
    loan, agreement = lent(system)
    system.at_day(FIRST_DAY + 1)
    repay(system, loan, 50_000)
    assert next_due_day(system, loan) == agreement.first_due_day
    repay(system, loan, agreement.instalment_minor - 50_000)
    assert next_due_day(system, loan) == agreement.first_due_day + 31


def test_the_last_period_is_the_last_row_whatever_the_day(system: System) -> None:
    loan, agreement = lent(system, periods=3, late_fee_minor=0, penalty_rate_ppm=0)
    repay(system, loan, agreement.instalment_minor)
    half_a_period_before_the_end = FIRST_DAY + 28 + 31 + 15
    system.at_day(half_a_period_before_the_end)
    repay(system, loan, agreement.instalment_minor)
    assert system.loan(loan)["row"] == 2


def test_a_schedule_that_ends_beyond_the_last_day_is_refused(system: System, refused: Refused) -> None:
    terms = Draft(
        method=Method.EQUAL_PRINCIPAL, rate_ppm=0, periods=40, period_length=MONTHS_IN_A_DECADE, instalment_minor=25_000
    )
    endless = system.agreement(system.person(), terms, schedule_root=bytes(32))
    with refused("TermOutOfRange", least=0, most=LAST_DAY):
        system.read("LoanBook", "deriveSchedule", endless)


def test_from_the_end_of_february_to_30_march_is_a_month_of_30_days(system: System) -> None:
    terms = Draft(
        method=Method.BULLET,
        periods=1,
        disbursement_day=END_OF_FEBRUARY,
        first_due_day=MARCH_30,
        anchor_day=30,
        day_count=THIRTY_360_US,
    )
    agreement = system.agreement(system.person(), terms)
    [word] = system.read("LoanBook", "deriveSchedule", agreement)["rows"]
    charged = word % 2**112

    def interest_of(days: int) -> int:
        return agreement.principal_minor * agreement.rate_ppm * days // 360_000_000

    assert charged == interest_of(30)
