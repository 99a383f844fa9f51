"""How values are written in a paper that leaves an office: days in Chinese, shares in percent,
money in 万元 where that is exact, no places that say nothing; in an English one days as ISO 8601
and units in English.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from hengtan.basis.period import Period
from hengtan.instruments.english import english
from hengtan.report.numerals import with_unit
from hengtan.report.official import day_said
from hengtan.report.words import word

_DAY = re.compile(r"(?<![0-9A-Za-z-])\d{4}-\d{2}-\d{2}(?![0-9A-Za-z-])")
_PERIOD = re.compile(r"(?<![0-9A-Za-z-])\d{4}-(?:Q[1-4]|H[12]|0[1-9]|1[0-2])(?![0-9A-Za-z-])")
_CODE = re.compile(r"^[a-z]\w*(?:\.\w+)+ ?")
_QUOTED = re.compile(r"“[a-z]\w*(?:\.\w+)+”(?:（\w+）)?|'[a-z]\w*(?:\.\w+)+'(?: \(\w+\))? ?")
_BRACKETED = re.compile(r"(?<=”)（(?:[a-z][a-z0-9_.]*|\d{6}|CQ-[A-Z-]+)）")
_ADDRESS = re.compile(r"\s*https?://[^\s，。；）]+")
_SHARE = re.compile(word("files.share_ends"))
_NO_SHARE = re.compile(word("files.no_share_ends"))
_YUAN, _TEN_THOUSAND = word("files.unit.yuan"), word("files.unit.ten_thousand_yuan")


LARGEST_SHARE = 10
"""A figure above this is an amount, whatever its title ends with."""
SHORT = 9
"""Chinese letters of a text that is not broken."""
LETTER, PADDING = 0.36, 0.45
"""A letter of 10 points, and the margins of a cell. [cm]"""


def said(value: Any, unit: str = "", title: str = "", lang: str = "zh") -> str:
    """A value with its unit; ``title``: what it is, in Chinese, which tells whether a bare figure
    is a share. Empty where there is none.
    """
    if value is None or value == "":
        return ""
    if isinstance(value, bool):
        return word("yes" if value else "no", lang)
    if isinstance(value, (int, float)):
        return _figure(float(value), unit, title, lang)
    if isinstance(value, (list, tuple)):
        return word("list.clause", lang).join(said(part, unit, title, lang) for part in value)
    text = str(value)
    if lang == "en":
        return with_unit(text, unit, lang)
    return (days_said(text) if _is_time(text) else text) + unit


def _is_time(text: str) -> bool:
    """Whether a text is a day or a period; within an id such letters say something else."""
    return bool(_DAY.fullmatch(text) or _PERIOD.fullmatch(text))


def days_said(text: str, lang: str = "zh") -> str:
    """A text with the days in it as 2026年7月9日, months and quarters likewise; in English as they
    are.
    """
    if lang == "en":
        return text
    text = _DAY.sub(lambda match: day_said(date.fromisoformat(match[0])), text)
    return _PERIOD.sub(lambda match: Period.parse(match[0]).zh(), text)


def in_brackets(text: str, beside: str, lang: str = "zh") -> str:
    """A text with something beside it in brackets; alone where there is nothing."""
    if not beside:
        return text
    return f"{text} ({beside})" if lang == "en" else f"{text}（{beside}）"


def without_codes(text: str) -> str:
    """What is missing, without the code of the parameter that is, and of what place."""
    return _BRACKETED.sub("", _QUOTED.sub("", text))


def caution_said(text: str, place_name: Callable[[str], str], lang: str = "zh") -> str:
    """A warning without codes of parameters and addresses; ``place_name``: of a code."""
    if lang == "en":
        text = english(text)
    text = _CODE.sub(word("files.document.parameter", lang), text)
    text = days_said(_ADDRESS.sub("", text), lang)
    return re.sub(r"\d{6}", lambda match: place_name(match[0]), text)


def _figure(value: float, unit: str, title: str, lang: str) -> str:
    if value != value:
        return ""
    if not unit and abs(value) <= LARGEST_SHARE and is_share(title):
        return f"{_places(value * 100, 2)}%"
    if lang == "en":
        return with_unit(_places(value, 2 if abs(value) >= 100 else 4), unit, lang)
    in_ten_thousands = value / 10_000
    is_exact = abs(in_ten_thousands * 100 - round(in_ten_thousands * 100)) < 1e-6
    if unit == _YUAN:
        if abs(value) >= 10_000 and is_exact:
            return f"{_places(in_ten_thousands, 2)}{_TEN_THOUSAND}"
        return f"{_places(value, 2)}{unit}"
    return f"{_places(value, 2 if abs(value) >= 100 else 4)}{unit}"


def is_share(title: str) -> bool:
    """Whether a figure without unit under this title is a share of one."""
    return bool(_SHARE.search(title)) and not _NO_SHARE.search(title)


def _places(value: float, most: int) -> str:
    """At most so many places, and three digits of a small figure; no noughts behind."""
    text = f"{value:,.{most}f}"
    if value and abs(value) < 10**-most:
        text = format(Decimal(f"{value:.3g}"), "f")
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return "0" if text == "-0" else text.replace("-", "−")


def units_of_heading(heading: str) -> tuple[str, str]:
    """A heading such as ``总投资 [万元]`` as its title and its unit."""
    title, _, rest = heading.partition(" [")
    return title, rest.rstrip("]")


def widths_of(rows: Sequence[Sequence[str]], room: float) -> list[float]:
    """Widths of columns by what stands in them, together ``room``: what is short stands in a line,
    what is long has the rest. [cm]
    """
    columns = list(zip(*rows, strict=True))
    longest = [max(map(_width, column)) for column in columns]
    short = [min(width, SHORT) * LETTER + PADDING for width in longest]
    left = room - sum(short)
    if left <= 0:
        return [width * room / sum(short) for width in short]
    wants = [max(0.0, width - SHORT) + 1 for width in longest]
    shares = zip(short, wants, strict=True)
    return [width + left * want / sum(wants) for width, want in shares]


def _width(text: str) -> float:
    """How wide a text is in Chinese letters."""
    return sum(1.0 if ord(letter) > 0x2E80 else 0.75 for letter in text)
