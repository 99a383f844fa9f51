"""Conditions of cross-checks in a small SQL: which words they may use, and whether the engine takes
them.

Columns of the form, literals, comparisons, ``and or not is null in between``, arithmetic and a few
functions.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from functools import lru_cache

from hengtan.ledger.engine import open_engine

_FUNCTIONS = {"abs", "coalesce", "least", "greatest", "length", "year", "step"}
_WORDS = {"and", "or", "not", "is", "null", "in", "between", "true", "false", "like"}
_TOKEN = re.compile(
    r"\s*(?:(?P<text>'(?:[^']|'')*')"
    r"|(?P<number>\d+(?:\.\d+)?)"
    r"|(?P<word>[A-Za-z_][A-Za-z_0-9]*)"
    r"|(?P<sign><=|>=|<>|!=|[=<>()+\-*/,]))"
)
_COMMENTS = ("--", "/*", "*/")
_KINDS = {
    "string": "varchar",
    "double": "double",
    "integer": "bigint",
    "date": "date",
    "timestamp": "timestamp",
    "boolean": "boolean",
}


@lru_cache(maxsize=512)
def wrong_condition(condition: str, columns: tuple[tuple[str, str], ...]) -> str:
    """What the engine finds wrong with a condition on columns of these kinds (grammar, types).

    Empty where nothing is.
    """
    import duckdb

    nothing = ", ".join(f"null::{_KINDS[kind]} as {name}" for name, kind in columns)
    with open_engine() as engine:
        try:
            query = f"select ({condition}) as holds from (select {nothing}) where false"
            ((_, kind, *_),) = engine.execute(query).description
        except duckdb.Error as error:
            return str(error).splitlines()[0]
    return "" if str(kind).upper() == "BOOLEAN" else "不是条件"


def unknown_words(condition: str, columns: Collection[str]) -> list[str]:
    """Tokens that are neither a column, a literal, nor a word or function of the small SQL."""
    unknown: list[str] = []
    at = depth = 0
    while at < len(condition.rstrip()):
        match = _TOKEN.match(condition, at)
        if not match:
            return [*unknown, condition[at : at + 10]]
        word = match.group("word")
        is_called = condition[match.end() :].lstrip().startswith("(")
        if word and not _is_known(word, is_called, columns):
            unknown.append(word)
        last_two = condition[match.end() - 1 : match.end() + 1]
        if last_two in _COMMENTS and not match.group("text"):
            unknown.append(last_two)
        depth += (match.group("sign") == "(") - (match.group("sign") == ")")
        if depth < 0:
            return [*unknown, ")"]
        at = match.end()
    return unknown


def _is_known(word: str, is_called: bool, columns: Collection[str]) -> bool:
    if word.lower() in _WORDS:
        return True
    return word.lower() in _FUNCTIONS if is_called else word in columns
