"""Number and date formats of OpenDocument sheets (OASIS ODF 1.3, part 3, 16.29): how the style of a
cell changes what it shows.
"""

from __future__ import annotations

import re
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from xml.parsers import expat

from hengtan.ledger.reading.formats import (
    COMPARED,
    Show,
    as_month,
    as_percent,
    as_year,
    scaled,
    shown_in_unit,
)

_KINDS = ("number", "percentage", "currency", "date", "time", "text", "boolean")
_DATA_STYLES = {f"number:{kind}-style": kind for kind in _KINDS}
_NUMBERS = ("number:number", "number:scientific-number", "number:fraction")
_CONDITION = re.compile(r"value\(\)\s*(<=|>=|!=|<|>|=)\s*(-?\d+(?:\.\d+)?)")


@dataclass
class DataStyle:
    """A format: its kind, by what it divides, the text behind the number, the parts of a date it
    shows, and the formats that stand in under a condition.
    """

    kind: str
    factor: float = 1.0
    behind: str = ""
    parts: set[str] = field(default_factory=set)
    maps: list[tuple[str, str]] = field(default_factory=list)

    @property
    def show(self) -> Show | None:
        """How it changes a text, conditions apart; None where that does not change the meaning."""
        if self.kind == "percentage":
            return as_percent
        if self.kind == "date":
            if self.parts & {"day", "hours", "day-of-week"} or not self.parts & {"year", "month"}:
                return None
            return as_month if "month" in self.parts else as_year
        if self.kind in ("number", "currency"):
            return scaled(self.factor, shown_in_unit(self.behind.strip()))
        return None


@dataclass
class CellStyles:
    """The formats of a document by the name of the cell's style."""

    data: dict[str, DataStyle] = field(default_factory=dict)
    cells: dict[str, tuple[str, str]] = field(default_factory=dict)
    known: dict[str, Show | None] = field(default_factory=dict)

    def show(self, name: str) -> Show | None:
        """How a style of a cell changes what it shows, its parents asked in turn."""
        if name not in self.known:
            self.known[name] = self._show(name)
        return self.known[name]

    def _show(self, name: str) -> Show | None:
        for _ in range(20):
            data, parent = self.cells.get(name, ("", ""))
            if data:
                return _under_conditions(self.data, data)
            if not parent:
                return None
            name = parent
        return None


def _under_conditions(styles: Mapping[str, DataStyle], name: str) -> Show | None:
    """A format with those that stand in for it where their condition holds."""
    own = styles.get(name)
    if own is None:
        return None
    instead = [
        (match.group(1), float(match.group(2)), styles[applied].show)
        for condition, applied in own.maps
        if (match := _CONDITION.fullmatch(condition.strip())) and applied in styles
    ]
    otherwise = own.show
    if otherwise is None and all(show is None for _, _, show in instead):
        return None

    def show(text: str) -> str:
        chosen = otherwise
        try:
            number = float(text)
        except ValueError:
            return chosen(text) if chosen else text
        for sign, bound, change in instead:
            if COMPARED[sign](number, bound):
                chosen = change
                break
        return chosen(text) if chosen else text

    return show


def cell_styles(archive: zipfile.ZipFile) -> CellStyles:
    """The formats of a document: those of its named styles, then those of its content."""
    styles = CellStyles()
    for part in ("styles.xml", "content.xml"):
        if part in archive.namelist():
            with archive.open(part) as file:
                _Walker(styles).parse(file)
    return styles


class _EndOfStyles(Exception):
    """The styles of a part are read; its body is not looked at."""


class _Walker:
    """Goes through the styles of a part."""

    def __init__(self, styles: CellStyles) -> None:
        self.styles = styles
        self.style: DataStyle | None = None
        self.after_number = self.in_text = False
        self.parser: Any = expat.ParserCreate()
        self.parser.StartElementHandler = self._start
        self.parser.EndElementHandler = self._end
        self.parser.CharacterDataHandler = self._text

    def parse(self, file: Any) -> None:
        """Read until the body of the document begins."""
        try:
            self.parser.ParseFile(file)
        except _EndOfStyles:
            return

    def _start(self, tag: str, attributes: dict[str, str]) -> None:
        name = attributes.get("style:name", "")
        if tag == "office:body":
            raise _EndOfStyles
        if tag in _DATA_STYLES:
            self.style, self.after_number = DataStyle(_DATA_STYLES[tag]), False
            self.styles.data[name] = self.style
        elif tag == "style:style" and attributes.get("style:family") == "table-cell":
            data = attributes.get("style:data-style-name", "")
            self.styles.cells[name] = (data, attributes.get("style:parent-style-name", ""))
        elif self.style is not None:
            self._part(self.style, tag, attributes)

    def _part(self, style: DataStyle, tag: str, attributes: dict[str, str]) -> None:
        if tag in _NUMBERS:
            self.after_number = True
            try:
                style.factor = float(attributes.get("number:display-factor", 1)) or 1.0
            except ValueError:
                style.factor = 1.0
        elif tag == "number:text":
            self.in_text = True
        elif tag == "style:map":
            applied = attributes.get("style:apply-style-name", "")
            style.maps.append((attributes.get("style:condition", ""), applied))
        elif tag.startswith("number:"):
            style.parts.add(tag.removeprefix("number:"))

    def _text(self, words: str) -> None:
        if self.style is not None and self.in_text and self.after_number:
            self.style.behind += words

    def _end(self, tag: str) -> None:
        if tag == "number:text":
            self.in_text = False
        elif tag in _DATA_STYLES:
            self.style = None
