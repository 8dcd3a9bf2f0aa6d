"""Models: scorecards of whole points, stored as plain files whose hash is their id."""

from oracle.models.scorecard import InvalidModel, Scorecard, ScoredFeature, Scoring

__all__ = ["InvalidModel", "Scorecard", "ScoredFeature", "Scoring"]
