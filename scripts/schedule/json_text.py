"""JSON that somebody else wrote."""

import json
import sys
from typing import Any

MOST_FRAMES = 1_000
"""Of Python's stack: py_ecc raises its limit so far that deeply nested JSON would overflow the machine's."""


def parse_json(text: bytes) -> Any:
    """The value of a JSON text. Raises ValueError, one line: no JSON, nested too deeply, or a key given twice."""
    frames = sys.getrecursionlimit()
    sys.setrecursionlimit(min(frames, MOST_FRAMES))
    try:
        return json.loads(text, object_pairs_hook=_object)
    except RecursionError:
        raise ValueError("it is nested too deeply") from None
    finally:
        sys.setrecursionlimit(frames)


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    fields = dict(pairs)
    if len(fields) < len(pairs):
        names = [name for name, _ in pairs]
        raise ValueError(f"{next(name for name in names if names.count(name) > 1)!r} is given twice")
    return fields
