"""Tables of PDF pages as rows with ``|``, where pdfplumber is installed (``pip install
hengtan[pdf]``); without it a page is read as running text.

Only pages with ruled lines are taken apart, since that is slow. Characters that a line crosses out
are left out, as deleted text of other formats is.
"""

from __future__ import annotations

import logging
import re
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from hengtan.plan.reader.documents.limits import MAX_COLUMNS

LEAST_LINES = 6
"""Ruled lines or boxes of a page from which it may hold a table."""
MOST_PAGES = 60
"""Pages of a document that are taken apart, at the most."""
MOST_CHARACTERS = 20_000
_PAINTED = re.compile(rb"\bre\b|\bl\s+S\b|\bl\b")
THIN = 1.6
"""Height of a stroke, in points."""


class PagesWithTables:
    """The pages of a PDF as text with the rows of their tables."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.left = MOST_PAGES if find_spec("pdfplumber") else 0
        self._opened: Any = None

    def text_of(self, number: int, page: Any) -> str:
        """The text of a page with its tables; empty where it has none or cannot be taken apart."""
        if not self.left or not _has_lines(page):
            return ""
        self.left -= 1
        try:
            return self._text(number)
        except Exception:  # pdfplumber raises many kinds of its own; the plain text is still there
            return ""

    def _text(self, number: int) -> str:
        if self._opened is None:
            logging.getLogger("pdfminer").setLevel(logging.CRITICAL)
            self._opened = import_module("pdfplumber").open(self.path)
        page = self._opened.pages[number]
        if len(page.chars) > MOST_CHARACTERS:
            return ""
        strokes = _strokes(page)
        page = page.filter(lambda item: not _is_crossed_out(item, strokes))
        tables = [table for table in page.find_tables() if _is_table(table)]
        parts = [(table.bbox[1], _rows(table)) for table in tables]
        boxes = [table.bbox for table in tables]
        rest = page.filter(lambda item: not _lies_in(item, boxes))
        parts += [(line["top"], line["text"]) for line in rest.extract_text_lines()]
        self._opened.pages[number].close()
        return "\n".join(text for _, text in sorted(parts, key=lambda part: part[0]))


def _has_lines(page: Any) -> bool:
    try:
        content = page.get_contents()
        data = content.get_data() if content is not None else b""
    except Exception:  # pypdf raises many kinds of its own
        return False
    return len(_PAINTED.findall(data[:2_000_000])) >= LEAST_LINES


def _is_table(table: Any) -> bool:
    """Two columns and a row at least."""
    return len(table.rows) > 0 and 1 < max(len(row.cells) for row in table.rows) <= MAX_COLUMNS


def _rows(table: Any) -> str:
    """Rows on lines of their own; breaks within a cell go."""
    rows = table.extract(x_tolerance=2)
    lines = []
    for row in rows:
        cells = [re.sub(r"\s*\n\s*", "", cell or "").replace("|", "｜") for cell in row]
        lines.append("| " + " | ".join(cells) + " |")
    return "\n".join(lines)


def _strokes(page: Any) -> list[tuple[float, float, float]]:
    """Thin horizontal strokes: left end, right end, height on the page."""
    drawn = [*page.rects, *page.lines]
    return [
        (item["x0"], item["x1"], (item["top"] + item["bottom"]) / 2)
        for item in drawn
        if item["bottom"] - item["top"] <= THIN
    ]


def _is_crossed_out(item: dict[str, Any], strokes: list[tuple[float, float, float]]) -> bool:
    """Whether a stroke runs through the middle of a character."""
    if item.get("object_type") != "char":
        return False
    upper = item["top"] + 0.3 * (item["bottom"] - item["top"])
    lower = item["top"] + 0.75 * (item["bottom"] - item["top"])
    middle = (item["x0"] + item["x1"]) / 2
    return any(x0 <= middle <= x1 and upper < y < lower for x0, x1, y in strokes)


def _lies_in(item: dict[str, Any], boxes: list[tuple[float, float, float, float]]) -> bool:
    x, y = (item["x0"] + item["x1"]) / 2, (item["top"] + item["bottom"]) / 2
    return any(x0 <= x <= x1 and top <= y <= bottom for x0, top, x1, bottom in boxes)
