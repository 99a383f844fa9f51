"""Pages of a long answer: a cursor says where the next one begins, and of what.

A table is read as one state, however many pages it takes: a cursor of a state that is no more is
refused, so that no row is left out or given twice.
"""

from __future__ import annotations

import base64
import binascii
import json
from dataclasses import dataclass, fields, is_dataclass
from typing import Any

from hengtan.basis.errors import HengtanError
from hengtan.basis.seal import digest_of


class TableChanged(HengtanError):
    """What was being read page by page has changed since its first page."""

    def __init__(self) -> None:
        super().__init__(
            "读取期间数据已变",
            "what is read changed meanwhile",
            todo="请从第一页重新读取",
            todo_en="begin again with the first page",
        )


class BadCursor(HengtanError):
    """A cursor that is none of ours."""

    def __init__(self) -> None:
        super().__init__(
            "cursor 无法识别",
            "the cursor cannot be read",
            todo="请用上一页给出的 next",
            todo_en="use the next of the page before",
        )


@dataclass(frozen=True)
class Place:
    """Where a page begins: ``first`` row of what ``question`` gives in a ``state``."""

    question: str
    state: str
    first: int = 0

    @classmethod
    def of(cls, question: object, state: object, cursor: str | None) -> Place:
        """The first page, or that of a cursor. Raises BadCursor, TableChanged."""
        asked, now = _digest(question), _digest(state)
        if not cursor:
            return cls(asked, now)
        stated = _read(cursor)
        if stated.question != asked:
            raise BadCursor
        if stated.state != now:
            raise TableChanged
        return stated

    def after(self, number: int) -> str:
        """The cursor of what follows so many rows."""
        content = json.dumps([self.question, self.state, self.first + number])
        return base64.urlsafe_b64encode(content.encode()).decode().rstrip("=")


def _digest(value: object) -> str:
    return digest_of({"value": repr(_settled(value))})[:16]


def _settled(value: Any) -> Any:
    """A value whose text is the same in every process: sets have no order of their own."""
    if is_dataclass(value):
        return [_settled(getattr(value, part.name)) for part in fields(value)]
    if isinstance(value, (set, frozenset)):
        return sorted(value, key=repr)
    return list(map(_settled, value)) if isinstance(value, (tuple, list)) else value


def _read(cursor: str) -> Place:
    try:
        padded = cursor + "=" * (-len(cursor) % 4)
        question, state, first = json.loads(base64.urlsafe_b64decode(padded.encode("ascii")))
    except (ValueError, TypeError, binascii.Error, RecursionError) as error:
        raise BadCursor from error
    is_ours = isinstance(question, str) and isinstance(state, str) and type(first) is int
    if not is_ours or first < 0:
        raise BadCursor
    return Place(question, state, first)
