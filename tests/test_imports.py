"""The rooms import one way, and so that any engine can take the ledger's place, nobody reaches into chain/."""

from importlinter.cli import EXIT_STATUS_SUCCESS, lint_imports


def test_imports_run_one_way() -> None:
    assert lint_imports(no_cache=True) == EXIT_STATUS_SUCCESS
