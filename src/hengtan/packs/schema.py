"""What tables a pack may hold, as data (``data/schemas/*.yaml``, one file a subject), and how a
cell of each type is read.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

import yaml

from hengtan.basis import cell
from hengtan.basis.cite import CONFIDENCES, confidence_word
from hengtan.basis.dated import read_valid
from hengtan.basis.errors import HengtanError, PackError, Where
from hengtan.basis.field import Field
from hengtan.basis.period import Period
from hengtan.basis.problem import Problem
from hengtan.basis.words import Words

_TYPES = {"int": "integer", "float": "number", "yesno": "boolean", "confidence": "choice"}
"""Type words of the schema files that stand for a shared type of fields."""


@dataclass(frozen=True)
class Column(Field):
    """A column of a pack table: a field in its written form, with types of packs: id, list, period,
    validity.
    """

    @property
    def name(self) -> str:
        """Its header."""
        return self.id

    def read(self, text: str) -> tuple[Any, Problem | None]:
        """The typed value of a cell, or the problem with it; a blank list is an empty one."""
        own = _OWN.get(self.type)
        if own is None or not text:
            value, problem = cell.parse(self, text)
            return (() if self.type == "list" and problem is None else value), problem
        try:
            return own(text, self), None
        except HengtanError as error:
            return None, Problem.of(error, "pack")
        except ValueError:
            return None, problem_of("blank-in-id" if self.type == "id" else "bad-day", text)


@dataclass(frozen=True)
class TableSchema:
    """A table: name, key columns, columns, and references column → (table, column)."""

    name: str
    key: tuple[str, ...]
    columns: Mapping[str, Column]
    refs: Mapping[str, tuple[str, str]]


@cache
def schemas() -> Mapping[str, TableSchema]:
    """All table schemas by name, of every subject.

    Raises PackError where two subjects name the same table.
    """
    tables: dict[str, TableSchema] = {}
    folder = files("hengtan.packs") / "data" / "schemas"
    for subject in sorted(folder.iterdir(), key=lambda file: file.name):
        if not subject.name.endswith(".yaml"):
            continue
        for name, spec in yaml.load(subject.read_text(encoding="utf-8"), Loader=_loader()).items():
            if name in tables:
                where = Where(f"schemas/{subject.name}")
                raise problem_of("table-twice", name).error(PackError, where)
            tables[name] = _schema(name, spec)
    return tables


def _loader() -> Any:
    return getattr(yaml, "CSafeLoader", yaml.SafeLoader)


def _schema(name: str, spec: Mapping[str, Any]) -> TableSchema:
    columns = {column: _column(column, kind) for column, kind in spec["columns"].items()}
    refs = {}
    for column, target in (spec.get("refs") or {}).items():
        table, _, other = target.partition(".")
        refs[column] = (table, other)
    return TableSchema(name, tuple(spec["key"]), columns, refs)


def _column(name: str, kind: str | list[Any]) -> Column:
    """A column by its type word, ``!`` behind it where it must be filled, or by a list of the words
    allowed.
    """
    if isinstance(kind, list):
        return Column(name, type="choice", choices={str(word): (str(word), "") for word in kind})
    word, required = kind.rstrip("!"), kind.endswith("!")
    if word == "confidence":
        words = {c: (confidence_word(c), confidence_word(c, "en")) for c in CONFIDENCES}
        return Column(name, type="choice", required=required, choices=words)
    return Column(name, type=_TYPES.get(word, word), required=required)


def problem_of(key: str, *arguments: object) -> Problem:
    """A problem in the words of this room (``packs/words.yaml``)."""
    return Problem.worded(Words.of("hengtan.packs"), key, *arguments)


def _id(text: str, column: Column) -> str:
    if text != text.strip() or " " in text:
        raise ValueError(text)
    return text


def _list(text: str, column: Column) -> tuple[str, ...]:
    return tuple(part.strip() for part in text.split(";") if part.strip())


_OWN: Mapping[str, Callable[[str, Column], Any]] = {
    "id": _id,
    "date": lambda text, column: read_valid(text, end=False),
    "validity": lambda text, column: read_valid(text, end=column.id == "valid_to"),
    "period": lambda text, column: Period.parse(text).text,
    "list": _list,
}
