"""By which month something is due: 2026年6月底前, 三季度前, 年底, 长期坚持."""

from __future__ import annotations

import re
from dataclasses import dataclass

from hengtan.plan.reader.vocabulary import pattern, vocabulary

BY_MONTH = re.compile(
    r"(?:\d{1,2}月(?:份)?|[一二三四]季度|上半年)[底末]?(?:之?前|以前)|\d{1,2}月[底末]"
)
"""A month by which something is due: 6月底前, 三季度前."""


@dataclass(frozen=True)
class Due:
    """A deadline as said: its year and month (0 where only the year is said), or that there is no
    end."""

    said: str = ""
    year: int | None = None
    month: int = 0
    ongoing: bool = False

    @property
    def text(self) -> str:
        """2026-06; 2026 where no month is said; empty where there is no deadline."""
        if self.year is None:
            return ""
        return f"{self.year}-{self.month:02d}" if self.month else str(self.year)


_MONTH = re.compile(
    r"(?:(?P<year>20\d\d)\s*(?:年|[-./]))?(?P<month>1[0-2]|0?[1-9])(?:月份?|[-./]\d{1,2}|(?=$|[^\d年]))"
)
_QUARTER = re.compile(r"(?:(?P<year>20\d\d)年)?第?(?P<quarter>[一二三四1-4])季度")
_HALF = re.compile(r"(?:(?P<year>20\d\d)年)?上半年")
_YEAR = re.compile(r"(?<!\d)(?P<year>20\d\d)(?!\d)")


def due_in(said: str, document_year: int | None) -> Due:
    """The deadline in some words; a month without a year is of the document's year."""
    if pattern("(?:{ongoing})").search(said):
        return Due(said, ongoing=True)
    month = month_in(said)
    years = [int(y) for y in _YEAR.findall(said)]
    plan = re.search("十[一二三四五六七]五", said)
    if years:
        return Due(said, max(years), month)
    if plan:
        return Due(said, int(vocabulary().words["five_year_plans"][plan.group()]), month)
    return Due(said, document_year if month else None, month if document_year else 0)


def month_in(said: str) -> int:
    """The month that words name as the latest, 0 where none: 三季度 is September, 上半年 June, 年底
    December."""
    spans = re.sub(r"\d{1,2}月\d{1,2}日", lambda day: day.group().partition("月")[0] + "月", said)
    months = [int(m.group("month")) for m in _MONTH.finditer(spans) if _is_month(m)]
    if months:
        return months[-1]
    quarter = _QUARTER.search(said)
    if quarter:
        return 3 * ("一二三四".find(quarter.group("quarter")) + 1 or int(quarter.group("quarter")))
    if _HALF.search(said):
        return 6
    return 12 if re.search("[底末]|年内|全年|当年", said) else 0


def _is_month(match: re.Match[str]) -> bool:
    """A number with 月, or behind a year: not the 6 of 6家."""
    return "月" in match.group() or match.group("year") is not None
