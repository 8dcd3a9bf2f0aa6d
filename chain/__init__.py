"""The ledger: py-evm engine, LMDB store, producer, JSON-RPC, export and replay. It knows no loan contract.

Other rooms speak to it only over JSON-RPC, so that any other Ethereum engine can take its place.
"""

import os

# eth-hash picks its backend at its first import, and without this silently takes the slow one.
os.environ["ETH_HASH_BACKEND"] = "pysha3"
