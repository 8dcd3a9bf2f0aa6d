"""How the key facts call methods and periods, in Chinese and English."""

from collections.abc import Mapping
from dataclasses import dataclass

from contracts.schedule import Method, PeriodUnit, ScheduleTerms

WEEK_DAYS, YEAR_MONTHS = 7, 12


@dataclass(frozen=True)
class Wording:
    """The words of one language; `units` holds each unit of time for one and for several."""

    methods: Mapping[Method, str]
    units: Mapping[str, tuple[str, str]]
    single: str
    every_one: str
    every: str
    interest_only: str
    once: str
    level: str
    unlike: str
    flat: str

    def periods(self, terms: ScheduleTerms) -> str:
        """How many instalments there are and how far apart, weeks and years by their names."""
        if terms.periods == 1:
            return self.single
        length, unit = in_words(terms.period_unit, terms.period_length)
        one, several = self.units[unit]
        values = {"periods": terms.periods, "length": length, "unit": one if length == 1 else several}
        text = (self.every_one if length == 1 else self.every).format(**values)
        if not terms.interest_only_periods:
            return text
        return text + self.interest_only.format(count=terms.interest_only_periods)


def in_words(unit: PeriodUnit, length: int) -> tuple[int, str]:
    """A period's length in the largest unit that it is whole in: 14 days are 2 weeks, 12 months a year."""
    if unit == PeriodUnit.DAY:
        return (length // WEEK_DAYS, "week") if length % WEEK_DAYS == 0 else (length, "day")
    return (length // YEAR_MONTHS, "year") if length % YEAR_MONTHS == 0 else (length, "month")


ZH = Wording(
    methods={
        Method.ANNUITY: "等额本息",
        Method.EQUAL_PRINCIPAL: "等额本金",
        Method.INTEREST_ONLY: "按期付息，到期还本",
        Method.BULLET: "到期一次还本付息",
        Method.FLAT: "等额还款，利息始终按全部本金计算",
    },
    units={"day": ("天", "天"), "week": ("周", "周"), "month": ("个月", "个月"), "year": ("年", "年")},
    single="1 期",
    every_one="{periods} 期，每{unit}一期",
    every="{periods} 期，每 {length} {unit}一期",
    interest_only="，前 {count} 期只还利息",
    once="{last} 元，一次还清",
    level="{first} 元，末期 {last} 元",
    unlike="首期 {first} 元，末期 {last} 元，最高一期 {largest} 元",
    flat="（始终按全部本金计息，实际成本见下两项）",
)
EN = Wording(
    methods={
        Method.ANNUITY: "level instalments of principal and interest",
        Method.EQUAL_PRINCIPAL: "equal parts of the principal, and interest on what is left",
        Method.INTEREST_ONLY: "interest only, and the whole principal at the end",
        Method.BULLET: "one payment of principal and interest at the end",
        Method.FLAT: "level instalments, with interest on the whole principal until the end",
    },
    units={"day": ("day", "days"), "week": ("week", "weeks"), "month": ("month", "months"), "year": ("year", "years")},
    single="1",
    every_one="{periods}, one every {unit}",
    every="{periods}, one every {length} {unit}",
    interest_only=", the first {count} of interest only",
    once="{last} CNY in one sum",
    level="{first} CNY each, the last {last} CNY",
    unlike="{first} CNY at first, {last} CNY at last, {largest} CNY at most",
    flat=" (on the whole principal until the end; what that costs is told by the next two)",
)
WORDINGS = {"zh": ZH, "en": EN}


def wording(language: str) -> Wording:
    """The words of `zh` or `en`."""
    return WORDINGS[language]
