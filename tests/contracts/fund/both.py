"""An act on the model and on the contracts."""

from collections.abc import Callable

from contracts.clients.errors import ContractError
from tests.contracts.fund.model import Refusal


def both(expected: Callable[[], object], act: Callable[[], object]) -> None:
    """Either both carry the act out, or both refuse it for the same reason."""
    wanted = None
    try:
        expected()
    except Refusal as refusal:
        wanted = str(refusal)
    try:
        act()
    except ContractError as error:
        assert error.name == wanted, error
    else:
        assert wanted is None, f"carried out, expected {wanted}"
