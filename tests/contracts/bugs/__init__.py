"""Bugs that others shipped: the rule that each breaks, and the line that keeps it."""
