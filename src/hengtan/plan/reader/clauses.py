"""Numbered heads of a plan: 第一章, 一、, (一), 1. with their titles."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from hengtan.plan.reader.vocabulary import pattern

_NUMBER = (
    r"第[一二三四五六七八九十百零〇\d]{1,4}[章节条篇]|[一二三四五六七八九十]{1,3}(?=[、.．])"
    r"|[(（][一二三四五六七八九十]{1,4}[)）]|[(（]\d{1,2}[)）]|\d{1,3}(?=[.．、](?!\d))"
)
_AT_LINE = re.compile(rf"(?:^|(?<=\n))[ ]*(?P<number>{_NUMBER})[、.．]?[ ]*(?P<title>[^\n。|]*)")
_USUAL = (
    rf"(?<=[^\d一二三四五六七八九十、和第(])(?P<number>{_NUMBER})[、.．]?[ ]*(?P<title>{{titles}})"
)
_AFTER_A_STOP = re.compile(
    r"(?<=[。;|])(?P<number>[(（][一二三四五六七八九十]{1,4}[)）]|[一二三四五六七八九十]{1,3}(?=、))"
    r"[、.．]?(?P<title>[\u4e00-\u9fff“][^。\n,;:|]{1,29})(?=[。\n])"
)


@dataclass(frozen=True)
class Clause:
    """A head: its number as printed, its title, where it stands in the normalised text and where
    the clause ends."""

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
    """The numbered heads of a text, in order. In a text whose lines were lost, heads with a usual
    title are found within the line."""
    heads = {head.start: head for head in _heads_of_lines(text)}
    for match in pattern(_USUAL).finditer(text):
        if text[match.start("number") - 1] != "\n":
            heads.setdefault(match.start("number"), _head(match))
    for match in _AFTER_A_STOP.finditer(text):
        heads.setdefault(match.start("number"), _head(match))
    return _with_ends([heads[start] for start in sorted(heads)], len(text))


def _heads_of_lines(text: str) -> list[Clause]:
    heads = []
    for match in _AT_LINE.finditer(text):
        number, title = match.group("number"), match.group("title").strip()
        is_figure = number[0].isdigit() and not re.match(r"[\u4e00-\u9fff“]", title)
        if not title or "|" in title or is_figure:
            continue
        title, end = _short(title, match.start("title"))
        heads.append(Clause(number, title, match.start("number"), end, level_of(number)))
    return heads


def _head(match: re.Match[str]) -> Clause:
    number = match.group("number")
    start = match.start("number")
    return Clause(number, match.group("title"), start, match.end(), level_of(number))


def _with_ends(heads: list[Clause], end: int) -> list[Clause]:
    """Heads with the end of their clause: where the next of the same level or above begins."""
    until: dict[int, int] = {}
    open_heads: list[Clause] = []
    for head in heads:
        while open_heads and open_heads[-1].level >= head.level:
            until[open_heads.pop().start] = head.start
        open_heads.append(head)
    return [replace(head, until=until.get(head.start, end)) for head in heads]


def _short(title: str, at: int) -> tuple[str, int]:
    """A head whose text runs on in its own line has a usual title in front
    (``一、总体要求坚持以…``)."""
    if "," in title or len(title) > 40:
        usual = pattern("{titles}").match(title)
        if usual:
            return usual.group(), at + usual.end()
    return title, at + len(title)
