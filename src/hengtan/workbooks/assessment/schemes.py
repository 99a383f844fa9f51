"""Schemes of assessment: those that ship in packs, and how a line of the sheet 方案 becomes an
item.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

from hengtan.assessment.scheme import Item, Scheme, Step
from hengtan.basis.errors import HengtanError, NoSuchRow, Where
from hengtan.basis.problem import Problem
from hengtan.packs import Pack
from hengtan.workbooks.cells import Line, problem
from hengtan.workbooks.english import EnglishBook

KINDS_ZH = {
    "met": "达标/不达标",
    "ratio": "完成率",
    "step": "分段",
    "pair": "年度与进度",
    "efficacy": "功效系数",
    "distance": "距目标",
    "per_unit": "按差距扣分",
    "event": "按起数扣分",
    "sector_ratio": "同业比值",
    "class": "绝对分级",
    "given": "评定分",
}
DIRECTIONS_ZH = {"higher": "越高越好", "lower": "越低越好", "hold": "保持"}
RULES_ZH = {
    "points": "按分定级",
    "dual_carbon": "双碳考核定级",
    "index": "加权指数",
    "rank_share": "按名次比例定级",
}
DATA_COLUMNS = (
    "对象",
    "名称",
    "类别",
    "编号",
    "目标",
    "实绩",
    "基期",
    "年度完成",
    "进度达到",
    "适用",
    "上年得分",
    "数据造假",
    "台账指标",
    "预测",
    "预测误差",
)
ITEM_COLUMNS = {
    "编号": "item",
    "组": "group_zh",
    "指标": "name_zh",
    "单位": "unit",
    "满分": "points",
    "计分方式": "kind",
    "方向": "direction",
    "上限": "cap",
    "加分每超": "bonus_each",
    "加分": "bonus_points",
    "加分上限": "bonus_most",
    "一票否决": "veto",
    "每单位扣分": "per",
    "扣到": "floor",
    "分段": "steps",
    "两项得分": "pair",
    "适用类别": "classes",
}
"""Headings of the sheet 方案 → columns of the pack table ``assessment_items``."""
IN_ENGLISH = EnglishBook.of("assessment")


def schemes(pack: Pack) -> list[dict[str, Any]]:
    """The schemes of a pack with the number of their items."""
    counted: dict[str, int] = {}
    for row in pack.rows("assessment_items"):
        counted[row["scheme"]] = counted.get(row["scheme"], 0) + 1
    return [
        {
            "scheme": row["scheme"],
            "title_zh": row["title_zh"],
            "title_en": row["title_en"],
            "rule": row["rule"],
            "items": counted.get(row["scheme"], 0),
            "law": row["law"],
            "confidence": row["confidence"],
            "note_zh": row["note_zh"] or "",
        }
        for row in pack.rows("assessment_schemes")
    ]


def scheme_of(pack: Pack, scheme: str) -> Scheme:
    """A scheme of a pack. Raises NoSuchRow with the known ids."""
    rows = {row["scheme"]: row for row in pack.rows("assessment_schemes")}
    if scheme not in rows:
        raise problem("no-scheme", scheme, "、".join(rows), ", ".join(rows)).error(NoSuchRow)
    about = rows[scheme]
    items = [row for row in pack.rows("assessment_items") if row["scheme"] == scheme]
    grades = [
        (row["grade_zh"], float(row["least"]))
        for row in pack.rows("assessment_grades")
        if row["scheme"] == scheme
    ]
    return Scheme(
        scheme,
        about["title_zh"],
        tuple(item_of(_as_line(row)) for row in items),
        tuple(sorted(grades, key=lambda grade: -grade[1])),
        about["rule"],
        about["law"],
        about["confidence"],
    )


def _as_line(row: Mapping[str, Any]) -> Line:
    """A row of the pack table as a line of the sheet 方案."""
    texts = {heading: _as_text(row.get(column)) for heading, column in ITEM_COLUMNS.items()}
    return Line(texts, Where(str(row["_file"]), row=row["_row"]))


def _as_text(value: Any) -> str:
    if value is None:
        return ""
    return ";".join(value) if isinstance(value, tuple) else str(value)


def item_of(line: Line) -> Item:
    """An item of a scheme from a line of the sheet 方案. Raises HengtanError with its place."""
    kind = _code(line.text("计分方式"), KINDS_ZH)
    full = 0.0 if kind in ("event", "given") else math.nan
    return Item(
        id=line.text("编号"),
        name=line.as_written("指标"),
        points=_number(line, "满分", full),
        kind=kind,
        direction=_code(line.text("方向"), DIRECTIONS_ZH) or "higher",
        group=line.as_written("组"),
        unit=line.as_written("单位"),
        cap=_number(line, "上限", 1.0, unit=None),
        bonus_each=_number(line, "加分每超"),
        bonus_points=_number(line, "加分"),
        bonus_most=_number(line, "加分上限"),
        veto=bool(line.flag("一票否决")),
        per=_number(line, "每单位扣分"),
        floor=_number(line, "扣到"),
        steps=_steps(line),
        pair=_pair(line),
        classes=frozenset(_parts(line.as_written("适用类别").replace("、", ";"))),
    )


def _code(word: str, words: Mapping[str, str]) -> str:
    """The code of a Chinese word of a list; a word that is not in it stays as it is."""
    return next((code for code, zh in words.items() if zh == word), word)


def _number(line: Line, column: str, default: float = 0.0, unit: str | None = "%") -> float:
    """A number of the line.

    A per cent sign is only a unit (85% are 85 points), a fraction in the cap (95% is 0.95).
    """
    number = line.number(column, unit=unit)
    return default if number is None else number


def _parts(text: str) -> list[str]:
    return [part.strip() for part in text.replace("；", ";").split(";") if part.strip()]


def _steps(line: Line) -> tuple[Step, ...]:
    steps = []
    for part in _parts(line.text("分段")):
        least, colon, points = part.partition(":")
        if not colon:
            raise line.refuse("分段", "bad-step", part)
        two = Line({"下限": least, "分值": points}, line.where)
        try:
            steps.append(Step(_number(two, "下限", unit=None), _number(two, "分值", unit=None)))
        except HengtanError as error:
            raise Problem.of(error, "bad-step").error(where=line.at("分段")) from error
    return tuple(sorted(steps, key=lambda step: step.least))


def _pair(line: Line) -> tuple[float, float, float, float]:
    """Shares of the mark: both met, progress only, year only, neither."""
    parts = _parts(line.text("两项得分"))
    if not parts:
        return 1.0, 1.0, 0.0, 0.0
    if len(parts) != 4:
        raise line.refuse("两项得分", "bad-pair")
    both, progress, year, neither = (
        _number(Line({"两项得分": part}, line.where), "两项得分") for part in parts
    )
    return both, progress, year, neither


def names_in_english(pack: Pack) -> dict[str, str]:
    """English names of the items of the schemes that ship, by their Chinese names."""
    return {
        row["name_zh"]: row["name_en"] or row["name_zh"] for row in pack.rows("assessment_items")
    }


def in_english(pack: Pack, result: Mapping[str, Any]) -> dict[str, Any]:
    """A result whose items and grade have the English names of the schemes that ship; those of a
    scheme of the user's own keep theirs.
    """
    names = names_in_english(pack)
    items = [{**item, "name": names.get(item["name"], item["name"])} for item in result["items"]]
    return {
        **result,
        "items": items,
        "grade": IN_ENGLISH.cell("等级", "等级", result["grade"], "en"),
    }
