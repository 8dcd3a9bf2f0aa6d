"""Scripts of what happened to a loan at Apache Fineract, replayed on the Python twin of LoanBook.

What a LoanBook deliberately does otherwise is recognised from the terms, the product's name and the events before any
figure is compared, and makes a case not supported; a figure that differs without such a reason is a failure.
"""

from scripts.schedule.replay.check import check_replay

__all__ = ["check_replay"]
