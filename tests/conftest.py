"""Shared by all tests: with TALLY_NO_SKIPS=1 a skipped test counts as a failure (CI installs all that they need)."""

import os

import pytest

NO_SKIPS = os.environ.get("TALLY_NO_SKIPS") == "1"
_skipped: list[str] = []


def pytest_runtest_logreport(report: pytest.TestReport) -> None:
    if report.skipped and not hasattr(report, "wasxfail"):
        _skipped.append(report.nodeid)


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish(session: pytest.Session) -> None:
    is_controller = not hasattr(session.config, "workerinput")
    if NO_SKIPS and is_controller and _skipped and session.exitstatus == pytest.ExitCode.OK:
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    if NO_SKIPS and _skipped:
        terminalreporter.section("skipped where nothing may be skipped (TALLY_NO_SKIPS=1)", red=True)
        for nodeid in _skipped:
            terminalreporter.line(nodeid)
