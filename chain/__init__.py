"""The ledger: a py-evm chain with a durable store, seals, JSON-RPC and replay. It knows no loan contract."""
