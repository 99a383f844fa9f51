"""The text of a Word document: paragraphs with their automatic numbers, tables as rows; deleted
text left out, inserted text kept.

Automatic numbers (一、（一）1.) are written out, since the text itself does not hold them.
"""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from hengtan.basis.errors import HengtanError, UnreadableFile, Where
from hengtan.basis.numerals import chinese_numeral
from hengtan.ledger.reading.files import checked_archive
from hengtan.plan.reader.documents.limits import MAX_XML, span_of, whole
from hengtan.plan.reader.messages import refusal, say, say_en

DEEPEST = 20
"""How deep content controls may lie within each other."""


def text_of_word(path: Path, size: int, where: Where) -> str:
    """Text of a .docx. Raises UnreadableFile for what is too large, damaged, or no Word
    document."""
    import docx
    from docx.oxml import ns

    try:
        _check(path, size, where)
        opened = docx.Document(str(path))
        qn = cache(ns.qn)  # asked for a dozen names in every paragraph
        numbers = AutomaticNumbers(opened, qn)
        lines: list[str] = []
        for block in opened.element.body.iterchildren():
            _block(block, lines, numbers, qn, 0)
    except UnreadableFile:
        raise
    except Exception as error:  # zipfile, lxml and python-docx raise many kinds of their own
        raise _damaged(where, error) from error
    return "\n".join(lines)


def _check(path: Path, size: int, where: Where) -> None:
    """Refuse an archive that is hostile, too large, or holds no Word document."""
    smaller = (say("smaller_word"), say_en("smaller_word"))
    names = checked_archive(path, size, where, say("document"), say_en("document"), smaller)
    with zipfile.ZipFile(path) as archive:
        parts = [part.file_size for part in archive.infolist() if part.filename.endswith(".xml")]
    largest = max(parts, default=0)
    if largest > MAX_XML:
        raise refusal(UnreadableFile, "word_too_large", largest, where=where)
    if "word/document.xml" not in names:
        raise refusal(UnreadableFile, "no_word_document", where=where)


def _damaged(where: Where, error: Exception) -> HengtanError:
    """The refusal of a document that is broken inside."""
    return refusal(UnreadableFile, "damaged_word", type(error).__name__, where=where)


def _block(block: Any, lines: list[str], numbers: AutomaticNumbers, qn: Any, depth: int) -> None:
    """Add a paragraph, a table, or what a content control holds."""
    holders = (qn("w:sdt"), qn("w:sdtContent"), qn("w:customXml"), qn("w:ins"))
    if block.tag == qn("w:p"):
        text = _paragraph(block, qn)
        lines.append(numbers.of(block) + text if text.strip() else "")
        lines += _boxes(block, qn)
    elif block.tag == qn("w:tbl"):
        lines += [_row(row, qn) for row in block.iter(qn("w:tr"))]
    elif block.tag in holders and depth < DEEPEST:
        for child in block.iterchildren():
            _block(child, lines, numbers, qn, depth + 1)


def _boxes(paragraph: Any, qn: Any) -> list[str]:
    """The paragraphs of the text boxes that hang on a paragraph; each box once, not again in the
    form for older programs."""
    lines = []
    for box in paragraph.iter(qn("w:txbxContent")):
        if any(parent.tag.endswith("}Fallback") for parent in _parents(box, paragraph)):
            continue
        lines += [_paragraph(p, qn) for p in box.iter(qn("w:p"))]
    return [line for line in lines if line.strip()]


def _row(row: Any, qn: Any) -> str:
    """A row of a table on a line; a cell that takes several columns is followed by empty ones."""
    cells: list[str] = []
    for cell in row.iter(qn("w:tc")):
        text = "".join(_paragraph(p, qn) for p in cell.iter(qn("w:p")))
        cells += [text.replace("|", "｜"), *[""] * (_columns(cell, qn) - 1)]
    return "| " + " | ".join(cells) + " |"


def _columns(cell: Any, qn: Any) -> int:
    """How many columns a cell takes."""
    span = cell.find(f"{qn('w:tcPr')}/{qn('w:gridSpan')}")
    return span_of(span.get(qn("w:val"))) if span is not None else 1


def _paragraph(paragraph: Any, qn: Any) -> str:
    """The text of a paragraph without what was deleted, moved away or stands in a text box."""
    text, breaks, tab = qn("w:t"), (qn("w:br"), qn("w:cr")), qn("w:tab")
    skipped = (qn("w:del"), qn("w:moveFrom"), qn("w:txbxContent"))
    parts = []
    for node in paragraph.iter(text, *breaks, tab):
        if any(parent.tag in skipped for parent in _parents(node, paragraph)):
            continue
        if node.tag == text:
            parts.append(node.text or "")
        elif node.tag in breaks:
            parts.append("\n")
        elif node.getparent().tag == qn("w:r"):
            parts.append("\t")
    return "".join(parts)


def _parents(node: Any, until: Any) -> Iterator[Any]:
    parent = node.getparent()
    while parent is not None and parent is not until:
        yield parent
        parent = parent.getparent()


@dataclass(frozen=True)
class Level:
    """A level of a numbering: its format, its text with ``%1``, ``%2`` for the counts, and where it
    begins."""

    kind: str
    text: str
    first: int


class AutomaticNumbers:
    """Automatic numbers of paragraphs, counted as Word counts them, for the numbering formats of
    Chinese documents."""

    def __init__(self, opened: Any, qn: Any) -> None:
        self.qn = qn
        self.levels: dict[str, dict[int, Level]] = {}
        self.abstract: dict[str, str] = {}
        self.counts: dict[str, dict[int, int]] = {}
        self.styles: dict[str, tuple[str, int]] = {}
        try:
            numbering = opened.part.numbering_part.element
        except (KeyError, NotImplementedError, AttributeError):
            numbering = None
        if numbering is not None:
            self._read_levels(numbering)
        self._read_styles(opened.styles.element)

    def _value(self, element: Any, default: str = "") -> str:
        """The value of an element of a paragraph's or level's properties; the default where it has
        none."""
        value = element.get(self.qn("w:val")) if element is not None else None
        return default if value is None else str(value)

    def _read_levels(self, numbering: Any) -> None:
        qn = self.qn
        for abstract in numbering.iter(qn("w:abstractNum")):
            self.levels[abstract.get(qn("w:abstractNumId")) or ""] = {
                whole(level.get(qn("w:ilvl"))): self._level(level)
                for level in abstract.iter(qn("w:lvl"))
            }
        for number in numbering.iter(qn("w:num")):
            pointed = number.find(qn("w:abstractNumId"))
            if pointed is not None:
                self.abstract[number.get(qn("w:numId")) or ""] = self._value(pointed)

    def _level(self, level: Any) -> Level:
        qn = self.qn
        first = level.find(qn("w:start"))
        return Level(
            self._value(level.find(qn("w:numFmt")), "decimal"),
            self._value(level.find(qn("w:lvlText"))),
            whole(self._value(first)) if first is not None else 1,
        )

    def _read_styles(self, styles: Any) -> None:
        """Styles that number their paragraphs."""
        qn = self.qn
        for style in styles.iter(qn("w:style")):
            properties = style.find(f"{qn('w:pPr')}/{qn('w:numPr')}")
            number = properties.find(qn("w:numId")) if properties is not None else None
            if number is not None:
                deep = whole(self._value(properties.find(qn("w:ilvl"))))
                self.styles[style.get(qn("w:styleId")) or ""] = (self._value(number), deep)

    def of(self, paragraph: Any) -> str:
        """The number in front of a paragraph, empty where it has none or a bullet."""
        number, deep = self._numbering_of(paragraph)
        levels = self.levels.get(self.abstract.get(number, ""), {})
        if number in ("", "0") or deep not in levels:
            return ""
        counts = self._counted(self.abstract[number], deep, levels[deep].first)
        level = levels[deep]
        if level.kind in ("bullet", "none") or not level.text:
            return ""

        def numeral(place: re.Match[str]) -> str:
            at = int(place.group(1)) - 1
            kind = levels[at].kind if at in levels else "decimal"
            return _numeral(counts.get(at, 1), kind)

        return re.sub(r"%(\d)", numeral, level.text)

    def _numbering_of(self, paragraph: Any) -> tuple[str, int]:
        """The numbering that a paragraph names, or else its style, and how deep it is."""
        qn = self.qn
        properties = paragraph.find(f"{qn('w:pPr')}/{qn('w:numPr')}")
        if properties is not None:
            number = self._value(properties.find(qn("w:numId")))
            return number, whole(self._value(properties.find(qn("w:ilvl"))))
        style = paragraph.find(f"{qn('w:pPr')}/{qn('w:pStyle')}")
        return self.styles.get(self._value(style), ("", 0))

    def _counted(self, abstract: str, deep: int, first: int) -> dict[int, int]:
        """Counts of a numbering with one more on a level; deeper ones begin anew."""
        counts = self.counts.setdefault(abstract, {})
        counts[deep] = counts.get(deep, first - 1) + 1
        for deeper in [level for level in counts if level > deep]:
            del counts[deeper]
        return counts


_CHINESE_KINDS = (
    "chineseCounting",
    "chineseCountingThousand",
    "japaneseCounting",
    "ideographDigital",
    "taiwaneseCountingThousand",
)
_CIRCLED_KINDS = ("decimalEnclosedCircle", "decimalEnclosedCircleChinese")


def _numeral(number: int, kind: str) -> str:
    """A count in the numerals of its format."""
    if kind in _CHINESE_KINDS and 0 < number < 100:
        return chinese_numeral(number)
    if kind in _CIRCLED_KINDS and 0 < number <= 20:
        return chr(0x245F + number)
    return str(number)
