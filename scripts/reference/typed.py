"""The signed messages: type, who checks it, and what each field means, from Types.sol and contracts/typed_data."""

import re
from dataclasses import dataclass
from functools import cache

from contracts.compile import SOURCES
from contracts.typed_data import STRUCTS, Struct

TYPES = SOURCES / "Types.sol"
_STRUCT = re.compile(r"((?:^///[^\n]*\n)*)^struct (\w+) \{\n(.*?)^\}", re.MULTILINE | re.DOTALL)
_FIELD = re.compile(r"^\s*[\w\[\]]+ (\w+);(?: // (.*))?$", re.MULTILINE)

MEANINGS = {
    "subject": "the person, by its id in the IdentityRegistry",
    "borrower": "the person who borrows, a subject of the IdentityRegistry",
    "lender": "the institution that lends",
    "loan": "the loan's id: the digest of its Agreement",
    "deadline": "UTC seconds; refused afterwards",
    "salt": "random, so that equal content has different digests",
    "nonce": "each once",
    "amountMinor": "minor units",
    "maxAmountMinor": "minor units; refused when more would be taken",
    "principalMinor": "minor units lent",
    "currency": "the CashToken",
    "ratePpm": "parts per million a year",
    "instalmentMultipleMinor": "the instalment is a multiple of it",
    "firstDueDay": "due day of the first row",
    "graceDays": "days after the due day in which nothing is charged",
    "penaltyRatePpm": "parts per million a year, of what is unpaid of a row",
    "coolingOffDays": "days in which the borrower may withdraw",
    "scheduleRoot": "commits to every row: keccak256 of all rows, of a table their Merkle root",
    "capitalisedMinor": "the part of interest and charges that joins the principal",
    "waivedMinor": "the part of interest and charges that is waived",
    "signer": "a wallet key or ERC-1271 contract (20 bytes), or an ERC-7913 verifier and its key",
    "score": "points",
    "issuedAt": "UTC seconds",
    "expiresAt": "UTC seconds",
    "observedAt": "UTC seconds",
    "blockHash": "of that block",
    "signerSet": "digest of the signers and the quorum for which it was signed",
    "modelHash": "of the model that scored",
    "policyHash": "of the policy that decided",
    "featuresCommitment": "salted root of the features that were scored",
    "reasonsCommitment": "salted hash of the reasons",
    "consentId": "of the consent under which data was read",
    "challenge": "32 random bytes given by the API, each once",
    "periods": "number of instalments",
    "productId": "keccak256 of the product's name",
    "writtenOffMinor": "minor units",
    "outstandingMinor": "minor units",
    "maxMinor": "minor units that the cover bears at most",
    "agreementSalt": "the salt of the Agreement it covers",
}
"""Of fields whose name says what Types.sol need not say again, and of the messages that no contract checks."""


@dataclass(frozen=True)
class Message:
    """A signed message: EIP-712 type, what it is and who checks it, fields as (type, name, meaning)."""

    name: str
    notice: str
    checked: str
    type_string: str
    fields: tuple[tuple[str, str, str], ...]


class FieldWithoutMeaning(Exception):
    """A field of a message is explained nowhere."""

    def __init__(self, struct: str, field: str) -> None:
        super().__init__(f"{struct}.{field} is explained neither in Types.sol nor in scripts/reference/typed.py")
        self.struct, self.field = struct, field


def messages() -> list[Message]:
    """Every signed message by name. Raises FieldWithoutMeaning."""
    return [_message(each) for each in STRUCTS]


def _message(struct: type[Struct]) -> Message:
    notice, comments = struct_comments().get(struct.__name__, ("", {}))
    fields = tuple((field.type, field.key, _meaning(struct, field.key, comments)) for field in struct.fields())
    return Message(struct.__name__, notice, " ".join((struct.__doc__ or "").split()), struct.own_type_string(), fields)


def _meaning(struct: type[Struct], field: str, comments: dict[str, str]) -> str:
    meaning = comments.get(field) or MEANINGS.get(field)
    if not meaning:
        raise FieldWithoutMeaning(struct.__name__, field)
    return meaning


@cache
def struct_comments() -> dict[str, tuple[str, dict[str, str]]]:
    """Of each struct in Types.sol: its notice, and the comments of its fields by name."""
    found = {}
    for notice, name, body in _STRUCT.findall(TYPES.read_text(encoding="utf-8")):
        text = " ".join(line.removeprefix("///").strip() for line in notice.splitlines()).replace("@notice ", "")
        found[name] = (text, {field: comment for field, comment in _FIELD.findall(body) if comment})
    return found
