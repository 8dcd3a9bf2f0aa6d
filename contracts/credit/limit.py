"""The dynamic limit: from what the ledger saw of a subject to the next scale of its limit."""

from dataclasses import dataclass, field
from enum import IntFlag

from contracts.credit.history import FULL, History

COOLDOWN_SECONDS = 30 * 86_400
NEUTRAL_SCALE = 100
MIN_SCALE, MAX_SCALE = 25, 150
"""Percent of the report's limit."""
MAX_STEP = 25
"""Points either way, but for a write-off."""
HIGH_UTILISATION_PERCENT = 80
FREQUENT_REPORTS = 3
FREQUENT_SECONDS = 30 * 86_400
MAX_MINOR = 2**48 - 1
PPM = 1_000_000


class Reason(IntFlag):
    """Why the scale moves, a bit each."""

    GOOD_REPAYMENT = 1
    HIGH_UTILISATION = 2
    FREQUENT_APPLICATIONS = 4
    LATE = 8
    SERIOUSLY_LATE = 16
    WRITTEN_OFF = 32


POINTS = {
    Reason.GOOD_REPAYMENT: 10,
    Reason.HIGH_UTILISATION: -5,
    Reason.FREQUENT_APPLICATIONS: -5,
    Reason.LATE: -10,
    Reason.SERIOUSLY_LATE: -25,
}


@dataclass(frozen=True, slots=True)
class Seen:
    """What the last step saw, and when; before the first step, the subject's first report."""

    at: int = 0
    sequence: int = 0
    history: History = field(default_factory=History)


def effective_limit(limit_minor: int, scale: int, factor_ppm: int) -> int:
    """The limit that applies: the report's, scaled for the subject and for the market, rounded down."""
    return min(limit_minor * scale * factor_ppm // (100 * PPM), MAX_MINOR)


def reasons_for(history: History, seen: Seen, sequence: int, use: tuple[int, int], instant: int) -> Reason:
    """Why the scale moves at an instant; `use` is what is reserved and the limit that applies, minor units."""
    reasons = _of_history(history, seen.history)
    reserved_minor, limit_minor = use
    if reserved_minor * 100 > limit_minor * HIGH_UTILISATION_PERCENT:
        reasons |= Reason.HIGH_UTILISATION
    reports = sequence - seen.sequence
    if reports >= FREQUENT_REPORTS and instant - seen.at < reports * FREQUENT_SECONDS:
        reasons |= Reason.FREQUENT_APPLICATIONS
    return reasons


def next_scale(scale: int, reasons: Reason) -> int:
    """The scale, percent, after a step for these reasons."""
    if Reason.WRITTEN_OFF in reasons:
        return MIN_SCALE
    points = sum(POINTS[reason] for reason in reasons)
    return min(max(scale + max(points, -MAX_STEP), MIN_SCALE), MAX_SCALE)


def _of_history(now: History, seen: History) -> Reason:
    reasons = Reason.WRITTEN_OFF if _rose(now.written_off, seen.written_off) else Reason(0)
    if _rose(now.late60, seen.late60) or _rose(now.late90, seen.late90):
        return reasons | Reason.SERIOUSLY_LATE
    if _rose(now.late1, seen.late1) or _rose(now.late30, seen.late30):
        return reasons | Reason.LATE
    if not reasons and now.loans_on_time > seen.loans_on_time:
        return Reason.GOOD_REPAYMENT
    return reasons


def _rose(count: int, seen: int) -> bool:
    """A full counter may have risen unseen: it counts as if it had."""
    return count > seen or count == FULL
