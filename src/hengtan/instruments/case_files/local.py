"""Parameters that a place has set itself: rows of the form ``local_parameters`` as rows of law."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from operator import itemgetter
from typing import Any

from hengtan.instruments.case import PackTables
from hengtan.instruments.parameters import labelled

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
    place the place's own figure counts.
    """
    known = {labelled(row["parameter"], row["key"] or ""): row for row in parameters}
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
