"""Every worked example in docs/concepts/schedule.md is what the code gives for the terms above it."""

import json
import re
from pathlib import Path

import pytest

from contracts.schedule import Method
from contracts.schedule.plan import parse_plan, resolve

PAGE = (Path(__file__).resolve().parents[3] / "docs" / "concepts" / "schedule.md").read_text()
EXAMPLE = re.compile(
    r"^(?P<level>#{2,3}) (?P<title>.+)$(?:(?!^#)[\s\S])*?```json\n(?P<terms>[\s\S]*?)```\n\n"
    r"(?P<table>(?:\|.*\n)+)\nAPR (?P<apr>\d+) ppm, all-in (?P<all_in>\d+) ppm\.",
    re.MULTILINE,
)
EXAMPLES = [found.groupdict() for found in EXAMPLE.finditer(PAGE)]


@pytest.mark.parametrize("example", EXAMPLES, ids=[example["title"] for example in EXAMPLES])
def test_the_page_s_table_and_prices(example: dict[str, str]) -> None:
    resolved = resolve(parse_plan(json.loads(example["terms"])))
    assert resolved.markdown() == example["table"].rstrip("\n")
    assert (resolved.apr_ppm, resolved.all_in_ppm) == (int(example["apr"]), int(example["all_in"]))


def test_every_block_of_terms_is_an_example_and_every_method_has_one() -> None:
    assert len(EXAMPLES) == PAGE.count("```json")
    shown = {json.loads(example["terms"])["method"] for example in EXAMPLES}
    assert shown == {method.name.lower() for method in Method if method is not Method.CUSTOM_FLAT}
