"""How large, long and late a schedule may be: the widths of the contract's fields (the twin of its limits)."""

MAX_PERIODS = 480
MAX_PERIOD_MONTHS = 120
MAX_PERIOD_DAYS = 3_660
MAX_DAY = 100_000
"""Of the disbursement: in the year 2243."""
MAX_FIRST_PERIOD_DAYS = 3_660
LAST_DAY = 115_000
"""In the year 2284: nothing is due later."""
MAX_PRINCIPAL_MINOR = 2**44 - 1
MAX_INSTALMENT_MINOR = 2**38 - 1
MAX_ROW_MINOR = 2**39 - 1
"""The most that one row may ask for, principal and interest."""
MAX_RATE_PPM = 2**24 - 1
WESTERNMOST_MINUTES, EASTERNMOST_MINUTES = -12 * 60, 14 * 60
