"""An official document (公文) as GB/T 9704-2012 wants it: measures, letters, and the parts that an
office adds to a text — red head, number, recipients, signature, date, copies. None is made up.

The standard itself could not be read here: every measure below is recalled from it and from its
common use, and is to be held against the text before it is relied on.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from hengtan.report.words import joined, word

STANDARD, CONFIDENCE = "GB/T 9704-2012", "recalled"
MARGINS = {"top": 37.0, "bottom": 35.0, "left": 28.0, "right": 26.0}
"""Margins in mm; what is left of A4 is a text area of 156 × 225 mm."""
TEXT_WIDTH = 210 - MARGINS["left"] - MARGINS["right"]
SIZE_2, SIZE_3, SIZE_4 = 22.0, 16.0, 14.0
"""二号, 三号 and 四号 letters in points."""
LINE = 28.0
"""From line to line in points: 22 lines on a page."""
RED_HEAD_DOWN, RED_LINE_BELOW, PAGE_NUMBER_BELOW = 35.0, 4.0, 7.0
"""In mm: from the top of the text area to the mark of the issuer; from the number to the red line;
from the foot of the text area to the dash of the page number."""
POINTS_PER_MM = 72 / 25.4
RED_HEAD_LARGEST = 40.0
YEAR_BRACKETS = re.compile(r"[\[(（【〔](\d{4})[\])）】〕]")


@dataclass(frozen=True)
class Official:
    """What an office adds; a part that is empty is left out.

    ``text``: the paragraphs as an editor left them (heading, text), instead of those worked out.
    """

    issuer: str = ""
    number: str = ""
    recipients: tuple[str, ...] = ()
    requirements: tuple[str, ...] = ()
    signed_by: str = ""
    signed_on: date | None = None
    copies_to: tuple[str, ...] = ()
    printed_by: str = ""
    printed_on: date | None = None
    text: tuple[tuple[str, str], ...] = ()

    def lacking(self, lang: str = "zh") -> str:
        """A line that names the parts nobody stated, empty where all are there."""
        parts = ("recipients", "requirements", "signed_by", "signed_on")
        names = [word(f"official.part.{part}", lang) for part in parts if not getattr(self, part)]
        return word("official.lacking", lang, parts=joined(names, lang)) if names else ""

    def number_shown(self) -> str:
        """The number of the document with its year in 〔〕."""
        return YEAR_BRACKETS.sub(r"〔\1〕", self.number.strip())

    def addressed(self, lang: str = "zh") -> str:
        """Recipients and the colon behind the last; empty where none is stated."""
        names = [name.strip().rstrip(":：") for name in self.recipients if name.strip()]
        return joined(names, lang) + word("official.colon", lang) if names else ""

    def copies(self, lang: str = "zh") -> str:
        """抄送：甲、乙。 Empty where none is stated."""
        names = [name.strip().rstrip("。.") for name in self.copies_to if name.strip()]
        return word("official.copies", lang, names=joined(names, lang)) if names else ""


@dataclass(frozen=True)
class Piece:
    """A paragraph of the body: a heading of the first level in 黑体, else a text whose first
    sentence (``lead``) stands in 楷体 where it is a heading of the second level.
    """

    text: str
    heading: bool = False
    lead: str = ""


def day_said(day: date | None, lang: str = "zh") -> str:
    """2026年7月9日: no noughts in front; empty where there is no day."""
    if day is None:
        return ""
    return word("official.date", lang, year=day.year, month=day.month, day=day.day)


def body(
    paragraphs: Iterable[tuple[str, str]], official: Official, lang: str = "zh"
) -> list[Piece]:
    """The body in its order with headings numbered through, the requirements last."""
    sections = list(official.text or paragraphs)
    if official.requirements:
        sections.append((word("official.requirements", lang), _listed(official.requirements, lang)))
    pieces: list[Piece] = []
    for number, (heading, text) in enumerate(sections, start=1):
        title = _unnumbered(heading)
        numbered = word("official.heading", lang, number=numeral(number, lang), title=title)
        pieces.append(Piece(numbered, heading=True))
        pieces += [_piece(line.strip()) for line in text.splitlines() if line.strip()]
    return pieces


def numeral(number: int, lang: str = "zh") -> str:
    """一, 二 … 十, 十一 … 九十九; figures in English."""
    if lang == "en":
        return str(number)
    signs = word("official.numerals")
    tens, units = divmod(number, 10)
    unit = signs[units - 1] if units else ""
    return unit if not tens else f"{signs[tens - 1] if tens > 1 else ''}{signs[9]}{unit}"


def _unnumbered(heading: str) -> str:
    """A heading without the number it came with."""
    signs = word("official.numerals")
    return re.sub(rf"^\s*([{signs}]+、|\d+[.、．]\s*)", "", heading)


def _listed(lines: Sequence[str], lang: str) -> str:
    """Several requirements with numbers of the second level, one as it stands."""
    stated = [line.strip() for line in lines if line.strip()]
    if len(stated) < 2 or any(_second_level(line) for line in stated):
        return "\n".join(stated)
    return "\n".join(
        word("official.second", lang, number=numeral(number, lang), text=line)
        for number, line in enumerate(stated, start=1)
    )


def _second_level(line: str) -> bool:
    return bool(re.match(rf"^（[{word('official.numerals')}]+）", line))


def _piece(line: str) -> Piece:
    """A line of the body; the first sentence of a second level is its heading where more follows,
    and the whole line where it is short and ends in no stop.
    """
    if not _second_level(line):
        return Piece(line)
    first, stop, rest = line.partition("。")
    if not stop:
        return Piece("", lead=line)
    return Piece(rest, lead=first + stop) if rest else Piece(line)


def attachments(titles: Sequence[str], lang: str = "zh") -> list[str]:
    """The lines below the text that name the attachments; numbered where there are several."""
    if len(titles) < 2:
        return list(titles)
    return [
        word("official.attachment.item", lang, number=number, title=title)
        for number, title in enumerate(titles, start=1)
    ]


def attachment_mark(number: int, count: int, lang: str = "zh") -> str:
    """附件2 above an attachment; 附件 where it is the only one."""
    if count < 2:
        return word("official.attachment", lang)
    return word("official.attachment.numbered", lang, number=number)


def width_of(text: str, size: float = SIZE_3) -> float:
    """How wide a text is in points: Latin letters and figures take half a square."""
    return sum(size if ord(letter) > 0x2E80 else size / 2 for letter in text)


def title_in_lines(text: str) -> str:
    """A title that is too wide for one line and ends with a bracket, the bracket in a line of its
    own; any other as it is.
    """
    before, bracket, after = text.partition("（")
    is_wide = width_of(text, SIZE_2) > TEXT_WIDTH * POINTS_PER_MM
    if before and bracket and text.endswith("）") and is_wide:
        return f"{before}\n（{after}"
    return text


def signature_indents(signed_by: str, signed_on: str) -> tuple[float, float]:
    """Blank to the right of signature and date in points, without a seal: the signature two
    squares from the right, the date's first letter two squares right of the signature's; where the
    date is the longer, it stands two squares from the right and the signature moves left.
    """
    two = 2 * SIZE_3
    name, day = width_of(signed_by), width_of(signed_on)
    if day <= name:
        return two, name - day
    return max(two, two + day + two - name), two


def red_head_size(issuer: str) -> float:
    """Letters of the issuer's mark in points, so that it stands in one line."""
    width = TEXT_WIDTH * POINTS_PER_MM
    return min(RED_HEAD_LARGEST, width / max(1.0, width_of(issuer, 1.0)))
