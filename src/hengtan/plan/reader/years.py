"""The years of a document: its own and those of its period, from its title, its number and its
date of issue; years of other plans that it cites say nothing of it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from hengtan.plan.reader.clauses import Clause
from hengtan.plan.reader.heads import title_of
from hengtan.plan.reader.normalise import Normalised
from hengtan.plan.reader.vocabulary import pattern, vocabulary


@dataclass(frozen=True)
class Period:
    """First and last year that a title gives a plan; None where it gives none."""

    first: int | None = None
    last: int | None = None


_SPAN = re.compile(r"(?<!\d)(20\d\d)年?[-—~至到]{1,2}(20\d\d)年?")
_ONE = re.compile(r"(?<!\d)(20\d\d)年(?:度)?")
_CITED = re.compile(r"《[^》]{0,80}》")
_CITING = re.compile(r"(?:依据|根据|按照?|贯彻|落实|转发|遵照)[^。]{0,60}$")
_DATE = re.compile(r"(20\d\d)年\d{1,2}月\d{1,2}日(?![之以]?前|止|起|内)")


def period_of(title: str) -> Period:
    """The period in a title: (2026—2028年), “十四五”, 2026年. A plan that it cites in 《》 gives
    none, unless the title only says that this plan is issued."""
    own = title if re.match("关于印发", title) else _CITED.sub("", title)
    span = _SPAN.search(own)
    if span:
        return Period(int(span.group(1)), int(span.group(2)))
    plan = re.search("十[一二三四五六七]五", own)
    if plan:
        last = int(vocabulary().words["five_year_plans"][plan.group()])
        return Period(last - 4, last)
    single = _ONE.search(own)
    return Period(int(single.group(1)), int(single.group(1))) if single else Period()


def year_of(text: str) -> int | None:
    """The year of a document, from its own number and date of issue (〔2022〕,
    2022年12月18日印发), else the first year of the period in its title; None where none
    stands."""
    numbers = [
        int(number.group(1))
        for number in re.finditer(r"[〔\[](20\d\d)[〕\]]", text[:3000])
        if not _is_cited(text, number.start())
    ]
    dates = [int(day.group(1)) for day in _DATE.finditer(text) if _is_of_issue(text, day)]
    if numbers or dates:
        return max(numbers + dates)
    lines = [_CITED.sub("", line) for line in text[:300].split("\n") if "。" not in line]
    titles = [line for line in lines if pattern("(?:{kinds_of_plans})").search(line)]
    firsts = [int(span.group(1)) for line in titles for span in _SPAN.finditer(line)]
    return min(firsts, default=None)


def _is_cited(text: str, at: int) -> bool:
    """Whether a number is that of another document: within a sentence that follows or cites it."""
    line = text[text.rfind("\n", 0, at) + 1 : at]
    return "《" in line or _CITING.search(line) is not None


def _is_of_issue(text: str, day: re.Match[str]) -> bool:
    """Whether a date is that of the document and not of what it plans or tells."""
    before, after = text[max(0, day.start() - 2) : day.start()], text[day.end() : day.end() + 6]
    alone = re.match(r"\s*(?:$|\n|[)。]|印发|发布|公布|成文)", after) is not None
    return alone and not before.endswith(("到", "至", "于", "在", "自"))


def document_title(text: Normalised, heads: Sequence[Clause]) -> str:
    """The title of a document; empty where its first words are none."""
    title = title_of(text, heads)
    return title if pattern("(?:{kinds_of_plans})").search(title) else ""
