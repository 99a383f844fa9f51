"""Which known indicator a name means: exact names first, then close ones; never across a difference
of scope, which is told instead.

占规模以上工业增加值比重 and 占规模以上工业总产值比重 are two indicators however alike they look.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from typing import Any

import yaml

from hengtan.plan.reader.messages import say

CLOSE = 0.8
"""Dice's coefficient of character pairs from which a name counts as close; tried on the two plans'
names, a rule of order for review."""


@dataclass(frozen=True)
class Link:
    """What a name was found to mean. ``relation``: ``same`` (a listed name), ``close`` (a like
    name, to be reviewed), ``new``.

    ``near`` names the indicator that is like it but differs in scope, ``differs`` in which words.
    """

    indicator: str
    relation: str
    name_zh: str = ""
    near: str = ""
    differs: str = ""


@lru_cache(maxsize=1)
def _data() -> Mapping[str, Any]:
    text = files("hengtan.plan.reader").joinpath("synonyms.yaml").read_text(encoding="utf-8")
    synonyms: dict[str, Any] = yaml.safe_load(text)
    return synonyms


@lru_cache(maxsize=50_000)
def key(name: str) -> str:
    """A name without marks, added ends and other words for the same."""
    name = re.sub(r"[“”\"、的()()（）\s]", "", name.replace("（", "(").replace("）", ")"))
    for end in _data()["ends"]:
        name = name.removesuffix(end.strip("()"))
    for word, usual in _data()["alike"].items():
        name = name.replace(word, usual)
    return name


def likeness(a: str, b: str) -> float:
    """Dice's coefficient of the pairs of neighbouring characters of two names, 0 to 1."""
    a, b = key(a), key(b)
    if a == b:
        return 1.0
    x, y = _pairs(a), _pairs(b)
    return 2 * (x & y).total() / (x.total() + y.total()) if x and y else 0.0


def _pairs(name: str) -> Counter[str]:
    """The pairs of neighbouring characters of a name."""
    return Counter(name[i : i + 2] for i in range(len(name) - 1))


def scope_difference(a: str, b: str) -> str:
    """In which words of scope two names differ (``增加值≠总产值``), empty where they agree."""
    differences = []
    for group in _data()["scopes"]:
        first, second = _scope(group, a), _scope(group, b)
        if first != second:
            not_written = say("not_written")
            differences.append(
                f"{'/'.join(first) or not_written}≠{'/'.join(second) or not_written}"
            )
    return "，".join(differences)


def _scope(group: Iterable[str], name: str) -> list[str]:
    """The words of a group of scope that a name uses, in their usual form."""
    usual = _data()["alike"]
    return sorted({usual.get(word, word) for word in _longest(group, name)})


def _longest(words: Iterable[str], name: str) -> list[str]:
    """The words that a name holds, none that is a part of another."""
    within = [word for word in words if word in name]
    return [word for word in within if not any(word != w and word in w for w in within)]


class Indicators:
    """The known indicators with all their names."""

    def __init__(self, rows: Iterable[Mapping[str, Any]]) -> None:
        self.names: dict[str, list[str]] = {}
        self.shown: dict[str, str] = {}
        self.units: dict[str, tuple[str, ...]] = {}
        for row in rows:
            listed = _data()["synonyms"].get(row["indicator"], [])
            self.names[row["indicator"]] = [row["name_zh"], *listed]
            self.shown[row["indicator"]] = row["name_zh"]
            units = row.get("units") or ()
            self.units[row["indicator"]] = (
                tuple(units.split(";")) if isinstance(units, str) else tuple(units)
            )
        self.exact = {
            key(name): indicator for indicator, names in self.names.items() for name in names
        }

    def link(self, name: str, unit: str = "") -> Link:
        """The indicator a name means. A level in % is no count, and the other way round: units of
        another kind never link.

        A list of examples before 等 and an attribute between 、 and 的 are left out where the whole
        name is not known.
        """
        shorter = [
            name,
            re.sub(r"^.*等(?:主要)?(?=..)", "主要" if "等主要" in name else "", name),
            re.sub(r"、[^、]*的", "", name),
        ]
        links = [self._link(spelling, unit) for spelling in dict.fromkeys(shorter)]
        near = next((link for link in links if link.near), links[0])
        return next((link for link in links if link.indicator), near)

    def _link(self, name: str, unit: str) -> Link:
        exact = self.exact.get(key(name))
        if exact is not None and self._fits(exact, unit):
            return Link(exact, "same", self.shown[exact])
        best, called, score = self._likest(name, unit)
        if score < CLOSE:
            return Link("", "new")
        differs = scope_difference(name, called)
        if differs:
            return Link("", "new", near=best, differs=f"{self.shown[best]}：{differs}")
        return Link(best, "close", self.shown[best])

    def _likest(self, name: str, unit: str) -> tuple[str, str, float]:
        """The indicator with the likest name, that name, and how like it is."""
        best, called, score = "", "", 0.0
        for indicator, names in self.names.items():
            if not self._fits(indicator, unit):
                continue
            for other in names:
                like = likeness(name, other)
                if like > score:
                    best, called, score = indicator, other, like
        return best, called, score

    def _fits(self, indicator: str, unit: str) -> bool:
        known = self.units.get(indicator, ())
        if not known or not unit:
            return True
        percent = "%" in known
        return percent if unit in ("%", "个百分点", "百分点", "‰") else any(u != "%" for u in known)
