"""A signer's memory: one report for a subject and sequence, for as long as that report could be published."""

from dataclasses import replace
from pathlib import Path

import pytest

from oracle.signer.store import (
    HISTORY_BLOCKS,
    AlreadySigned,
    DamagedMemory,
    Entry,
    LedgerNow,
    RequestAlreadyUsed,
    SignedReports,
)

FIRST = Entry("0x" + "22" * 20, 1, b"a" * 32, b"r" * 32, block_number=100, expires_at=5_000)
OTHER = replace(FIRST, digest=b"b" * 32, request_digest=b"s" * 32)
NOW = LedgerNow(101, 1_000)


@pytest.fixture
def store(tmp_path: Path) -> SignedReports:
    signed = SignedReports(tmp_path / "signer.db")
    signed.record(FIRST, NOW)
    return signed


def test_the_same_report_may_be_recorded_and_signed_again(store: SignedReports) -> None:
    store.record(FIRST, NOW)
    assert store.holds(FIRST.digest)


def test_another_report_of_the_sequence_is_refused_and_not_remembered(store: SignedReports) -> None:
    with pytest.raises(AlreadySigned) as refused:
        store.record(OTHER, NOW)
    assert refused.value.values["signed"] == "0x" + FIRST.digest.hex()
    assert store.holds(FIRST.digest) and not store.holds(OTHER.digest)


def test_what_was_recorded_survives_another_opening(store: SignedReports, tmp_path: Path) -> None:
    with pytest.raises(AlreadySigned):
        SignedReports(tmp_path / "signer.db").record(OTHER, NOW)


@pytest.mark.parametrize("alive", [LedgerNow(101, 5_000), LedgerNow(100 + HISTORY_BLOCKS, 1_000)])
def test_until_the_last_instant_and_block_the_first_report_binds(store: SignedReports, alive: LedgerNow) -> None:
    with pytest.raises(AlreadySigned):
        store.record(OTHER, alive)


@pytest.mark.parametrize("dead", [LedgerNow(101, 5_001), LedgerNow(101 + HISTORY_BLOCKS, 1_000)])
def test_a_report_that_can_never_be_published_makes_way(store: SignedReports, dead: LedgerNow) -> None:
    store.record(OTHER, dead)
    assert store.holds(OTHER.digest) and not store.holds(FIRST.digest)


def test_a_signed_request_serves_one_sequence(store: SignedReports) -> None:
    with pytest.raises(RequestAlreadyUsed):
        store.record(replace(FIRST, sequence=2, digest=b"c" * 32), NOW)


def test_other_subjects_and_sequences_are_free(store: SignedReports) -> None:
    store.record(replace(OTHER, sequence=2), NOW)
    store.record(replace(OTHER, subject="0x" + "33" * 20, digest=b"d" * 32, request_digest=b"t" * 32), NOW)


def test_a_damaged_memory_is_named_and_nothing_is_signed_without_it(tmp_path: Path) -> None:
    path = tmp_path / "signer.db"
    path.write_bytes(b"not a database, and longer than the header of one" * 100)
    with pytest.raises(DamagedMemory) as refused:
        SignedReports(path)
    assert refused.value.values["path"] == str(path)
