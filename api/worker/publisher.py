"""The oracle's publisher over HTTP, as the worker sees it."""

from typing import Any

import httpx

PATIENCE_SECONDS = 10.0
CLIENT_ERRORS = range(400, 500)
NOT_FOUND = 404


class PublisherUnavailable(Exception):
    """The publisher does not answer, or answers with a fault of its own; ask again later."""

    def __init__(self, url: str, reason: str) -> None:
        super().__init__(f"publisher {url}: {reason}")
        self.url, self.reason = url, reason


class RequestRefused(Exception):
    """The publisher refuses a packet for good; `problem` is its problem document."""

    def __init__(self, problem: dict[str, Any]) -> None:
        super().__init__(str(problem.get("title", "refused")))
        self.problem = problem


class RequestUnknown(Exception):
    """The publisher does not know the request; hand it in again."""


class Publisher:
    """Requests for score reports, idempotent by id."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._client = httpx.Client(base_url=url, timeout=PATIENCE_SECONDS)

    def hand_in(self, request_id: str, packet: dict[str, Any]) -> None:
        """Queue a signed request; raises PublisherUnavailable, RequestRefused."""
        answer = self._ask("POST", "/v1/requests", {"id": request_id, "packet": packet})
        if answer.status_code in CLIENT_ERRORS:
            raise RequestRefused(self._json(answer))

    def state(self, request_id: str) -> dict[str, Any]:
        """Where a request stands; raises PublisherUnavailable, RequestUnknown."""
        answer = self._ask("GET", f"/v1/requests/{request_id}", None)
        if answer.status_code == NOT_FOUND:
            raise RequestUnknown
        return self._json(answer)

    def close(self) -> None:
        """Give the connections back."""
        self._client.close()

    def _ask(self, method: str, path: str, body: Any) -> httpx.Response:
        try:
            answer = self._client.request(method, path, json=body)
        except httpx.HTTPError as error:
            raise PublisherUnavailable(self._url, type(error).__name__) from error
        if answer.is_server_error:
            raise PublisherUnavailable(self._url, f"HTTP {answer.status_code}")
        return answer

    def _json(self, answer: httpx.Response) -> dict[str, Any]:
        try:
            content = answer.json()
        except ValueError as error:
            raise PublisherUnavailable(self._url, "the answer is not JSON") from error
        return content if isinstance(content, dict) else {"title": str(content)}
