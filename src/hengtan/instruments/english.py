"""What rules say in Chinese, in English: names of inputs and outputs, steps, verdicts, warnings.

Rules speak Chinese; the English of each name and sentence stands in ``words/*.yaml`` beside it,
sentences with ``{0}``, ``{1}`` … for what they are about. A text is taken for the sentence that
leaves no Chinese over, else for the one with the most words of its own.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache, lru_cache, partial
from importlib.resources import files

import yaml

from hengtan.basis.english_names import names_come_from
from hengtan.basis.numerals import chinese_number
from hengtan.instruments import parameter_titles
from hengtan.instruments.law_titles import law_in_english

PACKAGE = "hengtan.instruments.words"
TABLES = ("names", "notes", "sentences", "substances", "provisions")
CHINESE = re.compile(r"[\u3400-\u9fff]")
_PLACE = re.compile(r"\{(\d+)(!?)\}")
"""A place of a sentence; with a ``!`` what stands there is a citation and stays as it is."""
_NUMERAL = re.compile("[一二三四五六七八九十]+")
_MARKS = {"\n": "\n", "；": "; ", "：": ": ", "，": ", ", "、": ", "}
"""Marks between the parts of a text, those of the widest parts first, in English."""
_BRACKETED = re.compile(r"(.*?)([（“])([^（）“”]*)[）”](.*)", re.DOTALL)
_BRACKETS = {"（": " ({})", "“": ' "{}" '}
LEAST = 2
"""Chinese characters of its own that a sentence needs to be taken where some Chinese is left."""


class EnglishTwice(ValueError):
    """A Chinese name or sentence that two tables give different English."""


@cache
def table() -> Mapping[str, str]:
    """Every name and sentence with its English.

    Raises EnglishTwice where two tables differ.
    """
    merged: dict[str, str] = {}
    for name in TABLES:
        text = (files(PACKAGE) / f"{name}.yaml").read_text(encoding="utf-8")
        loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
        for chinese, words in (yaml.load(text, Loader=loader) or {}).items():
            if merged.setdefault(str(chinese), str(words)) != str(words):
                raise EnglishTwice(f"{chinese}: {name}.yaml")
    return merged


def has_english(chinese: str) -> bool:
    """Whether a name or a sentence, its places as ``{0}``, has English, or needs none."""
    return not CHINESE.search(chinese) or chinese in table()


@names_come_from
def named_in_rules(name: str) -> str:
    """The English of a name of the rules, "" where it has none."""
    return table().get(name) or parameter_titles.in_english(name) or ""


@lru_cache(maxsize=20_000)
def english(text: str) -> str:
    """A name, sentence or verdict of a rule in English; what has none, as names of firms and
    documents, stays as it is.
    """
    if not CHINESE.search(text):
        return text
    if text in table():
        return table()[text]
    if called := parameter_titles.in_english(text):
        return called
    if _NUMERAL.fullmatch(text):
        return str(chinese_number(text))
    best = ""
    for said, is_own in _as_sentences(text):
        if not CHINESE.search(said):
            return said
        best = best or (said if is_own else "")
    law = law_in_english(text)
    parted = "" if law else _in_parts(text)
    if parted and not CHINESE.search(parted):
        return parted
    return law or best or parted or text


def in_english(text: str, lang: str) -> str:
    """A text of a rule in the language of a page: English where ``lang`` is ``en``."""
    return english(text) if lang == "en" else text


@dataclass(frozen=True)
class Sentence:
    """A sentence with places: what it looks like in Chinese, its English, and whether it has
    Chinese enough of its own.
    """

    pattern: re.Pattern[str]
    words: str
    is_own: bool


@cache
def _sentences() -> tuple[Sentence, ...]:
    """The sentences with places, those with the most words of their own first."""
    own_words = {key: _PLACE.sub("", key) for key in table() if _PLACE.search(key)}
    ordered = sorted(own_words, key=lambda key: -len(own_words[key]))
    return tuple(
        Sentence(_pattern(key), table()[key], len(CHINESE.findall(own_words[key])) >= LEAST)
        for key in ordered
    )


def _pattern(sentence: str) -> re.Pattern[str]:
    """A pattern whose groups are the places of a sentence; of two places side by side the second
    holds a number.
    """
    pieces, end = [], -1
    for place in _PLACE.finditer(sentence):
        between = sentence[max(end, 0) : place.start()]
        kind = r"[-+\d.,]+" if place.start() == end else ".*?"
        pieces += [re.escape(between), f"(?P<p{place[1]}>{kind})"]
        end = place.end()
    return re.compile("".join([*pieces, re.escape(sentence[max(end, 0) :])]), re.DOTALL)


def _as_sentences(text: str) -> Iterator[tuple[str, bool]]:
    """The text as each sentence that it may be, its places in English; with whether the sentence
    has Chinese enough of its own.
    """
    for sentence in _sentences():
        if match := sentence.pattern.fullmatch(text):
            yield _PLACE.sub(partial(_filled, match), sentence.words), sentence.is_own


def _filled(match: re.Match[str], place: re.Match[str]) -> str:
    said = match[f"p{place[1]}"].strip()
    return said if place[2] else english(said)


def _in_parts(text: str) -> str:
    """The parts of a list, of joined sentences or around brackets, each in English; "" where
    less than a third of the Chinese would go.
    """
    said = next((said for way in (_joined, _bracketed, _spaced) if (said := way(text))), "")
    left, there = (len(CHINESE.findall(words)) for words in (said, text))
    return said if 3 * left <= 2 * there else ""


def _joined(text: str) -> str:
    """Parts between the widest of the marks that there are; "" where there is none."""
    for mark, words in _MARKS.items():
        if mark in text:
            first, *others = text.split(mark)
            return "".join([english(first), *(_after(mark, words, part) for part in others)])
    return ""


def _bracketed(text: str) -> str:
    match = _BRACKETED.fullmatch(text)
    if match is None:
        return ""
    before, bracket, within, after = match.groups()
    return f"{english(before)}{_BRACKETS[bracket].format(english(within))}{english(after)}".strip()


def _spaced(text: str) -> str:
    parts = text.split(" ")
    return " ".join(map(english, parts)) if len(parts) > 1 else ""


def _after(mark: str, words: str, part: str) -> str:
    """A part behind a mark: in the words that it has with the mark, else in its own."""
    joined = f"{mark}{part}"
    wholes = (table().get(joined, ""), *(said for said, _ in _as_sentences(joined)))
    whole = next((said for said in wholes if said and not CHINESE.search(said)), "")
    return whole if part and whole else words + english(part)
