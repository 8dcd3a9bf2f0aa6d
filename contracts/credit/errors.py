"""Why CreditRegistry refuses, under the names of its errors and with their values."""

from typing import Any


class CreditRefused(Exception):
    """The registry would refuse this; `values` as its error carries them."""

    def __init__(self, **values: Any) -> None:
        super().__init__(", ".join(f"{name} {value}" for name, value in values.items()))
        self.values = values


class ReportSuperseded(CreditRefused):
    """The report is not the subject's current one."""


class RevokedReport(CreditRefused):
    """The report was revoked."""


class RevokedSignerSet(CreditRefused):
    """The whole set of signers that signed the report was revoked."""


class ReportExpired(CreditRefused):
    """The report has expired."""


class LimitExceeded(CreditRefused):
    """The principal does not fit into what is left of the limit."""


class ExposureOutOfRange(CreditRefused):
    """There is no more room for open loans or their principal."""


class NotReserved(CreditRefused):
    """More is given back than was reserved."""


class UnknownOutcome(CreditRefused):
    """A loan cannot end like this."""


class WrongBuckets(CreditRefused):
    """Arrears are noted when they rise only."""


class NoReport(CreditRefused):
    """The subject has no report."""


class LimitCoolingDown(CreditRefused):
    """The limit stepped too short a time ago."""
