"""Every bug class has a test and a line that guards it, and the page that lists them is true."""

import importlib

import pytest

from contracts.compile import ROOT, SOURCES
from tests.contracts.bugs.breaks import BREAKS, Break

PAGE = ROOT / "docs" / "reference" / "bug-classes.md"
each_break = pytest.mark.parametrize("broken", BREAKS, ids=lambda broken: broken.bug)


@each_break
def test_the_guarded_text_occurs_exactly_once(broken: Break) -> None:
    text = (SOURCES / broken.source).read_text()
    assert [text.count(old) for old, _ in broken.edits] == [1] * len(broken.edits)
    assert broken.applied() != text


@each_break
def test_every_bug_class_has_its_test(broken: Break) -> None:
    file, name = broken.test.split("::")
    module = importlib.import_module(f"tests.contracts.bugs.{file.removesuffix('.py')}")
    assert callable(getattr(module, name))


def test_no_two_bug_classes_share_a_test() -> None:
    assert len({broken.test for broken in BREAKS}) == len({broken.bug for broken in BREAKS}) == len(BREAKS)


def test_the_page_names_each_class_its_test_and_its_line() -> None:
    rows = [line.strip("| ").split(" | ") for line in PAGE.read_text().splitlines() if line.startswith("|")]
    assert rows[2:] == [list(row_of(broken)) for broken in BREAKS]


def row_of(broken: Break) -> tuple[str, str, str, str]:
    """A class as the page has it."""
    file, name = broken.test.split("::")
    rule = name.removeprefix("test_").replace("_", " ")
    guarded, seen = (text.replace("|", "\\|") for text in (broken.guarded, broken.seen))
    return broken.bug, f"[{rule}](../../tests/contracts/bugs/{file})", f"`{broken.source}`: `{guarded}`", f"`{seen}`"
