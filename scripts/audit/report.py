"""What an audit found, and how it is told to a person."""

from dataclasses import dataclass, field
from typing import Any

from rich.console import Console


@dataclass(frozen=True)
class Check:
    """One part of the audit: what was checked, whether it held, and the figures or the difference found."""

    name: str
    passed: bool
    detail: str
    figures: dict[str, Any] = field(default_factory=dict)


@dataclass
class Report:
    """All checks in the order they were made; the audit ends at the first that fails."""

    export: str
    checks: list[Check] = field(default_factory=list)
    complete: bool = False

    @property
    def passed(self) -> bool:
        return self.complete and all(check.passed for check in self.checks)

    def document(self) -> dict[str, Any]:
        """The report as JSON: {"export", "passed", "checks": [{"name", "passed", "detail", figures...}]}."""
        checks = [
            {"name": check.name, "passed": check.passed, "detail": check.detail, **check.figures}
            for check in self.checks
        ]
        return {"export": self.export, "passed": self.passed, "checks": checks}


def print_report(console: Console, report: Report, quiet: bool) -> None:
    """Print the checks one by one and the verdict; with `quiet` the verdict and the difference only."""
    console.print(f"\n[bold]Audit of {report.export}[/bold]\n", highlight=False)
    for check in report.checks:
        if check.passed and quiet:
            continue
        mark = "[green]agrees[/green]" if check.passed else "[red bold]DIFFERS[/red bold]"
        console.print(f"  {mark}  [bold]{check.name}[/bold]", highlight=False)
        console.print(f"           {check.detail}", highlight=False, markup=False)
    console.print(f"\n{_verdict(report)}\n", highlight=False)


def _verdict(report: Report) -> str:
    if report.passed:
        return "[green bold]Verdict: everything the export says was re-run and found to be so.[/green bold]"
    return "[red bold]Verdict: the export does not hold. The first difference is named above.[/red bold]"
