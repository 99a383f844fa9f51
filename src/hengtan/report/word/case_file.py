"""A case file as a Word document: facts as filed, what the rules say with law and steps, what is
missing, what is due.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from hengtan.report.said_in_papers import in_brackets, said, units_of_heading, widths_of
from hengtan.report.word import document as doc
from hengtan.report.words import word

Shown = Mapping[str, Any]
NOTE = doc.ParagraphStyle(size=10, space_before=3, space_after=2)
PART = replace(doc.HEADING, space_before=10, space_after=3)
WIDTH = 15.8
"""Room between the margins. [cm]"""
VERDICT_WIDTHS = {"zh": (2.4, 7.4, 3.8, 2.2), "en": (2.2, 6.9, 4.1, 2.6)}
"""Columns of the verdicts of a rule. [cm]"""
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
    lang: str = "zh"

    def word(self, key: str, **parts: str) -> str:
        """A word in the language of the paper."""
        return word(key, self.lang, **parts)


def case_file_bytes(paper: CasePaper) -> bytes:
    """The paper as .docx."""
    document = doc.new_document()
    doc.line(document, f"{paper.name} {paper.kind}", replace(doc.TITLE, space_after=6))
    parts = {"id": paper.subject, "place": paper.place, "day": paper.judged_on}
    about = paper.word("files.paper.about", **parts)
    doc.line(document, about, NOTE)
    _verdicts(document, paper)
    _days(document, paper)
    _tables(document, paper)
    doc.line(document, paper.word("files.paper.closing"), NOTE)
    return doc.bytes_of(document)


def _verdicts(document: Any, paper: CasePaper) -> None:
    doc.line(document, paper.word("files.verdicts"), PART)
    heads = [paper.word(f"files.paper.{name}") for name in ("span", "says", "law", "confidence")]
    for group in paper.verdicts:
        doc.line(document, group.title, NOTE)
        doc.table(document, heads, group.lines, VERDICT_WIDTHS[paper.lang], centred=False, air=1)
        for text in group.cautions:
            doc.line(document, paper.word("notice.warning", text=text), NOTE)


def _days(document: Any, paper: CasePaper) -> None:
    if paper.days:
        doc.line(document, paper.word("files.calendar"), PART)
        names = ("title", "label", "day", "done", "state")
        heads = [paper.word(f"files.day.{name}") for name in names]
        doc.table(document, heads, paper.days, (5.2, 3.0, 2.6, 2.6, 2.4))


def _tables(document: Any, paper: CasePaper) -> None:
    for table in paper.tables:
        pairs, rows = filled(table, paper.lang)
        if not pairs:
            continue
        doc.line(document, table["title"], PART)
        if table["is_head"]:
            lines = [[title, text] for (title, _), text in zip(pairs, rows[0], strict=True)]
            heads = [paper.word("files.paper.item"), paper.word("files.paper.fact")]
            doc.table(document, heads, lines, (5, 10.8), centred=False, air=1)
            continue
        heads = [in_brackets(*pair, paper.lang) for pair in pairs[:MOST_COLUMNS]]
        lines = [row[:MOST_COLUMNS] for row in rows]
        widths = widths_of([heads, *lines], WIDTH)
        doc.table(document, heads, lines, widths, size=8, air=1)
        if table["left_out"]:
            doc.line(document, word("files.left_out", paper.lang).format(table["left_out"]), NOTE)


def filled(table: Shown, lang: str = "zh") -> tuple[list[tuple[str, str]], list[list[str]]]:
    """The columns of a table that hold anything, as title and unit, and its rows in words; of the
    head row the unit stands behind the figure.
    """
    kept = [
        number
        for number in range(len(table["headings"]))
        if any(row["cells"][number] not in (None, "") for row in table["rows"])
    ]
    pairs = [units_of_heading(table["headings"][number]) for number in kept]
    units = [unit if table["is_head"] else "" for _, unit in pairs]
    titles = [
        "" if unit else table["in_chinese"][n] for n, (_, unit) in zip(kept, pairs, strict=True)
    ]
    columns = list(zip(kept, units, titles, strict=True))
    rows = [
        [said(row["cells"][number], unit, title, lang) for number, unit, title in columns]
        for row in table["rows"]
    ]
    return pairs, rows
