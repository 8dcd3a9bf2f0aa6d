"""The key facts a borrower reads before signing; their salted hash is part of the agreement."""

from collections.abc import Sequence
from dataclasses import dataclass

from api.offers.wording import Wording, wording
from contracts.schedule import Row, ScheduleTerms, date_of, totals
from oracle.policy import Terms

ZH = """关键信息
贷款本金：{principal} 元
到账金额：{disbursed} 元（已扣除一次性费用 {fee} 元）
年利率：{rate}{flat}
年化利率（复利，内部收益率法，含全部费用）：{apr}
年化综合成本（单利，含全部费用）：{all_in}
还款方式：{method}
期数：{periods}
每期还款：{instalments}
还款日：首期 {first}，末期 {last}
利息合计：{interest} 元
还款总额（含费用）：{total} 元
宽限期：{grace} 天
逾期费：每期 {late_fee} 元；罚息：年 {penalty_rate}，最长 {penalty_days} 天
冷静期：{cooling_off} 天
"""
EN = """Key facts
Amount of the loan: {principal} CNY
Paid out: {disbursed} CNY (a fee of {fee} CNY is withheld)
Interest rate a year: {rate}{flat}
Annual percentage rate (compound, by the internal rate of return, every cost included): {apr}
All-in annual rate (simple, every cost included): {all_in}
Repaid by: {method}
Instalments: {periods}
To be paid: {instalments}
Due: first on {first}, last on {last}
Interest in all: {interest} CNY
To be repaid in all, with fees: {total} CNY
Grace: {grace} days
Late fee: {late_fee} CNY an instalment; penalty: {penalty_rate} a year for at most {penalty_days} days
Cooling-off: {cooling_off} days
"""
TEXTS = {"zh": ZH, "en": EN}


@dataclass(frozen=True)
class Prices:
    """The two yearly prices of a loan, every cost included, in ppm: compound (APR) and simple (all-in)."""

    apr_ppm: int
    all_in_ppm: int


def key_facts(
    language: str, schedule: ScheduleTerms, rows: Sequence[Row], fee_minor: int, prices: Prices, terms: Terms
) -> str:
    """The document in Chinese (`zh`) or English (`en`): names nobody, so that it can be kept beside the offer."""
    sums, words = totals(rows, fee_minor), wording(language)
    return TEXTS[language].format(
        principal=_money(schedule.principal_minor),
        disbursed=_money(schedule.principal_minor - fee_minor),
        fee=_money(fee_minor),
        rate=_percent(schedule.rate_ppm),
        flat=words.flat if schedule.method.is_flat else "",
        apr=_percent(prices.apr_ppm),
        all_in=_percent(prices.all_in_ppm),
        method=words.methods[schedule.method],
        periods=words.periods(schedule),
        instalments=_instalments(words, rows),
        first=date_of(rows[0].due_day).isoformat(),
        last=date_of(rows[-1].due_day).isoformat(),
        interest=_money(sums.interest_minor),
        total=_money(sums.total_minor),
        grace=terms.grace_days,
        late_fee=_money(terms.late_fee_minor),
        penalty_rate=_percent(terms.penalty_rate_ppm),
        penalty_days=terms.penalty_max_days,
        cooling_off=terms.cooling_off_days,
    )


def _instalments(words: Wording, rows: Sequence[Row]) -> str:
    """What falls due: level but for the last, or from the first to the last with the largest between them."""
    first, last, largest = rows[0].due_minor, rows[-1].due_minor, max(row.due_minor for row in rows)
    if len(rows) == 1:
        return words.once.format(last=_money(last))
    if all(row.due_minor == first for row in rows[:-1]):
        return words.level.format(first=_money(first), last=_money(last))
    return words.unlike.format(first=_money(first), last=_money(last), largest=_money(largest))


def _money(amount_minor: int) -> str:
    return f"{amount_minor // 100:,}.{amount_minor % 100:02d}"


def _percent(rate_ppm: int) -> str:
    return f"{rate_ppm // 10_000}.{rate_ppm % 10_000:04d} %"
