"""Why a case fails."""


class Different(Exception):
    """A figure is not the table's, or the twin refuses what happened."""
