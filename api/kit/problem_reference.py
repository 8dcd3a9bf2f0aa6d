"""`python -m api.kit.problem_reference`: write docs/reference/problems.md again."""

from pathlib import Path

import api.kit.app  # noqa: F401  every noun registers its problems
from api.kit.problems import reference

PAGE = Path(__file__).parents[2] / "docs" / "reference" / "problems.md"

if __name__ == "__main__":
    PAGE.parent.mkdir(parents=True, exist_ok=True)
    PAGE.write_text(reference(), encoding="utf-8")
