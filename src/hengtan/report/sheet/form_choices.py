"""What a field of a form is filled with: names of places, choices and references, units."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from datetime import date
from typing import Any

from hengtan.basis.place import PlaceTree
from hengtan.ledger.forms import Field
from hengtan.report.sheet.cells import EXCEL_TEXT
from hengtan.report.words import WORDS, word

Lookups = Mapping[str, Mapping[str, str]]
"""Pack table → {id: Chinese name}."""
LISTED_PLACES = ("city", "district", "group", "functional_zone")
_UNPRINTABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_COMMON_UNIT = "common_unit."


def choices_of(field: Field, places: PlaceTree, lookups: Lookups) -> list[str]:
    """What the list of a field offers; empty where there is none."""
    if field.type == "unit":
        return [words[0] for key, words in WORDS.items() if key.startswith(_COMMON_UNIT)]
    return list(names_of(field, places, lookups).values())


def names_of(field: Field, places: PlaceTree, lookups: Lookups) -> dict[str, str]:
    """Code → the name it is listed under; a name that two share stands as its code."""
    if field.type == "choice" and field.choices:
        return {code: chinese for code, (chinese, _) in field.choices.items()}
    if field.type == "reference" and field.reference:
        return _unambiguous(lookups.get(field.reference, {}))
    if field.type == "place":
        names = _unambiguous({place.code: place.name_zh for place in places})
        listed = (place.code for place in places if place.kind in LISTED_PLACES)
        return {code: names[code] for code in listed}
    if field.type == "boolean":
        return {"True": word("yes"), "False": word("no")}
    return {}


def _unambiguous(names: Mapping[str, str]) -> dict[str, str]:
    counted = Counter(names.values())
    return {code: name if counted[name] == 1 else code for code, name in names.items()}


def put_plain(cell: Any, value: Any) -> None:
    """A value in a cell; text without the control characters a workbook cannot hold, never a
    formula.
    """
    if not isinstance(value, str):
        cell.value = value if isinstance(value, (int, float, date)) else str(value)
        return
    cell.value = _UNPRINTABLE.sub("", value)[:EXCEL_TEXT]
    cell.data_type = "s"
