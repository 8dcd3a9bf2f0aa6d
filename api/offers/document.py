"""The key facts a borrower reads before signing; their salted hash is part of the agreement."""

from collections.abc import Sequence

from contracts.schedule import Row, ScheduleTerms, date_of, totals
from oracle.policy import Terms

ZH = """关键信息
贷款本金：{principal} 元
到账金额：{disbursed} 元（已扣除一次性费用 {fee} 元）
年利率：{rate}
综合年化成本（含全部费用）：{apr}
期数：{periods} 个月，每期 {instalment} 元，末期 {last_instalment} 元
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
Interest rate a year: {rate}
Annual percentage rate, every cost included: {apr}
Instalments: {periods} months, {instalment} CNY each, the last {last_instalment} CNY
Due: first on {first}, last on {last}
Interest in all: {interest} CNY
To be repaid in all, with fees: {total} CNY
Grace: {grace} days
Late fee: {late_fee} CNY an instalment; penalty: {penalty_rate} a year for at most {penalty_days} days
Cooling-off: {cooling_off} days
"""
TEXTS = {"zh": ZH, "en": EN}


def key_facts(
    language: str, schedule: ScheduleTerms, rows: Sequence[Row], fee_minor: int, apr_ppm: int, terms: Terms
) -> str:
    """The document in Chinese (`zh`) or English (`en`): names nobody, so that it can be kept beside the offer."""
    sums = totals(rows, fee_minor)
    return TEXTS[language].format(
        principal=_money(schedule.principal_minor),
        disbursed=_money(schedule.principal_minor - fee_minor),
        fee=_money(fee_minor),
        rate=_percent(schedule.rate_ppm),
        apr=_percent(apr_ppm),
        periods=schedule.periods,
        instalment=_money(rows[0].due_minor),
        last_instalment=_money(rows[-1].due_minor),
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


def _money(amount_minor: int) -> str:
    return f"{amount_minor // 100:,}.{amount_minor % 100:02d}"


def _percent(rate_ppm: int) -> str:
    return f"{rate_ppm // 10_000}.{rate_ppm % 10_000:04d} %"
