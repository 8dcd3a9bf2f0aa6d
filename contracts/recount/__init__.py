"""Recounting a ledger from its events by the twin: what an auditor runs."""

from contracts.recount.credit import check_report_signatures
from contracts.recount.findings import Difference, Findings
from contracts.recount.recount import recount
from contracts.recount.views import expected_view

__all__ = ["Difference", "Findings", "check_report_signatures", "expected_view", "recount"]
