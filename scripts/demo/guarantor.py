"""A guarantor of the demo: a registered party with cash, who stands for somebody else's loan before it begins."""

import asyncio
import secrets
from dataclasses import dataclass, field

import httpx

from contracts.typed_data import Guarantee, digest, typed_data
from scripts.demo.bank import SECONDS_A_DAY, Bank
from scripts.demo.borrower import Borrower
from scripts.demo.case import Case
from scripts.demo.holiday import SALT_BYTES
from scripts.demo.lender import Lender, premium_minor

COVER_PERCENT = 60
"""Of the loan's principal: the most that the guarantor may lose."""
GUARANTEE_DAYS = 730
KIND_GUARANTOR = 0


@dataclass
class Guarantor:
    """Registers like a borrower, with a wallet key of its own; `guarantee` is the id of what it signed."""

    http: httpx.AsyncClient
    person: Borrower = field(init=False)
    guarantee: bytes = b""

    def __post_init__(self) -> None:
        self.person = Borrower(self.http)

    async def stand_for(self, case: Case, lender: Lender, bank: Bank) -> None:
        """Sign a cover for the loan that is offered, and put its cash into the fund."""
        await self.person.register()
        await self.person.login()
        terms = self._draft(case, lender.ledger.pending_timestamp(), lender.deadline())
        subject, fund = self.person.subject, lender.ledger.guarantee_fund
        await asyncio.to_thread(bank.credit, {subject: terms.max_minor}, "guarantor")
        signature = bytes.fromhex(self.person.sign(typed_data(terms, fund.domain))[2:])
        await lender.accept(terms, case.agreement, signer_of(self.person), signature)
        self.guarantee = digest(terms, fund.domain)
        case.figures |= {"cap_minor": terms.max_minor, "premium_minor": terms.premium_minor}

    def _draft(self, case: Case, now: int, deadline: int) -> Guarantee:
        agreement = case.agreement
        most = agreement.principal_minor * COVER_PERCENT // 100
        return Guarantee(
            guarantor=self.person.subject,
            kind=KIND_GUARANTOR,
            borrower=agreement.borrower,
            lender=agreement.lender,
            agreement_salt=agreement.salt,
            max_minor=most,
            premium_minor=premium_minor(most),
            last_day=now // SECONDS_A_DAY + GUARANTEE_DAYS,
            salt=secrets.token_bytes(SALT_BYTES),
            deadline=deadline,
        )

    async def attach(self, case: Case, lender: Lender) -> None:
        """From now on the guarantee covers the loan, and the lender has paid for it."""
        call = lender.ledger.guarantee_fund.attach_call(self.guarantee, case.agreement)
        await lender.bring(f"attach/{self.guarantee.hex()}", call)


def signer_of(person: Borrower) -> bytes:
    """The wallet key as the contracts know it."""
    return bytes.fromhex(person.signer.removeprefix("0x"))
