"""Seals: the operator's signature over each block and over all blocks before it."""
