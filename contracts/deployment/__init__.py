"""How the contracts come to stand on a ledger: pure plan, any executor."""

from contracts.deployment.plan import Executor, Terms, deploy
from contracts.deployment.roles import Accounts, AccountsMissing, Role

__all__ = ["Accounts", "AccountsMissing", "Executor", "Role", "Terms", "deploy"]
