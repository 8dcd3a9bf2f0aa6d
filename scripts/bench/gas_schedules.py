"""Gas of schedules: each further row at origination, by method and day count, and payments that bring a table's row."""

from dataclasses import replace

from contracts.deployment.plan import CONSUMER_INSTALMENT_CAPS
from contracts.schedule import DayCount, Method, PeriodUnit, Row, ScheduleTerms, derive, level_instalment
from contracts.typed_data import Agreement, digest
from scripts.bench.gas_targets import FORMULAS
from scripts.workbench.engines import ANVIL
from scripts.workbench.system import FIRST_DAY, Draft, System, proven

SHORT_ROWS, LONG_ROWS = 12, 60
TABLE_ROWS = (12, 60, 480)
PRODUCT = bytes(31) + b"\x09"
START = FIRST_DAY + 1
"""The product takes a day to be set."""
LIMIT_MINOR = 2**48 - 1
PRINCIPAL_MINOR = 10_000_000
BY_MONTHS = Draft(
    principal_minor=PRINCIPAL_MINOR, disbursement_day=START, first_due_day=START + 27, upfront_fee_minor=0
)
BY_QUARTERS = replace(BY_MONTHS, period_length=3)
BY_WEEKS = replace(BY_MONTHS, period_unit=PeriodUnit.DAY, period_length=7, anchor_day=0, first_due_day=START + 7)


class _Bench:
    """One subject who may borrow whatever a LoanBook can carry out."""

    def __init__(self) -> None:
        self.system = System.start(ANVIL)
        self.system.offer(PRODUCT, CONSUMER_INSTALMENT_CAPS | {"methods": 0x7F, "maxTermDays": 2**16 - 1})
        self.person = self.system.person()
        self.system.mint(self.system.contracts["LendingPool"], LIMIT_MINOR)
        self.system.mint(self.person.subject, LIMIT_MINOR)
        self.system.publish(self.person.subject, limit_minor=LIMIT_MINOR)

    def originate(self, draft: Draft, table: list[Row]) -> tuple[Agreement, int]:
        """The agreement, and the gas of beginning a loan on it; nothing of it stays."""
        moment = self.system.evm.snapshot()
        agreement = self.system.agreement(self.person, replace(draft, product_id=PRODUCT), table)
        used = self.system.originate(self.person, agreement, table).gas_used
        self.system.evm.restore(moment)
        return agreement, used

    def per_row(self, draft: Draft) -> int:
        """Gas of each further row of a formula."""
        short, long = (self.originate(replace(draft, periods=rows), [])[1] for rows in (SHORT_ROWS, LONG_ROWS))
        return (long - short) // (LONG_ROWS - SHORT_ROWS)

    def per_table_row(self, day_count: DayCount) -> int:
        """Gas of each further row of a table, its calldata and its share of the event included."""
        short, long = (self.originate(*table_of(rows, day_count))[1] for rows in (SHORT_ROWS, LONG_ROWS))
        return (long - short) // (LONG_ROWS - SHORT_ROWS)


def table_of(rows: int, day_count: DayCount = DayCount.ACT_365F) -> tuple[Draft, list[Row]]:
    """An annuity's rows as a table."""
    draft = replace(BY_MONTHS, periods=rows, day_count=int(day_count), rate_ppm=60_000)
    terms = ScheduleTerms(
        principal_minor=draft.principal_minor,
        rate_ppm=draft.rate_ppm,
        periods=rows,
        disbursement_day=draft.disbursement_day,
        first_due_day=draft.first_due_day,
        anchor_day=draft.anchor_day,
        day_count=day_count,
    )
    table = derive(terms, level_instalment(terms))
    return replace(draft, method=int(Method.CUSTOM), period_length=0, anchor_day=0), table


def derivation() -> dict[str, int]:
    """Gas of each further row of a formula at origination, by method, day count and kind of period."""
    bench, gas = _Bench(), {}
    for method in FORMULAS:
        for day_count in DayCount:
            draft = replace(BY_MONTHS, method=int(method), day_count=int(day_count))
            gas[f"derive_per_row.{method.name}.{day_count.name}".lower()] = bench.per_row(draft)
    for name, periods in (("weeks", BY_WEEKS), ("quarters", BY_QUARTERS)):
        for day_count in (DayCount.ACT_365F, DayCount.THIRTY_E_360):
            draft = replace(periods, day_count=int(day_count))
            gas[f"derive_per_row.annuity.{day_count.name}.{name}".lower()] = bench.per_row(draft)
    return gas


def tables() -> dict[str, int]:
    """Gas of each further row of a table at origination, and of payments that bring one row with its proof."""
    bench, gas = _Bench(), {}
    for day_count in DayCount:
        if day_count != DayCount.MONTHS_360:
            gas[f"verify_per_row.{day_count.name}".lower()] = bench.per_table_row(day_count)
    for rows in TABLE_ROWS:
        gas[f"repay_table_{rows}"], gas[f"repay_by_signature_table_{rows}"] = _payments(bench, *table_of(rows))
    return gas


def _payments(bench: _Bench, draft: Draft, table: list[Row]) -> tuple[int, int]:
    """The fourth row on its day, from the borrower's own account and by its signature."""
    system, subject = bench.system, bench.person.subject
    moment = system.evm.snapshot()
    agreement = system.agreement(bench.person, replace(draft, product_id=PRODUCT), table)
    system.originate(bench.person, agreement, table)
    loan = digest(agreement, system.domain("LoanBook"))
    for nr, row in enumerate(table[:3]):
        system.at_day(row.due_day)
        system.pay(loan, row.due_minor, nr, rows=proven(table, nr))
    system.at_day(table[3].due_day)
    amount, rows = table[3].due_minor, proven(table, 3)
    before = system.evm.snapshot()
    by_signature = system.pay(loan, amount, 3, rows=rows).gas_used
    system.evm.restore(before)
    own = system.send("LoanBook", "repay", loan, amount, rows, sender=subject).gas_used
    system.evm.restore(moment)
    return own, by_signature
