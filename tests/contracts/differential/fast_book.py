"""LoanBook's schedule as the contract computes it, without anything around it."""

from functools import cache
from typing import Any

from contracts.artifacts import artifact
from contracts.clients.abi import Signature
from contracts.clients.errors import ContractError
from contracts.typed_data import Agreement
from tests.contracts.differential.answer import Refusal, Schedule, Table
from tests.contracts.differential.case import Case
from tests.contracts.differential.fast_evm import FastEvm

BOOK = "0x" + "b0" * 20


class FastBook:
    """A LoanBook's pure views; it has no storage and no neighbours."""

    def __init__(self) -> None:
        self.evm = FastEvm(timestamp=0)
        self.evm.install(BOOK, artifact("LoanViews").deployed_bytecode, {})

    @classmethod
    @cache
    def shared(cls) -> "FastBook":
        """One machine for the whole process."""
        return cls()

    def schedule(self, case: Case, instalment_minor: int) -> Schedule:
        """The contract's table of the case, or its refusal."""
        agreement = case.agreement(instalment_minor)
        try:
            return self._derived(agreement) if case.rows is None else self._verified(agreement, case)
        except ContractError as refusal:
            return Refusal.of(refusal.name, refusal.values)

    def _derived(self, agreement: Agreement) -> Table:
        found = self._read("deriveSchedule", agreement)
        return Table.of_words(found["rows"], found["root"])

    def _verified(self, agreement: Agreement, case: Case) -> Table:
        words = [row.word for row in case.table()]
        [root] = self._read("verifyTable", agreement, words).values()
        return Table.of_words(words, root)

    def _read(self, name: str, *values: Any) -> dict[str, Any]:
        function = _function(name)
        return function.decode_outputs(self.evm.call(BOOK, function.encode(values)))


@cache
def _function(name: str) -> Signature:
    [entry] = [entry for entry in artifact("LoanViews").abi if entry["type"] == "function" and entry["name"] == name]
    return Signature(entry)
