"""Notation keys: missing, confirmed zero and not applicable are different things.

NO (does not occur: a confirmed zero), NE (not estimated), IE (included elsewhere), NA (not
applicable), C (confidential); 2006 IPCC Guidelines, volume 1, chapter 8, table 8.1 and the Global
Protocol for Community-Scale Inventories, table 2.2.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from hengtan.basis.marks import narrow

NOTATION_KEYS: dict[str, tuple[str, str]] = {
    "NO": ("不发生", "not occurring"),
    "NE": ("未估算", "not estimated"),
    "IE": ("已列入他处", "included elsewhere"),
    "NA": ("不适用", "not applicable"),
    "C": ("保密", "confidential"),
}
_CHINESE = {zh: key for key, (zh, _) in NOTATION_KEYS.items()} | {"列入他处": "IE", "未发生": "NO"}
_PATTERN = re.compile(r"^(NO|NE|IE|NA|C)(?:\s*\(([^)]*)\))?$")


@dataclass(frozen=True)
class Notation:
    """A key and, for IE, the place the amount is included in (``IE (II.1.1)``)."""

    key: str
    elsewhere: str | None = None


def read_notation(text: str | None) -> tuple[Notation, ...] | None:
    """Read a cell that may hold notation keys, also dirty ones: ``"NO "``, ``"NO; IE"``, ``"IE
    (II.1.1)"``, ``"不适用"``.

    Returns the keys in order, or None where the text is no notation (a number, a blank, anything
    else).
    """
    if text is None:
        return None
    plain = narrow(text).strip()
    if not plain:
        return None
    keys = []
    for part in re.split(r"[;,/、]\s*", plain):
        word = part.strip()
        if word in _CHINESE:
            keys.append(Notation(_CHINESE[word]))
            continue
        match = _PATTERN.match(word.upper())
        if not match:
            return None
        keys.append(Notation(match.group(1), match.group(2)))
    return tuple(keys) or None
