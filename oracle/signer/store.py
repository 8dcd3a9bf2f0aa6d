"""The signer's memory: what it has signed, written down before each signature and kept through loss of power."""

import sqlite3
import threading
from dataclasses import dataclass
from pathlib import Path

from oracle.problems import OracleError

HISTORY_BLOCKS = 8191
"""Blocks whose hashes the registry can look up (EIP-2935); a report on an older one can never be published."""

SCHEMA = """
CREATE TABLE IF NOT EXISTS signed_reports (
  subject TEXT NOT NULL,
  sequence INTEGER NOT NULL,
  digest BLOB NOT NULL UNIQUE,
  request_digest BLOB NOT NULL,
  block_number INTEGER NOT NULL,
  expires_at INTEGER NOT NULL,
  PRIMARY KEY (subject, sequence)
);
CREATE INDEX IF NOT EXISTS signed_reports_request ON signed_reports (request_digest);
"""


class DamagedMemory(OracleError):
    """The signer's database cannot be read: without it the signer must not sign."""

    slug = "damaged-memory"
    status = 500
    title = "The signer's memory is damaged"

    def __init__(self, path: Path, reason: str) -> None:
        super().__init__(f"{path}: {reason}", path=str(path), reason=reason)


class AlreadySigned(OracleError):
    """Another report of the same subject and sequence is signed and could still be published."""

    slug = "already-signed"
    status = 409
    title = "Another report of this sequence is signed"

    def __init__(self, subject: str, sequence: int, signed: bytes, asked: bytes) -> None:
        super().__init__(
            f"for {subject} and sequence {sequence} 0x{signed.hex()} is signed, not 0x{asked.hex()}",
            subject=subject,
            sequence=sequence,
            signed="0x" + signed.hex(),
            asked="0x" + asked.hex(),
        )


class RequestAlreadyUsed(OracleError):
    """The subject's request has led to a report of another sequence: a signature is good for one report."""

    slug = "request-already-used"
    status = 409
    title = "The request has already been scored"

    def __init__(self, subject: str, sequence: int) -> None:
        super().__init__(
            f"the request of {subject} was scored as sequence {sequence}", subject=subject, sequence=sequence
        )


@dataclass(frozen=True)
class Entry:
    """One report to be signed: its digest, the request behind it, and what ends its life."""

    subject: str
    sequence: int
    digest: bytes
    request_digest: bytes
    block_number: int
    expires_at: int


@dataclass(frozen=True)
class LedgerNow:
    """Head block number and ledger time in UTC seconds."""

    block_number: int
    at: int


class SignedReports:
    """SQLite with synchronous=FULL. Safe to share between threads."""

    def __init__(self, path: Path) -> None:
        """Open or create the database. Raises DamagedMemory."""
        path.parent.mkdir(parents=True, exist_ok=True)
        self._lock = threading.Lock()
        self._connection = sqlite3.connect(path, check_same_thread=False, isolation_level=None)
        try:
            self._prepare(path)
        except sqlite3.DatabaseError as error:
            raise DamagedMemory(path, str(error)) from error

    def _prepare(self, path: Path) -> None:
        self._connection.execute("PRAGMA journal_mode = WAL")
        self._connection.execute("PRAGMA synchronous = FULL")
        self._connection.executescript(SCHEMA)
        (verdict,) = self._connection.execute("PRAGMA quick_check").fetchone()
        if verdict != "ok":
            raise DamagedMemory(path, verdict)

    def holds(self, digest: bytes) -> bool:
        """Whether this very report is recorded, and may therefore be signed again."""
        with self._lock:
            query = "SELECT 1 FROM signed_reports WHERE digest = ?"
            return self._connection.execute(query, (digest,)).fetchone() is not None

    def record(self, entry: Entry, now: LedgerNow) -> None:
        """Write a report down before it is signed; again for the same report changes nothing.

        Another report of the same sequence takes its place only when the registry can never publish the first:
        it has expired, or its block is beyond HISTORY_BLOCKS. Raises AlreadySigned, RequestAlreadyUsed.
        """
        with self._lock, self._connection:
            self._connection.execute("BEGIN IMMEDIATE")
            self._require_free(entry, now)
            self._connection.execute(
                "INSERT OR REPLACE INTO signed_reports VALUES (?, ?, ?, ?, ?, ?)",
                (
                    entry.subject,
                    entry.sequence,
                    entry.digest,
                    entry.request_digest,
                    entry.block_number,
                    entry.expires_at,
                ),
            )

    def _require_free(self, entry: Entry, now: LedgerNow) -> None:
        query = "SELECT digest, block_number, expires_at FROM signed_reports WHERE subject = ? AND sequence = ?"
        row = self._connection.execute(query, (entry.subject, entry.sequence)).fetchone()
        if row is not None and row[0] != entry.digest and not _is_dead(row[1], row[2], now):
            raise AlreadySigned(entry.subject, entry.sequence, row[0], entry.digest)
        query = "SELECT sequence FROM signed_reports WHERE request_digest = ? AND sequence != ?"
        row = self._connection.execute(query, (entry.request_digest, entry.sequence)).fetchone()
        if row is not None:
            raise RequestAlreadyUsed(entry.subject, row[0])


def _is_dead(block_number: int, expires_at: int, now: LedgerNow) -> bool:
    return expires_at < now.at or now.block_number - block_number > HISTORY_BLOCKS
