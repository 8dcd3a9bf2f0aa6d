"""The one durable sender: each step is committed before the next begins, so a kill between any two is harmless."""

import time
from collections.abc import Mapping, Sequence
from functools import cached_property
from typing import Any

from eth_account.signers.local import LocalAccount
from eth_utils.address import to_checksum_address
from sqlalchemy import Engine, Row

from contracts.clients.errors import ContractError, RpcError
from contracts.clients.reverts import contract_error
from contracts.clients.rpc import Request, Rpc
from contracts.sender.engine import refusing_damage
from contracts.sender.outbox import Outcome, Status, enqueue, outcome
from contracts.sender.store import Store, failure
from contracts.sender.tables import metadata, sender_transactions
from contracts.sender.transactions import GAS_PRICE, filler, hash_of, signed, with_margin

BATCH_ROWS = 100
"""Acts taken through a step at once."""
MAX_IN_FLIGHT = 1_000
"""Acts that may hold a nonce without being settled."""
RESEND_SECONDS = 3.0
"""An act without a receipt for so long is sent again: the node may have lost its queue."""
POLL_SECONDS = 0.05

TAKEN_BEFORE = ("already known", "known transaction", "already imported", "already exists", "nonce too low")
"""Refusals that mean: the node has, or had, this transaction."""
PASSING = ("full", "limit exceeded", "timeout", "underpriced")
"""Refusals that mean: try again later."""
INTERNAL_ERRORS = (-32603, -32005)


class OutcomeTimeout(Exception):
    """An act was not settled in time; it stays in the outbox."""

    def __init__(self, act_id: str, seconds: float) -> None:
        super().__init__(f"act {act_id} was not settled within {seconds:g} s")
        self.act_id, self.seconds = act_id, seconds


class Sender:
    """Sends the acts of one key, in order, each exactly once. `engine` comes from `durable_engine`.

    Raises DamagedDatabase when the database cannot be read.
    """

    def __init__(
        self, engine: Engine, account: LocalAccount, rpc: Rpc, *, resend_seconds: float = RESEND_SECONDS
    ) -> None:
        self.engine, self._account, self.rpc, self._resend_seconds = engine, account, rpc, resend_seconds
        self._store = Store(engine, account.address)
        self._used_nonces = 0
        with refusing_damage(engine):
            metadata.create_all(engine)

    @property
    def address(self) -> str:
        """The account that sends."""
        return str(self._account.address)

    @cached_property
    def chain_id(self) -> int:
        """The chain that signatures are bound to."""
        return int(self.rpc.request("eth_chainId"), 16)

    def enqueue(self, act_id: str, to: str | None, data: bytes) -> None:
        """Put an act of this key into the outbox in a transaction of its own. Raises ActConflict."""
        with self.engine.begin() as connection:
            enqueue(connection, act_id, to, data, key_address=self.address)

    def outcome(self, act_id: str) -> Outcome:
        """What became of an act so far. Raises UnknownAct."""
        with self.engine.begin() as connection:
            return outcome(connection, act_id)

    def wait(self, act_id: str, timeout_seconds: float = 60.0) -> Outcome:
        """Step until an act is settled. Raises UnknownAct, OutcomeTimeout, LedgerUnavailable."""
        deadline = time.monotonic() + timeout_seconds
        while not (found := self.outcome(act_id)).settled:
            if time.monotonic() > deadline:
                raise OutcomeTimeout(act_id, timeout_seconds)
            if not self.step():
                time.sleep(POLL_SECONDS)
        return found

    def step(self) -> int:
        """Move every act as far as it will go now; returns how many moves were made.

        Raises LedgerUnavailable; what was committed before stays, and the next step goes on from there.
        """
        return self.settle() + self.allocate() + self.sign() + self.send()

    def settle(self) -> int:
        """Read receipts; take acts back into flight that the ledger has forgotten."""
        rows = self._store.sent(MAX_IN_FLIGHT)
        head, used, *receipts = self.rpc.batch_strict(self._receipt_requests(rows))
        self._used_nonces = int(used, 16)
        forgotten = self._store.settled_from(self._used_nonces, BATCH_ROWS)
        moves = self._settle_with(zip(rows, receipts, strict=True))
        moves += self._store.settle([(row, _SIGNED_AGAIN) for row in forgotten])
        lost = [row for row, receipt in zip(rows, receipts, strict=True) if not receipt]
        moves += self._requeue_replaced([row for row in lost if row.nonce < self._used_nonces], int(head, 16))
        self._fill_gap()
        return moves

    def _receipt_requests(self, rows: Sequence[Row[Any]]) -> list[Request]:
        receipts: list[Request] = [("eth_getTransactionReceipt", (row.tx_hash,)) for row in rows]
        used: Request = ("eth_getTransactionCount", (self.address, "latest"))
        return [("eth_blockNumber", ()), used, *receipts]

    def _settle_with(self, found: Any) -> int:
        changes = [(row, self._verdict(row, receipt)) for row, receipt in found if receipt]
        return self._store.settle(changes) if changes else 0

    def _verdict(self, row: Row[Any], receipt: dict[str, Any]) -> dict[str, Any]:
        mined = {"block_number": int(receipt["blockNumber"], 16)}
        if int(receipt["status"], 16) != 1:
            return mined | failure(self._revert_reason(row, mined["block_number"]))
        created = receipt.get("contractAddress")
        contract = to_checksum_address(created) if created else None
        return mined | {"status": Status.CONFIRMED, "contract_address": contract, "settled_at": time.time()}

    def _revert_reason(self, row: Row[Any], block_number: int) -> ContractError:
        call = {**self._call(row), "gas": hex(row.gas)}
        try:
            self.rpc.request("eth_call", call, hex(block_number - 1))
        except RpcError as error:
            return contract_error(error) or _refusal(error)
        return ContractError("RevertedInBlock", {"block_number": block_number})

    def _requeue_replaced(self, rows: Sequence[Row[Any]], head: int) -> int:
        """Queue acts again whose nonce another transaction of this key has used up.

        Only on the word of a node that is at least as far as the one that counted the nonces.
        """
        if not rows:
            return 0
        requests: list[Request] = [("eth_blockNumber", ())]
        for row in rows:
            requests += [
                (method, (row.tx_hash,)) for method in ("eth_getTransactionReceipt", "eth_getTransactionByHash")
            ]
        newer, *answers = self.rpc.batch_strict(requests)
        if int(newer, 16) < head:
            return 0
        pairs = zip(rows, answers[::2], answers[1::2], strict=True)
        gone = [row for row, receipt, transaction in pairs if not receipt and not transaction]
        return self._store.settle([(row, _QUEUED_AGAIN) for row in gone])

    def _fill_gap(self) -> None:
        """Use up nonces below our lowest open one that nobody holds: they would stop everything behind them."""
        lowest = self._store.lowest_in_flight()
        if lowest is None or lowest <= self._used_nonces:
            return
        end = min(lowest, self._used_nonces + BATCH_ROWS)
        held = self._store.held_nonces(self._used_nonces, end)
        missing = [nonce for nonce in range(self._used_nonces, end) if nonce not in held]
        self._store.fill({nonce: filler(self._account, self.chain_id, nonce) for nonce in missing})

    def allocate(self) -> int:
        """Estimate the queued acts and give those that would succeed their nonces."""
        number, lowest = self._store.in_flight()
        room = min(BATCH_ROWS, MAX_IN_FLIGHT - number)
        rows = self._store.rows(sender_transactions.c.status == Status.QUEUED, limit=max(room, 0))
        if not rows:
            return 0
        unknown = [row for row in rows if row.gas is None]
        count: Request = ("eth_getTransactionCount", (self.address, "latest"))
        used, *estimates = self.rpc.batch([count, *(("eth_estimateGas", (self._call(row),)) for row in unknown)])
        found = dict(zip((row.position for row in unknown), estimates, strict=True))
        gas, failures = _judge(rows, found, lowest)
        return self._store.allocate(gas, failures, int(used, 16))

    def _call(self, row: Row[Any]) -> dict[str, Any]:
        call = {"from": self.address, "data": "0x" + row.data.hex(), "gasPrice": hex(GAS_PRICE)}
        return {**call, "to": row.to} if row.to else call

    def sign(self) -> int:
        """Sign what has a nonce."""
        rows = self._store.rows(sender_transactions.c.status == Status.ALLOCATED, limit=MAX_IN_FLIGHT)
        return self._store.change([(row.position, Status.ALLOCATED, self._signed(row)) for row in rows])

    def _signed(self, row: Row[Any]) -> dict[str, Any]:
        raw = signed(self._account, self.chain_id, row.nonce, row.gas, row.to, row.data)
        return {"status": Status.SIGNED, "raw": raw, "tx_hash": hash_of(raw)}

    def send(self) -> int:
        """Hand signed transactions to the ledger by nonce, and again what it seems to have lost."""
        now = time.time()
        rows = self._store.to_send(now - self._resend_seconds, MAX_IN_FLIGHT)
        fillers = self._store.fillers_from(self._used_nonces, BATCH_ROWS)
        if not rows and not fillers:
            return 0
        raws = [*fillers, *(row.raw for row in rows)]
        answers = self.rpc.batch([("eth_sendRawTransaction", ("0x" + raw.hex(),)) for raw in raws])
        return self._record_sent(list(zip(rows, answers[len(fillers) :], strict=True)), now)

    def _record_sent(self, answered: Sequence[tuple[Row[Any], Any]], now: float) -> int:
        taken = [row for row, answer in answered if _is_taken(answer)]
        self._store.change([(row.position, row.status, {"status": Status.SENT, "sent_at": now}) for row in taken])
        refused = [(row, answer) for row, answer in answered if row.status == Status.SIGNED and _is_refused(answer)]
        for row, answer in refused:
            self._store.refuse(row, _refusal(answer), filler(self._account, self.chain_id, row.nonce))
        return len([row for row in taken if row.status == Status.SIGNED]) + len(refused)


_QUEUED_AGAIN: dict[str, Any] = {
    "status": Status.QUEUED,
    **dict.fromkeys(("nonce", "gas", "raw", "tx_hash", "sent_at")),
}
_SIGNED_AGAIN: dict[str, Any] = {
    "status": Status.SIGNED,
    **dict.fromkeys(("block_number", "contract_address", "error", "settled_at", "sent_at")),
}


def _judge(
    rows: Sequence[Row[Any]], estimates: Mapping[int, Any], lowest_open: int | None
) -> tuple[dict[int, int], dict[int, ContractError]]:
    """Which acts get how much gas, and which fail.

    A revert counts only when no earlier act is open: an earlier one may be what this one needs.
    """
    gas: dict[int, int] = {}
    failures: dict[int, ContractError] = {}
    for row in rows:
        estimate = estimates.get(row.position)
        if estimate is None or isinstance(estimate, str):
            gas[row.position] = row.gas if estimate is None else with_margin(int(estimate, 16))
            lowest_open = row.position if lowest_open is None else min(lowest_open, row.position)
        elif (lowest_open is None or lowest_open > row.position) and estimate.code not in INTERNAL_ERRORS:
            failures[row.position] = contract_error(estimate) or _refusal(estimate)
        else:
            lowest_open = row.position if lowest_open is None else min(lowest_open, row.position)
    return gas, failures


def _is_taken(answer: Any) -> bool:
    return isinstance(answer, str) or any(words in answer.message.lower() for words in TAKEN_BEFORE)


def _is_refused(answer: Any) -> bool:
    if _is_taken(answer) or answer.code in INTERNAL_ERRORS:
        return False
    return not any(words in answer.message.lower() for words in PASSING)


def _refusal(error: RpcError) -> ContractError:
    return ContractError("RefusedByLedger", {"code": error.code, "message": error.message})
