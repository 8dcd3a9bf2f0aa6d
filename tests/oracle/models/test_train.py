"""The shipped model is what the command makes of the data. Needs the data: set TALLY_DATA to its folder."""

import json
import warnings

import pytest

from oracle.features.german_credit import Row, held_back, read_rows, trained
from oracle.models import Scorecard
from oracle.models.evaluation import measures, outcomes
from tests.oracle.shipped import DEMO, GOLDEN, MODEL_FOLDER, golden, model, policy
from tests.public_data import PUBLIC_DATA, needs_public_data


@pytest.fixture(scope="module")
def rows() -> list[Row]:
    folder = PUBLIC_DATA / "credit"
    return read_rows(folder / "german_credit.csv.gz", folder / "german_credit_fold.csv.gz")


@needs_public_data
def test_training_again_gives_the_shipped_file(rows: list[Row]) -> None:
    warnings.filterwarnings("ignore", category=FutureWarning)
    from oracle.models.training import train

    assert train(trained(rows), "german_credit") == model().document


@needs_public_data
def test_the_recorded_measures_are_those_of_the_held_back_rows(rows: list[Row]) -> None:
    record = json.loads((MODEL_FOLDER / "training.json").read_text())
    assert measures(outcomes(model(), held_back(rows))) == record["held_back"]
    assert [row.number for row in held_back(rows)] == record["data"]["held_back_rows"]


@needs_public_data
def test_applicants_files_are_distilled_from_the_data(rows: list[Row]) -> None:
    from oracle.decision.applicants import applicants, with_decisions

    assert json.loads(DEMO.read_text()) == applicants(rows, 20)
    assert json.loads(GOLDEN.read_text()) == with_decisions(applicants(rows, 40), rows, model(), policy())


def test_the_record_names_the_shipped_model_its_data_and_licence() -> None:
    record = json.loads((MODEL_FOLDER / "training.json").read_text())
    assert record["model_hash"] == "0x" + Scorecard.load(MODEL_FOLDER).model_hash.hex()
    assert record["data"]["licence"] == "CC BY 4.0"
    assert set(record["kept_out"]) == {"personal_status_and_sex", "age_years", "foreign_worker"}
    assert record["held_back"]["auc"] > 0.75
    assert record["cross_validation"]["auc"] > 0.77


def test_no_golden_applicant_was_trained_on() -> None:
    record = json.loads((MODEL_FOLDER / "training.json").read_text())
    numbers = {applicant["row"] for applicant in golden()["applicants"]}
    assert numbers <= set(record["data"]["held_back_rows"])
