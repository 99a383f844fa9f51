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
    IN_ENGLISH,
    ITEM_COLUMNS,
    KINDS_ZH,
    RULES_ZH,
    names_in_english,
    scheme_of,
)
from hengtan.workbooks.templates import said_in

BLANK, BLANK_EN = Scheme("blank", "自定方案", ()), "Scheme of our own"
"""A scheme without items, to start a city's own from."""
ITEM_WIDTHS = {"指标": 34, "组": 14, "分段": 26, "计分方式": 14}
USUAL_WIDTH = 44
CHOICES = {
    "计分方式": list(KINDS_ZH.values()),
    "方向": list(DIRECTIONS_ZH.values()),
    "一票否决": ["是", "否"],
}


def template(pack: Pack, scheme: str, to: Path, units: list[str], lang: str = "zh") -> Path:
    """Write the workbook of a scheme (``blank``: an empty one) in a language, with a row for each
    of those assessed and each item.

    Raises NoSuchRow.
    """
    from hengtan.report.sheet.cells import Column
    from hengtan.report.sheet.to_fill import SheetToFill, write_to_fill

    shown = BLANK if scheme == BLANK.id else scheme_of(pack, scheme)
    to_fill = [None] * (len(DATA_COLUMNS) - 4)
    figures = [[unit, unit, None, item.id, *to_fill] for unit in units for item in shown.items]
    names = names_in_english(pack) if lang == "en" else {}
    items = [_cells(item, names.get(item.name, item.name)) for item in shown.items]
    sheets = [
        SheetToFill("说明", [Column("项目", 14), Column("内容", 90)], _about(pack, shown, lang)),
        SheetToFill(
            "方案",
            [Column(heading, ITEM_WIDTHS.get(heading, USUAL_WIDTH)) for heading in ITEM_COLUMNS],
            items,
            CHOICES,
        ),
        SheetToFill("等级", [Column("等级", 14), Column("最低分")], list(shown.grades)),
        SheetToFill(
            "数据",
            [Column(heading, 18 if heading == "名称" else USUAL_WIDTH) for heading in DATA_COLUMNS],
            figures,
        ),
    ]
    return write_to_fill(to, "", [said_in(IN_ENGLISH, sheet, lang) for sheet in sheets])


def _about(pack: Pack, scheme: Scheme, lang: str) -> list[tuple[str, str]]:
    """What is said of a scheme in a language."""
    rows = {row["scheme"]: row for row in pack.rows("assessment_schemes")}
    row = rows.get(scheme.id, {})
    return [
        ("名称", str(row.get(f"title_{lang}") or (BLANK_EN if lang == "en" else scheme.title))),
        ("定级规则", RULES_ZH[scheme.rule]),
        ("依据", scheme.law),
        ("可信度", confidence_word(scheme.confidence, lang)),
        ("说明", str(row.get(f"note_{lang}") or "")),
        ("怎么填", Words.of("hengtan.workbooks").say("how-to-fill", lang)),
    ]


def _cells(item: Item, name: str) -> list[Any]:
    """The cells of an item in the order of ``ITEM_COLUMNS``; what is usual stays blank."""
    return [
        item.id,
        item.group,
        name,
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
