"""A case file as a Word document: facts as filed, what the rules say with law and steps, what is
missing, what is due.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from hengtan.basis.cite import confidence_word
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
    verdicts: Sequence[Shown]
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
        doc.line(document, group["title"], NOTE)
        rows = [_verdict(ruling) for ruling in group["rulings"]]
        doc.table(document, heads, rows, (2.2, 7.4, 3.8, 2.4), centred=False)
        for warning in dict.fromkeys(
            text for ruling in group["rulings"] for text in _warnings(ruling)
        ):
            doc.line(document, word("notice.warning", text=warning), NOTE)


def _verdict(ruling: Shown) -> list[str]:
    result = ruling["result"]
    says = ruling["why"]
    if result:
        says = "；".join(f"{o['title']}：{o['value']}{o['unit']}" for o in result["shown"])
    law = result["law"] if result else ""
    span = ruling["span"] or str(ruling["day"])
    return [span, says, law, confidence_word(ruling["confidence"])]


def _warnings(ruling: Shown) -> Sequence[str]:
    return ruling["result"]["warnings"] if ruling["result"] else ()


def _days(document: Any, paper: CasePaper) -> None:
    if paper.days:
        doc.line(document, word("files.calendar"), PART)
        names = ("title", "label", "day", "done", "state")
        heads = [word(f"files.day.{name}") for name in names]
        doc.table(document, heads, paper.days, (5.2, 3.0, 2.6, 2.6, 2.4))


def _tables(document: Any, paper: CasePaper) -> None:
    for table in paper.tables:
        if not table["rows"]:
            continue
        doc.line(document, table["title"], PART)
        if table["is_head"]:
            cells = table["rows"][0]["cells"]
            pairs = zip(table["headings"], cells, strict=True)
            rows = [[heading, _text(cell)] for heading, cell in pairs if cell is not None]
            heads = [word("files.paper.item"), word("files.paper.fact")]
            doc.table(document, heads, rows, (5, 10.8), centred=False)
            continue
        heads = table["headings"][:MOST_COLUMNS]
        rows = [[_text(cell) for cell in row["cells"][:MOST_COLUMNS]] for row in table["rows"]]
        doc.table(document, heads, rows, [WIDTH / len(heads)] * len(heads), size=8)
        if table["left_out"]:
            doc.line(document, word("files.left_out", table["left_out"]), NOTE)


def _text(cell: Any) -> str:
    if isinstance(cell, float):
        whole, _, part = f"{cell:,.4f}".partition(".")
        return f"{whole}.{part}".rstrip("0").rstrip(".")
    return "" if cell is None else str(cell)
