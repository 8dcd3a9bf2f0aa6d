"""JSON-RPC over one kept HTTP connection: single requests and batches."""

from collections.abc import Sequence
from itertools import count
from typing import Any

import httpx

from contracts.clients.errors import LedgerUnavailable, RpcError

DEFAULT_TIMEOUT_SECONDS = 60.0
CONNECT_TIMEOUT_SECONDS = 3.0
MAX_BATCH = 100
"""Requests in one HTTP body; longer batches are cut. Engines refuse more than about a thousand."""

Request = tuple[str, Sequence[Any]]


class Rpc:
    """A JSON-RPC endpoint. Safe to share between threads."""

    def __init__(self, url: str, timeout_seconds: float = DEFAULT_TIMEOUT_SECONDS) -> None:
        self.url = url
        self._client = httpx.Client(timeout=httpx.Timeout(timeout_seconds, connect=CONNECT_TIMEOUT_SECONDS))
        self._ids = count(1)

    def __repr__(self) -> str:
        return f"Rpc({self.url!r})"

    def close(self) -> None:
        """Give the connections back."""
        self._client.close()

    def request(self, method: str, *params: Any) -> Any:
        """The result of one request. Raises RpcError, LedgerUnavailable."""
        answer = self._post(self._body(method, params))
        if not isinstance(answer, dict):
            raise LedgerUnavailable(self.url, "the answer is not a JSON-RPC object")
        return _unwrap(_outcome(answer))

    def batch(self, requests: Sequence[Request]) -> list[Any]:
        """One result per request, in order; a refused one stands as its RpcError. Raises LedgerUnavailable."""
        results: list[Any] = []
        for start in range(0, len(requests), MAX_BATCH):
            results += self._batch(requests[start : start + MAX_BATCH])
        return results

    def batch_strict(self, requests: Sequence[Request]) -> list[Any]:
        """Like `batch`, but raises the first RpcError."""
        return [_unwrap(result) for result in self.batch(requests)]

    def _batch(self, requests: Sequence[Request]) -> list[Any]:
        bodies = [self._body(method, params) for method, params in requests]
        answers = self._post(bodies)
        if not isinstance(answers, list):
            raise LedgerUnavailable(self.url, "the answer to a batch is not a list")
        by_id = {answer.get("id"): answer for answer in answers if isinstance(answer, dict)}
        if any(body["id"] not in by_id for body in bodies):
            raise LedgerUnavailable(self.url, "the answer to a batch is incomplete")
        return [_outcome(by_id[body["id"]]) for body in bodies]

    def _body(self, method: str, params: Sequence[Any]) -> dict[str, Any]:
        return {"jsonrpc": "2.0", "id": next(self._ids), "method": method, "params": list(params)}

    def _post(self, body: Any) -> Any:
        try:
            response = self._client.post(self.url, json=body)
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            raise LedgerUnavailable(self.url, str(error) or type(error).__name__) from error
        try:
            return response.json()
        except ValueError:
            raise LedgerUnavailable(self.url, f"HTTP {response.status_code} without JSON") from None


def _outcome(answer: dict[str, Any]) -> Any:
    error = answer.get("error")
    if error is None:
        return answer.get("result")
    if not isinstance(error, dict):
        return RpcError(0, str(error))
    return RpcError(int(error.get("code", 0)), str(error.get("message", "")), error.get("data"))


def _unwrap(result: Any) -> Any:
    if isinstance(result, RpcError):
        raise result
    return result
