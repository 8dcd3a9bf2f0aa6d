"""The law: Solidity sources and their Python face."""
