"""Every refusal is documented, and the documents are those of the code."""

import ast
import re
from dataclasses import fields
from pathlib import Path

import httpx
import pytest

import api
from api.kit.app import create_app
from api.kit.contract_errors import PROBLEMS, LoanClosed, LoanMovedOn, LoanNotActive, as_problem, failure
from api.kit.problem_reference import PAGE
from api.kit.problems import LedgerRefused, listed, reference
from api.kit.settings import Settings
from contracts.artifacts import artifact
from contracts.clients import CONTRACT_NAMES, ContractError
from contracts.clients.abi import snake_case
from tests.api.conftest import slug

ROOM = Path(api.__file__).parent
MOST_ENDPOINT_STATEMENT_LINES = 15
WITHOUT_KEY = {"/v1/sessions", "/v1/sessions/challenges"}


def test_the_page_of_problems_is_current() -> None:
    assert PAGE.read_text(encoding="utf-8") == reference()


def test_no_problem_is_told_that_the_page_does_not_list() -> None:
    told = {found for file in ROOM.glob("**/*.py") for found in re.findall(r'"/problems/([a-z-]+)"', file.read_text())}
    assert told <= {problem.slug() for problem in listed()}


def test_every_problem_has_title_meaning_status_and_an_example_of_its_values() -> None:
    for problem in listed():
        assert problem.title and problem.__doc__ and 400 <= problem.status < 600, problem
        assert set(problem.example) == {field.name for field in fields(problem)}, problem


@pytest.mark.parametrize("name", sorted(PROBLEMS))
def test_contract_errors_become_problems_with_the_contracts_values(name: str) -> None:
    entries = [entry for contract in CONTRACT_NAMES for entry in artifact(contract).abi]
    declared = next(entry for entry in entries if entry["type"] == "error" and entry["name"] == name)
    values = {
        snake_case(member["name"]): {"address": "0x" + "11" * 20, "bytes32": b"\1" * 32}.get(member["type"], 7)
        for member in declared["inputs"]
    }
    error = ContractError(name, values)
    assert as_problem(error).document()["status"] in (409, 422)
    assert failure(error.to_json()) == as_problem(ContractError.from_json(error.to_json())).document()


def test_a_closed_loan_is_told_from_one_that_never_began() -> None:
    closed, none = (ContractError("LoanNotActive", {"loan": b"\1" * 32, "status": status}) for status in (2, 0))
    assert isinstance(as_problem(closed), LoanClosed) and isinstance(as_problem(none), LoanNotActive)


@pytest.mark.parametrize("name", ["RowMissing", "RowProofInvalid"])
def test_rows_that_do_not_fit_any_more_say_that_the_loan_moved_on(name: str) -> None:
    assert as_problem(ContractError(name, {"row": 3})) == LoanMovedOn(3)


def test_an_unlisted_contract_error_is_told_by_name() -> None:
    problem = as_problem(ContractError("KycTooLow", {"borrower": "0x11", "level": 0, "needed": 1}))
    assert isinstance(problem, LedgerRefused) and problem.error == "KycTooLow"


def test_endpoints_only_parse_call_and_return() -> None:
    for file in ROOM.glob("*/endpoints.py"):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.AsyncFunctionDef):
                assert node.end_lineno is not None
                assert node.end_lineno - node.lineno < MOST_ENDPOINT_STATEMENT_LINES, (file, node.name)


def test_every_operation_is_described_with_examples_and_problems(settings: Settings) -> None:
    schema = create_app(settings).openapi()
    for path, operations in schema["paths"].items():
        for method, operation in operations.items():
            assert operation["description"], (path, method)
            if path.startswith("/v1") and path != "/v1/problems":
                refused = [status for status in operation["responses"] if status >= "400"]
                assert refused, (path, method)
            if method == "post" and path not in WITHOUT_KEY:
                assert "idempotency-key" in [p["name"] for p in operation["parameters"]], path
    described = schema["components"]["schemas"]
    for name, body in described.items():
        for field, shape in body.get("properties", {}).items():
            assert name in ("ProblemDocument",) or shape, (name, field)


@pytest.mark.anyio
async def test_the_table_of_problems_is_served(http: httpx.AsyncClient) -> None:
    table = (await http.get("/v1/problems")).json()
    assert {"/problems/overpayment", "/problems/offer-expired"} <= {row["type"] for row in table}


@pytest.mark.anyio
async def test_unknown_addresses_and_methods_are_problems_too(http: httpx.AsyncClient) -> None:
    assert slug(await http.get("/v1/nothing")) == "not-found"
    assert slug(await http.put("/v1/ledger")) == "method-not-allowed"
    assert slug(await http.get("/v1/ledger")) == "ledger-unavailable"
