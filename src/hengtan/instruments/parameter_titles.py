"""What parameters of rules are called, for people: in Chinese and in English, by name and key.

The words stand in ``words/parameters.yaml``; ids (``env_tax.air.rate``) are for programs.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import cache
from importlib.resources import files
from typing import NamedTuple

import yaml

PACKAGE = "hengtan.instruments.words"
ANY = "*"
"""The words of every key of a parameter, ``{0}`` for the key."""
PARTS = "·"
"""What stands between the parts of a key in a title."""
Words = Mapping[str, list[str]]


class Title(NamedTuple):
    """What a parameter is called in both languages."""

    zh: str
    en: str


class Table(NamedTuple):
    """The words: of names, of names with a key, of the keys of a name, of parts of any key."""

    names: Words
    whole: Words
    keys: Mapping[str, Words]
    parts: Words


@cache
def table() -> Table:
    """The words of parameters, as they stand in the file."""
    text = (files(PACKAGE) / "parameters.yaml").read_text(encoding="utf-8")
    return Table(**yaml.load(text, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader)))


def has_title(name: str, key: str = "") -> bool:
    """Whether a parameter and its key have words of their own."""
    if name not in table().names:
        return False
    return not key or f"{name}.{key}" in table().whole or _of_key(name, key) is not None


@cache
def title_of(name: str, key: str = "") -> Title:
    """What a parameter is called: ``水资源税：地表水税额``; one without words by its id."""
    if whole := table().whole.get(f"{name}.{key}"):
        return Title(*whole)
    if name not in table().names:
        label = f"{name}.{key}" if key else name
        return Title(label, label)
    called = Title(*table().names[name])
    if not key:
        return called
    of_key = _of_key(name, key) or Title(key, key)
    return Title(f"{called.zh}（{of_key.zh}）", f"{called.en} ({of_key.en})")


def title_of_label(label: str) -> Title:
    """What a parameter is called that is written with its key (``env_tax.reduction.30``)."""
    name, key = label, ""
    while name not in table().names and "." in name:
        name, _, last = name.rpartition(".")
        key = f"{last}.{key}" if key else last
    return title_of(name, key) if name in table().names else Title(label, label)


def _of_key(name: str, key: str) -> Title | None:
    """The words of a key: its own, those of any key of the parameter, else those of its parts."""
    own = table().keys.get(name, {})
    if key in own:
        return Title(*own[key])
    if ANY in own:
        zh, en = own[ANY]
        return Title(zh.format(key), en.format(key))
    parts = key.split(".")
    if any(part not in table().parts for part in parts):
        return None
    called = [Title(*table().parts[part]) for part in parts]
    return Title(PARTS.join(part.zh for part in called), ", ".join(part.en for part in called))


def in_english(zh: str) -> str:
    """The English of a title that stands in a sentence; "" for what is none."""
    if zh in _english_of_whole():
        return _english_of_whole()[zh]
    for name, key in _split(zh):
        if said := _english_of_key(name, key):
            return f"{table().names[name][1]} ({said})"
    return ""


@cache
def _english_of_whole() -> Mapping[str, str]:
    """English by Chinese, of names and of names with a key."""
    return dict([*table().names.values(), *table().whole.values()])


@cache
def _names_by_title() -> Mapping[str, tuple[str, ...]]:
    names: dict[str, tuple[str, ...]] = {}
    for name, (zh, _) in table().names.items():
        names[zh] = (*names.get(zh, ()), name)
    return names


def _split(zh: str) -> Iterator[tuple[str, str]]:
    """Each parameter that a title may begin with, and the words of its key in brackets."""
    for bracket in re.finditer("（", zh):
        called, key = zh[: bracket.start()], zh[bracket.end() :]
        if key.endswith("）"):
            yield from ((name, key[:-1]) for name in _names_by_title().get(called, ()))


def _english_of_key(name: str, zh: str) -> str:
    own = table().keys.get(name, {})
    for said, en in own.values():
        pattern = re.escape(said).replace(re.escape("{0}"), "(.+)")
        if match := re.fullmatch(pattern, zh):
            return en.format(*match.groups())
    english = dict(table().parts.values())
    parts = zh.split(PARTS)
    return ", ".join(english[part] for part in parts) if all(p in english for p in parts) else ""
