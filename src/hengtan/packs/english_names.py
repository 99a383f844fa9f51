"""The names that shipped packs give in both languages, for sentences in English: fuels, pollutants,
items, indicators, places.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path

from hengtan.basis.english_names import names_come_from
from hengtan.packs.pack import data_folder

COLUMNS = (("name_zh", "name_en"), ("title_zh", "title_en"))
FIRST = ("energy_products", "pollutants", "gwp", "unit_items", "activity_items", "industries")
"""Tables whose names go before those of others, where two differ."""


@cache
def names_in_english() -> Mapping[str, str]:
    """Chinese name → English name, over all shipped packs (35 ms, once a process)."""
    names: dict[str, str] = {}
    for path in sorted(data_folder().glob("*/*.csv"), key=_rank):
        for chinese, english in _pairs(path):
            names.setdefault(chinese, english)
    return names


@names_come_from
def named_in_packs(name: str) -> str:
    """The English name of what a shipped pack names, "" where none does."""
    return names_in_english().get(name, "")


def _rank(path: Path) -> tuple[int, str]:
    order = FIRST.index(path.stem) if path.stem in FIRST else len(FIRST)
    return order, str(path)


def _pairs(path: Path) -> Iterator[tuple[str, str]]:
    """The names of a table in both languages; an English one that is a code is none."""
    with path.open(encoding="utf-8-sig", newline="") as file:
        rows = csv.DictReader(file)
        columns = [pair for pair in COLUMNS if set(pair) <= set(rows.fieldnames or ())]
        for row in rows if columns else ():
            for chinese, english in columns:
                if row[chinese] and row[english] and "_" not in row[english]:
                    yield row[chinese], row[english]
