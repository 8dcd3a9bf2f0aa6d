"""The whole table, as acts take it that walk from the first row."""

from tests.contracts.model.act import Scene
from tests.contracts.model.model import ModelLoan
from tests.contracts.model.refused import require


def whole_table(scene: Scene, loan: ModelLoan) -> tuple[list[list[int]], str]:
    """The last argument of the forms that take a table, and what is wrong with it."""
    words = [row.word for row in loan.rows]
    if not loan.is_table:
        return ([words], "no table") if scene.chance(1) else ([], "")
    how = scene.rng.choices(("", "missing", "short", "spoilt"), (94, 2, 2, 2))[0]
    if how == "missing":
        return [], "missing"
    if how == "short":
        return [words[:-1]], "short"
    return [[words[0] + 1, *words[1:]] if how else words], how


def require_words_fit(flaw: str) -> None:
    """A table is that of a table loan, whole, and the one that was signed."""
    require(flaw != "no table", "UnsupportedMethod")
    require(flaw != "short", "RowCountMismatch")
    require(flaw != "spoilt", "ScheduleRootMismatch")
