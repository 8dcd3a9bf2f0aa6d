"""Durable storage: one LMDB file, one write transaction per block, readers on snapshots."""
