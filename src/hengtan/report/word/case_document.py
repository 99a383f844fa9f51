"""A document that leaves a case file, in the form of an official one: what the file is about, what
the rules say with their law, what is still missing, what has to be done by when. A draft: the
office adds number, signature and date.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from hengtan.report import official as form
from hengtan.report.official import Official
from hengtan.report.word import document as doc
from hengtan.report.word import official as page
from hengtan.report.words import word

WIDTHS = (5.8, 3.2, 6.6)
"""Of the columns of a table of steps. [cm]"""


@dataclass(frozen=True)
class CaseDocument:
    """A document: its title, to whom, sections (heading, text with a line a paragraph), what has
    to be said of its sources, and tables of steps attached to it (heading, rows,
    sources by number).
    """

    title: str
    to: str
    sections: Sequence[tuple[str, str]]
    notes: Sequence[str]
    tables: Sequence[tuple[str, Sequence[Sequence[str]], Sequence[str]]] = ()


def case_document_bytes(drafted: CaseDocument) -> bytes:
    """The document as .docx."""
    added = Official(recipients=(drafted.to,) if drafted.to else ())
    document: Any = page.new_official()
    page.title(document, drafted.title, word("files.document.draft"))
    page.recipients(document, added)
    for part in form.body(drafted.sections, added):
        page.piece(document, part)
    for note in (*drafted.notes, word("files.paper.closing")):
        page.note(document, note)
    for heading, rows, sources in drafted.tables:
        page.piece(document, form.Piece(heading, heading=True))
        heads = [word(f"files.step.{name}") for name in ("what", "value", "how")]
        doc.table(document, heads, rows, WIDTHS, centred=False)
        for source in sources:
            page.note(document, source)
    return doc.bytes_of(document)
