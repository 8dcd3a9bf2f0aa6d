"""The root of every refusal of this room; each concrete refusal is its own class and carries its values."""


class LedgerError(Exception):
    """Something the ledger refuses or cannot do; the message is fit to be shown to its operator."""
