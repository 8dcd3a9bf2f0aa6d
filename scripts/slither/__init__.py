"""`python -m scripts.slither`: slither's findings, each fixed or explained in contracts/slither.toml."""
