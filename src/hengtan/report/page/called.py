"""What columns and cells are called in the tree of an explanation. What has no word is a code, and
stands in a part for programs.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Protocol

from hengtan.graph.said import all_words
from hengtan.report import words
from hengtan.report.page.tree import Said

InTwo = tuple[str, str]
"""A text in Chinese and English."""
_LIKE_A_CODE = re.compile(
    r"(?!S\d+$)[A-Za-z][A-Za-z0-9]*(?:[_.:/-][A-Za-z0-9]+)*(?: ?[;,|] ?[\w.:/-]+)*"
    r"|https?://\S+|\S+\.(?:txt|csv|xlsx?|docx?|pdf|html?|json|md)"
    r"|(?=.*[A-Za-z]{2,}.*\s[A-Za-z]{2,})[\x00-\x7f]+"
)
"""A code, several of them (the number of a submission is none), an address, the name of a file; a
note of several English words.
"""
_UNITS = re.compile(r"(?:.+_)?units?(?:_.+)?")
"""Columns that hold units, which are words already."""
KINDS = ("light", "state", "confidence", "nature", "vintage", "frequency", "level")
"""Codes whose words stand under their kind; ``latest_nature`` holds a nature."""


class Called(Protocol):
    """Gives the words there are, None where there are none."""

    def column(self, table: str, column: str) -> InTwo | None:
        """What a column of a table is called."""

    def cell(self, table: str, column: str, code: str) -> InTwo | None:
        """What a code in a column means."""


class InWords:
    """By the word tables of pages and of accounts alone."""

    def column(self, table: str, column: str) -> InTwo | None:
        """The word of pages, else of the account, else of any account."""
        keys = (f"field.{column}", f"column.{table}.{column}", f"column.{column}")
        return _first(keys)

    def cell(self, table: str, column: str, code: str) -> InTwo | None:
        """The word of the kind of code, else of the accounts."""
        kind = next((kind for kind in KINDS if column == kind or column.endswith(f"_{kind}")), "")
        named = column.removesuffix("_of")  # a parameter, and that of another set
        keys = (f"{kind}.{code}", f"value.{named}.{code}", f"code.{named}.{code}")
        return _first(keys)


def _first(keys: Iterable[str]) -> InTwo | None:
    for key in keys:
        if key in words.WORDS or key in all_words():
            zh, en = words.both(key)[:2]
            return zh, en
    return None


@dataclass(frozen=True)
class Cell:
    """A cell of a row in words: its heading, and what stands in it (a code by its ``word``)."""

    column: str
    heading: InTwo
    value: Any
    word: InTwo | None = None


@dataclass(frozen=True)
class Cells:
    """The cells of a row: those in words, and for programs those that have none."""

    named: list[Cell]
    coded: list[tuple[str, Any]]


def cells_of(called: Called, table: str, values: Iterable[tuple[str, Any]]) -> Cells:
    """The cells of a row of a table, those without words apart."""
    sorted_out = Cells([], [])
    for column, value in values:
        heading = called.column(table, column)
        word = called.cell(table, column, value) if isinstance(value, str) else None
        if heading is None or (word is None and _is_code(column, value)):
            sorted_out.coded.append((column, value))
        else:
            sorted_out.named.append(Cell(column, heading, value, word))
    return sorted_out


def _is_code(column: str, value: Any) -> bool:
    """Whether a cell holds a code; a unit is a word, and of a list each part is asked about."""
    if isinstance(value, (list, tuple)) and not isinstance(value, Said):
        return any(_is_code(column, part) for part in value)
    is_text = isinstance(value, str) and not _UNITS.fullmatch(column)
    return is_text and bool(_LIKE_A_CODE.fullmatch(value))
