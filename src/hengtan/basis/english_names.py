"""Names in the English half of a sentence: what has an English name is said by it.

A refusal often names what it is about as a pack does, in Chinese (no heat value of '原煤').
The floors that hold names say where they are (``names_come_from``); here they are put in place.
What a person typed himself is quoted as it is: ``AsTyped``.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import lru_cache

NameSource = Callable[[str], str]
"""Gives the English name of a Chinese one, "" where it knows none."""
CHINESE = re.compile("[\u3400-\u9fff]")
_SOURCES: list[NameSource] = []
_QUOTED = re.compile("(?<=')[^']+(?=')|(?<=“)[^”]+(?=”)")
_RUN = re.compile(r"[\w（）()·./%—\-＋+≥≤<>、：]*[\u3400-\u9fff][\w（）()·./%—\-＋+≥≤<>、：]*")
_LIST = re.compile("[、，,；]")


class AsTyped(str):
    """An English text that quotes what a person typed, in whatever language: it stays."""


def names_come_from(source: NameSource) -> NameSource:
    """Ask a source too, after those that are there."""
    _SOURCES.append(source)
    english_name.cache_clear()
    _named.cache_clear()
    return source


@lru_cache(maxsize=4096)
def english_name(name: str) -> str:
    """The English name of a Chinese one; "" where no source knows it."""
    return next((said for source in _SOURCES if (said := source(name))), "")


def with_english_names(text: str) -> str:
    """An English sentence with each Chinese name in it by its English one, where there is one."""
    return text if isinstance(text, AsTyped) else _named(text)


@lru_cache(maxsize=4096)
def _named(text: str) -> str:
    if not CHINESE.search(text):
        return text
    quoted = _QUOTED.sub(lambda name: in_english(name[0]), text)
    return _RUN.sub(lambda run: _said(run[0]), quoted)


def in_english(text: str) -> str:
    """A name, or several with 、 between them, in English; as it is where nothing knows it."""
    if not CHINESE.search(text):
        return text
    whole = english_name(text)
    if whole:
        return whole
    parts = _LIST.split(text)
    return ", ".join(english_name(part) or part for part in parts) if len(parts) > 1 else text


def _said(run: str) -> str:
    """A stretch of a sentence without blanks: a name with the marks around it, or a list."""
    said = in_english(run)
    if said != run:
        return said
    core = run.strip("().:：、")
    name = english_name(core) if core and core != run else ""
    return run.replace(core, name, 1) if name else run
