"""Every word of pages, workbooks and documents: the tables ``*.yaml`` of this folder, Chinese
first, English beside it.

A table a subject; what is written from figures is a sentence with {placeholders}, the same ones in
both languages.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from importlib.resources import files
from typing import Any

from hengtan.basis.cite import CONFIDENCES
from hengtan.basis.errors import HengtanError, Where
from hengtan.basis.lights import LIGHTS
from hengtan.basis.words import LANGUAGES, Words
from hengtan.graph.said import all_words

PACKAGE = "hengtan.report.words"


ERRORS = "errors"
"""The subject whose words are errors (with what to do about them), read through ``Words.error``."""


class WordTwice(ValueError):
    """A key that stands in two word tables."""


def subject(name: str) -> Words:
    """The word table of one subject (``bulletin``, ``tables`` …)."""
    return Words.of(PACKAGE, f"{name}.yaml")


def subjects() -> tuple[str, ...]:
    """Names of the subjects that have a word table, in order."""
    entries = (entry.name for entry in files(PACKAGE).iterdir())
    return tuple(sorted(name.removesuffix(".yaml") for name in entries if name.endswith(".yaml")))


def _of_the_ground_floor() -> dict[str, tuple[str, str]]:
    """Lights and confidence, whose words stand in ``basis`` since every room shows them."""
    ground = Words.of("hengtan.basis")
    keys = {f"light.{light}": f"light.{light}.meaning" for light in LIGHTS}
    keys |= {f"light.colour.{light}": f"light.{light}.colour" for light in LIGHTS}
    keys |= {f"confidence.{word}": f"confidence.{word}" for word in CONFIDENCES}
    return {ours: (ground[theirs][0], ground[theirs][1]) for ours, theirs in keys.items()}


def _merged() -> Mapping[str, tuple[str, str]]:
    merged = _of_the_ground_floor()
    for name in subjects():
        if name == ERRORS:
            continue
        for key, (chinese, english) in subject(name).items():
            if key in merged:
                raise WordTwice(f"{key}: {name}.yaml")
            merged[key] = (chinese, english)
    return merged


def error(kind: type[HengtanError], coded: str, where: Where | None = None) -> HengtanError:
    """An error of this room by its code and arguments (``view.id_twice|target_id|x``)."""
    return subject(ERRORS).error(kind, coded, where)


WORDS: Mapping[str, tuple[str, str]] = _merged()
"""All tables together, for templates: key → (Chinese, English)."""


def both(key: str) -> tuple[str, ...]:
    """The words for ``key`` in Chinese and English: of this room, else of a domain of accounts.

    Raises KeyError where no table holds it.
    """
    return WORDS[key] if key in WORDS else all_words()[key]


def word(key: str, lang: str = "zh", **figures: Any) -> str:
    """The word for ``key`` in ``zh`` or ``en``, as ``both`` knows it.

    Placeholders are filled with ``figures`` where any are named.

    Raises KeyError where no table holds it.
    """
    text = both(key)[LANGUAGES.index(lang)]
    return text.format(**figures) if figures else text


def english_of(zh: str) -> str:
    """The English of a department or a chapter that the packs name in Chinese; "" where none."""
    return WORDS.get(f"named.{zh}", ("", ""))[1]


def named_in(names: Iterable[str], lang: str) -> list[str]:
    """Departments or chapters in a language; in Chinese where they have no English."""
    return [(lang == "en" and english_of(name)) or name for name in names]


def has(key: str) -> bool:
    """Whether a table holds ``key`` (for codes that come from data)."""
    return key in WORDS or key in all_words()


def word_or_code(kind: str, code: Any, lang: str = "zh") -> str:
    """The word for a code of the data (``confidence``, ``level`` …); the code itself where no table
    holds it.
    """
    key = f"{kind}.{code}"
    return word(key, lang) if has(key) else str(code or "")


_NAMED_ALIKE = (
    (re.compile(r"case_\w+_(verdicts|calendar|totals)"), "table.case_files"),
    (re.compile(r"plan_computed_\w+_(records|statistics)"), "table.computed_from"),
)
"""Tables that are made for each kind of case file and each computed indicator."""


def titles_of_table(name: str) -> tuple[str, ...]:
    """The title of an account, a form or a pack table in Chinese and English; "" where it has
    none.
    """
    if has(f"table.{name}"):
        return both(f"table.{name}")
    for pattern, key in _NAMED_ALIKE:
        if part := pattern.fullmatch(name):
            return both(f"{key}.{part[1]}")
    return ("", "")


def joined(names: Iterable[Any], lang: str = "zh") -> str:
    """Names one after another: 甲、乙、丙; A, B, C."""
    return word("list.comma", lang).join(map(str, names))
