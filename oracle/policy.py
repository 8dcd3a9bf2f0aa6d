"""The policy of a product, as data: what it costs, whom it is for, and what each reason says."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, fields
from functools import cached_property
from pathlib import Path
from typing import Any

from eth_utils.crypto import keccak

from contracts.loan import (
    MAX_ORIGINATION_WINDOW_DAYS,
    LoanRefused,
    require_charges,
    require_periods,
    require_time_zone,
    require_words,
    waterfall_order,
)
from contracts.schedule import Method, PeriodUnit, ScheduleRefused
from contracts.schedule.day_count import PPM
from contracts.schedule.limits import MAX_PRINCIPAL_MINOR, MAX_RATE_PPM
from oracle.canonical import content_hash
from oracle.features.catalogue import catalogue
from oracle.problems import OracleError

FORMAT = "tallystick/policy/1"
LANGUAGES = frozenset({"zh", "en"})
SECONDS_A_DAY = 86_400
YEAR_MONTHS, YEAR_DAYS = 12, 365
METHODS = {method.name.lower(): int(method) for method in Method if not method.is_table}
"""The methods that terms can have, by name: those whose rows follow from a formula."""
POLICY_REASONS = ("open_loans", "in_arrears", "past_arrears", "open_exposure", "amount_above_limit")


class InvalidPolicy(OracleError):
    """A policy file that does not hold together."""

    slug = "invalid-policy"
    title = "The policy file cannot be used"

    def __init__(self, name: str, reason: str) -> None:
        super().__init__(f"policy {name}: {reason}", policy=name, reason=reason)


@dataclass(frozen=True)
class Band:
    """A risk band: scores from `min_score` up to the next better band, its price a year and its largest limit."""

    band: str
    min_score: int
    rate_ppm: int
    limit_minor: int


@dataclass(frozen=True)
class Range:
    """An inclusive range of integers."""

    minimum: int
    maximum: int


@dataclass(frozen=True)
class Headroom:
    """How far the limit may exceed the amount asked for, in ppm of it, by the value of one feature."""

    feature: str
    ppm_by_value: Mapping[str, int]

    def ppm(self, value: object) -> int:
        """Ppm of the amount asked for; raises KeyError on a value the policy does not list."""
        return self.ppm_by_value[str(value)]


@dataclass(frozen=True)
class LedgerRules:
    """What the subject's own history on the ledger does to the limit. Buckets: 0 current .. 4 90+ days."""

    open_loans_maximum: int
    decline_from_bucket: int
    caution_from_bucket: int
    caution_from_bucket_ever: int
    caution_limit_ppm: int


@dataclass(frozen=True)
class Terms:
    """Terms every agreement of the product has, in the units of the Agreement struct."""

    method: int
    period_unit: int
    period_length: int
    interest_only_periods: int
    day_count: int
    rounding: int
    time_zone_minutes: int
    instalment_multiple_minor: int
    origination_window_days: int
    upfront_fee_ppm: int
    grace_days: int
    late_fee_minor: int
    penalty_rate_ppm: int
    penalty_max_days: int
    waterfall: int
    cooling_off_days: int


class Policy:
    """A loaded policy; refuses to exist when its parts contradict each other."""

    def __init__(self, document: Mapping[str, Any]) -> None:
        """`document` is the parsed policy file; raises InvalidPolicy."""
        self.document = document
        self.name = str(document.get("name", "unnamed"))
        if document.get("format") != FORMAT:
            raise InvalidPolicy(self.name, f"format is {document.get('format')!r}, expected {FORMAT!r}")
        self.currency = str(document["currency"])
        self.amount_minor = Range(**document["amount_minor"])
        self.periods = Range(**document["periods"])
        self.score_validity_days = int(document["score_validity_days"])
        self.bands = tuple(Band(**band) for band in document["bands"])
        self.declined_band = str(document["declined_band"])
        self.headroom = Headroom(**document["headroom"])
        self.ledger = LedgerRules(**document["ledger"])
        self.terms = self._read_terms(document["terms"])
        self.reasons: Mapping[str, Mapping[str, str]] = document["reasons"]
        self._require_coherent()

    @classmethod
    def load(cls, path: Path) -> "Policy":
        """The policy of a file."""
        return cls(json.loads(path.read_text(encoding="utf-8")))

    @cached_property
    def policy_hash(self) -> bytes:
        """keccak256 of the canonical JSON of the policy: named in every score report."""
        return content_hash(self.document)

    @cached_property
    def product_id(self) -> bytes:
        """keccak256 of the product's name: 32 bytes, the `productId` of agreements and requests."""
        return keccak(text=str(self.document["product"]))

    @property
    def score_validity_seconds(self) -> int:
        """How long a report counts, from the timestamp of the block it names."""
        return self.score_validity_days * SECONDS_A_DAY

    def band(self, score: int) -> Band | None:
        """The band of a score; None below the lowest one."""
        return next((band for band in self.bands if score >= band.min_score), None)

    def upfront_fee_minor(self, principal_minor: int) -> int:
        """The fee withheld at disbursement, rounded half up to a minor unit."""
        return (principal_minor * self.terms.upfront_fee_ppm + 500_000) // 1_000_000

    def months(self, periods: int) -> int:
        """How long so many instalments run, which is what a model scores: months that have begun."""
        units = periods * self.terms.period_length
        return units if self.terms.period_unit == PeriodUnit.MONTH else -(-units * YEAR_MONTHS // YEAR_DAYS)

    def explain(self, codes: tuple[str, ...]) -> list[dict[str, str]]:
        """Reason codes with their Chinese and English texts."""
        return [{"code": code, **self.reasons[code]} for code in codes]

    def _read_terms(self, document: Mapping[str, Any]) -> Terms:
        """The terms; `method` may be a name or a number."""
        for name in (field.name for field in fields(Terms)):
            if name not in document:
                raise InvalidPolicy(self.name, f"terms lack {name}")
            if name != "method" and not _is_number(document[name], signed=name == "time_zone_minutes"):
                raise InvalidPolicy(self.name, f"terms: {name} is {document[name]!r}, not a whole number")
        unknown = sorted(set(document) - {field.name for field in fields(Terms)})
        if unknown:
            raise InvalidPolicy(self.name, f"terms do not know {', '.join(unknown)}")
        return Terms(**{**document, "method": self._read_method(document["method"])})

    def _read_method(self, method: object) -> int:
        for name, number in METHODS.items():
            if method == name or (method == number and not isinstance(method, bool)):
                return number
        names = ", ".join(f"{name} ({number})" for name, number in METHODS.items())
        raise InvalidPolicy(self.name, f"terms: method is {method!r}, expected one of {names}")

    def _require_terms(self) -> None:
        """What a LoanBook refuses whatever the amount is must not be offered."""
        terms = self.terms
        try:
            self._require_shape()
            waterfall_order(terms.waterfall)
            require_charges(terms)
            require_time_zone(terms.time_zone_minutes)
        except (LoanRefused, ScheduleRefused) as refused:
            raise InvalidPolicy(self.name, f"terms: {refused}") from refused
        window = terms.origination_window_days
        self._require_within("terms: origination_window_days", window, 0, MAX_ORIGINATION_WINDOW_DAYS)
        self._require_within("terms: upfront_fee_ppm", terms.upfront_fee_ppm, 0, PPM - 1)
        if terms.instalment_multiple_minor < 1:
            raise InvalidPolicy(self.name, "terms: instalment_multiple_minor is less than 1")

    def _require_shape(self) -> None:
        """Each number of periods that may be asked for must be one that the method has."""
        require_words(self.terms)
        for periods in (self.periods.minimum, self.periods.maximum):
            require_periods(self.terms, periods)
        interest_only = self.terms.interest_only_periods or self.terms.method == Method.INTEREST_ONLY
        if interest_only and any(band.rate_ppm == 0 for band in self.bands):
            raise InvalidPolicy(self.name, "terms: rows that pay interest only pay nothing at a rate of 0")

    def _require_ranges(self) -> None:
        self._require_within("amount_minor: maximum", self.amount_minor.maximum, 1, MAX_PRINCIPAL_MINOR)
        for name, asked in (("amount_minor", self.amount_minor), ("periods", self.periods)):
            self._require_within(f"{name}: minimum", asked.minimum, 1, asked.maximum)
        longest = catalogue()["periods"].maximum
        self._require_within("months of the most periods", self.months(self.periods.maximum), 1, longest)

    def _require_within(self, name: str, value: int, least: int, most: int) -> None:
        if not least <= value <= most:
            raise InvalidPolicy(self.name, f"{name} is {value}, allowed are {least} to {most}")

    def _require_coherent(self) -> None:
        self._require_terms()
        self._require_ranges()
        self._require_bands()
        for code in POLICY_REASONS:
            if code not in self.reasons:
                raise InvalidPolicy(self.name, f"reason {code} has no text")
        for code, texts in self.reasons.items():
            if set(texts) != LANGUAGES:
                raise InvalidPolicy(self.name, f"reason {code} is not in exactly zh and en")

    def _require_bands(self) -> None:
        scores = [band.min_score for band in self.bands]
        rates = [band.rate_ppm for band in self.bands]
        limits = [band.limit_minor for band in self.bands]
        if not self.bands or scores != sorted(set(scores), reverse=True):
            raise InvalidPolicy(self.name, "bands do not go from the best score down")
        if rates != sorted(rates) or limits != sorted(limits, reverse=True):
            raise InvalidPolicy(self.name, "a better band costs more or has a smaller limit")
        for band in self.bands:
            self._require_within(f"the rate of band {band.band}", band.rate_ppm, 0, MAX_RATE_PPM)
        if limits[0] > self.amount_minor.maximum:
            raise InvalidPolicy(self.name, "a band's limit is above the largest amount")


def _is_number(value: object, *, signed: bool) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and (signed or value >= 0)
