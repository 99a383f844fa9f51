"""What tables a pack may hold, as data (``data/schemas/*.yaml``, one file a subject), and how a
cell of each type is read.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

import yaml

from hengtan.basis.cite import CONFIDENCES
from hengtan.basis.dated import read_valid
from hengtan.basis.errors import PackError, Where
from hengtan.basis.period import Period
from hengtan.basis.units import read_unit


@dataclass(frozen=True)
class Column:
    """A column: its type word, whether it must be filled, and the words allowed where the type is a
    choice.
    """

    name: str
    type: str
    required: bool
    choices: tuple[str, ...] = ()

    def read(self, text: str) -> Any:
        """The typed value of a cell. Raises ValueError with the reason, or a basis error."""
        if text == "":
            if self.required:
                raise ValueError("必填 | must be filled")
            return () if self.type == "list" else None
        return _READERS[self.type](text, self)


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
    found: dict[str, TableSchema] = {}
    for subject in sorted(
        (files("hengtan.packs") / "data" / "schemas").iterdir(), key=lambda file: file.name
    ):
        if not subject.name.endswith(".yaml"):
            continue
        for name, spec in yaml.load(subject.read_text(encoding="utf-8"), Loader=_loader()).items():
            if name in found:
                raise PackError(
                    f"表“{name}”定义了两次",
                    f"table '{name}' is defined twice",
                    where=Where(f"schemas/{subject.name}"),
                )
            found[name] = _schema(name, spec)
    return found


def _loader() -> Any:
    return getattr(yaml, "CSafeLoader", yaml.SafeLoader)


def _schema(name: str, spec: Mapping[str, Any]) -> TableSchema:
    columns = {}
    for column, kind in spec["columns"].items():
        if isinstance(kind, list):
            columns[column] = Column(column, "choice", False, tuple(map(str, kind)))
        else:
            columns[column] = Column(column, kind.rstrip("!"), kind.endswith("!"))
    refs = {}
    for column, target in (spec.get("refs") or {}).items():
        table, _, other = target.partition(".")
        refs[column] = (table, other)
    return TableSchema(name, tuple(spec["key"]), columns, refs)


def _yesno(text: str, column: Column) -> bool:
    if text not in ("yes", "no"):
        raise ValueError(f"“{text}”应为 yes 或 no | must be yes or no")
    return text == "yes"


def _choice(text: str, column: Column) -> str:
    if text not in column.choices:
        raise ValueError(
            f"“{text}”不在可选值之内：{'、'.join(column.choices)} | not one of the allowed words"
        )
    return text


def _confidence(text: str, column: Column) -> str:
    if text not in CONFIDENCES:
        raise ValueError(f"“{text}”不是可信度（{'、'.join(CONFIDENCES)}）| not a confidence")
    return text


def _id(text: str, column: Column) -> str:
    if text != text.strip() or " " in text:
        raise ValueError(f"编号“{text}”含空格 | an id has no blanks")
    return text


def _unit(text: str, column: Column) -> str:
    read_unit(text)
    return text


def _period(text: str, column: Column) -> str:
    return Period.parse(text).text


_READERS: Mapping[str, Any] = {
    "id": _id,
    "text": lambda text, _: text,
    "int": lambda text, _: int(text),
    "float": lambda text, _: float(text),
    "date": lambda text, _: read_valid(text, end=False),
    "validity": lambda text, c: read_valid(text, end=c.name == "valid_to"),
    "period": _period,
    "unit": _unit,
    "list": lambda text, _: tuple(part.strip() for part in text.split(";") if part.strip()),
    "yesno": _yesno,
    "confidence": _confidence,
    "choice": _choice,
}
