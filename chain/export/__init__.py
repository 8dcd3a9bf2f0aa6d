"""The ledger as files that anyone can check: genesis.json, chain.rlp, receipts.rlp, seals.jsonl, manifest.json."""
