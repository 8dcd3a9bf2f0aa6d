"""Ids of the facade's own rows: a prefix, the millisecond, random bits; they sort by age."""

import secrets
import time


def new_id(prefix: str) -> str:
    """For example app_0193b2c4d1e09f3ab1c2d3e4."""
    return f"{prefix}_{time.time_ns() // 1_000_000:012x}{secrets.token_hex(6)}"
