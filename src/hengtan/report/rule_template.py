"""Templates for a rule: a table to fill, a case a line (a line a pollutant where the rule taxes
pollutants), or one case as YAML.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from hengtan.basis.errors import HengtanError
from hengtan.basis.whole_files import write_whole
from hengtan.instruments.english import english
from hengtan.report.numerals import unit_name
from hengtan.report.words import error, joined, word

IN_CELLS = ("number", "whole", "text", "choice", "flag", "amounts")
"""Kinds of inputs that a cell of a table holds."""
BETWEEN = {"zh": "；", "en": "; "}
BRACKETS = {"zh": "（{}）", "en": " ({})"}
Described = dict[str, Any]
"""A rule as it describes itself: ``Rule.as_dict``."""


def write_rule_template(rule: Described, to: Path, lang: str = "zh") -> Path:
    """Write a template of a rule in a language as .xlsx, .csv or .yaml. Raises HengtanError for
    other files.
    """
    suffix, template = to.suffix.lower(), RuleTemplate(rule, lang)
    if suffix == ".yaml":
        return write_whole(to, template.case())
    if suffix == ".csv":
        text = io.StringIO()
        csv.writer(text, lineterminator="\n").writerow(template.headings())
        return write_whole(to, "\ufeff" + text.getvalue())
    if suffix == ".xlsx":
        return write_whole(to, template.workbook())
    raise error(HengtanError, "template.format")


@dataclass(frozen=True)
class RuleTemplate:
    """The template of a rule in a language."""

    rule: Described
    lang: str = "zh"

    def headings(self) -> list[str]:
        """Headings of the table, units in brackets; who, when and where come first."""
        inputs = [item for item in self.rule["inputs"] if item["kind"] in IN_CELLS]
        names = ("entity", "date", "region", "outlet")
        first = [self._word(name) for name in names]
        return [
            *(first if self._has_rest else first[:3]),
            *(heading for item in inputs for heading in self._headings(item)),
        ]

    def workbook(self) -> bytes:
        """The table to fill, and what each input is, as .xlsx."""
        from hengtan.report.sheet.cells import Column, book_bytes, new_book
        from hengtan.report.sheet.plain import sheet_of

        book = new_book(self._title)
        columns = [Column(heading, 24) for heading in self.headings()]
        sheet_of(book, self._word("sheet"), columns, [])
        names = ("zh", "name", "unit", "needed", "choices", "note")
        columns = [Column(self._word(name), 40) for name in names]
        sheet_of(book, self._word("notes"), columns, self._notes())
        return book_bytes(book)

    def case(self) -> str:
        """A case to fill as YAML, each input with what it is beside it."""
        rule = self.rule
        lines = [
            f"# {rule['title_zh']} {rule['title_en']} ({rule['law']})",
            f"rule: {rule['rule']}",
            "date: '2024-12-31'",
            "region: '000000'",
            "inputs:",
        ]
        for item in rule["inputs"]:
            mark = "" if item["required"] else "# "
            parts = (self._needed(item), self._unit(item), self._choices(item), self._note(item))
            said = BETWEEN[self.lang].join(filter(None, parts))
            lines.append(f"  {mark}{item[self.lang]}: {_empty_of(item['kind'])}  # {said}")
            for part in item.get("fields", ()) if item["kind"] == "rows" else ():
                lines.append(f"  #     {part[self.lang]}: ''  # {self._unit(part)}")
        return "\n".join(lines) + "\n"

    @property
    def _title(self) -> str:
        return str(self.rule[f"title_{self.lang}"])

    @property
    def _has_rest(self) -> bool:
        return any(item.get("takes_rest") for item in self.rule["inputs"])

    def _word(self, name: str) -> str:
        return word(f"rule.template.{name}", self.lang)

    def _in_language(self, text: str) -> str:
        return text if self.lang == "zh" else english(text)

    def _headings(self, item: Described) -> list[str]:
        called, unit = item[self.lang], self._unit(item)
        behind = BRACKETS[self.lang].format(unit) if unit not in ("", "1") else ""
        if item["kind"] != "amounts":
            return [f"{called}{behind}"]
        if not item.get("takes_rest") and not self._has_rest:
            return [f"{called}.{self._word('item')}{behind}"]
        if not _beside_pollutants(item):
            return []
        first = [self._word("pollutant")] if item.get("takes_rest") else []
        return [*first, f"{called}{behind}"]

    def _notes(self) -> list[Sequence[Any]]:
        """What the rule is, and a line for each input."""
        rule = self.rule
        note = self._in_language(rule["note_zh"]) if rule["note_zh"] else ""
        about = BETWEEN[self.lang].join(filter(None, (rule["law"], note)))
        rows: list[Sequence[Any]] = [(self._title, rule["rule"], "", "", "", about)]
        for item in rule["inputs"]:
            in_table = "" if item["kind"] in IN_CELLS else self._word("not_in_table")
            remark = BETWEEN[self.lang].join(filter(None, (self._note(item), in_table)))
            of_item = (item[self.lang], item["name"], self._unit(item), self._needed(item))
            rows.append((*of_item, self._choices(item), remark))
        return rows

    def _unit(self, item: Described) -> str:
        return unit_name(item["unit"], self.lang)

    def _needed(self, item: Described) -> str:
        return word("rule.required" if item["required"] else "rule.optional", self.lang)

    def _choices(self, item: Described) -> str:
        listed = map(self._in_language, item.get("choices", {}).values())
        return joined(list(listed), self.lang)

    def _note(self, item: Described) -> str:
        return self._in_language(item["note"]) if item.get("note") else ""


def _beside_pollutants(item: Described) -> bool:
    """Whether an input of amounts is one of each pollutant (all but heads of small emitters)."""
    return bool(item["name"] != "small")


def _empty_of(kind: str) -> str:
    return {"amounts": "{}", "rows": "[]", "numbers": "[]"}.get(kind, "''")
