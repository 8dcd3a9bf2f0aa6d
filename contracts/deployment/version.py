"""Another LoanBook beside the old ones: created, announced, and listed when the delay is over.

Old loans stay where they were signed and are repaid there. From the day on which the new version's product is opened,
new ones begin on it; a version is retired by making its products inactive, never by unlisting it.

1. `create_version` creates the contracts. They can do nothing: no CashToken, CreditRegistry or pool knows them. Anyone
   may; a contract's code does not say what was written into it, so the governor lists what its own executor created.
2. The governor announces the `listing` acts (each through `announced`), and after seven days carries them out.
3. Risk announces the `opening` acts, and after a day carries them out.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from eth_abi.abi import encode

from contracts.artifacts import artifact
from contracts.clients.address_book import VERSION_MARK
from contracts.deployment.plan import (
    AT_ONCE,
    CONSUMER_INSTALMENT,
    CONSUMER_INSTALMENT_CAPS,
    FACILITY_BORROWER_PERCENT,
    FACILITY_MINOR,
    Address,
    Executor,
    call_data,
    create_loan_book,
    selectors,
)
from contracts.deployment.roles import FUNCTIONS, Accounts, Role

Contracts = Mapping[str, Address]
FIRST_SUCCESSOR = 2
VERSIONED = (
    "LoanViews",
    "LoanAmendments",
    "LoanAgreements",
    "LoanWorkout",
    "LoanReturns",
    "LoanServicing",
    "LoanBook",
    "GuaranteeFund",
)
"""What belongs to one version. The rest serves all of them."""


@dataclass(frozen=True)
class Act:
    """A call that one account makes; `name` says what it does."""

    name: str
    sender: Address
    to: Address
    data: bytes


class UnknownVersionNumber(Exception):
    """The first LoanBook is version 1; its successors count on from 2."""

    def __init__(self, version: int) -> None:
        super().__init__(f"version {version}: a successor's number is at least {FIRST_SUCCESSOR}")
        self.version = version


def create_version(executor: Executor, contracts: Contracts, version: int) -> dict[str, Address]:
    """Create version 2, 3, ... beside the others; the contracts with the new ones in the places of the old.

    Raises UnknownVersionNumber.
    """
    if version < FIRST_SUCCESSOR:
        raise UnknownVersionNumber(version)
    made = {name: address for name, address in contracts.items() if name not in VERSIONED}

    def create(name: str, *arguments: Address) -> None:
        code = artifact(name).bytecode + encode(["address"] * len(arguments), arguments)
        made[name] = executor.create(f"version-{version}/{name}", code)

    create_loan_book(create, made)
    create("GuaranteeFund", made["CashToken"], made["IdentityRegistry"], made["LoanBook"])
    older = {f"{name}{VERSION_MARK}{version - 1}": contracts[name] for name in VERSIONED}
    return made | older


def listing(contracts: Contracts, accounts: Accounts) -> list[Act]:
    """What lets the newest version move cash, use limits, be funded and call its guarantees: the governor's acts."""
    book, fund, governor = contracts["LoanBook"], contracts["GuaranteeFund"], accounts.governor
    calls = [
        ("CashToken", "setLoanBook", (book, True)),
        ("CashToken", "setEscrow", (fund, True)),
        ("CreditRegistry", "setLoanBook", (book, True)),
        ("LendingPool", "setLoanBook", (book, True)),
        ("AccessManager", "grantRole", (Role.COVER, fund, 0)),
        *(
            ("AccessManager", "setTargetFunctionRole", (book, selectors("LoanBook", functions), role))
            for role, functions in FUNCTIONS["LoanBook"].items()
        ),
    ]
    acts = [
        Act(f"{name}.{function}", governor, contracts[name], call_data(name, function, *values))
        for name, function, values in calls
    ]
    registered = call_data("IdentityRegistry", "registerInstitution", fund)
    registry = contracts["IdentityRegistry"]
    return [*acts, Act("IdentityRegistry.registerInstitution", accounts.registrar, registry, registered)]


def opening(contracts: Contracts, accounts: Accounts) -> list[Act]:
    """What lets loans begin on the newest version: risk's acts, which can be announced once it is listed."""
    facility = (contracts["LendingPool"], CONSUMER_INSTALMENT, FACILITY_MINOR, FACILITY_BORROWER_PERCENT)
    product = (CONSUMER_INSTALMENT, tuple(CONSUMER_INSTALMENT_CAPS.values()), AT_ONCE)
    return [
        Act(f"LoanBook.{function}", accounts.risk, contracts["LoanBook"], call_data("LoanBook", function, *values))
        for function, values in (("openFacility", facility), ("setProduct", product))
    ]


def retiring(contracts: Contracts, version: int, accounts: Accounts) -> Act:
    """What lets no more loans begin on an older version: its product is no longer active."""
    caps = tuple((CONSUMER_INSTALMENT_CAPS | {"active": False}).values())
    data = call_data("LoanBook", "setProduct", CONSUMER_INSTALMENT, caps, AT_ONCE)
    return Act("LoanBook.setProduct", accounts.risk, contracts[f"LoanBook{VERSION_MARK}{version}"], data)


def announced(contracts: Contracts, act: Act) -> Act:
    """The announcement of an act, for as soon as its sender's delay is over."""
    data = call_data("AccessManager", "schedule", act.to, act.data, 0)
    return Act(f"schedule {act.name}", act.sender, contracts["AccessManager"], data)
