"""What the cells of a workbook show beyond their stored value: errors, percent signs, dates shown
as a month or a year.

A cell that shows 12.5% stores 0.125; one that shows 2024年3月 stores a day. Extents are checked
here before a sheet is unpacked in memory.
"""

from __future__ import annotations

import re
import zipfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from posixpath import join, normpath
from typing import Any
from xml.etree import ElementTree
from xml.parsers import expat

from hengtan.ledger.reading.grid import MAX_SHEET_CELLS, check_size

Shown = str | Callable[[str], str]
Shows = Sequence[Callable[[str], str] | None]
_BUILT_IN_PERCENT, _BUILT_IN_MONTH = {9, 10}, {17, 55, 57}
_CELL = re.compile(rb"<(?:\w+:)?c\s([^>]*)>")
_CLOSED = re.compile(rb"\s*</(?:\w+:)?c>")
_VALUE = re.compile(rb"<(?:\w+:)?v>([^<]*)<")
_REFERENCE = re.compile(rb'\br="([A-Z]{1,3})(\d{1,7})"')
_STYLE = re.compile(rb'\bs="(\d+)"')
_IS_TEXT = re.compile(rb'\bt="(?:s|str|inlineStr|b)"')
_COLUMN_OF_CELL = re.compile(rb'\br="([A-Z]{1,3})\d')
_ROW = re.compile(rb'<(?:\w+:)?row\s[^>]*?\br="(\d+)"')


@dataclass
class Marks:
    """By (row, column) from 0: ``errors`` holds the error shown, ``texts`` how the stored text is
    to be shown.
    """

    errors: dict[tuple[int, int], str] = field(default_factory=dict)
    texts: dict[tuple[int, int], Shown] = field(default_factory=dict)
    merges: list[tuple[tuple[int, int], tuple[int, int]]] = field(default_factory=list)


def as_percent(text: str) -> str:
    """0.125 as 12.5%, without the digits binary fractions add."""
    try:
        return f"{float(text) * 100:.12g}%"
    except ValueError:
        return text


def as_month(text: str) -> str:
    """The month of an ISO day."""
    return text[:7] if re.match(r"\d{4}-\d{2}-\d{2}", text) else text


def as_year(text: str) -> str:
    """The year of an ISO day."""
    return text[:4] if re.match(r"\d{4}-\d{2}-\d{2}", text) else text


def shown_by(code: str) -> Callable[[str], str] | None:
    """How a number format changes what is shown, where that changes the meaning."""
    plain = re.sub(r'"[^"]*"|\\.|\[[^\]]*\]', "", code.split(";")[0]).lower()
    if "%" in plain:
        return as_percent
    if "y" in plain and "d" not in plain and "h" not in plain and "general" not in plain:
        return as_month if "m" in plain else as_year
    return None


def built_in_formats() -> dict[int, Callable[[str], str] | None]:
    """How the numbered formats every workbook knows change what is shown (ISO/IEC 29500-1,
    18.8.30).
    """
    return {
        **dict.fromkeys(_BUILT_IN_PERCENT, as_percent),
        **dict.fromkeys(_BUILT_IN_MONTH, as_month),
    }


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


def _xlsx_styles(archive: zipfile.ZipFile) -> dict[int, Callable[[str], str]]:
    if "xl/styles.xml" not in archive.namelist():
        return {}
    root = ElementTree.fromstring(archive.read("xl/styles.xml"))
    codes: dict[int, Callable[[str], str] | None] = built_in_formats()
    for element in root.iter():
        if element.tag.endswith("}numFmt"):
            codes[int(element.get("numFmtId", -1))] = shown_by(element.get("formatCode", ""))
    styles: dict[int, Callable[[str], str]] = {}
    for group in root:
        if group.tag.endswith("}cellXfs"):
            for n, style in enumerate(group):
                shown = codes.get(int(style.get("numFmtId", 0)))
                if shown is not None:
                    styles[n] = shown
    return styles


def _xlsx_sheet(xml: bytes, styles: dict[int, Callable[[str], str]], file: str, name: str) -> Marks:
    marks = Marks()
    _check_extent(xml, file, name)
    if b't="e"' not in xml and not styles:
        return marks
    for cell in _CELL.finditer(xml):
        attributes = cell.group(1)
        is_error = b't="e"' in attributes
        style = _STYLE.search(attributes)
        shown = styles.get(int(style.group(1))) if style else None
        reference = _REFERENCE.search(attributes)
        if attributes.endswith(b"/") or not (is_error or shown) or reference is None:
            continue
        at = (int(reference.group(2)) - 1, _column(reference.group(1)))
        if is_error:
            value = _VALUE.search(xml, cell.end(), cell.end() + 40_000)
            marks.errors[at] = value.group(1).decode("ascii", "replace") if value else "#REF!"
        elif shown is not None and not _IS_TEXT.search(attributes):
            marks.texts[at] = shown
    return marks


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
    for cell in _CELL.finditer(xml):
        is_blank = cell.group(1).endswith(b"/") or _CLOSED.match(xml, cell.end())
        reference = None if is_blank else _REFERENCE.search(cell.group(1))
        if reference:
            height = max(height, int(reference.group(2)))
            width = max(width, _column(reference.group(1)) + 1)
    check_size(height, width, file, name, MAX_SHEET_CELLS)


def _column(letters: bytes) -> int:
    """The number from 0 of a column given by its letters."""
    number = 0
    for letter in letters:
        number = 26 * number + letter - 64
    return number - 1


def ods_marks(path: Path) -> dict[str, Marks]:
    """Marks by sheet name, and the merges. Raises UnreadableFile for a sheet beyond the limits."""
    walker = _OdsWalker(path.name)
    with zipfile.ZipFile(path) as archive, archive.open("content.xml") as file:
        walker.parser.ParseFile(file)
    return walker.sheets


class _OdsWalker:
    """Goes through ``content.xml`` cell by cell, counting repeats, without unpacking them."""

    def __init__(self, file: str) -> None:
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
            self.sheets[self.name] = Marks()
        elif tag == "table:table-row":
            self.column, self.row_repeat = 0, int(attributes.get("table:number-rows-repeated", 1))
        elif tag in ("table:table-cell", "table:covered-table-cell"):
            repeat = int(attributes.get("table:number-columns-repeated", 1))
            self.last, self.words = (tag, repeat, attributes), []

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
        for row in range(self.row, last_row if kind in ("percentage", "error") else self.row):
            for column in range(self.column, last_column):
                if kind == "percentage":
                    marks.texts[row, column] = as_percent
                else:
                    marks.errors[row, column] = words or "#REF!"
