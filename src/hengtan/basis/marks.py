"""Marks of footnotes beside a number or a word (128③, 65.4², 2024*): they are marks, never digits.

Compatibility folding (NFKC) makes 1283 of 128③; so it is done here, around the marks, for every
reader of the house.
"""

from __future__ import annotations

import re
import unicodedata

_RAISED = "\u00aa\u00b2\u00b3\u00b9\u00ba\u02b0-\u02b8\u1d2c-\u1d6a\u2070-\u209c"
_CIRCLED = "\u2460-\u249b\u24b6-\u24ff\u2776-\u2793\u3251-\u325f\u3280-\u3289\u32b1-\u32bf"
_MARK = re.compile(f"[{_CIRCLED}]+|(?<![A-Za-zμ·米])[{_RAISED}]+")
"""Signs in a circle or with a full stop; raised or lowered ones unless they end a unit (m³, 米²)
or a formula (CO₂).
"""
_SIGNS = "*†‡§※﹡＊#＃"
_BESIDE = rf"[{_SIGNS}{_CIRCLED}]|(?<![A-Za-zμ·米])[{_RAISED}]"
_TRAILING = re.compile(
    rf"\s*(?:(?:{_BESIDE})(?:{_BESIDE}|[,，\s])*"
    r"|[(（]注\s*\d{0,2}[)）]|注\s*\d{1,2}|[\[［〔【]\s*注?\s*\d{1,2}\s*[\]］〕】]|[(（][1-9]\d?[)）]"
    r"|(?<=[\d\s])[a-z][)）])\s*$"
)
_LEADING = re.compile(rf"^\s*[{_SIGNS}]+\s*(?=\S)")
_POWER = re.compile(rf"10\s*[{_RAISED}]+\s*$")


def narrow(text: object) -> str:
    """Half-width and without compatibility signs (NFKC), marks left as they stand.

    >>> narrow("１２８③"), narrow("亿m³"), narrow("CO₂")
    ('128③', '亿m3', 'CO2')
    """
    words = str(text)
    if words.isascii():
        return words
    parts, end = [], 0
    for mark in _MARK.finditer(words):
        parts += [unicodedata.normalize("NFKC", words[end : mark.start()]), mark.group()]
        end = mark.end()
    return "".join([*parts, unicodedata.normalize("NFKC", words[end:])])


def unmarked(text: str) -> tuple[str, str]:
    """The text without the marks around it, and the marks.

    A power of ten (10³) is none. A unit keeps what ends it (m³).

    >>> unmarked("128③"), unmarked("*65.1"), unmarked("12亿m³")
    (('128', '③'), ('65.1', '*'), ('12亿m³', ''))
    """
    if _POWER.match(text.strip()):
        return text, ""
    rest, marks = text, ""
    match = _TRAILING.search(rest)
    if match and match.start() > 0 and not _opens(rest[: match.start()]):
        rest, marks = rest[: match.start()], match.group().strip()
    leading = _LEADING.match(rest)
    if leading:
        rest, marks = rest[leading.end() :], leading.group().strip() + marks
    return (rest, marks) if rest.strip() else (text, "")


def _opens(text: str) -> bool:
    """Whether a bracket opens in a text and does not close: the t) of (metric t) is no mark."""
    return sum(map(text.count, "(（")) > sum(map(text.count, ")）"))


def bare_title(text: str) -> str:
    """A title, half-width, without the marks in it and behind it (GDP²（亿元）)."""
    return unmarked(narrow(_MARK.sub("", text)))[0]


def has_mark(text: str) -> bool:
    """Whether a sign in a circle, or a raised one that ends no unit, stands in the text."""
    return _MARK.search(text) is not None
