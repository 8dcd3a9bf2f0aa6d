"""What a figure of gas is held against: the design's limits and goals, and what other protocols need for the step."""

from dataclasses import dataclass

from contracts.schedule import Method

FORMULAS = [Method.ANNUITY, Method.EQUAL_PRINCIPAL, Method.INTEREST_ONLY, Method.FLAT]
"""A bullet has no further row."""


@dataclass(frozen=True)
class Target:
    """The most that the design allows, and what it hopes for; in gas."""

    must: int
    goal: int


PER_ROW = Target(1_000, 800)
TARGETS: dict[str, Target] = {
    "repay": Target(72_000, 60_000),
    "repay_early": Target(72_000, 60_000),
    "repay_late": Target(77_000, 66_000),
    "repay_closing": Target(75_000, 64_000),
    "repay_by_signature": Target(80_000, 67_000),
    "repay_by_passkey": Target(100_000, 83_000),
    "repay_in_batch": Target(35_000, 26_000),
    "originate": Target(185_000, 145_000),
    "originate_known_subject": Target(165_000, 128_000),
    "publish_score": Target(110_000, 98_000),
    "publish_score_replacing": Target(75_000, 64_000),
    "derive_per_row": PER_ROW,
} | {f"derive_per_row.{method.name}.act_365f".lower(): PER_ROW for method in FORMULAS}
PEERS = {
    "repay": "Morpho 81k, Teller 122k-187k, Aave 146k, Huma 341k, Maple 370k, Goldfinch 722k",
    "repay_by_passkey": "a WebAuthn check alone: 287k without the P-256 precompile, 44k with it",
    "originate": "create and pay out: Teller 576k, Maple about 1.2M, Goldfinch 2.7M",
    "publish_score": "EAS attestation of a score: 249k",
}
"""Measured as whole transactions on their own deployments."""
