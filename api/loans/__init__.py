"""Loans as the ledger has them, with schedule, payments and arrears."""
