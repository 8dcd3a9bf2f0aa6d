"""Real loans and a real fund on the fast EVM: whoever signs, pays, defaults or lets days pass, in one line each."""

from functools import cache
from typing import Any

from eth_account.signers.local import LocalAccount
from eth_utils.crypto import keccak

from contracts.deployment import Accounts, Terms, deploy
from contracts.keys import DEVNET_CHAIN_ID, load_key
from contracts.typed_data import Agreement, Guarantee, Release, digest, sign
from scripts.workbench.evm import Receipt, Snapshot
from scripts.workbench.system import DAY_SECONDS, FIRST_DAY, Draft, Person, System, WorkbenchExecutor, noon
from tests.contracts.differential.fast_evm import FastEvm

CAPITAL_MINOR = 10**9
PERSON_MINOR = 10**7
GUARANTORS, LOANS = 3, 3
PRINCIPAL_MINOR = 1_000_000
DEFAULT_DAYS = 28 + 91
"""From the first day until a loan may be declared in default."""


class World:
    """One deployed system with some loans; each test begins from the same state."""

    def __init__(self) -> None:
        evm = FastEvm(noon(FIRST_DAY))
        accounts = Accounts.load(None, DEVNET_CHAIN_ID)
        self.system = System(evm, deploy(WorkbenchExecutor(evm, accounts.treasurer), Terms(accounts, CAPITAL_MINOR)))
        self.guarantors = [self._person(number) for number in range(1, GUARANTORS + 1)]
        self.borrowers = [self._person(number) for number in range(11, 11 + LOANS)]
        self.agreements = [self._lend(borrower) for borrower in self.borrowers]
        self.loans = [digest(agreement, self.system.domain("LoanBook")) for agreement in self.agreements]
        self._fresh: Snapshot = evm.snapshot()

    @classmethod
    @cache
    def shared(cls) -> "World":
        """One for the whole process."""
        return cls()

    def reset(self) -> None:
        """Back to the beginning."""
        self.system.evm.restore(self._fresh)

    @property
    def fund(self) -> str:
        """The fund's address."""
        return self.system.contracts["GuaranteeFund"]

    @property
    def lender(self) -> str:
        """The pool."""
        return self.system.contracts["LendingPool"]

    @property
    def today(self) -> int:
        """UTC day."""
        return self.system.evm.timestamp // DAY_SECONDS

    def guarantee(self, person: Person, number: int, **terms: Any) -> Guarantee:
        """A guarantee of a person for one of the loans."""
        agreement = self.agreements[number]
        values: dict[str, Any] = {"kind": 0, "max_minor": 1_000, "premium_minor": 0, "last_day": self.today + 400}
        values |= {"salt": bytes(32), "deadline": self.system.evm.timestamp + 600} | terms
        return Guarantee(
            guarantor=person.subject,
            borrower=agreement.borrower,
            lender=agreement.lender,
            agreement_salt=agreement.salt,
            **values,
        )

    def id_of(self, guarantee: Guarantee) -> bytes:
        """Its digest."""
        return digest(guarantee, self.system.domain("GuaranteeFund"))

    def bind(self, person: Person, guarantee: Guarantee) -> bytes:
        """Both sign, anyone brings it."""
        domain = self.system.domain("GuaranteeFund")
        by_guarantor = sign(person.key, guarantee, domain)
        self.send("bind", guarantee, person.signer, by_guarantor, sign(self.underwriter, guarantee, domain))
        return self.id_of(guarantee)

    def release_by_lender(self, guarantee: bytes) -> None:
        """By the lender's signature."""
        order = Release(guarantee, self.system.evm.timestamp + 60)
        self.send("releaseBySignature", order, sign(self.underwriter, order, self.system.domain("GuaranteeFund")))

    def seen(self, number: int) -> tuple[int, int]:
        """Status of a loan, and what of it could be covered."""
        found = self.system.read("LoanBook", "uncovered", self.loans[number])
        return found["status"], found["uncovered_minor"]

    def decide(self, number: int, name: str) -> None:
        """An act of the collector on a loan."""
        self.system.send("LoanBook", name, self.loans[number], sender=self.system.role("risk"))

    def owed(self, number: int) -> int:
        """All that a loan owes today."""
        total: int = self.system.read("LoanBook", "owed", self.loans[number], self.today)["total_minor"]
        return total

    def repay(self, number: int, amount_minor: int) -> int:
        """By the borrower from its own cash; what of it went to the fund."""
        loan = self.loans[number]
        receipt = self.system.send("LoanBook", "repay", loan, amount_minor, sender=self.borrowers[number].subject)
        return sum(args["to_fund_minor"] for name, args in self.system.events(receipt) if name == "RecoveryPassed")

    def send(self, name: str, *values: Any) -> Receipt:
        """An act of anyone at the fund."""
        return self.system.send("GuaranteeFund", name, *values)

    def read(self, name: str, *values: Any) -> Any:
        """A view of the fund."""
        return self.system.read("GuaranteeFund", name, *values)

    def pass_days(self, days: int) -> None:
        """Let days pass."""
        self.system.evm.go_to(self.system.evm.timestamp + days * DAY_SECONDS)

    @property
    def underwriter(self) -> LocalAccount:
        """Who signs for the lender."""
        return load_key("underwriter", None, DEVNET_CHAIN_ID)

    def _person(self, number: int) -> Person:
        person = self.system.person(number)
        self.system.mint(person.subject, PERSON_MINOR)
        return person

    def _lend(self, borrower: Person) -> Agreement:
        self.system.publish(borrower.subject)
        draft = Draft(principal_minor=PRINCIPAL_MINOR, upfront_fee_minor=0)
        agreement = self.system.agreement(borrower, draft, salt=keccak(borrower.signer))
        self.system.originate(borrower, agreement)
        return agreement
