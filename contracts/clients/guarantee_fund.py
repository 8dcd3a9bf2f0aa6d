"""GuaranteeFund: guarantors' cash that stands for other people's loans."""

from dataclasses import dataclass

from contracts.clients.contract import BlockId, Call, ContractClient
from contracts.typed_data import Agreement, Guarantee, Release


@dataclass(frozen=True)
class Cover:
    """A guarantee as it stands, amounts in minor units; `loan` is zero until it is attached."""

    guarantor: str
    lender: str
    kind: int
    last_day: int
    loan: bytes
    cap_minor: int
    paid_minor: int
    recovered_minor: int
    withdrawn_minor: int
    released: bool


class GuaranteeFund(ContractClient):
    """The GuaranteeFund of a deployment."""

    contract = "GuaranteeFund"

    def cover(self, guarantee: bytes, block: BlockId = "latest") -> Cover:
        """A guarantee; all zero when there is none of this id."""
        return Cover(**self.read_one("cover", guarantee, block=block))

    def covers_of(self, loan: bytes, block: BlockId = "latest") -> tuple[bytes, ...]:
        """The guarantees of a loan in the order in which they pay."""
        return tuple(self.read_one("coversOf", loan, block=block))

    def withdrawable(self, guarantee: bytes, block: BlockId = "latest") -> int:
        """What its guarantor can withdraw, minor units."""
        return int(self.read_one("withdrawable", guarantee, block=block))

    def bind_call(
        self, guarantee: Guarantee, guarantor_signer: bytes, guarantor_signature: bytes, lender_signature: bytes
    ) -> Call:
        """Bind a guarantor from both signatures; its cash moves into the fund."""
        return self.call("bind", guarantee, guarantor_signer, guarantor_signature, lender_signature)

    def attach_call(self, guarantee: bytes, agreement: Agreement) -> Call:
        """Let a guarantee cover the loan of an agreement; the lender pays the premium."""
        return self.call("attach", guarantee, agreement)

    def call_cover_call(self, loan: bytes) -> Call:
        """Pay the lender of a defaulted loan from its guarantees."""
        return self.call("callCover", loan)

    def release_call(self, guarantee: bytes) -> Call:
        """End a guarantee: by its lender, or when its loan has ended or its last day has passed."""
        return self.call("release", guarantee)

    def release_by_signature_call(self, order: Release, lender_signature: bytes) -> Call:
        """End a guarantee by its lender's signature."""
        return self.call("releaseBySignature", order, lender_signature)

    def withdraw_call(self, guarantee: bytes) -> Call:
        """Pay a guarantor what is its own again."""
        return self.call("withdraw", guarantee)
