"""Features: what may be known about an applicant, from where, for what purpose and for how long."""

from oracle.features.catalogue import Catalogue, Feature, FeatureNotForDecisions, UnknownFeature, catalogue
from oracle.features.ledger import LedgerFeatures
from oracle.features.validate import (
    CodeNotAllowed,
    FeatureMissing,
    FeatureOfWrongType,
    FeatureOutOfRange,
    validate,
)

__all__ = [
    "Catalogue",
    "CodeNotAllowed",
    "Feature",
    "FeatureMissing",
    "FeatureNotForDecisions",
    "FeatureOfWrongType",
    "FeatureOutOfRange",
    "LedgerFeatures",
    "UnknownFeature",
    "catalogue",
    "validate",
]
