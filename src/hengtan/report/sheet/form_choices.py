"""What a field of a form is filled with: names of places, choices and references, units."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from datetime import date
from typing import Any

from hengtan.basis.place import Place, PlaceTree
from hengtan.basis.words import LANGUAGES
from hengtan.ledger.forms import Field
from hengtan.report.sheet.cells import EXCEL_TEXT
from hengtan.report.words import WORDS, word

Lookups = Mapping[str, Mapping[str, str]]
"""Pack table → {id: name in the language of the template}."""
LISTED_PLACES = ("city", "district", "group", "functional_zone")
_UNPRINTABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_COMMON_UNIT = "common_unit."


def common_units() -> list[tuple[str, str]]:
    """The units that templates offer: Chinese and English, in the order of the list."""
    return [(zh, en) for key, (zh, en) in WORDS.items() if key.startswith(_COMMON_UNIT)]


def choices_of(field: Field, places: PlaceTree, lookups: Lookups, lang: str = "zh") -> list[str]:
    """What the list of a field offers in ``zh`` or ``en``; empty where there is none."""
    if field.type == "unit":
        return [both[LANGUAGES.index(lang)] for both in common_units()]
    return list(names_of(field, places, lookups, lang).values())


def names_of(field: Field, places: PlaceTree, lookups: Lookups, lang: str = "zh") -> dict[str, str]:
    """Code → the name it is listed under; a name that two share stands as its code.

    ``lookups`` are in ``lang``.
    """
    if field.choices:
        return {code: both[LANGUAGES.index(lang)] for code, both in field.choices.items()}
    if field.type == "reference" and field.reference:
        return _unambiguous(lookups.get(field.reference, {}))
    if field.type == "place":
        names = _unambiguous({place.code: name_of_place(place, lang) for place in places})
        listed = (place.code for place in places if place.kind in LISTED_PLACES)
        return {code: names[code] for code in listed}
    if field.type == "boolean":
        return {"True": word("yes", lang), "False": word("no", lang)}
    return {}


def name_of_place(place: Place, lang: str) -> str:
    """A place in a language, in Chinese where it has no English name."""
    return (lang == "en" and place.name_en) or place.name_zh


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
