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
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

from hengtan.basis import field as basis_field
from hengtan.basis.border import FAULTS
from hengtan.basis.errors import Finding, PackError, Where
from hengtan.basis.notebook import html_table
from hengtan.basis.problem import Problem
from hengtan.ledger.comparisons import Comparison
from hengtan.ledger.definitions import problems_of
from hengtan.ledger.engine import open_engine
from hengtan.ledger.profiles import Profile
from hengtan.ledger.wide import Wide
from hengtan.packs.pack import Pack, PackFolder, read_forms, ships

SHOWN_FAILURES = 200
STORED_AS = {
    "number": "double",
    "integer": "integer",
    "date": "date",
    "hour": "timestamp",
    "boolean": "boolean",
}
"""The kind of column of a type of field; a text where none is named."""


@dataclass(frozen=True)
class Field(basis_field.Field):
    """A field of a form; what is its own is how it is stored.

    ``reference``: the pack table a value must be in. A ``quantity``, or a number of a row's own
    unit, has its unit in the field ``unit_field``; with ``rate`` the number is so much of that unit
    per unit of ``unit_field`` (千克/计量单位). ``notation``: it may be a notation key. ``default``:
    what stands in where the file has no such column or cell.
    """

    unit_field: str | None = None
    rate: str | None = None
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
        return {self.id: STORED_AS.get(self.type, "string")}


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

    def findings(self, lines: Sequence[int], where: Where) -> list[Finding]:
        """A finding for each line that fails, those beyond ``SHOWN_FAILURES`` summed up."""
        failure = Problem(self.level, self.id, self.zh, self.en, self.todo, self.todo_en)
        findings = [failure.finding(replace(where, row=line)) for line in lines[:SHOWN_FAILURES]]
        rest = len(lines) - SHOWN_FAILURES
        if rest > 0:
            more = replace(
                failure, zh=f"{self.zh}：另有{rest}行", en=f"{self.en}: {rest} more rows"
            )
            findings.append(more.finding(where))
        return findings


@dataclass(frozen=True)
class Form:
    """A reporting form. ``Form.from_dict`` reads and checks a definition.

    ``list_by``: the fields that say which list a row belongs to, where a file may be a whole list.
    ``left_out``: titles of columns of the official table that the form does not take. ``wide``: how
    files with a column for each value of a field are read.
    """

    id: str
    title_zh: str
    title_en: str
    key: tuple[str, ...]
    fields: tuple[Field, ...]
    checks: tuple[Check, ...] = ()
    note_zh: str = ""
    note_en: str = ""
    comparisons: tuple[Comparison, ...] = ()
    list_by: tuple[str, ...] = ()
    left_out: tuple[str, ...] = ()
    wide: Wide | None = None
    profile: Profile | None = None
    """How its rows are kept beside the ledger, where they are too many for rows of it."""

    @classmethod
    def from_dict(cls, definition: Mapping[str, Any]) -> Form:
        """A form from its YAML mapping. Raises PackError naming the file and what is wrong."""
        where = Where(str(definition.get("_file", definition.get("id", "form"))))
        try:
            unknown = [key for key in definition if key not in (*cls.__dataclass_fields__, *_ASIDE)]
            if unknown:
                raise ValueError(f"“{unknown[0]}”")
            fields = tuple(_field(field) for field in definition["fields"])
            form = cls(
                str(definition["id"]),
                definition["title_zh"],
                definition["title_en"],
                tuple(definition["key"]),
                fields,
                tuple(Check(**check) for check in definition.get("checks", ())),
                definition.get("note_zh", ""),
                definition.get("note_en", ""),
                tuple(_comparison(c) for c in definition.get("comparisons", ())),
                tuple(definition.get("list_by", ())),
                tuple(definition.get("left_out", ())),
                _wide(definition.get("wide")),
                _profile(definition.get("profile")),
            )
            problems = problems_of(form)
        except FAULTS as error:
            raise _wrong(f"{type(error).__name__} {error}", where) from error
        for problem in problems:
            raise _wrong(problem, where)
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
            "timestamp": pa.timestamp("us"),
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
        """Findings of the cross-checks (or some of them) on rows.

        ``table``: ``pyarrow.Table`` with the storage columns and ``_source_row``.
        """
        chosen = self.checks if checks is None else checks
        if not chosen or table.num_rows == 0:
            return []
        fails = ", ".join(f"not coalesce(({check.holds}), false)" for check in chosen)
        query = f"select _source_row, [{fails}] from given where list_contains([{fails}], true)"
        with open_engine() as engine:
            engine.register("given", table)
            failed = engine.execute(f"{query} order by 1").fetchall()
        findings: list[Finding] = []
        for number, check in enumerate(chosen):
            lines = [line for line, checks_failed in failed if checks_failed[number]]
            where = Where(file, sheet, None, self.field(check.column).title_zh)
            findings += check.findings(lines, where)
        return findings

    def __repr__(self) -> str:
        key = ", ".join(self.key)
        return f"<Form {self.id} {self.title_zh}: {len(self.fields)} fields, key {key}>"

    def _repr_html_(self) -> str:
        """The fields as a table."""
        heads = ("field", "title", "type", "unit", "required", "key")
        rows = [
            (
                known.id,
                known.title_zh,
                known.type,
                known.unit or known.unit_field,
                "✓" if known.required else "",
                "✓" if known.id in self.key else "",
            )
            for known in self.fields
        ]
        return html_table(heads, rows, f"{self.title_zh} {self.title_en}")


def _wrong(reason: object, where: Where) -> PackError:
    return PackError(
        f"报表定义有误：{reason}",
        f"form definition is wrong: {reason}",
        where=where,
        todo="改正报表文件",
        todo_en="correct the form",
    )


def _wide(definition: Mapping[str, Any] | None) -> Wide | None:
    if definition is None:
        return None
    lists = {name: tuple(definition.get(name, ())) for name in ("across", "clock", "clock_titles")}
    return Wide(definition["value"], unit=definition.get("unit"), **lists)


def _profile(definition: Mapping[str, Any] | None) -> Profile | None:
    if definition is None:
        return None
    return Profile(**{**definition, "series": tuple(definition["series"])})


def _comparison(definition: Mapping[str, Any]) -> Comparison:
    return Comparison(**{**definition, "by": tuple(definition.get("by", ()))})


def forms_of(pack: Pack) -> dict[str, Form]:
    """The forms of a pack by id; definitions that ship with the program are checked once a process.

    Raises PackError.
    """
    known: dict[str, Form | dict[str, Any]] = {}
    for folder in reversed(pack.folders):
        if ships(folder):
            known |= _shipped_forms(folder)
        else:
            known |= {str(form.get("id")): form for form in read_forms(folder)}
    return {
        form_id: form if isinstance(form, Form) else Form.from_dict(form)
        for form_id, form in known.items()
    }


@lru_cache(maxsize=50)
def _shipped_forms(folder: PackFolder) -> Mapping[str, Form]:
    return {str(form.get("id")): Form.from_dict(form) for form in read_forms(folder)}


_ASIDE = ("_pack", "_file")
"""What a pack adds to the definition of a form."""


def _words_of_choice(words: Any) -> tuple[str, str, tuple[str, ...]]:
    """The Chinese and English words of a choice, and further words for it.

    Raises ValueError for anything else.
    """
    listed = isinstance(words, list | tuple) and all(isinstance(word, str) for word in words)
    if listed and len(words) >= 2:
        return words[0], words[1], tuple(words[2:])
    raise ValueError(f"choices: {words}")


def _field(definition: Mapping[str, Any]) -> Field:
    plain = {k: v for k, v in definition.items() if k not in ("choices", "aliases")}
    words = definition.get("choices") or {}
    named = {str(code): _words_of_choice(listed) for code, listed in words.items()}
    choices = {code: (zh, en) for code, (zh, en, _) in named.items()}
    further = {word: code for code, (_, _, aliases) in named.items() for word in aliases}
    aliases = tuple(map(str, definition.get("aliases", ())))
    return Field(**plain, choices=choices or None, aliases=aliases, choice_aliases=further)
