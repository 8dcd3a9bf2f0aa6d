"""Loan schedules as Apache Fineract draws them, from the terms of its end-to-end tests.

Fineract has two engines. CUMULATIVE computes the instalment once, from a year of equal months, and lets the last
row take what is left. PROGRESSIVE finds the instalment from the periods as they are and levels it. The rules here
follow its sources (LoanApplicationTerms, AbstractCumulativeLoanScheduleGenerator, ProgressiveLoanScheduleGenerator,
ProgressiveEMICalculator; Apache-2.0).
"""

from scripts.schedule.fineract.dates import due_days
from scripts.schedule.fineract.errors import Unsupported
from scripts.schedule.fineract.loan import Loan, Unit, read_loan
from scripts.schedule.fineract.plans import plans
from scripts.schedule.fineract.rows import Instalment, charges_overdue, draw

__all__ = ["Instalment", "Loan", "Unit", "Unsupported", "charges_overdue", "draw", "due_days", "plans", "read_loan"]
