"""The whole system in real processes."""
