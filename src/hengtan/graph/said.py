"""The words of what accounts give as codes, said at the border: pages, workbooks, command line,
explanations.

They stand in the ``words.yaml`` of the domains: codes of ``missing``, ``reason`` and ``note``;
titles (``table.<account>``, ``section.<account>``, ``sheet.<account>``, ``column.<name>``);
``option.<name>``; and what accounts cite (``cite.<code>``).
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any

from hengtan.basis.english_names import in_english
from hengtan.basis.words import Words
from hengtan.graph.domains import Section, domain_of, domains
from hengtan.graph.refusals import refusal

CODED = ("missing", "reason", "note")
"""Columns of accounts that hold codes; the codes are kept beside their words."""
IN_PLACE = ("allocation", "factor_source")
"""Columns that may hold codes among other texts; words take their place."""


@cache
def all_words() -> Words:
    """The words of the graph and of all domains.

    Raises HengtanError where two of them give one code different words.
    """
    table: dict[str, tuple[str, ...]] = dict(Words.of("hengtan.graph"))
    for domain in domains():
        for code, words in domain.words().items():
            if table.setdefault(code, words) != words:
                raise refusal("code_twice", code)
    return Words(table, "domains")


def word_of(code: str, language: str = "zh", default: str | None = None) -> str:
    """The words of a code without arguments; ``default`` where it has none, else KeyError."""
    if default is not None and code not in all_words():
        return default
    return all_words()[code][0 if language == "zh" else 1]


def heading(section: Section, column: str, language: str = "zh") -> str:
    """The heading of a column: its words in this section, else anywhere, else its name."""
    anywhere = word_of(f"column.{column}", language, column)
    return word_of(f"column.{section.account}.{column}", language, anywhere)


def cited(cite: str, language: str = "zh") -> str:
    """What an account cites, in words where it is a code."""
    return word_of(f"cite.{cite}", language, cite)


def say_missing(text: str | None, language: str = "zh") -> str | None:
    """The words of what an account gives as codes; a line that is no code is said as it stands.

    Several codes are joined with a semicolon, behind one that ends with a colon without. The words
    of a refusal carry what to do about it.
    """
    if not text:
        return text
    sentence = ""
    for line in text.split("\n"):
        opens = not sentence or sentence.endswith(("：", ": "))
        sentence += ("" if opens else _between(language)) + _say(line, language)
    return sentence


def _say(line: str, language: str) -> str:
    code, *arguments = line.split("|")
    words = all_words().get(code)
    if words is None:
        return line
    first = 0 if language == "zh" else 1
    named = arguments if language == "zh" else list(map(in_english, arguments))
    parts = [text.format(*named) for text in words[first::2]]
    return _between(language).join(part for part in parts if part)


def _between(language: str) -> str:
    return "；" if language == "zh" else "; "


def beside_words(column: str) -> str:
    """The name under which codes stand beside their words."""
    return f"{column}_codes"


def said_row(row: Mapping[str, Any], language: str = "zh") -> dict[str, Any]:
    """A row of an account for people: codes said, each kept beside as ``<column>_codes``."""
    codes = {column: row[column] for column in CODED if column in row}
    texts = {c: row[c] for c in (*CODED, *IN_PLACE) if isinstance(row.get(c), str)}
    words = {column: say_missing(text, language) for column, text in texts.items()}
    return {**row, **words, **{beside_words(column): code for column, code in codes.items()}}


def said_table(name: str, table: Any, language: str = "zh") -> Any:
    """Rows of an account (``pyarrow.Table``) for people: codes said, each kept beside as
    ``<column>_codes``. What no domain with words makes comes as it is."""
    import pyarrow as pa

    domain = domain_of(name)
    if domain is None or not domain.words():
        return table
    for column in (name for name in (*CODED, *IN_PLACE) if name in table.column_names):
        texts = table[column]
        if column in CODED:
            texts = texts.cast(pa.string())
            table = table.append_column(beside_words(column), texts)
        if pa.types.is_string(texts.type):
            words = [say_missing(text, language) for text in texts.to_pylist()]
            place = table.column_names.index(column)
            table = table.set_column(place, column, pa.array(words, pa.string()))
    return table


def forget() -> None:
    """Look for domains and their words anew, after one was added."""
    for kept in (domains, all_words):
        kept.cache_clear()
