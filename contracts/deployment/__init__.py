"""How the contracts come to stand on a ledger: pure plan, any executor."""

from contracts.deployment.plan import DeployerIsGovernor, Executor, Terms, deploy
from contracts.deployment.roles import Accounts, AccountsMissing, Role

__all__ = ["Accounts", "AccountsMissing", "DeployerIsGovernor", "Executor", "Role", "Terms", "deploy"]
