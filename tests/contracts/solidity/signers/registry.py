"""What tests of signers share: the registry's acts in one line each, and its waiting times."""

from dataclasses import dataclass, replace
from typing import Any

from eth_account import Account
from eth_account.signers.local import LocalAccount
from eth_utils.crypto import keccak

from contracts.typed_data import Registration, SignerChange, Struct, Veto, digest, sign, sign_digest
from scripts.workbench.evm import Receipt
from scripts.workbench.system import DAY_SECONDS, Person, System

SIGNER_CHANGE_SECONDS = 3 * DAY_SECONDS
RECOVERY_SECONDS = 7 * DAY_SECONDS
CONTESTED_RECOVERY_SECONDS = 14 * DAY_SECONDS
CONTEST_SECONDS = 90 * DAY_SECONDS
MAX_SIGNERS = 8


def key(name: str) -> LocalAccount:
    """A wallet key of a name."""
    found: LocalAccount = Account.from_key(keccak(text=name))
    return found


def signer_of(account: LocalAccount) -> bytes:
    return bytes.fromhex(account.address[2:])


NEW, OTHER, THIEF = key("new phone"), key("other phone"), key("thief")


@dataclass
class Registry:
    """The acts of a subject, a thief and a registrar in one line each."""

    system: System
    person: Person

    @property
    def subject(self) -> str:
        return self.person.subject

    def send(self, name: str, *values: Any, role: str | None = None) -> Receipt:
        sender = {"sender": self.system.role(role)} if role else {}
        return self.system.send("IdentityRegistry", name, *values, **sender)

    def sign(self, account: LocalAccount, message: Struct) -> bytes:
        return sign(account, message, self.system.domain("IdentityRegistry"))

    def digest(self, message: Struct) -> bytes:
        return digest(message, self.system.domain("IdentityRegistry"))

    def order(self, add: bytes = b"", remove: bytes = b"", **changes: Any) -> SignerChange:
        deadline = self.system.evm.timestamp + 600
        return replace(SignerChange(self.subject, add, remove, self.signing()["nonce"], deadline), **changes)

    def announce(
        self,
        by: LocalAccount,
        add: LocalAccount | None = None,
        remove: LocalAccount | None = None,
        **changes: Any,
    ) -> SignerChange:
        order = self.order(signer_of(add) if add else b"", signer_of(remove) if remove else b"", **changes)
        possession = self.sign(add, order) if add else b""
        self.send("announceSignerChange", order, signer_of(by), self.sign(by, order), possession)
        return order

    def apply(self, order: SignerChange) -> Receipt:
        return self.send("applySignerChange", order)

    def change(self, by: LocalAccount, add: LocalAccount | None = None, remove: LocalAccount | None = None) -> None:
        order = self.announce(by, add, remove)
        self.wait(SIGNER_CHANGE_SECONDS)
        self.apply(order)

    def veto(self, by: LocalAccount, change: bytes, **changes: Any) -> Receipt:
        objection = replace(Veto(self.subject, change, self.system.evm.timestamp + 600), **changes)
        return self.send("veto", objection, signer_of(by), self.sign(by, objection))

    def announce_recovery(self, to: LocalAccount, **changes: Any) -> Registration:
        registration = Registration(self.subject, signer_of(to), self.system.evm.timestamp + 600)
        registration = replace(registration, **changes)
        self.send("announceRecovery", registration, self.sign(to, registration), role="registrar")
        return registration

    def wait(self, seconds: int) -> None:
        self.system.evm.go_to(self.system.evm.timestamp + seconds)

    def signing(self) -> dict[str, Any]:
        found: dict[str, Any] = self.system.read("IdentityRegistry", "signing", self.subject)
        return found

    def speaks(self, account: LocalAccount) -> bool:
        message = keccak(b"anything")
        signature = sign_digest(account, message)
        values = (self.subject, message, signer_of(account), signature)
        spoken = self.system.read("IdentityRegistry", "speaksFor", *values)
        in_standing = self.system.read("IdentityRegistry", "speaksInStanding", *values)
        assert spoken == in_standing["speaks"] == self.system.read("IdentityRegistry", "isSigner", *values[::2])
        return bool(spoken)
