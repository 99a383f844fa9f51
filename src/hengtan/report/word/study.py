"""What papers of studies share: a title, what is assumed before anything else, numbered headings,
tables and pictures as wide as the text.
"""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.shared import Cm, RGBColor

from hengtan.report.numerals import computed
from hengtan.report.word import document as doc
from hengtan.report.words import word

TEXT_WIDTH = 15.8
"""Width of the text, in cm."""
LEAST_FIRST = 3.2
NOTICE = doc.ParagraphStyle(size=11, colour=RGBColor(0x8A, 0x4B, 0x06), space_after=4)
HEADING = replace(doc.HEADING, size=14, space_before=10, space_after=2)
TEXT = doc.ParagraphStyle(indented=True, space_after=3)
LISTED = doc.ParagraphStyle(size=10.5, space_after=1)
SMALL = doc.ParagraphStyle(size=9.5, space_after=4)


class Paper:
    """A document in a language that numbers its headings."""

    def __init__(self, title: str, subtitle: str, notices: Sequence[str], lang: str = "zh") -> None:
        self.lang = lang
        self.document = doc.new_document()
        doc.line(self.document, title, doc.TITLE)
        doc.line(self.document, subtitle, doc.ParagraphStyle(size=11, centred=True, space_after=8))
        for text in notices:
            doc.line(self.document, text, NOTICE)
        self._headings = 0

    def word(self, key: str, **parts: Any) -> str:
        """A word in the language of the paper."""
        return word(key, self.lang, **parts)

    def heading(self, text: str) -> None:
        """A heading with its number."""
        number = self.word("scenario.paper.numbers")[self._headings]
        numbered = self.word("scenario.paper.heading", number=number, text=text)
        doc.line(self.document, numbered, HEADING)
        self._headings += 1

    def text(self, text: str) -> None:
        """A paragraph."""
        doc.line(self.document, text, TEXT)

    def note(self, text: str) -> None:
        """A small remark."""
        doc.line(self.document, text, SMALL)

    def listed(self, rows: Sequence[str], nothing: str) -> None:
        """Lines with their numbers, or that there is none."""
        for number, text in enumerate(rows, start=1):
            doc.line(self.document, f"{number}. {text}", LISTED)
        if not rows:
            doc.line(self.document, nothing, LISTED)

    def picture(self, png: bytes | None) -> None:
        """A picture as wide as the text; nothing where there is none."""
        if png is None:
            return
        self.document.add_picture(io.BytesIO(png), width=Cm(TEXT_WIDTH))
        self.document.paragraphs[-1].alignment = WD_ALIGN_PARAGRAPH.CENTER

    def table(self, headings: Sequence[str], rows: Sequence[Sequence[Any]]) -> None:
        """A table as wide as the text, its first column the widest."""
        others = len(headings) - 1
        first = max(LEAST_FIRST, TEXT_WIDTH * 1.8 / (others + 1.8))
        rest = (TEXT_WIDTH - first) / others if others else 0.0
        texts = [[_text(cell) for cell in row] for row in rows]
        doc.table(self.document, headings, texts, [first, *([rest] * others)], size=9, air=1.5)
        doc.line(self.document, "", SMALL)

    def content(self) -> bytes:
        """The document as bytes."""
        return doc.bytes_of(self.document)


def _text(cell: Any) -> str:
    if cell is None:
        return ""
    return computed(cell) if isinstance(cell, float) else str(cell)
