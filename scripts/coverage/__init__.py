"""`python -m scripts.coverage`: which lines and branches of the Solidity the tests of the contracts reach."""
