"""The monthly bulletin as a Word document in the form of an official document: title, recipients,
text, what is to be done next, signature; charts and tables as attachments.
"""

from __future__ import annotations

import io
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from docx.enum.text import WD_ALIGN_PARAGRAPH

from hengtan.report import official as form
from hengtan.report.bulletin_annexes import (
    Annex,
    annexes,
    issue_said,
    shape_of,
    title_lines,
    trace_said,
)
from hengtan.report.bulletin_text import paragraphs
from hengtan.report.official import Official
from hengtan.report.word import document as doc
from hengtan.report.word import official as page
from hengtan.report.words import word

Bulletin = Mapping[str, Any]
TABLE_SIZE = 7.5
"""Letters of the wide table in points."""


def write_bulletin_word(bulletin: Bulletin, path: Path, official: Official | None = None) -> Path:
    """The bulletin as .docx; ``official``: what the office adds, parts it leaves open are left
    out.
    """
    return doc.written(_document(bulletin, official), path)


def bulletin_word_bytes(bulletin: Bulletin, official: Official | None = None) -> bytes:
    """The bulletin as the bytes of a Word document."""
    return doc.bytes_of(_document(bulletin, official))


def _document(bulletin: Bulletin, official: Official | None) -> Any:
    added = official or Official()
    document = page.new_official()
    page.red_head(document, added)
    page.title(document, "\n".join(title_lines(bulletin)), issue_said(bulletin))
    page.recipients(document, added)
    for part in form.body(paragraphs(bulletin), added):
        page.piece(document, part)
    listed = annexes(bulletin)
    page.attachment_list(document, [annex.title for annex in listed])
    page.signature(document, added)
    for number, annex in enumerate(listed, start=1):
        _annex(document, annex, form.attachment_mark(number, len(listed)))
    if not any(annex.pictures for annex in listed):
        page.note(document, word("bulletin.word.no_font"))
    page.note(document, trace_said(bulletin))
    page.end_matter(document, added)
    return document


def _annex(document: Any, annex: Annex, mark: str) -> None:
    page.new_page(document, across=annex.across)
    page.attachment(document, mark, annex.title)
    share = 1 / max(1, len(annex.pictures))
    for png in annex.pictures:
        width = page.picture_width(document, max(shape_of(png), 0.1) / share)
        document.add_picture(io.BytesIO(png), width=width)
        document.paragraphs[-1].alignment = WD_ALIGN_PARAGRAPH.CENTER
    if annex.grid is not None:
        grid = annex.grid
        doc.table(
            document, grid.headings, grid.cells, grid.widths, fills=grid.fills, size=TABLE_SIZE
        )
    for text in annex.notes:
        page.note(document, text)
