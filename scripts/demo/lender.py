"""The lender of the demo: the pool's underwriter, who signs for it, and the officer who acts on its loans.

The underwriter's key is the one with which the API's worker signs agreements; the officer has the risk key. What both
sides signed anybody may bring to the ledger: here it is the officer.
"""

import asyncio
from pathlib import Path

from contracts.clients import Call, Ledger
from contracts.keys import load_key
from contracts.typed_data import Agreement, Amendment, Guarantee, sign
from scripts.demo.borrower import PATIENCE_SECONDS, SIGNATURE_SECONDS, Json, NotAsShown
from scripts.demo.desk import Desk
from scripts.demo.holiday import holiday

PREMIUM_PERCENT = 2
POLL_SECONDS = 0.1


class NotRecorded(Exception):
    """The worker did not record a loan's arrears in time. Carries the loan and the bucket waited for."""

    def __init__(self, loan: bytes, bucket: int) -> None:
        super().__init__(f"loan 0x{loan.hex()}: bucket {bucket} was not recorded within {PATIENCE_SECONDS:.0f} s")
        self.loan, self.bucket = loan, bucket


class Overpriced(Exception):
    """A guarantor asks for more than the lender pays. Carries both premiums in minor units."""

    def __init__(self, asked_minor: int, most_minor: int) -> None:
        super().__init__(f"the guarantor asks for {asked_minor}, the lender pays {most_minor}")
        self.asked_minor, self.most_minor = asked_minor, most_minor


class Lender:
    """Signs for the pool, and acts on its loans."""

    def __init__(self, ledger: Ledger, data: Path) -> None:
        self.ledger, self._officer = ledger, Desk(ledger, "risk", data)
        self._underwriter = load_key("underwriter", None, ledger.chain_id)

    def deadline(self) -> int:
        """Until when something signed now is good, UTC seconds of the ledger."""
        return self.ledger.pending_timestamp() + SIGNATURE_SECONDS

    async def bring(self, act: str, call: Call) -> None:
        """Take to the ledger what was signed. Raises the ContractError of a refusal."""
        await asyncio.to_thread(self._officer.carry_out, {act: call})

    async def sees_bucket(self, loan: bytes, bucket: int) -> None:
        """Wait until the ledger itself has the loan in this arrears bucket. Raises NotRecorded."""
        try:
            async with asyncio.timeout(PATIENCE_SECONDS):
                while (await asyncio.to_thread(self.ledger.loan_book.loan, loan)).bucket != bucket:
                    await asyncio.sleep(POLL_SECONDS)
        except TimeoutError:
            raise NotRecorded(loan, bucket) from None

    def offer_holiday(self, agreement: Agreement, loan: Json, day: int) -> Json:
        """New terms for a borrower in hardship, over what the contract says is owed."""
        owed = self.ledger.loan_book.payoff(bytes.fromhex(loan["loan"][2:]), day)
        return holiday(agreement, loan, owed, day, self.deadline(), self.ledger.loan_book.domain)

    async def amend(self, amendment: Amendment, signer: bytes, signature: bytes) -> None:
        """Sign what the borrower has signed, and bring it."""
        by_lender = sign(self._underwriter, amendment, self.ledger.loan_book.domain)
        call = self.ledger.loan_book.amend_call(amendment, signer, signature, by_lender)
        await self.bring(f"amend/{amendment.loan.hex()}/{amendment.sequence}", call)

    async def accept(self, guarantee: Guarantee, agreement: Agreement, signer: bytes, signature: bytes) -> None:
        """Sign a guarantee of this agreement at the usual price, and bring it. Raises NotAsShown, Overpriced."""
        check_guarantee(guarantee, agreement)
        fund = self.ledger.guarantee_fund
        by_lender = sign(self._underwriter, guarantee, fund.domain)
        await self.bring(f"bind/{guarantee.salt.hex()}", fund.bind_call(guarantee, signer, signature, by_lender))

    async def declare_default(self, loan: bytes) -> None:
        """Call a loan in default."""
        await self.bring(f"default/{loan.hex()}", self.ledger.loan_book.declare_default_call(loan))

    async def call_cover(self, loan: bytes) -> int:
        """Let the guarantees of a defaulted loan pay; what they have paid by now, minor units."""
        fund = self.ledger.guarantee_fund
        await self.bring(f"cover/{loan.hex()}", fund.call_cover_call(loan))
        return await asyncio.to_thread(lambda: sum(fund.cover(each).paid_minor for each in fund.covers_of(loan)))


def check_guarantee(guarantee: Guarantee, agreement: Agreement) -> None:
    """It must stand for the loan of this agreement, at no more than the usual price. Raises NotAsShown, Overpriced."""
    for name, expected, found in (
        ("borrower", agreement.borrower, guarantee.borrower),
        ("lender", agreement.lender, guarantee.lender),
        ("agreementSalt", agreement.salt, guarantee.agreement_salt),
    ):
        if expected != found:
            raise NotAsShown(name, expected, found)
    most = premium_minor(guarantee.max_minor)
    if guarantee.premium_minor > most:
        raise Overpriced(guarantee.premium_minor, most)


def premium_minor(max_minor: int) -> int:
    """What the lender pays a guarantor once for standing for so much."""
    return max_minor * PREMIUM_PERCENT // 100
