"""Plumbing that knows no noun: application factory, database, problems, idempotency, sessions, logs."""
