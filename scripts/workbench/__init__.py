"""The contracts in one process, without a node: for their tests and for measuring gas."""
