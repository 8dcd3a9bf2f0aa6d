"""The shapes a schedule can have."""

from enum import IntEnum


class Method(IntEnum):
    """How principal and interest fall due. The first five are formulas, the last two tables agreed row by row."""

    ANNUITY = 0
    """Equal instalments of principal and interest."""
    EQUAL_PRINCIPAL = 1
    """Equal parts of the principal, and interest on what is left."""
    INTEREST_ONLY = 2
    """Interest, and the whole principal with the last row."""
    BULLET = 3
    """One row."""
    FLAT = 4
    """Equal instalments; interest on the whole principal until the end."""
    CUSTOM = 5
    """A table; interest at most what accrues on the balance."""
    CUSTOM_FLAT = 6
    """A table; interest at most what accrues on the whole principal."""

    @property
    def is_table(self) -> bool:
        """Whether the rows are agreed one by one."""
        return self >= Method.CUSTOM

    @property
    def is_flat(self) -> bool:
        """Whether interest is on the whole principal, however much of it is repaid."""
        return self in {Method.FLAT, Method.CUSTOM_FLAT}

    @property
    def has_instalment(self) -> bool:
        """Whether an agreed instalment determines the rows."""
        return self in {Method.ANNUITY, Method.EQUAL_PRINCIPAL, Method.FLAT}


class PeriodUnit(IntEnum):
    """What the length of a period counts."""

    MONTH = 0
    DAY = 1
