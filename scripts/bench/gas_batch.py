"""Gas of many borrowers' instalments collected in one call, each by its borrower's standing mandate."""

from contracts.typed_data import Mandate, sign
from scripts.workbench.evm import Receipt
from scripts.workbench.system import FAR_DAY, Draft, Person, System

BORROWERS = 50
FIRST_NUMBER = 101
"""Of the people who borrow."""
MANDATE_NONCE = 0
ORDER_SECONDS = 600


class Batch:
    """Fifty people, each with a loan on the same conditions from the same day and a mandate for its instalments."""

    def __init__(self, system: System, draft: Draft) -> None:
        self._system = system
        self.loans = [self._borrow(number, draft) for number in range(FIRST_NUMBER, FIRST_NUMBER + BORROWERS)]

    def collect(self) -> Receipt:
        """What is due of every loan, in one call. Raises AssertionError when a loan was left out."""
        receipt = self._system.send("LoanBook", "collect", self.loans)
        paid = [name for name, _ in self._system.events(receipt) if name == "PaymentApplied"]
        if len(paid) != BORROWERS:
            raise AssertionError(f"{len(paid)} of {BORROWERS} were collected")
        return receipt

    def _borrow(self, number: int, draft: Draft) -> bytes:
        loan = self._system.lend(number, draft)
        self._permit(self._system.person(number), loan, draft.principal_minor)
        return loan

    def _permit(self, person: Person, loan: bytes, max_amount_minor: int) -> None:
        system = self._system
        mandate = Mandate(loan, max_amount_minor, FAR_DAY, MANDATE_NONCE, system.evm.timestamp + ORDER_SECONDS)
        signature = sign(person.key, mandate, system.domain("LoanBook"))
        system.send("LoanBook", "setMandate", mandate, person.signer, signature)
