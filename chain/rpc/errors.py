"""JSON-RPC errors with geth's codes."""

from typing import Any

from chain.errors import LedgerError

PARSE_ERROR = -32700
INVALID_REQUEST = -32600
METHOD_NOT_FOUND = -32601
INVALID_PARAMS = -32602
INTERNAL_ERROR = -32603
SERVER_ERROR = -32000
LIMIT_EXCEEDED = -32005
REVERTED = 3


class RpcError(LedgerError):
    """An error object of JSON-RPC."""

    code = SERVER_ERROR

    def __init__(self, message: str, data: Any = None) -> None:
        self.message, self.data = message, data
        super().__init__(message)

    def body(self) -> dict[str, Any]:
        """The error object as it is sent."""
        body: dict[str, Any] = {"code": self.code, "message": self.message}
        return body if self.data is None else body | {"data": self.data}


class Unparsable(RpcError):
    """The body is not JSON."""

    code = PARSE_ERROR


class InvalidRequest(RpcError):
    """The body is no JSON-RPC request."""

    code = INVALID_REQUEST


class MethodNotFound(RpcError):
    """There is no such method, or it belongs to the devnet only."""

    code = METHOD_NOT_FOUND

    def __init__(self, name: str) -> None:
        super().__init__(f"the method {name} does not exist/is not available")


class InvalidParams(RpcError):
    """A parameter is missing or malformed."""

    code = INVALID_PARAMS


class LimitExceeded(RpcError):
    """The request asks for more than one answer may hold."""

    code = LIMIT_EXCEEDED


class HeaderNotFound(RpcError):
    """The named block is not in the chain."""

    def __init__(self) -> None:
        super().__init__("header not found")


class FilterNotFound(RpcError):
    """The filter was uninstalled, expired or never installed."""

    def __init__(self) -> None:
        super().__init__("filter not found")


class Reverted(RpcError):
    """The message reverted; `data` is what it returned."""

    code = REVERTED


class Internal(RpcError):
    """The node failed; its log says more."""

    code = INTERNAL_ERROR
