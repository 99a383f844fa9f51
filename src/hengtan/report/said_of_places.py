"""Places by their names in sentences that rules make: rules know places by their codes alone."""

from __future__ import annotations

import re

from hengtan.basis.place import PlaceTree
from hengtan.report.words import word

NATION = "000000"
_ZH, _EN = re.compile(r"（(\d{6})）"), re.compile(r"(?<= for )(\d{6})(?= )")


def name_of_place(places: PlaceTree, code: str, lang: str = "zh") -> str:
    """What a place is called; the nation by its word, what is no place by its code."""
    if code == NATION:
        return word("place.nation", lang)
    if code not in places:
        return code
    return (lang == "en" and places[code].name_en) or places[code].name_zh


def with_place_names(text: str, places: PlaceTree, lang: str = "zh") -> str:
    """A refusal of a rule with the place it is about by its name: ``（500156）`` as ``（武隆区）``,
    ``for 500156`` as ``for Wulong``.
    """
    if lang == "en":
        return _EN.sub(lambda match: name_of_place(places, match[1], lang), text)
    return _ZH.sub(lambda match: f"（{name_of_place(places, match[1])}）", text)
