"""Payments: the borrower's signed orders, relayed to the ledger."""
