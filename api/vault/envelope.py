"""Sealing bytes with AES-256-GCM: pure, no storage. Sealed = 12-byte nonce, ciphertext, 16-byte tag."""

import os

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

KEY_BYTES = 32
NONCE_BYTES = 12
TAG_BYTES = 16


class SealBroken(Exception):
    """The bytes were not sealed by this key for this place."""


def new_key() -> bytes:
    """32 random bytes from the operating system."""
    return os.urandom(KEY_BYTES)


def seal(key: bytes, plain: bytes, place: bytes) -> bytes:
    """Encrypt `plain` under a fresh nonce, bound to `place` (additional authenticated data)."""
    nonce = os.urandom(NONCE_BYTES)
    return nonce + AESGCM(key).encrypt(nonce, plain, place)


def unseal(key: bytes, sealed: bytes, place: bytes) -> bytes:
    """Decrypt what `seal` made for the same key and place; raises SealBroken."""
    if len(sealed) < NONCE_BYTES + TAG_BYTES:
        raise SealBroken
    try:
        return AESGCM(key).decrypt(sealed[:NONCE_BYTES], sealed[NONCE_BYTES:], place)
    except InvalidTag as error:
        raise SealBroken from error
