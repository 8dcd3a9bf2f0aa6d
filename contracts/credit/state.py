"""One subject's credit, and what each act of CreditRegistry makes of it; pure."""

from dataclasses import dataclass, field, replace

from contracts.credit.errors import (
    ExposureOutOfRange,
    LimitCoolingDown,
    LimitExceeded,
    NoReport,
    NotReserved,
    ReportExpired,
    ReportSuperseded,
    RevokedReport,
    RevokedSignerSet,
    UnknownOutcome,
    WrongBuckets,
)
from contracts.credit.history import LATE_BEFORE, LATE_COUNTERS, WORST_BUCKET, History, Outcome
from contracts.credit.limit import (
    COOLDOWN_SECONDS,
    MAX_MINOR,
    NEUTRAL_SCALE,
    Reason,
    Seen,
    effective_limit,
    next_scale,
    reasons_for,
)
from contracts.credit.policy import Policy
from contracts.typed_data import ScoreReport

MAX_OPEN_LOANS = 2**12 - 1
_COUNTED: dict[int, tuple[str]] = {Outcome.ON_TIME: ("loans_on_time",), Outcome.CURED: ("cured",)}


@dataclass(frozen=True, slots=True)
class SubjectCredit:
    """What stands of a subject. `uid` is the whole uid of its latest report, None before the first."""

    uid: bytes | None = None
    report: ScoreReport | None = None
    revoked: bool = False
    signer_set: int = 0
    scale: int = NEUTRAL_SCALE
    open_loans: int = 0
    reserved_minor: int = 0
    history: History = field(default_factory=History)
    seen: Seen = field(default_factory=Seen)

    @property
    def sequence(self) -> int:
        """Number of reports so far."""
        return self.report.sequence if self.report else 0

    def limit_minor(self, policy: Policy) -> int:
        """The limit that applies, whether the report counts or not."""
        return effective_limit(self.report.limit_minor if self.report else 0, self.scale, policy.factor_ppm)

    def reasons(self, policy: Policy, instant: int) -> Reason:
        """Why a step would move the scale at an instant, UTC seconds, cooldown aside."""
        use = self.reserved_minor, self.limit_minor(policy)
        return reasons_for(self.history, self.seen, self.sequence, use, instant)


def publish(credit: SubjectCredit, report: ScoreReport, uid: bytes, signer_set: int, instant: int) -> SubjectCredit:
    """A report becomes current; the first one is where the first step counts from."""
    seen = credit.seen if credit.report else Seen(instant, report.sequence)
    return replace(credit, uid=uid, report=report, revoked=False, signer_set=signer_set, seen=seen)


def revoke(credit: SubjectCredit, uid: bytes) -> SubjectCredit:
    """The current report no longer counts. Raises ReportSuperseded, RevokedReport."""
    _require_report(credit, uid)
    return replace(credit, revoked=True)


def require_current(credit: SubjectCredit, uid: bytes, policy: Policy, instant: int) -> int:
    """The limit that applies under a report that counts at an instant, UTC seconds.

    Raises ReportSuperseded, RevokedReport, RevokedSignerSet, ReportExpired.
    """
    _require_report(credit, uid)
    if credit.signer_set < policy.first_signer_set:
        raise RevokedSignerSet(signer_set=credit.signer_set, first_signer_set=policy.first_signer_set)
    if credit.report is None or credit.report.expires_at < instant:
        raise ReportExpired(uid=uid)
    return credit.limit_minor(policy)


def reserve(credit: SubjectCredit, uid: bytes, amount_minor: int, policy: Policy, instant: int) -> SubjectCredit:
    """Principal of a new loan. Raises what require_current does, LimitExceeded, ExposureOutOfRange."""
    reserved = _reserved(credit, uid, amount_minor, policy, instant)
    if credit.open_loans == MAX_OPEN_LOANS:
        raise ExposureOutOfRange(open_loans=credit.open_loans + 1)
    return replace(credit, reserved_minor=reserved, open_loans=credit.open_loans + 1)


def reserve_more(credit: SubjectCredit, uid: bytes, amount_minor: int, policy: Policy, instant: int) -> SubjectCredit:
    """More principal of an open loan. Raises what require_current does, LimitExceeded."""
    return replace(credit, reserved_minor=_reserved(credit, uid, amount_minor, policy, instant))


def release(credit: SubjectCredit, amount_minor: int, outcome: int) -> SubjectCredit:
    """Reserved principal is given back. Raises NotReserved, UnknownOutcome."""
    if amount_minor > credit.reserved_minor or credit.open_loans == 0:
        raise NotReserved(amount_minor=amount_minor, reserved_minor=credit.reserved_minor)
    if outcome not in tuple(Outcome):
        raise UnknownOutcome(outcome=outcome)
    return replace(
        credit,
        reserved_minor=credit.reserved_minor - amount_minor,
        open_loans=credit.open_loans - (outcome != Outcome.REDUCED),
        history=credit.history.raised(*_counted(outcome)),
    )


def restore(credit: SubjectCredit, amount_minor: int, outcome: int) -> SubjectCredit:
    """A release is taken back, whatever the limit is. Raises UnknownOutcome, ExposureOutOfRange."""
    if outcome not in tuple(Outcome) or outcome == Outcome.REDUCED:
        raise UnknownOutcome(outcome=outcome)
    loans, reserved = credit.open_loans + 1, credit.reserved_minor + amount_minor
    if loans > MAX_OPEN_LOANS or reserved > MAX_MINOR:
        raise ExposureOutOfRange(open_loans=loans, reserved_minor=reserved)
    history = credit.history.lowered(*_counted(outcome))
    return replace(credit, open_loans=loans, reserved_minor=reserved, history=history)


def note_arrears(credit: SubjectCredit, bucket_before: int, bucket_after: int) -> SubjectCredit:
    """A loan came to be later than it was. Raises WrongBuckets."""
    start = 0 if bucket_before == LATE_BEFORE else bucket_before
    if not start < bucket_after <= WORST_BUCKET:
        raise WrongBuckets(bucket_before=bucket_before, bucket_after=bucket_after)
    cured = ("cured",) if bucket_before == LATE_BEFORE else ()
    return replace(credit, history=credit.history.raised(*cured, *LATE_COUNTERS[start:bucket_after]))


def note_write_off(credit: SubjectCredit) -> SubjectCredit:
    """A loan was written off."""
    return replace(credit, history=credit.history.raised("written_off"))


def step(credit: SubjectCredit, policy: Policy, instant: int) -> tuple[SubjectCredit, Reason]:
    """Reckon the scale anew; the credit after it and why. Raises NoReport, LimitCoolingDown."""
    if credit.report is None:
        raise NoReport()
    if instant < credit.seen.at + COOLDOWN_SECONDS:
        raise LimitCoolingDown(until=credit.seen.at + COOLDOWN_SECONDS)
    reasons = credit.reasons(policy, instant)
    seen = Seen(instant, credit.sequence, credit.history)
    return replace(credit, scale=next_scale(credit.scale, reasons), seen=seen), reasons


def _reserved(credit: SubjectCredit, uid: bytes, amount_minor: int, policy: Policy, instant: int) -> int:
    limit = require_current(credit, uid, policy, instant)
    reserved = credit.reserved_minor + amount_minor
    if reserved > limit:
        raise LimitExceeded(wanted_minor=amount_minor, available_minor=max(0, limit - credit.reserved_minor))
    return reserved


def _require_report(credit: SubjectCredit, uid: bytes) -> None:
    if credit.uid is None or credit.uid != uid:
        raise ReportSuperseded(uid=uid)
    if credit.revoked:
        raise RevokedReport(uid=uid)


def _counted(outcome: int) -> tuple[str, ...]:
    """The counter in which a loan's end counts."""
    return _COUNTED.get(outcome, ())
