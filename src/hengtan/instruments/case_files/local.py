"""Parameters that a place has set itself: rows of the form ``local_parameters`` as rows of law."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from operator import itemgetter
from typing import Any

from hengtan.instruments.case import PackTables
from hengtan.instruments.parameters import NATION, labelled, province_of

FORM = "local_parameters"
Row = Mapping[str, Any]


def with_places(packs: PackTables, reported: Sequence[Row]) -> PackTables:
    """What rules look up, with what places have set themselves before the rows of the packs."""
    if not reported:
        return packs
    of_places = law_of_places(reported, packs.parameters)
    return replace(packs, parameters=[*of_places, *packs.parameters])


def law_of_places(reported: Sequence[Row], parameters: Iterable[Row]) -> Iterator[Row]:
    """Rows for the table ``rule_parameters``, the newest first; each names its document.

    ``reported``: rows of the form; ``parameters``: the pack table, which says what parameter and
    key an item stands for, and its unit. They stand before the rows of the pack, so that of one
    place the place's own figure counts; on days of which it has none, what the law above it says
    holds as before, behind them.
    """
    law = list(parameters)
    known = {labelled(row["parameter"], row["key"] or ""): row for row in law}
    for row in sorted(reported, key=itemgetter("begins"), reverse=True):
        asked = known[row["item"]]
        yield {
            "parameter": asked["parameter"],
            "region": row["place"],
            "key": asked["key"],
            "value": row["value"],
            "unit": asked["unit"],
            "valid_from": row["begins"],
            "valid_to": row["ends"],
            "law": row["source_title"],
            "source": row["source_title"],
            "confidence": "unverified",
            "certainty": "medium",
            "note_zh": "本地规定的参数，由主管部门填报",
            "scope_zh": None,
        }
    for place, item in dict.fromkeys((row["place"], row["item"]) for row in reported):
        yield from _law_above(place, known[item], law)


def _law_above(place: str, asked: Row, law: Iterable[Row]) -> Iterator[Row]:
    """What the packs establish of a parameter for the province of a place, else for the nation, as
    rows of the place; nothing where they have rows of the place itself, which are asked anyway.
    """
    same = [
        row for row in law if (row["parameter"], row["key"]) == (asked["parameter"], asked["key"])
    ]
    for above in (place, province_of(place), NATION):
        of_above = [row for row in same if row["region"] == above]
        if of_above:
            if above != place:
                sure = (row for row in of_above if row["value"] is not None)
                yield from ({**row, "region": place} for row in sure if row["certainty"] != "low")
            return
