"""Word tables: what people read stands in YAML beside the room it belongs to, never in code.

A table maps a code to its words, Chinese first. Accounts and models give codes; a code may carry
arguments behind ``|`` ("no_factor|原煤|2024"), which fill ``{0}``, ``{1}`` … of the words. Several
codes are joined with a line break.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache
from importlib.resources import files

import yaml

from hengtan.basis.english_names import in_english
from hengtan.basis.errors import HengtanError, Where

LANGUAGES = ("zh", "en")


def coded(code: str, *arguments: object) -> str:
    """A code with its arguments behind ``|``; an argument's own bars and line breaks are softened.

    >>> coded("no_factor", "原煤", 2024)
    'no_factor|原煤|2024'
    """
    text = "|".join((code, *map(str, arguments)))
    if text.count("|") == len(arguments) and "\n" not in text:
        return text
    softened = (str(argument).replace("|", "｜").replace("\n", " ") for argument in arguments)
    return "|".join((code, *softened))


class Words(Mapping[str, tuple[str, ...]]):
    """One word table: code → (Chinese, English)."""

    def __init__(self, table: Mapping[str, tuple[str, ...]], name: str = "") -> None:
        self._table, self.name = dict(table), name

    @classmethod
    def of(cls, package: str, file: str = "words.yaml") -> Words:
        """The table a package ships, read once."""
        return _read(package, file)

    def __getitem__(self, code: str) -> tuple[str, ...]:
        return self._table[code]

    def __iter__(self) -> Iterator[str]:
        return iter(self._table)

    def __len__(self) -> int:
        return len(self._table)

    def say(self, coded: str, language: str = "zh") -> str:
        """The words of a code with its arguments; several codes on lines of their own are joined
        with a semicolon.

        Raises KeyError for a code without words: what has no words must fail in a test, not show as
        code to a reader.
        """
        separator = "；" if language == "zh" else "; "
        return separator.join(self._one(line, language) for line in coded.split("\n"))

    def error(
        self, kind: type[HengtanError], coded: str, where: Where | None = None
    ) -> HengtanError:
        """The error whose words stand under a code: [Chinese, English, what to do, the same in
        English].
        """
        code, *arguments = coded.split("|")
        both = (arguments, list(map(in_english, arguments)))
        said = [text.format(*both[n % 2]) for n, text in enumerate(self._table[code])]
        zh, en, todo, todo_en = (*said, "", "")[:4]
        return kind(zh, en, where=where, todo=todo, todo_en=todo_en)

    def _one(self, coded: str, language: str) -> str:
        code, *arguments = coded.split("|")
        named = arguments if language == "zh" else list(map(in_english, arguments))
        return self._table[code][LANGUAGES.index(language)].format(*named)


@cache
def _read(package: str, file: str) -> Words:
    text = (files(package) / file).read_text(encoding="utf-8")
    table = yaml.load(text, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader)) or {}
    return Words(
        {str(code): tuple(map(str, words)) for code, words in table.items()}, f"{package}/{file}"
    )
