"""Number formats: how they change what a cell shows, where that changes the meaning (ISO/IEC
29500-1, 18.8.30 and 18.8.31).

0.125 under ``0%`` is 12.5%, 123456 under ``#,##0.0,`` is 123.456 (the comma behind the last digit
divides by a thousand), a day under ``m"月"`` is a month, 12 under ``0"万吨"`` is 12万吨.
"""

from __future__ import annotations

import operator
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from hengtan.basis.spelling import is_unit
from hengtan.basis.units import MULTIPLES, read_unit

Show = Callable[[str], str]
Shown = str | Show
Shows = Sequence[Show | None]

_BUILT_IN_PERCENT, _BUILT_IN_MONTH = {9, 10}, {17, 55, 57}
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
_SECTION = re.compile(r'((?:"[^"]*"|\\.|[^;"\\])*)(?:;|$)')
_CONDITION = re.compile(r"\[(<=|>=|<>|<|>|=)(-?\d+(?:\.\d+)?)\]")
_TAIL = re.compile(r'"([^"]*)"\s*(?:_.)?\s*$')
_UNSAID = re.compile(r'"[^"]*"|[\\!].|\[[^\]]*\]|_.|\*.')
_DIGITS = re.compile(r"[0#?][0#?,.]*")
_POINT_AS_TEXT = re.compile(r'[0#?](?:!\.|\\\.|"\.")([0#?]+)')
_PERIOD_WORDS = ("年", "月", "月份", "季度", "年度", "日")


def as_percent(text: str) -> str:
    """0.125 as 12.5%, without the digits binary fractions add."""
    try:
        return f"{float(text) * 100:.12g}%"
    except ValueError:
        return text


def as_month(text: str) -> str:
    """The month of an ISO day."""
    return text[:7] if _DAY.match(text) else text


def as_year(text: str) -> str:
    """The year of an ISO day."""
    return text[:4] if _DAY.match(text) else text


COMPARED: Mapping[str, Callable[[float, float], bool]] = {
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
    "=": operator.eq,
    "<>": operator.ne,
    "!=": operator.ne,
}
"""Signs of the conditions of a format: those of Excel, and != of OpenDocument."""


@dataclass(frozen=True)
class Section:
    """One of the sections of a format: the condition it is for, and how it changes a text."""

    condition: tuple[str, float] | None
    show: Show | None

    def holds(self, number: float) -> bool:
        """Whether the condition is true of a number; False without one."""
        if self.condition is None:
            return False
        sign, bound = self.condition
        return COMPARED[sign](number, bound)


def shown_by(code: str) -> Show | None:
    """How a number format changes what is shown; None where that does not change the meaning."""
    sections = [_section(part) for part in _SECTION.findall(code)[:4] if part] or [_section("")]
    if all(section.show is None for section in sections):
        return None

    def show(text: str) -> str:
        section = _chosen(sections, text)
        return section.show(text) if section.show is not None else text

    return show


def built_in_formats() -> dict[int, Show | None]:
    """How the numbered formats every workbook knows change what is shown (ISO/IEC 29500-1,
    18.8.30).
    """
    return {
        **dict.fromkeys(_BUILT_IN_PERCENT, as_percent),
        **dict.fromkeys(_BUILT_IN_MONTH, as_month),
    }


def _chosen(sections: list[Section], text: str) -> Section:
    """The section for a value: by its condition, else positive; negative; zero."""
    try:
        number = float(text)
    except ValueError:
        return sections[0]
    if any(section.condition for section in sections):
        return next((s for s in sections if s.holds(number)), sections[-1])
    at = 0 if number > 0 else 1 if number < 0 else 2
    return sections[at] if at < len(sections) else sections[0]


def _section(code: str) -> Section:
    condition = _CONDITION.search(code)
    bound = (condition.group(1), float(condition.group(2))) if condition else None
    return Section(bound, _show(code))


def _show(code: str) -> Show | None:
    plain = _UNSAID.sub("", code).lower()
    if "general" in plain:
        return None
    if "%" in plain:
        return as_percent
    if not _DIGITS.search(plain):
        is_part = re.search("[ym]", plain) and not re.search("[dhs]", plain)
        return (as_month if "m" in plain else as_year) if is_part else None
    tail = _TAIL.search(code)
    return scaled(_divisor(code, plain), shown_in_unit(tail.group(1).strip() if tail else ""))


def _divisor(code: str, plain: str) -> float:
    """By how much a format divides: 1000 for each comma behind the digits, ten for each digit
    behind a point that is only text.
    """
    digits = _DIGITS.search(plain)
    if digits is None:
        return 1.0
    parts = digits.group().split(".")
    commas = sum(len(part) - len(part.rstrip(",")) for part in parts)
    as_text = _POINT_AS_TEXT.search(code)
    return float(1000**commas * 10 ** (len(as_text.group(1)) if as_text else 0))


def shown_in_unit(word: str) -> str:
    """The unit, the multiple or the word of a period that stands behind a number, "" for none."""
    if word in MULTIPLES or word in _PERIOD_WORDS:
        return word
    if not word or not is_unit(word):
        return ""
    unit = read_unit(word)
    return "" if unit.canonical in ("count", "person") and unit.factor == 1 else word


def scaled(divisor: float, unit: str) -> Show | None:
    """A number divided and with a unit behind it; None where nothing changes."""
    if divisor == 1 and not unit:
        return None

    def show(text: str) -> str:
        try:
            number = float(text)
        except ValueError:
            return text
        return f"{number / divisor:.15g}{unit}"

    return show
