"""Registered people: a subject, its first signer, its cash."""
