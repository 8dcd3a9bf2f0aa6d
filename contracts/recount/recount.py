"""The whole ledger recounted from its events, and held against what the contracts say of the end."""

from collections.abc import Iterable
from itertools import groupby

from contracts.clients.address_book import AddressBook
from contracts.clients.events import Event, in_ledger_order
from contracts.recount.cash import Cash
from contracts.recount.credit import Credit
from contracts.recount.findings import Findings
from contracts.recount.money_views import MoneyViews
from contracts.recount.parties import Parties
from contracts.recount.pool import Pool
from contracts.recount.version import Version, exposures
from contracts.recount.views import CallView


def recount(events: Iterable[Event], call: CallView, book: AddressBook) -> Findings:
    """Rebuild every loan, balance, aggregate and report from events and compare.

    `events` are all events since the deployment; `call(to, data)` runs a view on the state after the last one.
    Every version of LoanBook in the address book is recounted with its guarantees; the rest serves all of them.
    Pure but for `call`; nothing is raised for what differs, see Findings.differences.
    """
    findings, parties = Findings(), Parties()
    cash, credit = Cash(findings, parties), Credit(findings, book.domain("CreditRegistry"))
    pool = Pool(findings, cash, book)
    versions = [Version(findings, parties, cash, credit, one) for one in book.versions]
    appliers = {
        book.contracts["CashToken"]: cash.apply,
        book.contracts["CreditRegistry"]: credit.apply,
        book.contracts["IdentityRegistry"]: parties.apply,
        book.contracts["LendingPool"]: pool.apply,
    }
    for version in versions:
        appliers |= version.appliers
    block_number = now = 0
    for _, transaction in groupby(in_ledger_order(events), key=lambda event: (event.block_number, event.tx_index)):
        for event in transaction:
            findings.events += 1
            block_number, now = event.block_number, event.timestamp
            if event.address in appliers:
                appliers[event.address](event)
        for version in versions:
            version.fund.end_transaction()
        pool.end_transaction()
        cash.end_transaction()
        credit.end_transaction()
        for version in versions:
            version.loans.end_transaction()
    findings.money_held_minor = cash.total_minor
    views = MoneyViews(findings, book, call, block_number)
    views.compare_parties(parties)
    views.compare_credit(credit)
    views.compare_exposure(exposures(versions))
    views.compare_money(cash, pool)
    for version in versions:
        version.loans.check_books(block_number)
        own = MoneyViews(findings, version.book, call, block_number)
        own.compare_loans(version.loans)
        own.compare_admission(version.admission, version.loans, now)
        own.compare_fund(cash, version.fund)
    return findings
