"""Text brought to one form for reading, with the place of each character in the original.

Characters are brought to one form (``letters``), page numbers go, blanks and lines are mended
(``layout``). A reader works on ``text``; ``original(start, end)`` gives where that stood.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from hengtan.basis.numerals import DIGITS
from hengtan.plan.reader.layout import Placed, joined_lines, without_blanks
from hengtan.plan.reader.letters import may_be_traditional, plain, simplified

_PAGE_NUMBER = re.compile(
    r"[—–\-－─]{1,2}[ \t\u3000]*\d{1,4}[ \t\u3000]*[—–\-－─]{1,2}"
    r"|第[ \t]*\d+[ \t]*页(?:[ \t]*共[ \t]*\d+[ \t]*页)?"
)
_MARKUP = re.compile(r"\[(?:bookmark|hyperlink|image|toc)[^\]\n]{0,60}\]", re.IGNORECASE)
_LINE_ENDS = "\n\u2028\u2029\x0b\x0c\x85"
_DROPPED = "\r\ufeff"
_BLANKS = "\u200b\u200c\u200d\xad"


@dataclass(frozen=True)
class Normalised:
    """``text`` and for each of its characters where it stood in ``source``."""

    source: str
    text: str
    places: tuple[int, ...]

    def original(self, start: int, end: int) -> tuple[int, int]:
        """Where a span of ``text`` stands in ``source``; an empty span stands nowhere and gives (0,
        0)."""
        if start >= end:
            return 0, 0
        return self.places[start], self.places[end - 1] + 1

    def quote(self, start: int, end: int) -> str:
        """What stood at a span, letter for letter."""
        first, last = self.original(start, end)
        return self.source[first:last]


def normalise(source: str) -> Normalised:
    """Bring a text to the form that the lexer reads; linear in its length."""
    letters, places = _plain_letters(source)
    letters, places = without_blanks(letters, places)
    _years_in_digits(letters)
    letters, places = joined_lines(letters, places)
    return Normalised(source, "".join(letters), tuple(places))


def _plain_letters(source: str) -> Placed:
    """The characters of a text in one form, without page numbers and markup."""
    skipped = bytearray(len(source))
    for mark in (*_PAGE_NUMBER.finditer(source), *_MARKUP.finditer(source)):
        skipped[mark.start() : mark.end()] = b"\x01" * (mark.end() - mark.start())
    table = simplified() if may_be_traditional(source) else {}
    letters: list[str] = []
    places: list[int] = []
    for place, raw in enumerate(source):
        if skipped[place] or raw in _DROPPED:
            continue
        form = _form(raw, table)
        letters += form
        places += (place,) * len(form)
    return letters, places


def _form(raw: str, table: dict[int, str]) -> str:
    """A line end, one or two blanks, or the characters that stand for one."""
    if raw in _LINE_ENDS:
        return "\n"
    if raw == "\t":
        return "  "
    if raw.isspace() or raw in _BLANKS:
        return " "
    form = plain(table.get(ord(raw), raw))
    return form if len(form) == 1 and not form.isspace() else re.sub(r"\s", " ", form)


_YEAR = re.compile("二[〇零○O0][〇零○O0一二三四五六七八九]{2}(?=年|[—~至-]+二[〇零○O0])")
_YEAR_DIGITS = {
    **{digit: str(value) for digit, value in DIGITS.items()},
    "○": "0",
    "O": "0",
    "0": "0",
}


def _years_in_digits(letters: list[str]) -> None:
    """Years in Chinese numerals (二〇二五年) become digits, character for character."""
    for year in _YEAR.finditer("".join(letters)):
        for i in range(year.start(), year.end()):
            letters[i] = _YEAR_DIGITS[letters[i]]
