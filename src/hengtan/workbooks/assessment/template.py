"""Writes the workbook of a scheme, to change and fill."""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any

from hengtan.assessment.scheme import Item, Scheme
from hengtan.basis.cite import confidence_word
from hengtan.basis.words import Words
from hengtan.packs import Pack
from hengtan.workbooks.assessment.schemes import (
    DATA_COLUMNS,
    DIRECTIONS_ZH,
    ITEM_COLUMNS,
    KINDS_ZH,
    RULES_ZH,
    scheme_of,
)

BLANK = Scheme("blank", "自定方案", ())
"""A scheme without items, to start a city's own from."""


def template(pack: Pack, scheme: str, to: Path, units: list[str]) -> Path:
    """Write the workbook of a scheme (``blank``: an empty one) with a row for each of those
    assessed and each item.

    Raises NoSuchRow.
    """
    from hengtan.report.sheet.assessment import write_scheme

    shown = BLANK if scheme == BLANK.id else scheme_of(pack, scheme)
    notes = {row["scheme"]: row["note_zh"] or "" for row in pack.rows("assessment_schemes")}
    about = [
        ("名称", shown.title),
        ("定级规则", RULES_ZH[shown.rule]),
        ("依据", shown.law),
        ("可信度", confidence_word(shown.confidence)),
        ("说明", notes.get(shown.id, "")),
        ("怎么填", Words.of("hengtan.workbooks").say("how-to-fill")),
    ]
    to_fill = [None] * (len(DATA_COLUMNS) - 4)
    figures = [[unit, unit, None, item.id, *to_fill] for unit in units for item in shown.items]
    choices = {
        "计分方式": list(KINDS_ZH.values()),
        "方向": list(DIRECTIONS_ZH.values()),
        "一票否决": ["是", "否"],
    }
    items = [_cells(item) for item in shown.items]
    return write_scheme(
        to, about, tuple(ITEM_COLUMNS), items, list(shown.grades), DATA_COLUMNS, figures, choices
    )


def _cells(item: Item) -> list[Any]:
    """The cells of an item in the order of ``ITEM_COLUMNS``; what is usual stays blank."""
    return [
        item.id,
        item.group,
        item.name,
        item.unit,
        None if math.isnan(item.points) else item.points,
        KINDS_ZH[item.kind],
        DIRECTIONS_ZH[item.direction],
        item.cap if item.cap != 1.0 else None,
        item.bonus_each or None,
        item.bonus_points or None,
        item.bonus_most or None,
        "是" if item.veto else "否",
        item.per or None,
        item.floor or None,
        ";".join(f"{step.least:g}:{step.points:g}" for step in item.steps),
        ";".join(f"{points:g}" for points in item.pair) if item.kind == "pair" else "",
        ";".join(sorted(item.classes)),
    ]
