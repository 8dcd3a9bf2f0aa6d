"""A contract that takes each word once: `word` or `word, needed`, where the needed word must have come before."""

from typing import Any

from contracts.sender import Outcome, Sender

NOTHING_GIVEN, TAKEN, NEEDED_MISSING = 1, 2, 3
"""Codes of its Panic errors."""

_STOP, _ISZERO, _SHL, _CALLDATALOAD, _CALLDATASIZE, _CODECOPY = 0x00, 0x15, 0x1B, 0x35, 0x36, 0x39
_MSTORE, _SLOAD, _SSTORE, _JUMP, _JUMPI, _JUMPDEST, _RETURN, _REVERT = 0x52, 0x54, 0x55, 0x56, 0x57, 0x5B, 0xF3, 0xFD
_PANIC = 0x4E487B71


def _push(value: int, size: int = 1) -> bytes:
    return bytes([0x5F + size]) + value.to_bytes(size, "big")


def _runtime() -> bytes:
    """Three guards that jump to a panic with their code on the stack, then the store."""
    guards = [
        (NOTHING_GIVEN, bytes([_CALLDATASIZE, _ISZERO])),
        (TAKEN, _push(0) + bytes([_CALLDATALOAD, _SLOAD])),
        (NEEDED_MISSING, _push(32) + bytes([_CALLDATALOAD, _SLOAD, _ISZERO]) + _longer_than_a_word()),
    ]
    size = sum(len(condition) + 5 for _, condition in guards) + len(_store())
    code = b"".join(_push(code) + condition + _push(size) + bytes([_JUMPI]) for code, condition in guards)
    return code + _store() + _panic()


def _longer_than_a_word() -> bytes:
    greater, both = 0x11, 0x16
    return _push(32) + bytes([_CALLDATASIZE, greater, both])


def _store() -> bytes:
    return _push(1) + _push(0) + bytes([_CALLDATALOAD, _SSTORE, _STOP])


def _panic() -> bytes:
    head = _push(_PANIC, 4) + _push(224) + bytes([_SHL]) + _push(0) + bytes([_MSTORE])
    return bytes([_JUMPDEST]) + head + _push(4) + bytes([_MSTORE]) + _push(36) + _push(0) + bytes([_REVERT])


def init_code() -> bytes:
    """What creates the contract."""
    code = _runtime()
    copy = _push(len(code)) + b"\x80" + _push(11) + _push(0) + bytes([_CODECOPY])
    return copy + _push(0) + bytes([_RETURN]) + code


def words(*numbers: int) -> bytes:
    """Calldata."""
    return b"".join(number.to_bytes(32, "big") for number in numbers)


def create(sender: Sender) -> str:
    """The address of a new one."""
    sender.enqueue("create", None, init_code())
    address = sender.wait("create").contract_address
    assert address is not None
    return address


def has(sender: Sender, contract: str, number: int) -> bool:
    """Whether the word has come."""
    return int(sender.rpc.request("eth_getStorageAt", contract, hex(number), "latest"), 16) == 1


def nonce(sender: Sender) -> int:
    """Transactions of the sender's key on the ledger."""
    return int(sender.rpc.request("eth_getTransactionCount", sender.address, "latest"), 16)


def failure(outcome: Outcome) -> tuple[str, dict[str, Any]]:
    """Name and values of the error of a failed act."""
    assert outcome.error is not None
    return outcome.error.name, outcome.error.values
