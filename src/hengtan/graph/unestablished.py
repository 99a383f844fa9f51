"""Figures that an account leaves missing because no source at hand establishes a parameter.

An account is a table: one row without its parameter must not stop the others, so the row carries a
code in ``missing`` that names the document and the form where it can be given. Who asks for exactly
such a figure is refused with ``ParameterNotEstablished`` in the same words. Which codes these are
the domains state (``Domain.unestablished``).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from functools import cache
from typing import Any

from hengtan.basis.errors import ParameterNotEstablished
from hengtan.graph.domains import domains
from hengtan.graph.said import all_words, say_missing


@cache
def unestablished_codes() -> frozenset[str]:
    """The codes of all domains that say a parameter is not established."""
    return frozenset(code for domain in domains() for code in domain.unestablished)


def lacking(texts: Iterable[str | None]) -> Counter[str]:
    """Codes, with their arguments, of parameters not established, and how many rows each lacks.

    ``texts``: the column ``missing`` of an account, in codes.
    """
    wanted = unestablished_codes()
    lines = (line for text in texts for line in (text or "").split("\n"))
    return Counter(line for line in lines if _code(line) in wanted)


def refused(code: str) -> ParameterNotEstablished:
    """The refusal of a figure that lacks this parameter, in the words of its code."""
    table = all_words()
    if len(table[_code(code)]) > 2:
        return table.error(ParameterNotEstablished, code)  # type: ignore[return-value]
    zh, en = (say_missing(code, language) or "" for language in ("zh", "en"))
    return ParameterNotEstablished(zh, en)


def refuse_without(row: Mapping[str, Any]) -> None:
    """Raise ParameterNotEstablished where a row of an account lacks a parameter.

    The row is one with codes, or one that was said and has them beside (``missing_codes``).
    """
    codes = row.get("missing_codes") or row.get("missing")
    for code in lacking([codes]):
        raise refused(code)


def _code(line: str) -> str:
    return line.partition("|")[0]
