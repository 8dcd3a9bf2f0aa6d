"""The gas section of docs/benchmarks.md, written from what was measured."""

import re
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from contracts.schedule import DayCount
from scripts.bench import gas_profile
from scripts.bench.gas_batch import BORROWERS
from scripts.bench.gas_profile import Share
from scripts.bench.gas_schedules import TABLE_ROWS
from scripts.bench.gas_targets import FORMULAS, PEERS, TARGETS

HEADING = "## Gas of each contract action\n"
BATCH = "repay_in_batch"
ACTIONS = {
    "repay": "an instalment on time, from one's own account",
    "repay_early": "the same nine days before",
    "repay_late": "an instalment 20 days late, with late fee and penalty",
    "repay_closing": "the last instalment",
    "repay_by_signature": "an instalment by the borrower's signature",
    "repay_by_passkey": "the same by a passkey",
    BATCH: "one of 50 borrowers' instalments collected in one call",
    "repay_third_party": "an instalment from somebody else's cash",
    "repay_partial": "a third of one",
    "originate": "sign-off and payout, 12 rows, new subject",
    "originate_known_subject": "the same for a subject with a loan",
    "originate_new_conditions": "the first loan on new conditions, known subject",
    "publish_score": "first report, three signatures",
    "publish_score_replacing": "a later one",
    "record_arrears": "a bucket rises",
    "derive_per_row": "each further row of a monthly annuity, ACT/365F",
}
GROUPS = {
    gas_profile.BASE: "base",
    gas_profile.CALLDATA: "calldata",
    gas_profile.COLD_READS: "slots read",
    gas_profile.CHANGED_SLOTS: "slots changed",
    gas_profile.NEW_SLOTS: "new slots",
    gas_profile.EVENTS: "events",
    gas_profile.CALLS: "calls",
    gas_profile.PRECOMPILES: "precompiles",
    gas_profile.HASHES: "hashes",
    gas_profile.WARM: "warm slots",
    gas_profile.REST: "computation",
    gas_profile.REFUND: "refund",
}
DAY_COUNTS = ("ACT/365F", "ACT/360", "30E/360", "30/360 US", "ACT/ACT ISDA", "MONTHS_360")
INTRODUCTION = """
`tally bench gas` (`--json` for programs; `--page docs/benchmarks.md` writes this section). Receipts of whole
transactions on anvil with Osaka rules, base cost and calldata included. Must and goal are the design's; what other
protocols need for the same step was measured as whole transactions too, on their own deployments.
"""
AFTER_ACTIONS = """
Later loans on the same conditions (rate, charges, number of rows, time zone) share them. `repay` is called by the
account that holds the cash; a subject has no key of its own, so people pay by signature.
"""
BEFORE_PROFILES = """
### Where the gas goes

Of every action that misses its goal, in gas, from a trace of the measured transaction (`tally bench gas --profile
ACTION`). A call's own price is without what the called code does. Of the batch, a fiftieth of the call.
"""
BEFORE_ROWS = """
### A further row of a schedule

Deriving the row at origination and hashing it, by method and day count. ACT/365F is the one with a limit: 1,000 a row.
"""
AFTER_ROWS = """
A bullet has one row. A table's row includes its calldata and its share of the event, about 470 together. Month lengths
and years cost what the other day counts show: ACT/365F needs no calendar but for the month-end rule.
"""
BEFORE_TABLES = """
### Payments on a table

The payment brings its row with the proof; the root costs 22,100 once, at origination.
"""

Gas = Mapping[str, int]


def missed_goals(gas: Gas) -> list[str]:
    """The actions of one transaction that cost more than the design hopes for."""
    return [name for name in ACTIONS if name in TARGETS and "row" not in name and gas[name] > TARGETS[name].goal]


def write(page: Path, gas: Gas, profiles: Mapping[str, Sequence[Share]]) -> None:
    """Replace the page's gas section. Raises ValueError where the page has none."""
    text = page.read_text()
    start = text.index(HEADING)
    end = text.index("\n## ", start)
    page.write_text(text[:start] + section(gas, profiles) + text[end:])


def section(gas: Gas, profiles: Mapping[str, Sequence[Share]]) -> str:
    """The section as Markdown."""
    parts = (INTRODUCTION, _actions(gas), AFTER_ACTIONS, BEFORE_PROFILES, _profiles(profiles))
    return "\n".join((HEADING, *(part.strip("\n") + "\n" for part in (*parts, *_schedules(gas)))))


def _schedules(gas: Gas) -> tuple[str, ...]:
    return BEFORE_ROWS, _rows(gas), AFTER_ROWS, BEFORE_TABLES, _tables(gas)


def _table(head: Sequence[str], rows: Iterable[Sequence[str]], texts: int = 1) -> str:
    """The first columns hold text, the others figures."""
    rule = "|" + "---|" * texts + "---:|" * (len(head) - texts)
    lines = ["| " + " | ".join(cells) + " |" for cells in (head, *rows)]
    return "\n".join((lines[0], rule, *lines[1:]))


def _actions(gas: Gas) -> str:
    rows = [(f"`{name}`", *_figures(name, gas[name]), PEERS.get(name, ""), text) for name, text in ACTIONS.items()]
    head = ("action", "gas", "must", "goal", "others")
    found = _table(head, ((f"{row[0]}: {row[5]}", *row[1:5]) for row in rows))
    return re.sub(r"---:\|$", "---|", found, count=1, flags=re.MULTILINE)


def _figures(name: str, used: int) -> tuple[str, str, str]:
    if name not in TARGETS:
        return f"{used:,}", "", ""
    target = TARGETS[name]
    missed = ", missed" if used > target.must else ""
    return f"{used:,}", f"{target.must:,}{missed}", f"{target.goal:,}"


def _profiles(profiles: Mapping[str, Sequence[Share]]) -> str:
    gas = {name: _by_group(name, shares) for name, shares in profiles.items()}
    groups = [group for group in GROUPS if any(group in shares for shares in gas.values())]
    rows = ((f"`{name}`", *(f"{shares.get(group, 0):,}" for group in groups)) for name, shares in gas.items())
    return _table(("", *(GROUPS[group] for group in groups)), rows)


def _by_group(name: str, shares: Sequence[Share]) -> dict[str, int]:
    parts = BORROWERS if name == BATCH else 1
    return {share.group: share.gas // parts for share in shares}


def _rows(gas: Gas) -> str:
    methods = [
        (method.name.lower().replace("_", " "), f"derive_per_row.{method.name.lower()}.", "") for method in FORMULAS
    ]
    methods += [(f"annuity, every {unit}", "derive_per_row.annuity.", f".{unit}s") for unit in ("week", "quarter")]
    methods += [("a table's row, verified and hashed", "verify_per_row.", "")]
    rows = ((name, *_by_day_count(gas, prefix, suffix)) for name, prefix, suffix in methods)
    return _table(("method, monthly", *DAY_COUNTS), rows)


def _by_day_count(gas: Gas, prefix: str, suffix: str) -> list[str]:
    found = (gas.get(f"{prefix}{day_count.name.lower()}{suffix}") for day_count in DayCount)
    return ["" if used is None else f"{used:,}" for used in found]


def _tables(gas: Gas) -> str:
    rows = (("own account", "repay_table_"), ("by signature", "repay_by_signature_table_"))
    head = ("", *(f"{number} rows" for number in TABLE_ROWS))
    return _table(head, ((name, *(f"{gas[f'{prefix}{number}']:,}" for number in TABLE_ROWS)) for name, prefix in rows))
