"""The product that is offered: its policy and the features its model scores."""

from functools import cached_property
from pathlib import Path

from oracle.features import validate
from oracle.models import Scorecard
from oracle.policy import Policy

ORACLE = Path(__file__).parents[2] / "oracle"
POLICY_FILE = ORACLE / "policies" / "consumer-instalment.json"
MODEL_FILE = ORACLE / "models" / "german_credit" / "model.json"


class Product:
    """Policy and model, read once per process."""

    def __init__(self, policy_file: Path = POLICY_FILE, model_file: Path = MODEL_FILE) -> None:
        self.policy = Policy.load(policy_file)
        self._model = Scorecard.load(model_file)

    @cached_property
    def needed_features(self) -> tuple[str, ...]:
        """What an application must tell to be decided."""
        return (*self._model.application_features, self.policy.headroom.feature)

    def checked_features(self, features: dict[str, int | str]) -> dict[str, int | str]:
        """The features, all there and each in range; raises the oracle's typed errors."""
        return validate(features, self.needed_features)
