"""The ledger seen through typed clients, on a real node with the real contracts."""

from dataclasses import fields, replace
from typing import Any

import pytest
from eth_account import Account
from eth_utils.crypto import keccak

from contracts.clients import (
    CONTRACT_NAMES,
    AddressBook,
    AmbiguousFunction,
    Call,
    ContractError,
    ContractMissing,
    Exposure,
    Facility,
    Ledger,
    LedgerUnavailable,
    LoanStatus,
    Position,
    ProductCaps,
    Signing,
    Standing,
    UnknownBlock,
    WrongChain,
    table_rows,
)
from contracts.clients.abi import snake_case
from contracts.clients.contract import function_of
from contracts.deployment.plan import CONSUMER_INSTALMENT
from contracts.keys import DEVNET_CHAIN_ID, load_key
from contracts.schedule import Method, Row, derive, proof_root, schedule_root
from contracts.sender import Sender, Status, durable_engine
from contracts.typed_data import (
    Agreement,
    Registration,
    digest,
    sign,
)
from tests.chain.support import NodeProcess
from tests.contracts.loan.strategies import AGREEMENT, HARVESTS, TABLE_AGREEMENT, YEAR

NOBODY = "0x" + "00" * 19 + "99"
ANYTHING = b"\7" * 32
BROUGHT = table_rows(HARVESTS, range(1, 3))


def _send(ledger: Ledger, role: str, database: str, act: str, call: Call) -> Any:
    sender = Sender(durable_engine(database), load_key(role, None, DEVNET_CHAIN_ID), ledger.rpc)
    sender.enqueue(act, call.to, call.data)
    return sender.wait(act)


@pytest.fixture
def database(tmp_path: Any) -> str:
    return f"sqlite:///{tmp_path / 'sender.db'}"


def test_the_chain_is_the_book_s(ledger: Ledger) -> None:
    assert ledger.chain_id == DEVNET_CHAIN_ID
    elsewhere = Ledger(ledger.rpc.url, AddressBook(1, 0, ledger.book.contracts))
    with pytest.raises(WrongChain):
        _ = elsewhere.chain_id


def test_a_block_is_found_by_number_and_by_hash(ledger: Ledger) -> None:
    head = ledger.head()
    assert ledger.block(head.number) == ledger.block(head.hash) == head
    assert ledger.block(head.number - 1).hash == head.parent_hash
    assert ledger.pending_timestamp() > head.timestamp
    for unknown in (head.number + 1_000, ANYTHING):
        with pytest.raises(UnknownBlock):
            ledger.block(unknown)


def test_nobody_has_nothing(ledger: Ledger) -> None:
    assert ledger.identity_registry.standing(NOBODY) == Standing(False, False, False, 0, 0)
    assert ledger.credit_registry.current(NOBODY).uid == bytes(32)
    assert ledger.loan_book.exposure(NOBODY) == Exposure(0, 0)
    assert ledger.loan_book.loan(ANYTHING).status == LoanStatus.NONE
    assert ledger.loan_book.position(NOBODY) == Position(0, 0, 0, 0)
    assert ledger.cash_token.balance_of(NOBODY) == ledger.lending_pool.shares_of(NOBODY) == 0
    assert ledger.lending_pool.underwriter(NOBODY) == 0
    assert not ledger.identity_registry.is_signer(NOBODY, bytes(20))
    assert ledger.identity_registry.signing(NOBODY) == Signing(0, 0, bytes(32), 0, bytes(32), 0, False, 0)
    assert not ledger.identity_registry.speaks_for(NOBODY, ANYTHING, bytes(20), bytes(65))
    assert not ledger.cash_token.entry_used(ANYTHING)
    assert not ledger.loan_book.product(ANYTHING).caps.active
    assert ledger.loan_book.facility(NOBODY, ANYTHING) == Facility(0, 0, 0)


def test_the_deployment_stands(ledger: Ledger) -> None:
    signers, quorum = ledger.credit_registry.signers()
    assert (len(signers), quorum) == (4, 3)
    assert all(ledger.credit_registry.is_signer(signer) for signer in signers)
    assert ledger.cash_token.is_loan_book(ledger.loan_book.address)
    assert ledger.loan_book.facility(ledger.lending_pool.address, CONSUMER_INSTALMENT).max_outstanding_minor > 0
    assert ledger.identity_registry.is_verifier(ledger.book.contracts["PasskeyVerifier"])
    assert ledger.lending_pool.total_assets() == ledger.cash_token.balance_of(ledger.lending_pool.address) > 0
    assert ledger.lending_pool.total_supply() > 0
    assert ledger.lending_pool.worth_of(ledger.lending_pool.total_supply()) > 0
    assert ledger.lending_pool.unvested() == 0
    assert ledger.lending_pool.last_valuation().valued_at == 0
    assert ledger.lending_pool.first_loss().reserve_minor == 0
    assert ledger.lending_pool.loan_books() == (ledger.loan_book.address,)
    assert ledger.cash_token.balance_of(ledger.lending_pool.safe()) == 0
    assert not ledger.lending_pool.is_depositor(NOBODY)
    assert ledger.lending_pool.claimable_deposit(NOBODY) == ledger.lending_pool.claimable_redemption(NOBODY) == 0
    assert ledger.cash_token.is_escrow(ledger.guarantee_fund.address)
    assert ledger.cash_token.redemption(ANYTHING) is ledger.cash_token.rejected_redemption(ANYTHING) is None
    assert ledger.cash_token.ordered_redemption(NOBODY, ANYTHING) == 0
    assert ledger.guarantee_fund.cover(ANYTHING).cap_minor == ledger.guarantee_fund.withdrawable(ANYTHING) == 0
    assert ledger.guarantee_fund.covers_of(ANYTHING) == ()
    assert ledger.cash_token.total_supply() == ledger.lending_pool.total_assets()


def test_the_contract_hashes_and_derives_what_python_does(ledger: Ledger) -> None:
    assert ledger.loan_book.agreement_digest(AGREEMENT) == digest(AGREEMENT, ledger.loan_book.domain)
    rows = derive(YEAR, AGREEMENT.instalment_minor)
    words, root = ledger.loan_book.derive_schedule(AGREEMENT)
    assert words == [row.word for row in rows]
    assert root == schedule_root(Method.ANNUITY, rows) == AGREEMENT.schedule_root
    assert isinstance(rows[0], Row)
    assert ledger.loan_book.verify_table(TABLE_AGREEMENT, HARVESTS) == TABLE_AGREEMENT.schedule_root


def test_a_revert_of_a_view_is_its_typed_error(ledger: Ledger) -> None:
    with pytest.raises(ContractError) as refused:
        ledger.credit_registry.require_current(NOBODY, ANYTHING)
    assert refused.value.name == "ReportSuperseded"
    assert refused.value.values == {"uid": ANYTHING, "current": bytes(32)}
    with pytest.raises(ContractError) as refused:
        ledger.loan_book.derive_schedule(replace(AGREEMENT, instalment_minor=10))
    assert refused.value.values == {"row": 0, "interest_minor": 10_192, "balance_minor": 1_000_000}
    with pytest.raises(ContractError, match="LoanNotActive"):
        ledger.loan_book.owed(ANYTHING, 20_000)


def test_a_contract_that_is_not_there_is_named(ledger: Ledger) -> None:
    moved = {**ledger.book.contracts, "CashToken": NOBODY}
    with pytest.raises(ContractMissing, match="no CashToken at"):
        Ledger(ledger.rpc.url, AddressBook(DEVNET_CHAIN_ID, 0, moved)).cash_token.total_supply()


def test_a_write_is_built_sent_and_seen_as_an_event(ledger: Ledger, database: str) -> None:
    wallet = Account.create()
    registration = Registration(NOBODY[:-2] + "42", bytes.fromhex(wallet.address[2:]), 2**40)
    signature = sign(wallet, registration, ledger.identity_registry.domain)
    call = ledger.identity_registry.register_call(registration, signature, 2, 40_000)
    before = ledger.head().number
    outcome = _send(ledger, "registrar", database, "register", call)
    assert outcome.status is Status.CONFIRMED
    assert ledger.identity_registry.standing(registration.subject) == Standing(True, False, False, 2, 40_000)
    assert not ledger.identity_registry.standing(registration.subject, block=before).registered
    events = ledger.events(before + 1, ledger.head().number)
    assert {event.name for event in events} == {"SubjectRegistered", "SignerAdded", "KycChanged"}
    added = next(event for event in events if event.name == "SignerAdded")
    assert added.args == {
        "subject": registration.subject,
        "signer_hash": keccak(registration.signer),
        "signer": registration.signer,
    }
    assert (added.contract, added.block_number) == ("IdentityRegistry", outcome.block_number)
    assert ledger.block(added.block_hash).timestamp == added.timestamp
    assert outcome.tx_hash == "0x" + added.tx_hash.hex()


def test_an_act_without_its_role_fails_with_the_access_error(ledger: Ledger, database: str) -> None:
    outcome = _send(ledger, "relayer", database, "mint", ledger.cash_token.mint_call(NOBODY, 1, ANYTHING))
    assert outcome.error is not None
    assert outcome.error.name == "AccessManagedUnauthorized"
    assert outcome.error.values["caller"] == load_key("relayer", None, DEVNET_CHAIN_ID).address


def test_all_events_since_the_deployment_come_in_order(ledger: Ledger) -> None:
    events = ledger.events(0, ledger.head().number)
    places = [(event.block_number, event.log_index) for event in events]
    assert places == sorted(set(places))
    assert {event.contract for event in events} >= {"AccessManager", "CashToken", "CreditRegistry", "LoanBook"}


def test_rows_are_brought_with_the_proofs_that_lead_to_the_signed_root() -> None:
    assert [row.word for row in BROUGHT] == [row.word for row in HARVESTS[1:]]
    for index, row in enumerate(BROUGHT, 1):
        assert proof_root(index, row.word, row.proof) == TABLE_AGREEMENT.schedule_root


def test_a_function_with_several_forms_is_chosen_by_its_arguments() -> None:
    assert len(function_of("LoanBook", "repay", 2).inputs) == 2
    assert len(function_of("LoanBook", "repay", 3).inputs) == 3
    with pytest.raises(AmbiguousFunction, match="LoanBook has several functions repay"):
        function_of("LoanBook", "repay")
    for name, arguments in (("repay", 4), ("repaid", None)):
        with pytest.raises(KeyError, match=f"LoanBook.{name}"):
            function_of("LoanBook", name, arguments)


def test_agreements_have_the_contract_s_fields_in_order() -> None:
    (entry, *_) = function_of("LoanBook", "originate", 4).inputs
    assert [member["name"] for member in entry["components"]] == [field.key for field in Agreement.fields()]
    assert len(fields(Agreement)) == 33


def test_caps_have_the_contract_s_fields_in_order() -> None:
    (_, entry, _) = function_of("LoanBook", "setProduct").inputs
    assert [snake_case(member["name"]) for member in entry["components"]] == [
        field.name for field in fields(ProductCaps)
    ]


def test_a_ledger_that_is_away_is_named(ledger: Ledger) -> None:
    away = Ledger("http://127.0.0.1:9", ledger.book)
    with pytest.raises(LedgerUnavailable) as refused:
        away.head()
    assert refused.value.url == "http://127.0.0.1:9"


def test_the_book_names_every_contract(ledger: Ledger, node: NodeProcess) -> None:
    assert set(ledger.book.contracts) == set(CONTRACT_NAMES)
    assert all(node.result("eth_getCode", address, "latest") != "0x" for address in ledger.book.contracts.values())
