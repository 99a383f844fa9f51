"""Forms (报表) as data: fields with type and unit, key, cross-checks (审核关系), and the columns
they are stored in.

A form is a YAML file of a pack (``forms/<id>.yaml``). Cross-checks are conditions on a row in a
small SQL: columns of the form, literals, comparisons, ``and or not is null in between``, arithmetic
and a few functions; anything else is refused when the form loads. A condition that is neither true
nor false (a missing cell) does not hold: write ``x is null or …`` where a blank is allowed.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from hengtan.basis import field as basis_field
from hengtan.basis.errors import Finding, PackError, Where
from hengtan.basis.spelling import is_unit
from hengtan.ledger.comparisons import Comparison
from hengtan.ledger.engine import open_engine

TYPES = (
    "text",
    "code",
    "number",
    "integer",
    "quantity",
    "unit",
    "date",
    "period",
    "place",
    "choice",
    "reference",
    "boolean",
)
_ID = re.compile(r"^[a-z][a-z0-9_]*$")
_FUNCTIONS = {"abs", "coalesce", "least", "greatest", "length", "year", "step"}
_WORDS = {"and", "or", "not", "is", "null", "in", "between", "true", "false", "like"}
_TOKEN = re.compile(
    r"\s*(?:(?P<text>'(?:[^']|'')*')|(?P<number>\d+(?:\.\d+)?)|(?P<word>[A-Za-z_][A-Za-z_0-9]*)|(?P<sign><=|>=|<>|!=|[=<>()+\-*/,]))"
)
SHOWN_FAILURES = 200


@dataclass(frozen=True)
class Field(basis_field.Field):
    """A field of a form; what is its own is how it is stored.

    ``reference``: the pack table a value must be in. A ``quantity`` has its unit in the field
    ``unit_field``; ``notation``: it may be a notation key. ``default``: what stands in where the
    file has no such column or cell.
    """

    unit_field: str | None = None
    reference: str | None = None
    notation: bool = False
    default: str | None = None

    def columns(self) -> dict[str, str]:
        """The columns the field is stored in, with their kind: string, double, integer, date,
        boolean.
        """
        if self.type == "quantity":
            return {
                self.id: "double",
                f"{self.id}_notation": "string",
                f"{self.id}_original": "string",
            }
        if self.type == "period":
            return {
                self.id: "string",
                f"{self.id}_kind": "string",
                f"{self.id}_start": "date",
                f"{self.id}_end": "date",
            }
        kinds = {"number": "double", "integer": "integer", "date": "date", "boolean": "boolean"}
        return {self.id: kinds.get(self.type, "string")}


@dataclass(frozen=True)
class Check:
    """A cross-check: ``holds`` is the condition every row must meet; ``column`` is where a failure
    is shown.
    """

    id: str
    level: str
    column: str
    holds: str
    zh: str
    en: str
    todo: str = ""
    todo_en: str = ""


@dataclass(frozen=True)
class Form:
    """A reporting form. ``Form.from_dict`` reads and checks a definition."""

    id: str
    title_zh: str
    title_en: str
    key: tuple[str, ...]
    fields: tuple[Field, ...]
    checks: tuple[Check, ...] = ()
    note_zh: str = ""
    note_en: str = ""
    comparisons: tuple[Comparison, ...] = ()

    @classmethod
    def from_dict(cls, given: Mapping[str, Any]) -> Form:
        """A form from its YAML mapping. Raises PackError naming the file and what is wrong."""
        where = Where(str(given.get("_file", given.get("id", "form"))))
        try:
            fields = tuple(_field(f) for f in given["fields"])
            checks = tuple(Check(**c) for c in given.get("checks", ()))
            comparisons = tuple(
                Comparison(**{**c, "by": tuple(c.get("by", ()))})
                for c in given.get("comparisons", ())
            )
            form = cls(
                str(given["id"]),
                given["title_zh"],
                given["title_en"],
                tuple(given["key"]),
                fields,
                checks,
                given.get("note_zh", ""),
                given.get("note_en", ""),
                comparisons,
            )
        except (KeyError, TypeError, ValueError, AttributeError) as error:
            raise PackError(
                f"报表定义有误：{error}",
                f"form definition is wrong: {error}",
                where=where,
                todo="改正报表文件",
                todo_en="correct the form",
            ) from error
        for problem in form._problems():
            raise PackError(
                f"报表定义有误：{problem}",
                f"form definition is wrong: {problem}",
                where=where,
                todo="改正报表文件",
                todo_en="correct the form",
            )
        return form

    def field(self, field_id: str) -> Field:
        """A field by id. Raises KeyError."""
        return next(f for f in self.fields if f.id == field_id)

    def columns(self) -> dict[str, str]:
        """All storage columns with their kind, in order."""
        return {name: kind for f in self.fields for name, kind in f.columns().items()}

    def schema(self) -> Any:
        """The storage columns as ``pyarrow.Schema``."""
        import pyarrow as pa

        kinds = {
            "string": pa.string(),
            "double": pa.float64(),
            "integer": pa.int64(),
            "date": pa.date32(),
            "boolean": pa.bool_(),
        }
        return pa.schema([(name, kinds[kind]) for name, kind in self.columns().items()])

    def fields_of(self, check: Check) -> list[Field]:
        """The fields a cross-check speaks of."""
        words = set(re.findall(r"[A-Za-z_]\w*", re.sub(r"'(?:[^']|'')*'", "", check.holds)))
        return [f for f in self.fields if words & set(f.columns())]

    def check(
        self,
        table: Any,
        *,
        file: str | None = None,
        sheet: str | None = None,
        checks: Sequence[Check] | None = None,
    ) -> list[Finding]:
        """Findings of the cross-checks (or some of them) on rows (``pyarrow.Table`` with the
        storage columns and ``_source_row``).
        """
        chosen = self.checks if checks is None else checks
        if not chosen or table.num_rows == 0:
            return []
        findings: list[Finding] = []
        with open_engine() as engine:
            engine.register("given", table)
            for check in chosen:
                failed = engine.execute(
                    f"select _source_row from given where not coalesce(({check.holds}), false) order by 1"
                ).fetchall()
                title = self.field(check.column).title_zh
                findings += [
                    Finding(
                        check.level,
                        check.zh,
                        check.en,
                        Where(file, sheet, row, title),
                        check.todo,
                        check.todo_en,
                        check.id,
                    )
                    for (row,) in failed[:SHOWN_FAILURES]
                ]
                if len(failed) > SHOWN_FAILURES:
                    rest = len(failed) - SHOWN_FAILURES
                    findings.append(
                        Finding(
                            check.level,
                            f"{check.zh}：另有{rest}行",
                            f"{check.en}: {rest} more rows",
                            Where(file, sheet, None, title),
                            check.todo,
                            check.todo_en,
                            check.id,
                        )
                    )
        return findings

    def _problems(self) -> list[str]:
        ids = [f.id for f in self.fields]
        found = [f"字段编号“{i}”不合规" for i in [self.id, *ids] if not _ID.match(i)]
        found += [f"字段“{i}”重复" for i in {i for i in ids if ids.count(i) > 1}]
        found += [f"字段“{f.id}”类型“{f.type}”未知" for f in self.fields if f.type not in TYPES]
        found += [f"键字段“{k}”不存在" for k in self.key if k not in ids]
        found += [
            f"字段“{f.id}”的单位字段“{f.unit_field}”不存在"
            for f in self.fields
            if f.unit_field and f.unit_field not in ids
        ]
        found += [
            f"字段“{f.id}”缺可选值" for f in self.fields if f.type == "choice" and not f.choices
        ]
        found += [
            f"字段“{f.id}”的默认值不在可选值中"
            for f in self.fields
            if f.choices and f.default is not None and f.default not in f.choices
        ]
        found += [
            f"字段“{f.id}”的下限高于上限"
            for f in self.fields
            if f.minimum is not None and f.maximum is not None and f.minimum > f.maximum
        ]
        found += [
            f"字段“{f.id}”的单位“{f.unit}”不认识，或不是数字字段"
            for f in self.fields
            if f.unit is not None and (f.type != "number" or not is_unit(f.unit))
        ]
        stored = [name for f in self.fields for name in f.columns()]
        found += [
            f"存储列“{name}”重复"
            for name in dict.fromkeys(stored)
            if stored.count(name) > 1 and ids.count(name) < 2
        ]
        for title in ("title_zh", "title_en"):
            titles = [getattr(f, title).casefold() for f in self.fields]
            found += [
                f"字段名称“{name}”重复" for name in dict.fromkeys(titles) if titles.count(name) > 1
            ]
        found += [f"别名“{word}”属于多个字段" for word in self._shared_aliases()]
        found += [
            f"字段“{f.id}”缺引用表"
            for f in self.fields
            if f.type == "reference" and not f.reference
        ]
        for check in self.checks:
            if check.column not in ids or check.level not in ("error", "warning"):
                found.append(f"审核关系“{check.id}”的列或级别有误")
            unknown = _unknown_words(check.holds, set(self.columns()))
            if unknown:
                found.append(f"审核关系“{check.id}”含不允许的内容：{'、'.join(unknown)}")
        found += [
            problem for comparison in self.comparisons for problem in comparison.problems(self)
        ]
        if not found:
            found += [
                f"审核关系“{c.id}”写法有误：{wrong}"
                for c in self.checks
                if (wrong := _wrong_condition(c.holds, tuple(self.columns().items())))
            ]
        return found

    def _shared_aliases(self) -> list[str]:
        words = [word for f in self.fields for word in {a.casefold() for a in f.aliases}]
        return [word for word in dict.fromkeys(words) if words.count(word) > 1]


def _field(given: Mapping[str, Any]) -> Field:
    choices = (
        {code: (words[0], words[1]) for code, words in given["choices"].items()}
        if given.get("choices")
        else None
    )
    plain = {k: v for k, v in given.items() if k not in ("choices", "aliases")}
    return Field(**plain, choices=choices, aliases=tuple(map(str, given.get("aliases", ()))))


@lru_cache(maxsize=512)
def _wrong_condition(condition: str, columns: tuple[tuple[str, str], ...]) -> str:
    """What the engine finds wrong with a condition on columns of these kinds (grammar, types);
    empty where nothing.
    """
    import duckdb

    kinds = {
        "string": "varchar",
        "double": "double",
        "integer": "bigint",
        "date": "date",
        "boolean": "boolean",
    }
    nothing = ", ".join(f"null::{kinds[kind]} as {name}" for name, kind in columns)
    with open_engine() as engine:
        try:
            found = engine.execute(
                f"select ({condition}) as holds from (select {nothing}) where false"
            ).description
        except duckdb.Error as error:
            return str(error).splitlines()[0]
    return "" if str(found[0][1]).upper() == "BOOLEAN" else "不是条件"


def _unknown_words(condition: str, columns: set[str]) -> list[str]:
    """Tokens of a condition that are neither a column, a literal, nor a word or function of the
    small SQL.
    """
    unknown: list[str] = []
    at = depth = 0
    while at < len(condition.rstrip()):
        match = _TOKEN.match(condition, at)
        if not match:
            return [*unknown, condition[at : at + 10]]
        word = match.group("word")
        called = condition[match.end() :].lstrip().startswith("(")
        if (
            word
            and word.lower() not in _WORDS
            and (word.lower() not in _FUNCTIONS if called else word not in columns)
        ):
            unknown.append(word)
        if condition[match.end() - 1 : match.end() + 1] in ("--", "/*", "*/") and not match.group(
            "text"
        ):
            unknown.append(condition[match.end() - 1 : match.end() + 1])
        depth += (match.group("sign") == "(") - (match.group("sign") == ")")
        if depth < 0:
            return [*unknown, ")"]
        at = match.end()
    return unknown
