"""Decode and check signed transactions. Each refusal is one class; the texts follow geth's, as clients match them."""

from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import rlp
from eth.vm.forks.prague.transactions import PragueTransactionBuilder
from eth_hash.auto import keccak
from eth_utils.exceptions import ValidationError

from chain.core.nesting import check_nesting
from chain.core.rules import MAX_INITCODE_BYTES, MAX_TRANSACTION_BYTES, MAX_TRANSACTION_GAS
from chain.errors import LedgerError

TYPES = (1, 2, 4)  # access list, dynamic fee, set code
LEGACY_FIRST_BYTE = 0xC0  # an RLP list; smaller first bytes are transaction types
SECP256K1_HALF_ORDER = 0x7FFFFFFFFFFFFFFFFFFFFFFFFFFFFFFF5D576E7357A4501DDFE92F46681B20A0
FLOOR_GAS_PER_TOKEN = 10  # EIP-7623
TOKENS_PER_NONZERO_BYTE = 4
BASE_GAS = 21_000
ADDRESS_BYTES = 20


class TransactionRefused(LedgerError):
    """The ledger does not accept this transaction."""


class Undecodable(TransactionRefused):
    """The bytes are no signed transaction."""

    def __init__(self, reason: str) -> None:
        self.reason = reason
        super().__init__(f"rlp: {reason}")


class TypeNotSupported(TransactionRefused):
    """No such type, or a blob transaction, which is not accepted: blob gas costs at least 1 wei, and nobody has any."""

    def __init__(self, kind: int) -> None:
        self.kind = kind
        super().__init__(f"transaction type not supported: {kind}")


class TooLarge(TransactionRefused):
    """The transaction has too many bytes."""

    def __init__(self, found: int) -> None:
        self.found, self.limit = found, MAX_TRANSACTION_BYTES
        super().__init__(f"oversized data: transaction size {found}, limit {MAX_TRANSACTION_BYTES}")


class WrongChain(TransactionRefused):
    """The transaction is signed for another chain, or for any."""

    def __init__(self, expected: int, found: int | None) -> None:
        self.expected, self.found = expected, found
        if found is None:
            super().__init__("only replay-protected (EIP-155) transactions allowed over RPC")
        else:
            super().__init__(f"invalid chain id for signer: have {found} want {expected}")


class InvalidSignature(TransactionRefused):
    """The signature does not recover to a sender, or its s is not the lower one."""

    def __init__(self) -> None:
        super().__init__("invalid sender: the signature is not valid")


class IntrinsicGasTooLow(TransactionRefused):
    """The gas limit does not even cover the data."""

    def __init__(self, have: int, want: int) -> None:
        self.have, self.want = have, want
        super().__init__(f"intrinsic gas too low: have {have}, want {want}")


class GasLimitTooHigh(TransactionRefused):
    """The gas limit is above what one transaction may have."""

    def __init__(self, have: int) -> None:
        self.have, self.limit = have, MAX_TRANSACTION_GAS
        super().__init__(f"transaction gas limit too high (cap: {MAX_TRANSACTION_GAS}, tx: {have})")


class InitcodeTooLarge(TransactionRefused):
    """The code that creates the contract is too long."""

    def __init__(self, have: int) -> None:
        self.have, self.limit = have, MAX_INITCODE_BYTES
        super().__init__(f"max initcode size exceeded: code size {have}, limit {MAX_INITCODE_BYTES}")


class NonceTooLow(TransactionRefused):
    """The nonce is already used."""

    def __init__(self, address: str, expected: int, found: int) -> None:
        self.address, self.expected, self.found = address, expected, found
        super().__init__(f"nonce too low: address {address}, next nonce {expected}, tx nonce {found}")


class InsufficientFunds(TransactionRefused):
    """The sender cannot pay value and gas."""

    def __init__(self, address: str, have: int, want: int) -> None:
        self.address, self.have, self.want = address, have, want
        super().__init__(f"insufficient funds for gas * price + value: address {address} have {have} want {want}")


class TipAboveFeeCap(TransactionRefused):
    """maxPriorityFeePerGas is above maxFeePerGas."""

    def __init__(self, tip: int, cap: int) -> None:
        self.tip, self.cap = tip, cap
        super().__init__(f"max priority fee per gas higher than max fee per gas: {tip} > {cap}")


@dataclass(frozen=True)
class Transaction:
    """A signed transaction: its canonical bytes and py-evm's object for them."""

    raw: bytes
    evm: Any = field(repr=False, compare=False)

    @cached_property
    def hash(self) -> bytes:
        """keccak256 of the canonical bytes."""
        return bytes(keccak(self.raw))

    @cached_property
    def sender(self) -> bytes:
        """The address that signed."""
        return bytes(self.evm.sender)

    @property
    def nonce(self) -> int:
        """The sender's count of earlier transactions."""
        return int(self.evm.nonce)

    @property
    def gas(self) -> int:
        """The gas limit its sender set."""
        return int(self.evm.gas)

    @property
    def type(self) -> int:
        """EIP-2718 type; 0 for a legacy transaction."""
        return int(self.evm.type_id or 0)

    @property
    def chain_id(self) -> int | None:
        """The chain it is signed for; None for a legacy transaction valid on all."""
        chain_id = self.evm.chain_id
        return None if chain_id is None else int(chain_id)


def decode_transaction(raw: bytes) -> Transaction:
    """The transaction in its canonical (EIP-2718) bytes; raises Undecodable, TypeNotSupported, TooLarge."""
    if not raw:
        raise Undecodable("empty transaction bytes")
    if len(raw) > MAX_TRANSACTION_BYTES:
        raise TooLarge(len(raw))
    if raw[0] not in TYPES and raw[0] < LEGACY_FIRST_BYTE:
        raise TypeNotSupported(raw[0])
    try:
        check_nesting(raw, start=0 if raw[0] >= LEGACY_FIRST_BYTE else 1)
        evm = PragueTransactionBuilder.decode(raw)
    except (rlp.exceptions.RLPException, ValidationError, ValueError, TypeError, IndexError) as error:
        raise Undecodable(str(error).split("\n", maxsplit=1)[0] or type(error).__name__) from error
    return Transaction(raw, evm)


def check_stateless(transaction: Transaction, chain_id: int) -> None:
    """All rules that need no state; raises a TransactionRefused."""
    evm = transaction.evm
    if _encoded(evm) != transaction.raw:
        raise Undecodable("the encoding is not the canonical one")
    if transaction.type and any(len(account) != ADDRESS_BYTES for account, _ in evm.access_list):
        raise Undecodable("an entry of the access list names no address")
    if transaction.chain_id != chain_id:
        raise WrongChain(chain_id, transaction.chain_id)
    if transaction.gas > MAX_TRANSACTION_GAS:
        raise GasLimitTooHigh(transaction.gas)
    if not evm.to and len(evm.data) > MAX_INITCODE_BYTES:
        raise InitcodeTooLarge(len(evm.data))
    if evm.max_priority_fee_per_gas > evm.max_fee_per_gas:
        raise TipAboveFeeCap(evm.max_priority_fee_per_gas, evm.max_fee_per_gas)
    needed = max(evm.intrinsic_gas, floor_gas(evm.data))
    if transaction.gas < needed:
        raise IntrinsicGasTooLow(transaction.gas, needed)
    _check_signature(transaction)


def _encoded(evm: Any) -> bytes:
    """The canonical bytes, made anew: what `encode` gives are the bytes that were decoded, whatever they were."""
    typed = evm.type_id is not None
    inner = evm._inner if typed else evm
    encoded: bytes = rlp.encode(type(inner).serialize(inner), infer_serializer=False)
    return bytes([evm.type_id]) + encoded if typed else encoded


def floor_gas(data: bytes) -> int:
    """The least a transaction with this data costs (EIP-7623)."""
    zeros = data.count(0)
    tokens = zeros + TOKENS_PER_NONZERO_BYTE * (len(data) - zeros)
    return BASE_GAS + FLOOR_GAS_PER_TOKEN * tokens


def _check_signature(transaction: Transaction) -> None:
    if not 0 < transaction.evm.s <= SECP256K1_HALF_ORDER:
        raise InvalidSignature
    try:
        transaction.evm.validate()
        _ = transaction.sender
    except Exception as error:  # py-evm and eth-keys raise many classes here
        raise InvalidSignature from error


def check_stateful(transaction: Transaction, nonce: int, balance: int) -> None:
    """The rules that need the sender's account: nonce and balance in wei; raises a TransactionRefused."""
    address = f"0x{transaction.sender.hex()}"
    if transaction.nonce < nonce:
        raise NonceTooLow(address, nonce, transaction.nonce)
    want = transaction.evm.value + transaction.gas * transaction.evm.max_fee_per_gas
    if balance < want:
        raise InsufficientFunds(address, balance, want)
