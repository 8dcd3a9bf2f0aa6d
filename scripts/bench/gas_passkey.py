"""Gas of a payment that a phone signs: a borrower whose only signer is a passkey."""

from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, derive_private_key
from eth_account import Account
from eth_utils.address import to_checksum_address
from eth_utils.crypto import keccak

from contracts.keys import DEVNET_CHAIN_ID, load_key
from contracts.typed_data import Registration, digest, sign
from scripts.workbench.evm import Receipt
from scripts.workbench.passkey import SoftPasskey
from scripts.workbench.system import FAR_DAY, KYC_LEVEL, Draft, Person, System

SUBJECT = to_checksum_address(keccak(b"subject with a passkey")[12:])
SECRET = 7
ORDER_SECONDS = 600


class PasskeyBorrower:
    """Registered, scored, and with a loan of its own."""

    def __init__(self, system: System, draft: Draft, cash_minor: int) -> None:
        key = derive_private_key(SECRET, SECP256R1())
        self._system = system
        self._passkey = SoftPasskey(system.contracts["PasskeyVerifier"], key=key)
        self._register()
        system.publish(SUBJECT)
        self.agreement = system.agreement(Person(Account.from_key(keccak(b"no signer")), SUBJECT), draft)
        self.loan = digest(self.agreement, system.domain("LoanBook"))
        self._originate()
        system.mint(SUBJECT, cash_minor)

    def pay(self, nonce: int) -> Receipt:
        """An instalment by the passkey's signature."""
        order = self._system.order(self.loan, self.agreement.instalment_minor, nonce)
        signature = self._passkey.sign(digest(order, self._system.domain("LoanBook")))
        return self._system.send("LoanBook", "repayBySignature", order, self._passkey.signer, signature)

    def _register(self) -> None:
        system = self._system
        registration = Registration(SUBJECT, self._passkey.signer, system.evm.timestamp + ORDER_SECONDS)
        signature = self._passkey.sign(digest(registration, system.domain("IdentityRegistry")))
        values = (registration, signature, KYC_LEVEL, FAR_DAY)
        system.send("IdentityRegistry", "register", *values, sender=system.role("registrar"))

    def _originate(self) -> None:
        lender = load_key("underwriter", None, DEVNET_CHAIN_ID)
        by_lender = sign(lender, self.agreement, self._system.domain("LoanBook"))
        signed = (self.agreement, self._passkey.signer, self._passkey.sign(self.loan), by_lender)
        self._system.send("LoanBook", "originate", *signed)
