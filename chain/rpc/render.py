"""The JSON forms of blocks, transactions, receipts and logs."""

from typing import Any

from eth._utils.address import generate_contract_address
from eth_utils.address import to_checksum_address

from chain.core.blocks import Block, Log, Receipt
from chain.core.transactions import Transaction
from chain.rpc.hexes import as_hex

BLOOM_BYTES = 256
SET_CODE_TYPE = 4


def header_json(header: Any) -> dict[str, Any]:
    """A header; hash and number are null for the pending block, whoever renders that sets them."""
    return {
        "number": hex(header.block_number),
        "hash": as_hex(header.hash),
        "parentHash": as_hex(header.parent_hash),
        "nonce": as_hex(header.nonce),
        "mixHash": as_hex(header.mix_hash),
        "sha3Uncles": as_hex(header.uncles_hash),
        "logsBloom": as_hex(header.bloom.to_bytes(BLOOM_BYTES, "big")),
        "transactionsRoot": as_hex(header.transaction_root),
        "stateRoot": as_hex(header.state_root),
        "receiptsRoot": as_hex(header.receipt_root),
        "miner": to_checksum_address(header.coinbase),
        "difficulty": hex(header.difficulty),
        "extraData": as_hex(header.extra_data),
        "gasLimit": hex(header.gas_limit),
        "gasUsed": hex(header.gas_used),
        "timestamp": hex(header.timestamp),
        "baseFeePerGas": hex(header.base_fee_per_gas),
        "withdrawalsRoot": as_hex(header.withdrawals_root),
        "blobGasUsed": hex(header.blob_gas_used),
        "excessBlobGas": hex(header.excess_blob_gas),
        "parentBeaconBlockRoot": as_hex(header.parent_beacon_block_root),
        "requestsHash": as_hex(header.requests_hash),
    }


def block_json(block: Block, *, full: bool) -> dict[str, Any]:
    """A block with whole transactions, or only their hashes."""
    transactions: list[Any] = [as_hex(transaction.hash) for transaction in block.transactions]
    if full:
        transactions = [
            transaction_json(transaction, block, index) for index, transaction in enumerate(block.transactions)
        ]
    return header_json(block.header) | {
        "size": hex(block.size),
        "transactions": transactions,
        "uncles": [],
        "withdrawals": [],
    }


def pending_block_json(header: Any) -> dict[str, Any]:
    """The block that would be made now; what its transactions will do is not known yet."""
    rendered = header_json(header)
    return rendered | {"hash": None, "nonce": None, "size": "0x0", "transactions": [], "uncles": [], "withdrawals": []}


def transaction_json(transaction: Transaction, block: Block | None, index: int | None) -> dict[str, Any]:
    """A mined transaction, or one that is waiting (block and index None)."""
    evm = transaction.evm
    price = evm.gas_price if transaction.type in (0, 1) else min(evm.max_fee_per_gas, evm.max_priority_fee_per_gas)
    rendered = {
        "blockHash": None if block is None else as_hex(block.hash),
        "blockNumber": None if block is None else hex(block.number),
        "transactionIndex": None if index is None else hex(index),
        "hash": as_hex(transaction.hash),
        "type": hex(transaction.type),
        "chainId": None if transaction.chain_id is None else hex(transaction.chain_id),
        "from": to_checksum_address(transaction.sender),
        "to": to_checksum_address(evm.to) if evm.to else None,
        "nonce": hex(transaction.nonce),
        "gas": hex(transaction.gas),
        "gasPrice": hex(price),
        "value": hex(evm.value),
        "input": as_hex(evm.data),
        "r": hex(evm.r),
        "s": hex(evm.s),
    }
    return rendered | _signature_and_fees(transaction)


def _signature_and_fees(transaction: Transaction) -> dict[str, Any]:
    evm = transaction.evm
    if transaction.type == 0:
        return {"v": hex(evm.v)}
    rendered: dict[str, Any] = {"v": hex(evm.y_parity), "yParity": hex(evm.y_parity)}
    rendered["accessList"] = [
        {"address": to_checksum_address(entry[0]), "storageKeys": [f"0x{slot:064x}" for slot in entry[1]]}
        for entry in evm.access_list
    ]
    if transaction.type > 1:
        rendered["maxFeePerGas"] = hex(evm.max_fee_per_gas)
        rendered["maxPriorityFeePerGas"] = hex(evm.max_priority_fee_per_gas)
    if transaction.type == SET_CODE_TYPE:
        rendered["authorizationList"] = [_authorization_json(entry) for entry in evm.authorization_list]
    return rendered


def _authorization_json(entry: Any) -> dict[str, str]:
    return {
        "chainId": hex(entry.chain_id),
        "address": to_checksum_address(entry.address),
        "nonce": hex(entry.nonce),
        "yParity": hex(entry.y_parity),
        "r": hex(entry.r),
        "s": hex(entry.s),
    }


def receipt_json(block: Block, receipts: list[Receipt], index: int) -> dict[str, Any]:
    """One receipt of a block."""
    receipt, transaction = receipts[index], block.transactions[index]
    evm = transaction.evm
    gas_before = receipts[index - 1].cumulative_gas if index else 0
    logs_before = sum(len(earlier.logs) for earlier in receipts[:index])
    created = None if evm.to else to_checksum_address(contract_address(transaction.sender, transaction.nonce))
    return {
        "blockHash": as_hex(block.hash),
        "blockNumber": hex(block.number),
        "transactionHash": as_hex(transaction.hash),
        "transactionIndex": hex(index),
        "type": hex(transaction.type),
        "from": to_checksum_address(transaction.sender),
        "to": to_checksum_address(evm.to) if evm.to else None,
        "contractAddress": created,
        "status": hex(receipt.succeeded),
        "gasUsed": hex(receipt.cumulative_gas - gas_before),
        "cumulativeGasUsed": hex(receipt.cumulative_gas),
        "effectiveGasPrice": hex(min(evm.max_fee_per_gas, evm.max_priority_fee_per_gas)),
        "logsBloom": as_hex(receipt.bloom.to_bytes(BLOOM_BYTES, "big")),
        "logs": [log_json(log, block, index, logs_before + position) for position, log in enumerate(receipt.logs)],
    }


def contract_address(sender: bytes, nonce: int) -> bytes:
    """Where a contract created by this transaction stands."""
    return bytes(generate_contract_address(sender, nonce))


def log_json(log: Log, block: Block, transaction_index: int, log_index: int) -> dict[str, Any]:
    """A log and where it stands."""
    return {
        "address": to_checksum_address(log.address),
        "topics": [as_hex(topic) for topic in log.topics],
        "data": as_hex(log.data),
        "blockHash": as_hex(block.hash),
        "blockNumber": hex(block.number),
        "blockTimestamp": hex(block.header.timestamp),
        "transactionHash": as_hex(block.transactions[transaction_index].hash),
        "transactionIndex": hex(transaction_index),
        "logIndex": hex(log_index),
        "removed": False,
    }
