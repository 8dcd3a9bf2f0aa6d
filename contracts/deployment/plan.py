"""The acts of a deployment in their order; whoever executes them may stop and come again at any act.

The deployer holds ADMIN without delay only until the last of its acts, one transaction that gives every role to
its holder and renounces its own.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any, Protocol

from eth_abi.abi import encode
from eth_utils.crypto import keccak

from contracts.artifacts import artifact
from contracts.clients.abi import Signature
from contracts.clients.created import created_later, safe_of
from contracts.deployment.roles import DELAYS, FUNCTIONS, GUARDIAN_GRANT_SECONDS, QUORUM, Accounts, Role, holders

ANNUITY, EQUAL_PRINCIPAL, CUSTOM = 0, 1, 5
"""Methods of an agreement, as LoanBook numbers them."""
CONSUMER_INSTALMENT = keccak(text="tallystick/consumer-instalment")
CONSUMER_INSTALMENT_CAPS: dict[str, Any] = {
    "maxRatePpm": 240_000,
    "maxUpfrontFeePpm": 30_000,
    "maxPenaltyRatePpm": 360_000,
    "maxPenaltyDays": 365,
    "maxLateFeeMinor": 5_000,
    "maxTotalCostPpm": 5_000_000,
    "maxPeriods": 480,
    "maxPrincipalMinor": 50_000_000,
    "minKycLevel": 1,
    "active": True,
    "methods": 1 << ANNUITY | 1 << EQUAL_PRINCIPAL | 1 << CUSTOM,
    "maxTermDays": 14_700,
}
"""What LoanBook caps: 24 % a year, 3 % up front, 1.5 times the rate as penalty for at most a year, 50.00 a late row,
500,000.00, forty years, five times the principal in all. Instalments that shrink with the balance: a flat rate costs
nearly twice what it says, and a single payment at the end is not an instalment loan."""

AT_ONCE = 0
"""As the day from which a product's caps hold."""
FACILITY_MINOR = 2**44 - 1
FACILITY_BORROWER_PERCENT = 100
"""The pool's facility for it: no limit beyond its cash and the borrower's own until RISK sets one."""

OPENING_ENTRY = keccak(text="tallystick/opening-capital")
UNDERWRITER_SECONDS = 5 * 365 * 86_400
CREATES_UNTIL_LOAN_BOOK = 9
"""LoanBook is the ninth contract after IdentityRegistry: CashToken, which comes before it, knows it for ever."""
LABELLED = [role for role in Role if role is not Role.ADMIN]
GUARDED = [role for role in LABELLED if role is not Role.GUARDIAN]

Address = str


class DeployerIsGovernor(Exception):
    """The deployer gives up ADMIN in its last act; a governor that is the deployer would leave nobody with it."""

    def __init__(self, deployer: Address) -> None:
        super().__init__(f"the governor is the deployer {deployer}, who gives ADMIN up: nobody would hold it")
        self.deployer = deployer


class DeployerBusy(Exception):
    """The deployer's key sent something else while it deployed: a contract does not stand where others expect it."""

    def __init__(self, deployer: Address, expected: Address, found: Address) -> None:
        super().__init__(
            f"LoanBook is at {found}, but CashToken expects it at {expected}: {deployer} sent other transactions"
            " during the deployment; deploy again with a key that nobody else uses"
        )
        self.deployer, self.expected, self.found = deployer, expected, found


class Executor(Protocol):
    """Carries out acts, each once however often it is asked; act ids are for ever.

    Calls between two `settle` do not depend on each other and may be under way together.
    """

    @property
    def deployer(self) -> Address:
        """The account that deploys."""

    def create(self, act_id: str, code: bytes) -> Address:
        """Create a contract and wait for its address."""

    def call(self, act_id: str, to: Address, data: bytes) -> None:
        """Send a call from the deployer."""

    def call_as_treasurer(self, act_id: str, to: Address, data: bytes) -> None:
        """Send a call from the treasurer."""

    def settle(self) -> None:
        """Wait until all acts so far are carried out."""

    def created_at(self, act_id: str) -> int:
        """The timestamp of the block that holds a `create`: the same however often it is asked."""


@dataclass(frozen=True)
class Terms:
    """What a deployment is given: who gets the roles, and the pool's capital in minor units (0 for none)."""

    accounts: Accounts
    opening_capital_minor: int


@cache
def _function(contract: str, name: str, arguments: int) -> Signature:
    entries = [entry for entry in artifact(contract).abi if entry["type"] == "function" and entry["name"] == name]
    return Signature(next(entry for entry in entries if len(entry["inputs"]) == arguments))


def call_data(contract: str, name: str, *values: Any) -> bytes:
    """Calldata of a function of one of our contracts."""
    return _function(contract, name, len(values)).encode(values)


def deploy(executor: Executor, terms: Terms) -> dict[str, Address]:
    """Carry out the whole plan; contract name -> address. Raises DeployerIsGovernor."""
    if terms.accounts.governor.lower() == executor.deployer.lower():
        raise DeployerIsGovernor(executor.deployer)
    contracts = _create(executor)
    _configure(executor, contracts, terms)
    executor.settle()
    if terms.opening_capital_minor:
        _mint_capital(executor, contracts, terms)
        executor.settle()
    _hand_over(executor, contracts, terms)
    executor.settle()
    if terms.opening_capital_minor:
        _deposit_capital(executor, contracts, terms)
        executor.settle()
    return contracts


def _create(executor: Executor) -> dict[str, Address]:
    made: dict[str, Address] = {}

    def create(name: str, *arguments: Address) -> None:
        code = artifact(name).bytecode + encode(["address"] * len(arguments), arguments)
        made[name] = executor.create(f"deploy/{name}", code)

    create("AccessManager", executor.deployer)
    authority = made["AccessManager"]
    create("IdentityRegistry", authority)
    loan_book = created_later(executor.deployer, made["IdentityRegistry"], CREATES_UNTIL_LOAN_BOOK)
    create("CashToken", authority, made["IdentityRegistry"], loan_book)
    create("CreditRegistry", authority, made["IdentityRegistry"])
    create_loan_book(create, made)
    if made["LoanBook"] != loan_book:
        raise DeployerBusy(executor.deployer, loan_book, made["LoanBook"])
    create("LendingPool", authority, made["CashToken"], made["IdentityRegistry"], made["LoanBook"])
    create("GuaranteeFund", made["CashToken"], made["IdentityRegistry"], made["LoanBook"])
    create("PasskeyVerifier")
    return made


def create_loan_book(create: Callable[..., None], made: Mapping[str, Address]) -> None:
    """A LoanBook and the modules it hands acts to, from the last one up; `create` notes each address in `made`."""
    neighbours = made["AccessManager"], made["CashToken"], made["IdentityRegistry"], made["CreditRegistry"]
    create("LoanViews", *neighbours)
    create("LoanAmendments", *neighbours, made["LoanViews"])
    create("LoanAgreements", *neighbours, made["LoanAmendments"])
    create("LoanWorkout", *neighbours, made["LoanAgreements"])
    create("LoanReturns", *neighbours, made["LoanWorkout"])
    create("LoanServicing", *neighbours, made["LoanReturns"])
    create("LoanBook", *neighbours, made["LoanServicing"])


def _configure(executor: Executor, contracts: dict[str, Address], terms: Terms) -> None:
    """While the functions still belong to ADMIN, which the deployer holds."""

    def call(name: str, function: str, *values: Any) -> None:
        act_id = f"deploy/{name}.{function}/{len(done)}"
        done.append(act_id)
        executor.call(act_id, contracts[name], call_data(name, function, *values))

    done: list[str] = []
    accounts, pool, fund = terms.accounts, contracts["LendingPool"], contracts["GuaranteeFund"]
    call("CreditRegistry", "setSigners", accounts.signers, QUORUM)
    call("CreditRegistry", "setLoanBook", contracts["LoanBook"], True)
    call("CashToken", "setEscrow", fund, True)
    for institution in dict.fromkeys((pool, safe_of(pool), fund, accounts.treasurer, accounts.rails)):
        call("IdentityRegistry", "registerInstitution", institution)
    call("LendingPool", "setDepositor", accounts.treasurer, True)
    call("IdentityRegistry", "setVerifier", contracts["PasskeyVerifier"], True)
    facility = FACILITY_MINOR, FACILITY_BORROWER_PERCENT
    call("LoanBook", "openFacility", pool, CONSUMER_INSTALMENT, *facility)
    call("LoanBook", "setProduct", CONSUMER_INSTALMENT, tuple(CONSUMER_INSTALMENT_CAPS.values()), AT_ONCE)
    valid_until = executor.created_at("deploy/LendingPool") + UNDERWRITER_SECONDS
    call("LendingPool", "setUnderwriter", accounts.underwriter, valid_until)


def _mint_capital(executor: Executor, contracts: dict[str, Address], terms: Terms) -> None:
    data = call_data("CashToken", "mint", terms.accounts.treasurer, terms.opening_capital_minor, OPENING_ENTRY)
    executor.call("deploy/CashToken.mint", contracts["CashToken"], data)


def _hand_over(executor: Executor, contracts: dict[str, Address], terms: Terms) -> None:
    """One transaction: there is no moment in which some roles are given and others are not."""
    acts = [*_labels(), *_function_roles(contracts), *_grants(terms.accounts, contracts), *_guards()]
    acts += _guardians_guard()
    acts.append(call_data("AccessManager", "renounceRole", Role.ADMIN, executor.deployer))
    executor.call("deploy/handover", contracts["AccessManager"], call_data("AccessManager", "multicall", acts))


def _labels() -> list[bytes]:
    return [call_data("AccessManager", "labelRole", role, role.name) for role in LABELLED]


def _function_roles(contracts: dict[str, Address]) -> list[bytes]:
    return [
        call_data("AccessManager", "setTargetFunctionRole", contracts[name], selectors(name, functions), role)
        for name, roles in FUNCTIONS.items()
        for role, functions in roles.items()
    ]


def _grants(accounts: Accounts, contracts: dict[str, Address]) -> list[bytes]:
    return [
        call_data("AccessManager", "grantRole", role, holder, DELAYS.get(role, 0))
        for role, holder in holders(accounts, contracts).items()
    ]


def _guards() -> list[bytes]:
    return [call_data("AccessManager", "setRoleGuardian", role, Role.GUARDIAN) for role in GUARDED]


def _guardians_guard() -> list[bytes]:
    """What could dismiss a guardian must not be for it to cancel: TRUSTEE acts at once."""
    return [
        call_data("AccessManager", "setGrantDelay", Role.GUARDIAN, GUARDIAN_GRANT_SECONDS),
        call_data("AccessManager", "setRoleAdmin", Role.GUARDIAN, Role.TRUSTEE),
    ]


def selectors(contract: str, functions: tuple[str, ...]) -> list[bytes]:
    """The selectors of named functions of one of our contracts."""
    entries = [entry for entry in artifact(contract).abi if entry["type"] == "function"]
    return [Signature(entry).selector for entry in entries if entry["name"] in functions]


def _deposit_capital(executor: Executor, contracts: dict[str, Address], terms: Terms) -> None:
    """The first deposit into an empty pool settles at once."""
    pool, treasurer, amount = contracts["LendingPool"], terms.accounts.treasurer, terms.opening_capital_minor
    acts: tuple[tuple[str, str, tuple[Any, ...]], ...] = (
        ("CashToken", "approve", (pool, amount)),
        ("LendingPool", "requestDeposit", (amount, treasurer, treasurer)),
        ("LendingPool", "deposit", (amount, treasurer)),
    )
    for name, function, values in acts:
        executor.call_as_treasurer(f"deploy/{name}.{function}", contracts[name], call_data(name, function, *values))
        executor.settle()
