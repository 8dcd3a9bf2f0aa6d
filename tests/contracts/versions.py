"""A second LoanBook beside the first: how it is announced and opened."""

from collections.abc import Iterable
from dataclasses import replace

from contracts.deployment import Accounts
from contracts.deployment.roles import DELAYS, Role
from contracts.deployment.version import Act, announced, create_version, listing, opening
from contracts.keys import DEVNET_CHAIN_ID
from contracts.schedule import day_at
from scripts.workbench.system import ZONE_MINUTES, Draft, System, WorkbenchExecutor

ACCOUNTS = Accounts.load(None, DEVNET_CHAIN_ID)
LISTING_SECONDS, OPENING_SECONDS = DELAYS[Role.BOOKKEEPER], DELAYS[Role.RISK]


def carry_out(system: System, acts: Iterable[Act]) -> None:
    """Send them, each by its account."""
    for act in acts:
        system.evm.transact(act.to, act.data, act.sender)


def delayed(acts: list[Act]) -> list[Act]:
    """Those that are announced first."""
    return [act for act in acts if act.sender != ACCOUNTS.registrar]


def created(system: System) -> System:
    """The system as seen by those who use the newest version; the same ledger."""
    contracts = create_version(WorkbenchExecutor(system.evm, ACCOUNTS.treasurer), system.contracts, 2)
    return System(system.evm, contracts, system.people, system.uids)


def opened(system: System) -> System:
    """Announced, waited for and carried out: listing, then opening."""
    new = created(system)
    steps = ((listing(new.contracts, ACCOUNTS), LISTING_SECONDS), (opening(new.contracts, ACCOUNTS), OPENING_SECONDS))
    for acts, seconds in steps:
        carry_out(system, (announced(new.contracts, act) for act in delayed(acts)))
        system.evm.go_to(system.evm.timestamp + seconds)
        carry_out(system, acts)
    return new


def today(system: System) -> int:
    """The day in the product's time zone."""
    return day_at(system.evm.timestamp, ZONE_MINUTES)


def weekly(system: System, salt: int) -> Draft:
    """A loan by four weeks that begins today."""
    by_weeks = Draft(anchor_day=0, period_unit=1, period_length=28, salt=salt)
    return replace(by_weeks, disbursement_day=today(system), first_due_day=today(system) + 28)
