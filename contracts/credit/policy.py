"""What holds for all subjects: the sets of signers that count, and the market factor."""

from dataclasses import dataclass

NEUTRAL_FACTOR_PPM = 1_000_000
MIN_FACTOR_PPM = 500_000
MAX_FACTOR_PPM = 1_200_000
MAX_FACTOR_STEP_PPM = 100_000
FACTOR_SECONDS = 86_400


@dataclass(frozen=True, slots=True)
class Policy:
    """Sets of signers are numbered from 1; reports of sets below `first_signer_set` do not count."""

    signer_set: int = 0
    first_signer_set: int = 1
    factor_ppm: int = NEUTRAL_FACTOR_PPM
    factor_changed_at: int = 0

    def takes_factor(self, factor_ppm: int, instant: int) -> bool:
        """Whether the market factor may become this at an instant, UTC seconds."""
        within = MIN_FACTOR_PPM <= factor_ppm <= MAX_FACTOR_PPM
        near = abs(factor_ppm - self.factor_ppm) <= MAX_FACTOR_STEP_PPM
        rested = self.factor_changed_at == 0 or instant >= self.factor_changed_at + FACTOR_SECONDS
        return within and near and rested
