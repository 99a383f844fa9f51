"""Workbooks in English: the same sheets, headings and words of cells said in the other language.

What a sheet is called in English stands in ``english.yaml``. A workbook is read as the Chinese one
whichever language it is filled in, so that there is one reader and one law; refusals name sheets
and columns as the file has them.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

import yaml

from hengtan.basis.english_names import names_come_from
from hengtan.basis.errors import Finding, HengtanError, Where
from hengtan.basis.spelling import plain
from hengtan.ledger.reading.plain_tables import PlainSheet, plain_sheets
from hengtan.workbooks.cells import Line, problem

Said = Mapping[str, str]
"""Chinese word → English word."""
UNIT = re.compile(r"\s*\([^()]*\)$")
PARAMETERS = "参数"
"""The sheet of single values: a name in each line (项目) and what it is (内容)."""


def _folded(text: str) -> str:
    """A word as it is compared: blanks and letter case do not matter."""
    return " ".join(plain(text).split()).casefold()


def _without_unit(heading: str) -> str:
    """A heading as it is compared: without the unit in brackets behind it."""
    return _folded(UNIT.sub("", plain(heading)))


def _by_english(said: Said) -> dict[str, str]:
    """English word, folded → Chinese word."""
    return {_folded(english): chinese for chinese, english in said.items()}


@dataclass(frozen=True)
class SheetWords:
    """What a sheet says in English: its title, its headings, the words of its cells by (Chinese)
    heading, and the notes beside its items. ``examples``: names that a template starts with, which
    are read as they stand.
    """

    title: str
    headings: Said
    cells: Mapping[str, Said] = field(default_factory=dict)
    notes: Said = field(default_factory=dict)
    examples: Mapping[str, Said] = field(default_factory=dict)


@dataclass(frozen=True)
class Spoken:
    """A sheet of a file in Chinese words, and what the file itself calls it and its columns."""

    sheet: PlainSheet
    name: str
    titles: Said

    def placed(self, finding: Finding) -> Finding:
        """A finding on the Chinese sheet at its place as the file names it."""
        where = finding.where
        column = self.titles.get(where.column, where.column) if where.column else None
        return replace(finding, where=replace(where, sheet=self.name or None, column=column))


@dataclass(frozen=True)
class EnglishBook:
    """The words of a workbook in English, sheet by (Chinese) sheet."""

    sheets: Mapping[str, SheetWords]

    @classmethod
    def of(cls, name: str) -> EnglishBook:
        """The words of one of the workbooks of ``english.yaml``."""
        return cls({title: SheetWords(**words) for title, words in _table()[name].items()})

    @property
    def is_one_sheet(self) -> bool:
        """Whether only the first sheet of a file is read, whatever it is called."""
        return len(self.sheets) == 1

    def titles(self, headings: Collection[str]) -> set[str]:
        """Headings by which a header is known, with their English ones."""
        said = (words.headings.get(h, h) for words in self.sheets.values() for h in headings)
        return {*headings, *said}

    def spoken(self, sheet: PlainSheet) -> Spoken:
        """A sheet of a file in Chinese words. An English heading whose Chinese one stands there too
        stays as it is, so that neither is taken for the other.
        """
        name = str(sheet.name or "").strip()
        chinese = self._sheet(name)
        words = self.sheets.get(chinese)
        if words is None:
            return Spoken(sheet, name, {})
        known = {_without_unit(said): heading for heading, said in words.headings.items()}
        titles = [_turned(title, known, sheet.titles) for title in sheet.titles]
        cells = [_by_english(words.cells.get(title, {})) for title in titles]
        rows = [
            (line, [_cell(text, known) for text, known in zip(texts, cells, strict=True)])
            for line, texts in sheet.rows
        ]
        filed = dict(zip(titles, sheet.titles, strict=True))
        return Spoken(replace(sheet, name=chinese, titles=titles, rows=rows), name, filed)

    def _sheet(self, name: str) -> str:
        """What a sheet is called in Chinese; as it is where that is not known."""
        titles = {_folded(words.title): chinese for chinese, words in self.sheets.items()}
        only = next(iter(self.sheets)) if self.is_one_sheet else name
        return name if name in self.sheets else titles.get(_folded(name), only)

    def title(self, sheet: str, lang: str) -> str:
        """What a sheet is called in a language."""
        return sheet if lang == "zh" else self.sheets[sheet].title

    def heading(self, sheet: str, heading: str, lang: str) -> str:
        """A heading of a sheet in a language; as it is where it has no other name."""
        return heading if lang == "zh" else self.sheets[sheet].headings.get(heading, heading)

    def cell(self, sheet: str, heading: str, value: Any, lang: str) -> Any:
        """What stands in a cell in a language; as it is where it has no other word."""
        if lang == "zh" or not isinstance(value, str):
            return value
        words = self.sheets[sheet]
        said = {**words.examples.get(heading, {}), **words.cells.get(heading, {})}
        return said.get(value, value)

    def note(self, sheet: str, item: str, chinese: str, lang: str) -> str:
        """The note beside an item in a language."""
        return chinese if lang == "zh" else self.sheets[sheet].notes[item]


def _turned(title: str, known: Mapping[str, str], titles: Sequence[str]) -> str:
    chinese = known.get(_without_unit(title), title)
    return title if chinese in titles else chinese


def _cell(text: str, known: Mapping[str, str]) -> str:
    return known.get(_folded(text), text) if known and text.strip() else text


ONLY_CHINESE = EnglishBook({})
"""Of a workbook that has no English one."""


@dataclass(frozen=True)
class Sheets:
    """The lines of each sheet of a file by its Chinese title.

    ``hints``: what each parameter of the sheet 参数 is. ``filed``: what the file calls the sheets;
    ``english``: its words where it may be in English.
    """

    file: str
    lines: Mapping[str, Sequence[Line]]
    hints: Said = field(default_factory=dict)
    filed: Said = field(default_factory=dict)
    english: EnglishBook = ONLY_CHINESE

    @classmethod
    def read(
        cls,
        path: Path,
        headings: Collection[str],
        english: EnglishBook,
        hints: Said | None = None,
    ) -> Sheets:
        """The sheets of a workbook in either language; ``headings``: those by which a header is
        known. Raises UnreadableFile.
        """
        lines: dict[str, list[Line]] = {}
        filed: dict[str, str] = {}
        for sheet in plain_sheets(path, english.titles(headings)):
            spoken = english.spoken(sheet)
            name = str(spoken.sheet.name or "").strip()
            if name in lines and english.is_one_sheet:
                continue
            if name in lines:
                raise problem("sheet-twice", spoken.name, filed[name]).error(where=Where(path.name))
            filed[name] = spoken.name
            lines[name] = [
                Line(cells, Where(path.name, sheet=spoken.name or None, row=row), spoken.titles)
                for row, cells in spoken.sheet.as_rows()
            ]
        return cls(path.name, lines, hints or {}, filed, english)

    def of(self, sheet: str) -> Sequence[Line]:
        """The lines of a sheet, none where it is not there."""
        return self.lines.get(sheet, ())

    def where(self, sheet: str) -> Where:
        """Where a sheet stands, as the file calls it."""
        return Where(self.file, sheet=self.filed.get(sheet, sheet) or None)

    def refuse(self, sheet: str, key: str, *arguments: object) -> HengtanError:
        """A refusal of a sheet as a whole."""
        return problem(key, *arguments).error(where=self.where(sheet))

    def need(self, *sheets: str) -> None:
        """Raises HengtanError where one of the sheets is missing or empty."""
        for sheet in sheets:
            if not self.of(sheet):
                raise problem("no-sheet.or-empty", sheet).error(where=Where(self.file))

    def parameter(self, name: str) -> Line:
        """The line of a parameter, whose one cell is its value; a blank one where it is missing."""
        for line in self.of(PARAMETERS):
            if line.text("项目") == name:
                value = {name: line.cells.get("内容", "")}
                return Line(value, line.where, self._called(name))
        return Line({}, self.where(PARAMETERS), self._called(name))

    def needed(self, name: str) -> Line:
        """The line of a parameter that must be filled. Raises HengtanError."""
        line = self.parameter(name)
        if not line.text(name):
            raise self.refuse(PARAMETERS, "no-parameter", line.titles[name], self.hints[name])
        return line

    def _called(self, parameter: str) -> Said:
        """What the file calls a parameter."""
        is_english = self.filed.get(PARAMETERS, PARAMETERS) != PARAMETERS
        lang = "en" if is_english else "zh"
        return {parameter: str(self.english.cell(PARAMETERS, "项目", parameter, lang))}

    def with_lines(self, lines: Mapping[str, Sequence[Line]]) -> Sheets:
        """The same with other lines of some sheets."""
        return replace(self, lines={**self.lines, **lines})


@cache
def _table() -> Mapping[str, Mapping[str, Any]]:
    text = files("hengtan.workbooks").joinpath("english.yaml").read_text("utf-8")
    table: Mapping[str, Mapping[str, Any]] = yaml.safe_load(text)
    return table


@cache
def _all_words() -> Said:
    """Every title, heading and word of a cell there is; the first of two stands."""
    words: dict[str, str] = {}
    for book in _table():
        for sheet, said in EnglishBook.of(book).sheets.items():
            for pairs in ({sheet: said.title}, said.headings, *said.cells.values()):
                for chinese, english in pairs.items():
                    words.setdefault(chinese, english)
    return words


@names_come_from
def named_in_workbooks(name: str) -> str:
    """The English name of a sheet, a heading or a word of a workbook; "" where it has none."""
    return _all_words().get(name, "")
