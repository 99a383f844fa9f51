"""What the cells of a workbook show beyond their stored value: errors, percent signs, dates shown
as a month or a year.

A cell that shows 12.5% stores 0.125; one that shows 2024年3月 stores a day. Extents are checked
here before a sheet is unpacked in memory.
"""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from posixpath import join, normpath
from typing import Any
from xml.etree import ElementTree
from xml.parsers import expat

from hengtan.ledger.reading.formats import Show, Shown, as_percent, built_in_formats, shown_by
from hengtan.ledger.reading.grid import MAX_COLUMNS, MAX_ROWS, MAX_SHEET_CELLS, check_size
from hengtan.ledger.reading.ods_styles import CellStyles, cell_styles

FORMULA_ALONE = "\u2061"
"""Stands before a formula whose result the file does not hold: a text typed as =A1 is no such."""
_CELL = re.compile(rb"<(?:\w+:)?(?:c|row)(?=[\s/>])([^>]*)>")
_IS_ROW = re.compile(rb"<(?:\w+:)?row")
_CLOSED = re.compile(rb"\s*</(?:\w+:)?c>")
_END_OF_CELL = re.compile(rb"</(?:\w+:)?c>")
_VALUE = re.compile(rb"<(?:\w+:)?v>([^<]*)<")
_FORMULA = re.compile(rb"<(?:\w+:)?f(?=[\s/>])[^>]*?(?:/>|>([^<]*)<)")
_REFERENCE = re.compile(rb"""\br\s*=\s*["']([A-Z]{1,3})(\d{1,7})["']""")
_ROW_NUMBER = re.compile(rb"""\br\s*=\s*["'](\d{1,7})["']""")
_STYLE = re.compile(rb"""\bs\s*=\s*["'](\d+)["']""")
_TYPE = re.compile(rb"""\bt\s*=\s*["'](\w+)["']""")
_HIDDEN = re.compile(rb"""\b(?:hidden\s*=\s*["'](?:1|true)["']|ht\s*=\s*["']0(?:\.0*)?["'])""")
_COLUMNS = re.compile(rb"<(?:\w+:)?col\s([^>]*)>")
_FIRST = re.compile(rb"""\bmin\s*=\s*["'](\d{1,7})["']""")
_LAST = re.compile(rb"""\bmax\s*=\s*["'](\d{1,7})["']""")
_UNSHOWN = re.compile(rb"""\b(?:hidden\s*=\s*["'](?:1|true)["']|width\s*=\s*["']0(?:\.0*)?["'])""")
_COLUMN_OF_CELL = re.compile(rb"""\br\s*=\s*["']([A-Z]{1,3})\d""")
_ROW = re.compile(rb"""<(?:\w+:)?row\s[^>]*?\br\s*=\s*["'](\d+)["']""")
_TEXTS = (b"s", b"str", b"inlineStr", b"b")


@dataclass
class Marks:
    """By (row, column) from 0: ``errors`` holds the error shown, or the formula (=A1+B1) of a cell
    whose result is not stored; ``texts`` how the stored text is to be shown. ``hidden`` and
    ``hidden_columns``: the rows and columns not shown, by filter or hand.
    """

    errors: dict[tuple[int, int], str] = field(default_factory=dict)
    texts: dict[tuple[int, int], Shown] = field(default_factory=dict)
    merges: list[tuple[tuple[int, int], tuple[int, int]]] = field(default_factory=list)
    hidden: set[int] = field(default_factory=set)
    hidden_columns: set[int] = field(default_factory=set)


def xlsx_marks(path: Path) -> dict[str, Marks]:
    """Marks by sheet name. Raises UnreadableFile for a sheet beyond the limits."""
    with zipfile.ZipFile(path) as archive:
        styles = _xlsx_styles(archive)
        return {
            name: _xlsx_sheet(archive.read(part), styles, path.name, name)
            for name, part in _xlsx_sheets(archive)
            if part in archive.namelist()
        }


def _xlsx_sheets(archive: zipfile.ZipFile) -> list[tuple[str, str]]:
    """Sheet names with the part of the archive each stands in."""
    relations = ElementTree.fromstring(archive.read("xl/_rels/workbook.xml.rels"))
    targets = {relation.get("Id"): relation.get("Target", "") for relation in relations}
    sheets = []
    for element in ElementTree.fromstring(archive.read("xl/workbook.xml")).iter():
        if not element.tag.endswith("}sheet"):
            continue
        relation = next((v for k, v in element.attrib.items() if k.endswith("}id")), "")
        target = targets.get(relation, "")
        part = target.lstrip("/") if target.startswith("/") else normpath(join("xl", target))
        sheets.append((element.get("name", ""), part))
    return sheets


def _xlsx_styles(archive: zipfile.ZipFile) -> dict[int, Show]:
    if "xl/styles.xml" not in archive.namelist():
        return {}
    root = ElementTree.fromstring(archive.read("xl/styles.xml"))
    codes: dict[int, Show | None] = built_in_formats()
    for element in root.iter():
        if element.tag.endswith("}numFmt"):
            codes[int(element.get("numFmtId", -1))] = shown_by(element.get("formatCode", ""))
    styles: dict[int, Show] = {}
    for group in root:
        if group.tag.endswith("}cellXfs"):
            for n, style in enumerate(group):
                shown = codes.get(int(style.get("numFmtId", 0)))
                if shown is not None:
                    styles[n] = shown
    return styles


def _xlsx_sheet(xml: bytes, styles: dict[int, Show], file: str, name: str) -> Marks:
    marks = Marks(hidden_columns=_hidden_columns(xml))
    _check_extent(xml, file, name)
    for at, attributes, end in _cells_of(xml, marks.hidden):
        kind = _TYPE.search(attributes)
        style = _STYLE.search(attributes) if styles else None
        shown = styles.get(int(style.group(1))) if style else None
        if kind is not None and kind.group(1) == b"e":
            value = _VALUE.search(xml, end, end + 40_000)
            marks.errors[at] = value.group(1).decode("ascii", "replace") if value else "#REF!"
        elif kind is None or kind.group(1) not in _TEXTS:
            formula = _formula_alone(xml, end)
            if formula:
                marks.errors[at] = formula
            elif shown is not None:
                marks.texts[at] = shown
    return marks


def _hidden_columns(xml: bytes) -> set[int]:
    """The columns that are not shown."""
    hidden: set[int] = set()
    for column in _COLUMNS.finditer(xml[: max(xml.find(b"sheetData"), 0)]):
        ends = [bound.search(column.group(1)) for bound in (_FIRST, _LAST)]
        if _UNSHOWN.search(column.group(1)) and all(ends):
            first, last = (int(end.group(1)) for end in ends if end)
            hidden.update(range(first - 1, min(last, MAX_COLUMNS)))
    return hidden


def _cells_of(xml: bytes, hidden: set[int]) -> Iterator[tuple[tuple[int, int], bytes, int]]:
    """The filled cells: where (a cell without reference is right of the one before, a row below),
    attributes, and where the content begins. The rows that are not shown are added to ``hidden``.
    """
    row = column = -1
    for cell in _CELL.finditer(xml):
        attributes = cell.group(1)
        if _IS_ROW.match(cell.group()):
            number = _ROW_NUMBER.search(attributes)
            row, column = (int(number.group(1)) - 1 if number else row + 1), -1
            if _HIDDEN.search(attributes):
                hidden.add(row)
            continue
        reference = _REFERENCE.search(attributes)
        column = _column(reference.group(1)) if reference else column + 1
        row = int(reference.group(2)) - 1 if reference else row
        if not attributes.endswith(b"/"):
            yield (row, column), attributes, cell.end()


def _formula_alone(xml: bytes, start: int) -> str:
    """The formula of a cell that has no stored result; empty for any other cell."""
    if not xml.startswith(b"<", start):
        return ""
    end = _END_OF_CELL.search(xml, start)
    content = xml[start : end.start() if end else start + 40_000]
    formula = _FORMULA.search(content)
    value = _VALUE.search(content)
    if formula is None or (value is not None and value.group(1).strip()):
        return ""
    return f"{FORMULA_ALONE}=" + (formula.group(1) or b"").decode("utf-8", "replace")


def _check_extent(xml: bytes, file: str, name: str) -> None:
    """Raise UnreadableFile for too large a sheet; where rows times columns are too many, cells with
    content decide.
    """
    columns = {match.group(1) for match in _COLUMN_OF_CELL.finditer(xml)}
    last_row = max((int(match.group(1)) for match in _ROW.finditer(xml)), default=0)
    last_row = max(last_row, xml.count(b"<row"))
    if last_row * max(map(_column, columns), default=0) <= MAX_SHEET_CELLS:
        return
    height = width = 0
    for (row, column), _, end in _cells_of(xml, set()):
        if not _CLOSED.match(xml, end):
            height, width = max(height, row + 1), max(width, column + 1)
    check_size(height, width, file, name, MAX_SHEET_CELLS)


def _column(letters: bytes) -> int:
    """The number from 0 of a column given by its letters."""
    number = 0
    for letter in letters:
        number = 26 * number + letter - 64
    return number - 1


def ods_marks(path: Path) -> dict[str, Marks]:
    """Marks by sheet name, and the merges. Raises UnreadableFile for a sheet beyond the limits."""
    with zipfile.ZipFile(path) as archive:
        walker = _OdsWalker(path.name, cell_styles(archive))
        with archive.open("content.xml") as file:
            walker.parser.ParseFile(file)
    return walker.sheets


class _OdsWalker:
    """Goes through ``content.xml`` cell by cell, counting repeats, without unpacking them."""

    def __init__(self, file: str, styles: CellStyles) -> None:
        self.styles = styles
        self.columns: list[tuple[int, str]] = []
        self.row_style = ""
        self.file, self.sheets, self.name = file, {}, ""  # type: str, dict[str, Marks], str
        self.row = self.column = self.row_repeat = 0
        self.last: tuple[str, int, dict[str, str]] | None = None
        self.parser: Any = expat.ParserCreate()
        self.parser.StartElementHandler = self._start
        self.parser.EndElementHandler = self._end
        self.parser.CharacterDataHandler = self._text
        self.words: list[str] = []

    def _start(self, tag: str, attributes: dict[str, str]) -> None:
        if tag == "table:table":
            self.name, self.row = attributes.get("table:name", ""), 0
            self.sheets[self.name], self.columns = Marks(), []
        elif tag == "table:table-column":
            self._column(attributes)
        elif tag == "table:table-row":
            self.row_style = attributes.get("table:default-cell-style-name", "")
            self.column, self.row_repeat = 0, int(attributes.get("table:number-rows-repeated", 1))
            if attributes.get("table:visibility", "visible") != "visible":
                rows = range(self.row, self.row + min(self.row_repeat, MAX_ROWS))
                self.sheets[self.name].hidden.update(rows)
        elif tag in ("table:table-cell", "table:covered-table-cell"):
            repeat = int(attributes.get("table:number-columns-repeated", 1))
            self.last, self.words = (tag, repeat, attributes), []

    def _column(self, attributes: dict[str, str]) -> None:
        """The style of the cells of some columns, and whether these are shown."""
        first = self.columns[-1][0] if self.columns else 0
        end = first + int(attributes.get("table:number-columns-repeated", 1))
        self.columns.append((end, attributes.get("table:default-cell-style-name", "")))
        if attributes.get("table:visibility", "visible") != "visible":
            self.sheets[self.name].hidden_columns.update(range(first, min(end, MAX_COLUMNS)))

    def _shown(self, kind: str | None, column: int, attributes: dict[str, str]) -> Show | None:
        """How the format of a cell changes what it shows."""
        if kind == "percentage":
            return as_percent
        if kind not in ("float", "currency", "date"):
            return None
        of_column = next((style for end, style in self.columns if column < end), "")
        style = attributes.get("table:style-name") or self.row_style or of_column
        return self.styles.show(style)

    def _text(self, words: str) -> None:
        if self.last:
            self.words.append(words)

    def _end(self, tag: str) -> None:
        if tag == "table:table-row":
            self.row += self.row_repeat
        elif tag == self.last_tag and self.last is not None:
            _, repeat, attributes = self.last
            self._cell(repeat, attributes, "".join(self.words))
            self.column += repeat
            self.last = None

    @property
    def last_tag(self) -> str:
        """The tag of the cell being read."""
        return self.last[0] if self.last else ""

    def _cell(self, repeat: int, attributes: dict[str, str], words: str) -> None:
        kind = attributes.get("calcext:value-type") or attributes.get("office:value-type")
        last_row, last_column = self.row + self.row_repeat, self.column + repeat
        if kind or words:
            check_size(last_row, last_column, self.file, self.name, MAX_SHEET_CELLS)
        marks = self.sheets.setdefault(self.name, Marks())
        down = int(attributes.get("table:number-rows-spanned", 1))
        across = int(attributes.get("table:number-columns-spanned", 1))
        if down > 1 or across > 1:
            end = (self.row + down - 1, self.column + across - 1)
            marks.merges.append(((self.row, self.column), end))
        formula = attributes.get("table:formula", "")
        alone = bool(formula) and not kind and not words
        if alone:
            check_size(last_row, last_column, self.file, self.name, MAX_SHEET_CELLS)
            words = f"{FORMULA_ALONE}=" + formula.partition("=")[2]
        shown = self._shown(kind, self.column, attributes)
        marked = alone or kind == "error" or shown is not None
        for row in range(self.row, last_row if marked else self.row):
            for column in range(self.column, last_column):
                if shown is not None:
                    marks.texts[row, column] = shown
                else:
                    marks.errors[row, column] = words or "#REF!"
