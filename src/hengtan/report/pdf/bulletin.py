"""The monthly bulletin as PDF in the form of an official document, with the same text, attachments
and parts of the office as in Word.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from hengtan.basis.whole_files import write_whole
from hengtan.report import official as form
from hengtan.report.bulletin_annexes import Annex, annexes, issue_said, title_lines, trace_said
from hengtan.report.bulletin_text import paragraphs, title_of
from hengtan.report.official import Official
from hengtan.report.pdf.fonts import lettering
from hengtan.report.pdf.press import pdf
from hengtan.report.words import word

Bulletin = Mapping[str, Any]


def write_bulletin_pdf(bulletin: Bulletin, path: Path, official: Official | None = None) -> Path:
    """The bulletin as .pdf, whole or not at all. Raises NoChineseFont."""
    return write_whole(path, bulletin_pdf(bulletin, official))


def bulletin_pdf(bulletin: Bulletin, official: Official | None = None) -> bytes:
    """The bulletin as the bytes of a PDF; ``official``: what the office adds. Raises
    NoChineseFont.
    """
    added, listed = official or Official(), annexes(bulletin)
    pictures = {
        f"{number}-{place}.png": png
        for number, annex in enumerate(listed, start=1)
        for place, png in enumerate(annex.pictures)
    }
    return pdf("bulletin.typ", bulletin_content(bulletin, added, listed), pictures)


def bulletin_content(
    bulletin: Bulletin, official: Official, listed: Sequence[Annex]
) -> dict[str, Any]:
    """What the template sets."""
    return {
        "form": _measures(),
        "title_is_substitute": "title" in lettering().substituted,
        "title": title_of(bulletin),
        "title_lines": title_lines(bulletin),
        "issue": issue_said(bulletin),
        "issuer": official.issuer,
        "issuer_size": form.red_head_size(official.issuer),
        "number": official.number_shown(),
        "recipients": official.addressed(),
        "body": [asdict(piece) for piece in form.body(paragraphs(bulletin), official)],
        "attachment_mark": word("official.attachment") + word("official.colon"),
        "attachments": form.attachments([annex.title for annex in listed]),
        "signed_by": official.signed_by,
        "signed_on": form.day_said(official.signed_on),
        "annexes": [
            _annex(annex, number, len(listed)) for number, annex in enumerate(listed, start=1)
        ],
        "trace": trace_said(bulletin),
        "end": _end(official),
        "page_words": word("official.page"),
    }


def _measures() -> dict[str, float]:
    """Measures of the standard for the template: mm and points."""
    return {
        **form.MARGINS,
        "size2": form.SIZE_2,
        "size3": form.SIZE_3,
        "size4": form.SIZE_4,
        "line": form.LINE,
        "red_head_down": form.RED_HEAD_DOWN,
        "red_line_below": form.RED_LINE_BELOW,
        "page_number_below": form.PAGE_NUMBER_BELOW,
    }


def _annex(annex: Annex, number: int, count: int) -> dict[str, Any]:
    grid = annex.grid
    return {
        "mark": form.attachment_mark(number, count),
        "title": annex.title,
        "across": annex.across,
        "pictures": [f"{number}-{place}.png" for place in range(len(annex.pictures))],
        "headings": list(grid.headings) if grid else [],
        "widths": list(grid.widths) if grid else [],
        "rows": [
            [{"text": text, "fill": fill} for text, fill in zip(row, fills, strict=True)]
            for row, fills in zip(grid.cells, _fills(annex), strict=True)
        ]
        if grid
        else [],
        "notes": list(annex.notes),
    }


def _fills(annex: Annex) -> list[list[str]]:
    """A colour by cell, empty where it has none."""
    grid = annex.grid
    if grid is None:
        return []
    if grid.fills is None:
        return [[""] * len(row) for row in grid.cells]
    return [[f"#{fill}" if fill else "" for fill in row] for row in grid.fills]


def _end(official: Official) -> list[dict[str, str]]:
    """Copies; who printed it and when."""
    rows = []
    if copies := official.copies():
        rows.append({"left": copies, "right": ""})
    if official.printed_by or official.printed_on:
        day = form.day_said(official.printed_on)
        printed = word("official.printed", date=day) if day else ""
        rows.append({"left": official.printed_by, "right": printed})
    return rows
