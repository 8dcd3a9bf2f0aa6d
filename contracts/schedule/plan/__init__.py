"""Plans: what a lender can say in JSON, resolved into rows that a LoanBook carries out."""

from contracts.schedule.plan.business_days import BusinessDays, Shift
from contracts.schedule.plan.errors import PlanRefused
from contracts.schedule.plan.parse import parse_plan
from contracts.schedule.plan.plan import Moratorium, Plan, PlannedRow
from contracts.schedule.plan.resolve import resolve
from contracts.schedule.plan.resolved import Line, Resolved
from contracts.schedule.plan.spread import Part, Spread, amounts, unit_instalment

__all__ = [
    "BusinessDays",
    "Line",
    "Moratorium",
    "Part",
    "Plan",
    "PlanRefused",
    "PlannedRow",
    "Resolved",
    "Shift",
    "Spread",
    "amounts",
    "parse_plan",
    "resolve",
    "unit_instalment",
]
