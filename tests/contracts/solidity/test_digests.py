"""EIP-712: the contracts' digests are those of the Python face, and its domain is theirs."""

import pytest

from contracts.typed_data import digest
from scripts.workbench.system import System

CHECKERS = ("IdentityRegistry", "CashToken", "CreditRegistry", "LoanBook")


def test_an_agreement_has_one_digest(system: System) -> None:
    agreement = system.agreement(system.person())
    assert system.read("LoanBook", "agreementDigest", agreement) == digest(agreement, system.domain("LoanBook"))


@pytest.mark.parametrize("contract", CHECKERS)
def test_each_contract_names_its_domain(system: System, contract: str) -> None:
    domain = system.read(contract, "eip712Domain")
    home = system.domain(contract)
    assert (domain["name"], domain["version"]) == ("Tallystick", "1")
    assert (domain["chain_id"], domain["verifying_contract"]) == (home.chain_id, home.verifying_contract)
