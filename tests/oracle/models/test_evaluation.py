"""Measures on rows small enough to count by hand."""

import pytest

from oracle.models.evaluation import Outcome, age_band, auc, brier, calibration, ks


def made(*pairs: tuple[int, int]) -> list[Outcome]:
    return [Outcome(score, 500_000, bad) for score, bad in pairs]


def test_auc_counts_pairs_and_halves_ties() -> None:
    assert auc(made((1, 1), (2, 0))) == 1
    assert auc(made((2, 1), (1, 0))) == 0
    assert auc(made((1, 1), (1, 0))) == 0.5
    assert auc(made((1, 1), (2, 0), (3, 1), (4, 0))) == 0.75


def test_ks_is_the_largest_gap() -> None:
    assert ks(made((1, 1), (2, 0))) == 1
    assert ks(made((1, 1), (2, 0), (3, 1), (4, 0))) == 0.5


def test_brier_is_the_mean_squared_error() -> None:
    assert brier([Outcome(1, 250_000, 1), Outcome(2, 0, 0)]) == pytest.approx(0.5625 / 2)


def test_calibration_compares_mean_pd_with_what_happened() -> None:
    rows = [Outcome(n, 100_000 * n, n % 2) for n in range(10)]
    first, *_, last = calibration(rows)
    assert first == {"rows": 2, "mean_pd": 0.05, "bad_share": 0.5}
    assert last == {"rows": 2, "mean_pd": 0.85, "bad_share": 0.5}


@pytest.mark.parametrize(
    ("years", "band"),
    [(19, "under 25"), (25, "25 to 39"), (39, "25 to 39"), (59, "40 to 59"), (60, "60 and over")],
)
def test_age_bands_meet_without_gap(years: int, band: str) -> None:
    assert age_band(years) == band
