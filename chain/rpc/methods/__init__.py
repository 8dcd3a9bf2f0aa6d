"""The methods, one module per theme; importing this package registers them."""

from chain.rpc.methods import blocks, dev, logs, network, state, transactions

__all__ = ["blocks", "dev", "logs", "network", "state", "transactions"]
