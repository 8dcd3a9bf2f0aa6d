"""The whole ledger recounted from its events, and held against what the contracts say of the end."""

from collections.abc import Iterable
from itertools import groupby

from contracts.clients.address_book import AddressBook
from contracts.clients.events import Event, in_ledger_order
from contracts.recount.admission import Admission
from contracts.recount.cash import Cash
from contracts.recount.credit import Credit
from contracts.recount.findings import Findings
from contracts.recount.fund import Fund
from contracts.recount.loans import Loans
from contracts.recount.money_views import MoneyViews
from contracts.recount.parties import Parties
from contracts.recount.pool import Pool
from contracts.recount.views import CallView


def recount(events: Iterable[Event], call: CallView, book: AddressBook) -> Findings:
    """Rebuild every loan, balance, aggregate and report from events and compare.

    `events` are all events since the deployment; `call(to, data)` runs a view on the state after the last one.
    Pure but for `call`; nothing is raised for what differs, see Findings.differences.
    """
    findings, parties = Findings(), Parties()
    cash, credit = Cash(findings, parties), Credit(findings, book.domain("CreditRegistry"))
    admission = Admission(findings, parties, book.contracts["CashToken"])
    loans = Loans(findings, book.domain("LoanBook"), cash, credit, admission)
    pool, fund = Pool(findings, cash, book), Fund(findings, cash, book)
    appliers = {
        "CashToken": cash.apply,
        "CreditRegistry": credit.apply,
        "GuaranteeFund": fund.apply,
        "IdentityRegistry": parties.apply,
        "LendingPool": pool.apply,
        "LoanBook": loans.apply,
    }
    block_number = now = 0
    for _, transaction in groupby(in_ledger_order(events), key=lambda event: (event.block_number, event.tx_index)):
        for event in transaction:
            findings.events += 1
            block_number, now = event.block_number, event.timestamp
            if event.contract in appliers:
                appliers[event.contract](event)
        fund.end_transaction()
        pool.end_transaction()
        cash.end_transaction()
        credit.end_transaction()
        loans.end_transaction()
    loans.check_books(block_number)
    findings.money_held_minor = cash.total_minor
    views = MoneyViews(findings, book, call, block_number)
    views.compare_all(cash, credit, loans)
    views.compare_admission(parties, admission, loans, now)
    views.compare_money(cash, pool, fund)
    return findings
