"""What a contract's NatSpec says of it, as Markdown: paragraphs, lists and drawings as they stand in the source."""

import re
from collections.abc import Iterable, Iterator
from itertools import groupby
from textwrap import dedent
from typing import Any

DRAWN = "    "
"""Lines of a drawing begin so far in."""
_ITEM = re.compile(r"- |\d+\. ")
_ITEM_BEFORE_ITEM = re.compile(r"^((?:- |\d+\. ).*)\n(?=\n(?:- |\d+\. ))", re.MULTILINE)
_NOTICE = re.compile(r"@notice (.*?)(?=\n ?@|\Z)", re.DOTALL)


def notice_of(contract: dict[str, Any]) -> str:
    """The notice of a contract by its syntax tree, empty if it has none: compiled NatSpec has lost the lines."""
    found = _NOTICE.search((contract.get("documentation") or {}).get("text", ""))
    return markdown([line.removeprefix(" ").rstrip() for line in found[1].split("\n")]) if found else ""


def markdown(lines: list[str]) -> str:
    """Lines of a comment: drawings in blocks of code, each item of a list and each paragraph on one line."""
    blocks: list[str] = []
    for drawn, group in groupby(lines, key=lambda line: line.startswith(DRAWN)):
        part = list(group)
        blocks += [_drawing(part)] if drawn else _paragraphs(part)
    return _ITEM_BEFORE_ITEM.sub(r"\1", "\n\n".join(blocks))


def _drawing(lines: list[str]) -> str:
    return "\n".join(["```", dedent("\n".join(lines)), "```"])


def _paragraphs(lines: Iterable[str]) -> Iterator[str]:
    """A list's items go on in lines that are set in; what is not ends the list."""
    open_ = ""
    for line in lines:
        ends = not line or _ITEM.match(line) or (_ITEM.match(open_) and not line.startswith(" "))
        if ends and open_:
            yield open_
            open_ = ""
        open_ = f"{open_} {line.strip()}".strip()
    if open_:
        yield open_
