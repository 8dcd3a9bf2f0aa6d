"""A loan carried by the twin through everything that the ledger says happened to it. Pure."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import partial
from operator import itemgetter
from typing import Any, Protocol

from api.kit.types import JsonObject
from contracts.loan import (
    Allocation,
    Clock,
    LoanState,
    LoanStatus,
    Stop,
    amend,
    apply_cover,
    apply_payment,
    cancel,
    declare_default,
    originate,
    return_payment,
    settle,
    write_off,
)
from contracts.schedule import Row, day_at, rows_of
from contracts.typed_data import Agreement, Amendment

ANY_AMOUNT = 2**256
"""What an order allowed at most is the contract's to check."""


class Booked(Protocol):
    """A payment as the ledger booked it."""

    @property
    def amount_minor(self) -> int: ...

    @property
    def day(self) -> int: ...

    @property
    def block_number(self) -> int: ...

    @property
    def log_index(self) -> int: ...


class Happened(Protocol):
    """An event beside payments: its name, what it says, when (UTC seconds) and where."""

    @property
    def name(self) -> str: ...

    @property
    def details(self) -> Mapping[str, Any]: ...

    @property
    def happened_at(self) -> int: ...

    @property
    def block_number(self) -> int: ...

    @property
    def log_index(self) -> int: ...


class Life:
    """What a loan is after its events so far.

    `agreement` are the terms in force, `amendment` the last one as signed; `shown` is the state whose rows tell what
    was paid: that before an end which not all rows were paid for. `paid_days` are by row number.
    """

    def __init__(self, agreement: Agreement, table: Sequence[Row]) -> None:
        self.agreement = agreement
        self.state = self.shown = originate(agreement, table)
        self.paid_days: dict[int, int] = {}
        self.amendment: JsonObject | None = None
        self._table: Sequence[Row] = ()
        self._clock = Clock()
        self._last = Allocation()
        self._by_entry: dict[str, Allocation] = {}
        self._takers: dict[str, Callable[[Happened], None]] = {
            "ScheduleTable": self._keep_table,
            "LoanAmended": self._amend,
            "LoanSettled": self._settle,
            "LoanCancelled": self._cancel,
            "LoanUnwound": lambda _: self._end(self.state.ended(LoanStatus.UNWOUND)),
            "LoanDefaulted": self._default,
            "LoanWrittenOff": self._write_off,
            "CoverApplied": lambda act: self._become(apply_cover(self.state, act.details["amount_minor"])),
            "PaymentValued": self._keep_entry,
            "PaymentReturned": self._return,
            "ClockStopped": self._stop,
            "PausedChanged": self._pause,
        }

    def take(self, payments: Iterable[Booked], acts: Iterable[Happened] = ()) -> None:
        """Carry the loan through its payments and acts, in the ledger's order."""
        for _, happen in sorted([*self._payments(payments), *self._acts(acts)], key=itemgetter(0)):
            happen()

    def stops(self, day: int) -> tuple[Stop, ...]:
        """Days of the loan's zone on which clocks stood still; a pause that lasts counts until the day."""
        return self._clock.stops(self.agreement.time_zone_minutes, day)

    def _payments(self, payments: Iterable[Booked]) -> Iterator[tuple[tuple[int, int], Callable[[], None]]]:
        for payment in payments:
            yield (payment.block_number, payment.log_index), partial(self._pay, payment)

    def _acts(self, acts: Iterable[Happened]) -> Iterator[tuple[tuple[int, int], Callable[[], None]]]:
        for act in acts:
            yield (act.block_number, act.log_index), partial(self._takers[act.name], act)

    def _pay(self, payment: Booked) -> None:
        before = self.state.row
        after, self._last = apply_payment(self.state, payment.amount_minor, payment.day, self.stops(payment.day))
        self.paid_days |= dict.fromkeys(range(before + 1, after.row + 1), payment.day)
        self._become(after)

    def _become(self, state: LoanState) -> None:
        self.state = self.shown = state

    def _end(self, state: LoanState) -> None:
        """The rows show what was paid of them before; what is left of them is not due any more."""
        self.state = state

    def _day(self, act: Happened) -> int:
        return day_at(act.happened_at, self.agreement.time_zone_minutes)

    def _keep_table(self, act: Happened) -> None:
        self._table = rows_of(int(word, 16) for word in act.details["words"])

    def _amend(self, act: Happened) -> None:
        amendment, day = Amendment.from_message(act.details["amendment"]), self._day(act)
        after, _ = amend(self.state, amendment, day, self.stops(day), self._table)
        self.agreement, self.amendment = amendment.terms, dict(act.details["amendment"])
        self.paid_days, self._table = {}, ()
        self._become(after)

    def _settle(self, act: Happened) -> None:
        day = self._day(act)
        after, _ = settle(self.state, ANY_AMOUNT, day, self.stops(day))
        self._end(after)

    def _cancel(self, act: Happened) -> None:
        after, _ = cancel(self.state, self.agreement, ANY_AMOUNT, self._day(act))
        self._end(after)

    def _default(self, act: Happened) -> None:
        day = self._day(act)
        after, _ = declare_default(self.state, day, self.stops(day))
        self._become(after)

    def _write_off(self, act: Happened) -> None:
        day = self._day(act)
        self._become(write_off(self.state, day, self.stops(day)))

    def _keep_entry(self, act: Happened) -> None:
        self._by_entry[act.details["entry"]] = self._last

    def _return(self, act: Happened) -> None:
        day, paid = self._day(act), self._by_entry.pop(act.details["entry"])
        after, _ = return_payment(self.state, paid, day, self.stops(day))
        self.paid_days = {nr: on for nr, on in self.paid_days.items() if nr <= after.row}
        self._become(after)

    def _stop(self, act: Happened) -> None:
        self._clock.stop(act.details["from_at"], act.details["until_at"])

    def _pause(self, act: Happened) -> None:
        self._clock.pause(act.happened_at, paused=act.details["paused"])
