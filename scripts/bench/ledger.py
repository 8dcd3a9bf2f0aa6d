"""Measure the ledger: payments mined a second, and replayed a second in each engine.

The payment is a small token transfer: two slots changed and one event,
about 37,000 gas, signed by one of ten keys.
"""

import tempfile
import time
from pathlib import Path
from typing import Any

DEVNET_GENESIS = Path(__file__).resolve().parents[2] / "hardhat-free-devnet" / "genesis.json"
PAYMENTS = 2_000
SENDERS = 10
PAYMENT_GAS = 80_000
DEPLOY_GAS = 500_000
PEER_PAYMENTS = 400
PEER_FEE_WEI = 10**9
# balance[caller] -= calldata[1]; balance[calldata[0]] += calldata[1]; one event of 64 bytes
TOKEN_CODE = bytes.fromhex(
    "335460203590033355600035546020359001600035556020356000526000356020527f" + "11" * 32 + "60406000a100"
)
INIT_CODE = bytes.fromhex("60") + bytes([len(TOKEN_CODE)]) + bytes.fromhex("8060095f395ff3") + TOKEN_CODE


def measure_ledger(payments: int = PAYMENTS) -> dict[str, Any]:
    """Mine `payments` on a fresh ledger on disk, export it and replay it; rates in transactions a second.

    The peer is eth-tester with automine: the same transfer on py-evm, in memory and without a seal.
    """
    from chain.export.source import store_source
    from chain.export.write import write_export

    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        measured = _mine(folder / "node", payments)
        with store_source(folder / "node") as source:
            write_export(source, folder / "export")
        peer = eth_tester_rate()
        ratio = round(measured["accept_and_mine_tx_per_s"] / peer, 2)
        rates = {"eth_tester_tx_per_s": peer, "ratio_to_eth_tester": ratio}
        return measured | rates | replay_rates(folder / "export")


def replay_rates(export_folder: Path) -> dict[str, Any]:
    """Replay an export in both engines; rates in transactions a second."""
    from chain.export.read import Export
    from chain.replay.pyevm import PyEvmReplay
    from chain.replay.specs import SpecsReplay

    rates = {}
    for name, replay_class in (("replay_pyevm_tx_per_s", PyEvmReplay), ("replay_specs_tx_per_s", SpecsReplay)):
        replay = replay_class(Export(export_folder))
        started = time.perf_counter()
        for _ in replay.run():
            pass
        rates[name] = round(replay.result.transactions / (time.perf_counter() - started), 1)
    return rates


def _mine(folder: Path, payments: int) -> dict[str, Any]:
    from chain.core.genesis import load_genesis
    from chain.core.ledger import Ledger
    from chain.seals.keys import load_sealer

    genesis = load_genesis(DEVNET_GENESIS)
    ledger = Ledger(folder, genesis, load_sealer(None, genesis.chain_id))
    try:
        deploy, raws = signed_payments(genesis.chain_id, payments)
        ledger.accept([deploy])
        ledger.produce(0)
        started = time.perf_counter()
        ledger.accept(raws)
        accepted = time.perf_counter()
        blocks = 0
        while ledger.produce(0) is not None:
            blocks += 1
        mined = time.perf_counter()
    finally:
        ledger.close()
    return {
        "payments": payments,
        "blocks": blocks,
        "accept_tx_per_s": round(payments / (accepted - started), 1),
        "mine_tx_per_s": round(payments / (mined - accepted), 1),
        "accept_and_mine_tx_per_s": round(payments / (mined - started), 1),
    }


def signed_payments(chain_id: int, payments: int) -> tuple[bytes, list[bytes]]:
    """The raw transaction that deploys the token, and raw payments of all senders in turn."""
    from eth_account import Account
    from eth_utils.address import to_checksum_address

    from chain.rpc.render import contract_address

    keys = [Account.from_key((number + 1).to_bytes(32, "big")) for number in range(SENDERS)]
    token = to_checksum_address(contract_address(bytes.fromhex(keys[0].address[2:]), 0))

    def sign(index: int, nonce: int, gas: int, **fields: Any) -> bytes:
        fees = {"maxFeePerGas": 0, "maxPriorityFeePerGas": 0, "value": 0, "chainId": chain_id}
        signed = keys[index].sign_transaction(fees | {"nonce": nonce, "gas": gas} | fields)
        return bytes(signed.raw_transaction)

    deploy = sign(0, 0, DEPLOY_GAS, data=INIT_CODE)
    raws = [
        sign(
            number % SENDERS,
            number // SENDERS + (1 if number % SENDERS == 0 else 0),
            PAYMENT_GAS,
            to=token,
            data=_transfer(number),
        )
        for number in range(payments)
    ]
    return deploy, raws


def eth_tester_rate(payments: int = PEER_PAYMENTS) -> float:
    """The same token transfers sent one by one to eth-tester, which mines each at once, in transactions a second."""
    from eth_tester import EthereumTester, PyEVMBackend

    tester = EthereumTester(PyEVMBackend())
    accounts = tester.get_accounts()
    fees = {"value": 0, "max_fee_per_gas": PEER_FEE_WEI, "max_priority_fee_per_gas": PEER_FEE_WEI}
    deploy = fees | {"from": accounts[0], "data": "0x" + INIT_CODE.hex(), "gas": DEPLOY_GAS}
    token = tester.get_transaction_receipt(tester.send_transaction(deploy))["contract_address"]
    started = time.perf_counter()
    for number in range(payments):
        data = "0x" + _transfer(number).hex()
        sender = accounts[number % len(accounts)]
        tester.send_transaction(fees | {"from": sender, "to": token, "data": data, "gas": PAYMENT_GAS})
    return round(payments / (time.perf_counter() - started), 1)


def _transfer(number: int) -> bytes:
    return (0x1000 + number).to_bytes(32, "big") + (1).to_bytes(32, "big")
