"""Numbered heads of a plan: 第一章, 一、, (一), 1. with their titles."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from hengtan.plan.reader.vocabulary import vocabulary

_NUMBER = r"第[一二三四五六七八九十百零〇\d]{1,4}[章节条篇]|[一二三四五六七八九十]{1,3}(?=[、.．])|[(（][一二三四五六七八九十]{1,4}[)）]|[(（]\d{1,2}[)）]|\d{1,3}(?=[.．、](?!\d))"
_AT_LINE = re.compile(rf"(?:^|(?<=\n))[ ]*(?P<number>{_NUMBER})[、.．]?[ ]*(?P<title>[^\n。|]*)")


@dataclass(frozen=True)
class Clause:
    """A head: its number as printed, its title, where it stands in the normalised text and where the clause ends."""

    number: str
    title: str
    start: int
    end: int
    level: int
    until: int = 0


def level_of(number: str) -> int:
    """1 for chapters (第一章, 一), 2 for (一), 3 for 1, 4 for (1)."""
    if number.startswith("第"):
        return 1 if number[-1] in "章篇" else 2
    if number[0] in "(（":
        return 4 if number[1].isdigit() else 2
    return 3 if number[0].isdigit() else 1


def clauses_of(text: str) -> list[Clause]:
    """The numbered heads of a text, in order. In a text whose lines were lost, heads with a usual title are found within the line."""
    made: dict[int, Clause] = {}
    for found in _AT_LINE.finditer(text):
        title = found.group("title").strip()
        number = found.group("number")
        if (
            not title
            or "|" in title
            or (number[0].isdigit() and not re.match(r"[\u4e00-\u9fff“]", title))
        ):
            continue
        start = found.start("number")
        title, end = _short(title, found.start("title"))
        made[start] = Clause(number, title, start, end, level_of(number))
    titles = vocabulary().any_of(vocabulary().words["titles"])
    for found in re.finditer(
        rf"(?<=[^\d一二三四五六七八九十、和第(])(?P<number>{_NUMBER})[、.．]?[ ]*(?P<title>{titles})",
        text,
    ):
        start = found.start("number")
        if start not in made and text[start - 1] != "\n":
            made[start] = Clause(
                found.group("number"),
                found.group("title"),
                start,
                found.end(),
                level_of(found.group("number")),
            )
    for found in re.finditer(
        r"(?<=[。;|])(?P<number>[(（][一二三四五六七八九十]{1,4}[)）]|[一二三四五六七八九十]{1,3}(?=、))[、.．]?(?P<title>[\u4e00-\u9fff“][^。\n,;:|]{1,29})(?=[。\n])",
        text,
    ):
        start = found.start("number")
        if start not in made:
            made[start] = Clause(
                found.group("number"),
                found.group("title"),
                start,
                found.end(),
                level_of(found.group("number")),
            )
    heads = [made[start] for start in sorted(made)]
    until: dict[int, int] = {}
    open_heads: list[Clause] = []
    for head in heads:
        while open_heads and open_heads[-1].level >= head.level:
            until[open_heads.pop().start] = head.start
        open_heads.append(head)
    return [replace(head, until=until.get(head.start, len(text))) for head in heads]


def _short(title: str, at: int) -> tuple[str, int]:
    """A head whose text runs on in its own line has a usual title in front (``一、总体要求坚持以…``)."""
    if "," in title or len(title) > 40:
        usual = re.match(vocabulary().any_of(vocabulary().words["titles"]), title)
        if usual:
            return usual.group(), at + usual.end()
    return title, at + len(title)
