"""Refusals of payments that are the facade's own."""

from dataclasses import dataclass
from typing import Any, ClassVar

from api.kit.problems import Problem


@dataclass
class PaymentUnderWay(Problem):
    """A payment of this loan by a table is not booked yet; it decides which rows the next one must bring."""

    status = 409
    title = "An earlier payment of the loan is still on its way"
    example: ClassVar[dict[str, Any]] = {"payment": "pay_0193b2c4d1e09f3ab1c2d3e4"}
    payment: str
