"""A case file as a Word document: facts as filed, what the rules say with law and steps, what is
missing, what is due.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from hengtan.report.said_in_papers import said, units_of_heading, widths_of
from hengtan.report.word import document as doc
from hengtan.report.words import word

Shown = Mapping[str, Any]
NOTE = doc.ParagraphStyle(size=10, space_before=3, space_after=2)
PART = replace(doc.HEADING, space_before=10, space_after=3)
WIDTH = 15.8
"""Room between the margins. [cm]"""
MOST_COLUMNS = 8
"""Columns of a table that are still readable on A4; the rest are on the page of the file."""


@dataclass(frozen=True)
class Said:
    """What a rule says: a line a period or row (period, what it says, law, confidence), and what
    has to be watched.
    """

    title: str
    lines: Sequence[Sequence[str]]
    cautions: Sequence[str]


@dataclass(frozen=True)
class CasePaper:
    """What a paper of a case file holds: its kind, id, name and place, the tables that feed it, the
    verdicts by rule, the days due (title, label, day, done, state).
    """

    kind: str
    subject: str
    name: str
    place: str
    judged_on: str
    tables: Sequence[Shown]
    verdicts: Sequence[Said]
    days: Sequence[Sequence[str]]


def case_file_bytes(paper: CasePaper) -> bytes:
    """The paper as .docx."""
    document = doc.new_document()
    doc.line(document, f"{paper.name} {paper.kind}", replace(doc.TITLE, space_after=6))
    about = word("files.paper.about", id=paper.subject, place=paper.place, day=paper.judged_on)
    doc.line(document, about, NOTE)
    _verdicts(document, paper)
    _days(document, paper)
    _tables(document, paper)
    doc.line(document, word("files.paper.closing"), NOTE)
    return doc.bytes_of(document)


def _verdicts(document: Any, paper: CasePaper) -> None:
    doc.line(document, word("files.verdicts"), PART)
    heads = [word(f"files.paper.{name}") for name in ("span", "says", "law", "confidence")]
    for group in paper.verdicts:
        doc.line(document, group.title, NOTE)
        doc.table(document, heads, group.lines, (2.4, 7.4, 3.8, 2.2), centred=False, air=1)
        for text in group.cautions:
            doc.line(document, word("notice.warning", text=text), NOTE)


def _days(document: Any, paper: CasePaper) -> None:
    if paper.days:
        doc.line(document, word("files.calendar"), PART)
        names = ("title", "label", "day", "done", "state")
        heads = [word(f"files.day.{name}") for name in names]
        doc.table(document, heads, paper.days, (5.2, 3.0, 2.6, 2.6, 2.4))


def _tables(document: Any, paper: CasePaper) -> None:
    for table in paper.tables:
        pairs, rows = filled(table)
        if not pairs:
            continue
        doc.line(document, table["title"], PART)
        if table["is_head"]:
            lines = [[title, text] for (title, _), text in zip(pairs, rows[0], strict=True)]
            heads = [word("files.paper.item"), word("files.paper.fact")]
            doc.table(document, heads, lines, (5, 10.8), centred=False, air=1)
            continue
        heads = [f"{title}（{unit}）" if unit else title for title, unit in pairs[:MOST_COLUMNS]]
        lines = [row[:MOST_COLUMNS] for row in rows]
        widths = widths_of([heads, *lines], WIDTH)
        doc.table(document, heads, lines, widths, size=8, air=1)
        if table["left_out"]:
            doc.line(document, word("files.left_out", table["left_out"]), NOTE)


def filled(table: Shown) -> tuple[list[tuple[str, str]], list[list[str]]]:
    """The columns of a table that hold anything, as title and unit, and its rows in words; of the
    head row the unit stands behind the figure.
    """
    kept = [
        number
        for number in range(len(table["headings"]))
        if any(row["cells"][number] not in (None, "") for row in table["rows"])
    ]
    pairs = [units_of_heading(table["headings"][number]) for number in kept]
    rows = [
        [
            said(row["cells"][number], unit if table["is_head"] else "", "" if unit else title)
            for number, (title, unit) in zip(kept, pairs, strict=True)
        ]
        for row in table["rows"]
    ]
    return pairs, rows
