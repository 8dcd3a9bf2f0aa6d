"""Typed clients of the ledger and its contracts. They read and build calls; they hold no keys."""

from contracts.clients.address_book import CONTRACT_NAMES, AddressBook, UnreadableAddressBook
from contracts.clients.contract import BlockId, Call, ContractClient
from contracts.clients.credit_registry import CurrentReport, Furnished, LimitView, kept_uid
from contracts.clients.errors import (
    AmbiguousFunction,
    ContractError,
    ContractMissing,
    LedgerUnavailable,
    RpcError,
    WrongChain,
)
from contracts.clients.events import Event, decode_log
from contracts.clients.identity_registry import Signing, Standing
from contracts.clients.ledger import Block, Ledger, UnknownBlock
from contracts.clients.loan_book import (
    Exposure,
    Facility,
    LoanView,
    Position,
    Product,
    ProductCaps,
)
from contracts.clients.rpc import Rpc
from contracts.clients.table import TableRow, table_rows
from contracts.loan import LoanStatus, Owed

__all__ = [
    "CONTRACT_NAMES",
    "AddressBook",
    "AmbiguousFunction",
    "Block",
    "BlockId",
    "Call",
    "ContractClient",
    "ContractError",
    "ContractMissing",
    "CurrentReport",
    "Event",
    "Exposure",
    "Facility",
    "Furnished",
    "Ledger",
    "LedgerUnavailable",
    "LimitView",
    "LoanStatus",
    "LoanView",
    "Owed",
    "Position",
    "Product",
    "ProductCaps",
    "Rpc",
    "RpcError",
    "Signing",
    "Standing",
    "TableRow",
    "UnknownBlock",
    "UnreadableAddressBook",
    "WrongChain",
    "decode_log",
    "kept_uid",
    "table_rows",
]
