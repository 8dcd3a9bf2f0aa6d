"""Cursor lists: newest first, continued after the cursor of the last item."""

from collections.abc import Callable, Sequence
from typing import Annotated, Generic, TypeVar

from fastapi import Depends, Query
from pydantic import BaseModel, Field

from api.kit.limits import DEFAULT_PAGE_SIZE, MAX_PAGE_SIZE
from api.kit.types import Schema

T = TypeVar("T")
S = TypeVar("S", bound=BaseModel)

MAX_CURSOR_LENGTH = 66
AFTER_EVERYTHING = "~"  # sorts behind every id


class PageQuery(Schema):
    """Which part of a list is wanted."""

    limit: int = DEFAULT_PAGE_SIZE
    after: str = AFTER_EVERYTHING


class Page(Schema, Generic[S]):
    """A part of a list; `next` is the cursor of the part that follows, null at the end."""

    items: list[S]
    next: str | None = Field(examples=["app_0193b2c4d1e09f3ab1c2d3e4"])


def page_query(
    limit: Annotated[int, Query(ge=1, le=MAX_PAGE_SIZE)] = DEFAULT_PAGE_SIZE,
    after: Annotated[str, Query(max_length=MAX_CURSOR_LENGTH)] = AFTER_EVERYTHING,
) -> PageQuery:
    """Read `limit` and `after` from the query string."""
    return PageQuery(limit=limit, after=after)


Paging = Annotated[PageQuery, Depends(page_query)]


def next_cursor(rows: Sequence[T], query: PageQuery, cursor: Callable[[T], str]) -> str | None:
    """The cursor after a full part, None after the last one (repositories fetch `limit` rows)."""
    return cursor(rows[-1]) if len(rows) == query.limit else None
