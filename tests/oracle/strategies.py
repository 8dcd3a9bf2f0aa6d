"""Hypothesis strategies for everything a decision reads."""

from hypothesis import strategies as st

from oracle.decision.evaluation import Ask
from oracle.features import Feature, LedgerFeatures, catalogue
from tests.oracle.shipped import model, policy


def value_of(feature: Feature) -> st.SearchStrategy[int | str]:
    """Any allowed value of a feature."""
    if feature.codes:
        return st.sampled_from([entry.code for entry in feature.codes])
    return st.integers(feature.minimum, feature.maximum)


def features() -> st.SearchStrategy[dict[str, int | str]]:
    """Exactly the application features the shipped model needs."""
    return st.fixed_dictionaries({name: value_of(catalogue()[name]) for name in model().application_features})


def asks() -> st.SearchStrategy[Ask]:
    """Any amount and number of instalments the shipped product offers."""
    amount, periods = policy().amount_minor, policy().periods
    return st.builds(Ask, st.integers(amount.minimum, amount.maximum), st.integers(periods.minimum, periods.maximum))


def histories() -> st.SearchStrategy[LedgerFeatures]:
    """Any history on the ledger."""
    bucket = st.integers(0, 4)
    return st.builds(LedgerFeatures, st.integers(0, 5), st.integers(0, 3_000_000), bucket, bucket, st.integers(0, 9))
