"""Templates for a rule: a table to fill, a case a line (a line a pollutant where the rule taxes
pollutants), or one case as YAML.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from hengtan.basis.errors import HengtanError
from hengtan.basis.whole_files import write_whole
from hengtan.report.words import error, word

LISTED, COMMA, BETWEEN = "、", "，", "；"
IN_CELLS = ("number", "whole", "text", "choice", "flag", "amounts")
"""Kinds of inputs that a cell of a table holds."""
Described = dict[str, Any]
"""A rule as it describes itself: ``Rule.as_dict``."""


def write_rule_template(rule: Described, to: Path) -> Path:
    """Write a template of a rule as .xlsx, .csv or .yaml. Raises HengtanError for other files."""
    suffix = to.suffix.lower()
    if suffix == ".yaml":
        return write_whole(to, _case(rule))
    if suffix == ".csv":
        text = io.StringIO()
        csv.writer(text, lineterminator="\n").writerow(headings(rule))
        return write_whole(to, "\ufeff" + text.getvalue())
    if suffix == ".xlsx":
        return write_whole(to, _workbook(rule))
    raise error(HengtanError, "template.format")


def headings(rule: Described) -> list[str]:
    """Headings of the table of a rule, units in brackets; who, when and where come first."""
    inputs = [item for item in rule["inputs"] if item["kind"] in IN_CELLS]
    names = ("entity", "date", "region", "outlet")
    first = [word(f"rule.template.{name}") for name in names]
    return [
        *(first if _has_rest(rule) else first[:3]),
        *(heading for item in inputs for heading in _headings(item, rule)),
    ]


def _headings(item: Described, rule: Described) -> list[str]:
    has_unit = item["unit"] and item["unit"] != "1"
    unit = f"（{item['unit']}）" if has_unit else ""
    if item["kind"] != "amounts":
        return [f"{item['zh']}{unit}"]
    if not item.get("takes_rest") and not _has_rest(rule):
        return [f"{item['zh']}.{word('rule.template.item')}{unit}"]
    if not _beside_pollutants(item):
        return []
    first = [word("rule.template.pollutant")] if item.get("takes_rest") else []
    return [*first, f"{item['zh']}{unit}"]


def _has_rest(rule: Described) -> bool:
    return any(item.get("takes_rest") for item in rule["inputs"])


def _beside_pollutants(item: Described) -> bool:
    """Whether an input of amounts is one of each pollutant (all but heads of small emitters)."""
    return item["name"] != "small"


def _workbook(rule: Described) -> bytes:
    from hengtan.report.sheet.cells import Column, book_bytes, new_book
    from hengtan.report.sheet.plain import sheet_of

    book = new_book(rule["title_zh"])
    titles = headings(rule)
    sheet_of(book, word("rule.template.sheet"), [Column(title, 24) for title in titles], [])
    names = ("zh", "name", "unit", "needed", "choices", "note")
    columns = [Column(word(f"rule.template.{name}"), 40) for name in names]
    sheet_of(book, word("rule.template.notes"), columns, [*_notes(rule)])
    return book_bytes(book)


def _notes(rule: Described) -> list[Sequence[Any]]:
    rows: list[Sequence[Any]] = [
        (
            rule["title_zh"],
            rule["rule"],
            "",
            "",
            "",
            BETWEEN.join(part for part in (rule["law"], rule["note_zh"]) if part),
        )
    ]
    for item in rule["inputs"]:
        needed = word("rule.required" if item["required"] else "rule.optional")
        choices = LISTED.join(item.get("choices", {}).values())
        in_table = "" if item["kind"] in IN_CELLS else word("rule.template.not_in_table")
        note = BETWEEN.join(part for part in (item.get("note", ""), in_table) if part)
        rows.append((item["zh"], item["name"], item["unit"], needed, choices, note))
    return rows


def _case(rule: Described) -> str:
    """A case to fill, each input with what it is beside it."""
    lines = [
        f"# {rule['title_zh']} {rule['title_en']} ({rule['law']})",
        f"rule: {rule['rule']}",
        "date: '2024-12-31'",
        "region: '000000'",
        "inputs:",
    ]
    for item in rule["inputs"]:
        needed = word("rule.required" if item["required"] else "rule.optional")
        choices = LISTED.join(item.get("choices", {}).values())
        said = COMMA.join(p for p in (needed, item["unit"], choices, item.get("note", "")) if p)
        mark = "" if item["required"] else "# "
        lines.append(f"  {mark}{item['zh']}: {_empty_of(item['kind'])}  # {said}")
        for part in item.get("fields", ()) if item["kind"] == "rows" else ():
            lines.append(f"  #     {part['zh']}: ''  # {part['unit']}")
    return "\n".join(lines) + "\n"


def _empty_of(kind: str) -> str:
    return {"amounts": "{}", "rows": "[]", "numbers": "[]"}.get(kind, "''")
