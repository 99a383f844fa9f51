"""The vocabulary of plan documents (``words.yaml``), in the forms that the lexer and the grammar
look things up in.

A list is named by its key: ``tails``, ``verbs.up``; ``verbs`` alone is all its lists together,
``tails+short_tails`` two lists as one. Rules write their expressions with such keys in braces:
``pattern("^(?:{adverbs})+")``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import cache, lru_cache
from importlib.resources import files
from typing import Any

import yaml

_KEY = re.compile(r"\{([a-z_]+(?:[.+][a-z_]+)*)\}")
_MAGNITUDES = "十百千万亿"


class Vocabulary:
    """Words by kind; ``words`` is the file as it stands."""

    def __init__(self, words: dict[str, Any]) -> None:
        self.words = words
        self.verb_kind = _kinds(words["verbs"])
        self.deed_kind = _kinds(words["deeds"])
        self.suffix_kind = _kinds(words["suffix"])
        self.prefix_kind = _kinds(words["before_number"])
        self.units = _kinds(words["units"])


def _kinds(lists: Mapping[str, list[str]]) -> dict[str, str]:
    """For each word the name of the list that it stands in."""
    return {word: kind for kind, listed in lists.items() for word in listed}


@lru_cache(maxsize=1)
def vocabulary() -> Vocabulary:
    """The words of ``words.yaml``, read once."""
    text = files("hengtan.plan.reader").joinpath("words.yaml").read_text(encoding="utf-8")
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    return Vocabulary(spelled_out(yaml.load(text, Loader=loader)))


_CHOICE = re.compile(r"\(([^()]*)\)")


def spelled_out(listed: Any) -> Any:
    """Lists of words with each way to put one together written out: (提高|增加)(到|至) → 提高到,
    提高至, 增加到, 增加至."""
    if isinstance(listed, Mapping):
        return {name: spelled_out(words) for name, words in listed.items()}
    if not isinstance(listed, list):
        return listed
    return [spelled for word in listed for spelled in _spelled_out(word)]


def _spelled_out(word: Any) -> Iterator[Any]:
    choice = _CHOICE.search(word) if isinstance(word, str) else None
    if choice is None:
        yield word
        return
    for part in choice.group(1).split("|"):
        yield from _spelled_out(word[: choice.start()] + part + word[choice.end() :])


@cache
def words(keys: str) -> tuple[str, ...]:
    """The words of a list, or of several joined with ``+``, longest first: a reader takes the
    longest that fits."""
    several = {word for key in keys.split("+") for word in _listed(key)}
    return tuple(sorted(several, key=lambda word: (-len(word), word)))


def _listed(key: str) -> list[str]:
    held_by: Any = vocabulary().words
    for part in key.split("."):
        held_by = held_by[part]
    if isinstance(held_by, Mapping):
        lists = list(held_by.values())
        return [w for words in lists for w in words] if isinstance(lists[0], list) else [*held_by]
    return [str(word) for word in held_by]


def any_of(*lists: str) -> str:
    """The source of a regular expression for any of some words, longest first."""
    return "|".join(re.escape(word) for word in words("+".join(lists)))


@cache
def pattern(template: str) -> re.Pattern[str]:
    """A regular expression in which ``{key}`` stands for any of the words listed under a key of
    ``words.yaml``."""
    return re.compile(_KEY.sub(lambda key: any_of(key.group(1)), template))


def says(text: str, key: str) -> bool:
    """Whether a text holds any of the words of a list."""
    return pattern(f"{{{key}}}").search(text) is not None


def has_tail(name: str) -> bool:
    """Whether a name ends as indicators do: 率, 总量, 装机容量."""
    return name.endswith(words("tails+short_tails"))


def tail_of(name: str) -> str:
    """The longest tail of indicators that a name has beyond its own first letter; empty where it
    has none."""
    return next((t for t in words("tails") if name.endswith(t) and len(name) > len(t)), "")


def with_tail(name: str, tail: str) -> str:
    """A name with a tail; what the name ends with and the tail begins with stands once: 生物质发电,
    发电装机 → 生物质发电装机."""
    shared = (n for n in range(len(tail), 1, -1) if name.endswith(tail[:n]))
    return name + tail[next(shared, 0) :]


def without_magnitude(unit: str) -> str:
    """A unit without the magnitude words before it: 万吨 → 吨."""
    return unit.lstrip(_MAGNITUDES)


def kind_of_unit(unit: str) -> str | None:
    """Whether a unit counts (``counter``), measures (``measure``) or says a share (``percent``);
    None where it is not known."""
    return vocabulary().units.get(without_magnitude(unit))
