"""The one law of written numbers: digits, thousands, decimal point, sign, brackets, power of ten.

Cells of forms, figures of foreign tables and inputs of rules are all read by it. A comma that is
no thousands comma (0,125; 1,23) is not guessed at: such a text begins with no number. The quote by
which a spreadsheet is told that a cell is text ('12.5) is no part of what it says.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass

from hengtan.basis.marks import narrow

_MINUS = str.maketrans(dict.fromkeys("\u2010\u2011\u2012\u2013\u2014\u2015\u2212", "-"))
_DIGITS = r"(?:[1-9]\d{0,2}(?:,\d{3})+|[1-9]\d{0,2}(?: \d{3})+|\d+)"
_UNSIGNED = rf"(?:{_DIGITS}(?:\.\d+|\.(?=\s*$))?|\.\d+)(?:e[+-]?\d{{1,3}})?"
_SIGNED = re.compile(rf"(?P<sign>[+-]?)\s*(?P<digits>{_UNSIGNED})(?![\d,.])", re.IGNORECASE)
_QUOTES = "'\uff07\u2018\u2019\u201b\u2032`\u00b4"
_QUOTED = re.compile(rf"\s*(?P<mark>[{_QUOTES}])(?P<rest>[^{_QUOTES}]*)[{_QUOTES}]?\s*")
_IN_BRACKETS = re.compile(r"\((?P<inside>[^()]+)\)(?P<behind>[^()]*)")


@dataclass(frozen=True)
class Written:
    """A number as it was written.

    ``decimals``: digits behind the point. ``bracketed``: negative because it stands in brackets.
    ``rest``: what stands behind it, a unit or anything else.
    """

    value: float
    decimals: int = 0
    bracketed: bool = False
    rest: str = ""


def past_text_marker(text: str) -> tuple[str, str]:
    """A text without the quote that marks it as text, and that quote.

    >>> past_text_marker("'12.5"), past_text_marker("12.5"), past_text_marker("5'6")
    (('12.5', "'"), ('12.5', ''), ("5'6", ''))
    """
    quoted = _QUOTED.fullmatch(text)
    inside = quoted["rest"].strip() if quoted else ""
    return (inside, quoted["mark"]) if quoted and inside else (text, "")


def split_number(text: str) -> Written | None:
    """The number a text begins with, None where it begins with none.

    >>> split_number("（1,897.2）"), split_number("36亿立方米").rest, split_number("65,1")
    (Written(value=-1897.2, decimals=1, bracketed=True, rest=''), '亿立方米', None)
    """
    half = narrow(past_text_marker(text)[0]).translate(_MINUS).replace("\u00a0", " ").strip()
    brackets = _IN_BRACKETS.fullmatch(half)
    if brackets is None:
        return _unbracketed(half)
    inside = _unbracketed(brackets["inside"].strip())
    is_amount = inside is not None and brackets["inside"].strip()[:1] not in ("+", "-")
    if inside is None or not is_amount or (inside.rest and brackets["behind"].strip()):
        return None
    rest = inside.rest or brackets["behind"].strip()
    return Written(-inside.value, inside.decimals, True, rest)


def _unbracketed(half: str) -> Written | None:
    match = _SIGNED.match(half)
    if match is None:
        return None
    digits = re.sub("[, ]", "", match["digits"]).lower()
    value = float(match["sign"] + digits)
    if not math.isfinite(value):
        return None
    mantissa, _, exponent = digits.partition("e")
    decimals = len(mantissa.partition(".")[2]) - int(exponent or 0)
    return Written(value, decimals, False, half[match.end() :].strip())
