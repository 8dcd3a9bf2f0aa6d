"""The deterministic core: check a transaction, propose a block, execute it, commit it. No clock, no network."""
