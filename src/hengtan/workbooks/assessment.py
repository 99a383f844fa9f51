"""Assessment from a workbook: the sheets 方案, 等级, 数据 become a scheme and the figures of those assessed; shipped schemes come from the packs."""

from __future__ import annotations

import math
import unicodedata
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from hengtan.assessment.evaluate import Result, evaluate
from hengtan.assessment.scheme import Assessed, Item, Scheme, Step, Value, check
from hengtan.basis.errors import HengtanError, NoSuchRow, Where
from hengtan.ledger.reading import read_sheets
from hengtan.packs import Pack
from hengtan.workbooks.cells import Line

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
ITEM_COLUMNS = (
    "编号",
    "组",
    "指标",
    "单位",
    "满分",
    "计分方式",
    "方向",
    "上限",
    "加分每超",
    "加分",
    "加分上限",
    "一票否决",
    "每单位扣分",
    "扣到",
    "分段",
    "两项得分",
    "适用类别",
)
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


def schemes(pack: Pack) -> list[dict[str, Any]]:
    """The schemes of a pack with the number of their items."""
    counted: dict[str, int] = {}
    for row in pack.rows("assessment_items"):
        counted[row["scheme"]] = counted.get(row["scheme"], 0) + 1
    return [
        {
            "scheme": r["scheme"],
            "title_zh": r["title_zh"],
            "title_en": r["title_en"],
            "rule": r["rule"],
            "items": counted.get(r["scheme"], 0),
            "law": r["law"],
            "confidence": r["confidence"],
            "note_zh": r["note_zh"] or "",
        }
        for r in pack.rows("assessment_schemes")
    ]


def scheme_of(pack: Pack, scheme: str) -> Scheme:
    """A scheme of a pack. Raises NoSuchRow with the known ids."""
    rows = {r["scheme"]: r for r in pack.rows("assessment_schemes")}
    if scheme not in rows:
        raise NoSuchRow(
            f"没有考核方案“{scheme}”",
            f"no scheme '{scheme}'",
            todo=f"可用：{'、'.join(rows)}",
            todo_en=f"known: {', '.join(rows)}",
        )
    items = tuple(
        _item(
            {
                k: "" if v is None else ";".join(v) if isinstance(v, tuple) else str(v)
                for k, v in r.items()
            },
            Where(str(r["_file"]), row=r["_row"]),
        )
        for r in pack.rows("assessment_items")
        if r["scheme"] == scheme
    )
    grades = tuple(
        (r["grade_zh"], float(r["least"]))
        for r in pack.rows("assessment_grades")
        if r["scheme"] == scheme
    )
    held = rows[scheme]
    return Scheme(
        scheme,
        held["title_zh"],
        items,
        tuple(sorted(grades, key=lambda g: -g[1])),
        held["rule"],
        held["law"],
        held["confidence"],
    )


def _item(row: Mapping[str, str], where: Where) -> Item:
    """An item from texts under the names of the pack table."""

    def number(column: str, default: float = 0.0) -> float:
        return _number(row.get(column, ""), column, where, default)

    steps = []
    for part in filter(None, _plain(row.get("steps", "")).replace("；", ";").split(";")):
        least, colon, points = part.partition(":")
        if not colon:
            raise HengtanError(
                f"分段“{part}”应写成 下限:分值",
                f"step '{part}' is not least:points",
                where=replace(where, column="分段"),
                todo="例如 0.5:20;0.8:32;1:40",
                todo_en="e.g. 0.5:20;0.8:32;1:40",
            )
        steps.append(Step(_number(least, "分段", where), _number(points, "分段", where)))
    pair = [
        _number(part, "两项得分", where)
        for part in filter(None, _plain(row.get("pair", "")).replace("；", ";").split(";"))
    ]
    if pair and len(pair) != 4:
        raise HengtanError(
            "两项得分要有四个数",
            "a pair needs four figures",
            where=replace(where, column="两项得分"),
            todo="依次为：都完成;只有进度;只有年度;都没有，例如 60;55;40;0",
            todo_en="both; progress only; year only; neither",
        )
    return Item(
        row["item"],
        row["name_zh"],
        number("points", 0.0 if row["kind"] in ("event", "given") else math.nan),
        row["kind"],
        row["direction"] or "higher",
        row.get("group_zh", ""),
        row.get("unit", ""),
        number("cap", 1.0),
        number("bonus_each"),
        number("bonus_points"),
        number("bonus_most"),
        _yes(row.get("veto", "")),
        number("per"),
        number("floor"),
        tuple(sorted(steps, key=lambda s: s.least)),
        (pair[0], pair[1], pair[2], pair[3]) if pair else (1.0, 1.0, 0.0, 0.0),
        frozenset(
            part.strip()
            for part in row.get("classes", "").replace("；", ";").replace("、", ";").split(";")
            if part.strip()
        ),
    )


def _plain(text: str) -> str:
    return unicodedata.normalize("NFKC", str(text)).strip()


def _yes(text: str) -> bool:
    return _plain(text).lower() in ("yes", "true", "是", "1", "有", "√", "y")


def _number(text: str, column: str, where: Where, default: float = 0.0) -> float:
    plain = _plain(text).replace(",", "")
    if not plain:
        return default
    percent = plain.endswith("%")
    try:
        value = float(plain.rstrip("%"))
    except ValueError as error:
        raise HengtanError(
            f"“{text}”不是数",
            f"'{text}' is no number",
            where=replace(where, column=column),
            todo="填数字",
            todo_en="fill a number",
        ) from error
    if value != value or abs(value) == float("inf"):
        raise HengtanError(
            f"“{text}”不是数",
            f"'{text}' is no number",
            where=replace(where, column=column),
            todo="填数字",
            todo_en="fill a number",
        )
    return value / 100 if percent and column in ("上限", "分段", "cap") else value


def read_workbook(path: Path) -> tuple[Scheme, list[Assessed]]:
    """The scheme and the figures of a workbook in the layout of the template. Raises HengtanError with sheet, row and column."""
    sheets = read_sheets(path, ("编号", "等级", "项目"))
    for name in ("方案", "数据"):
        if name not in sheets:
            raise HengtanError(
                f"工作簿里没有“{name}”表",
                f"no sheet '{name}'",
                where=Where(path.name),
                todo="用 hengtan assess template 写出的模板填写",
                todo_en="use the template of hengtan assess template",
            )
    about = {row.get("项目", ""): row.get("内容", "") for _, row in sheets.get("说明", [])}
    kinds, directions = (
        {zh: kind for kind, zh in KINDS_ZH.items()},
        {zh: way for way, zh in DIRECTIONS_ZH.items()},
    )
    items = []
    for line, row in sheets["方案"]:
        where = Where(path.name, sheet="方案", row=line)
        for column in ("编号", "指标", "计分方式"):
            if not row.get(column, "").strip():
                raise HengtanError(
                    f"缺“{column}”",
                    f"'{column}' is missing",
                    where=replace(where, column=column),
                    todo="补齐",
                    todo_en="fill it",
                )
        kind, way = _plain(row["计分方式"]), _plain(row.get("方向", "")) or "越高越好"
        items.append(
            _item(
                {
                    "item": _plain(row["编号"]),
                    "name_zh": row["指标"].strip(),
                    "points": row.get("满分", ""),
                    "kind": kinds.get(kind, kind),
                    "direction": directions.get(way, way),
                    "group_zh": row.get("组", "").strip(),
                    "unit": row.get("单位", "").strip(),
                    "cap": row.get("上限", ""),
                    "bonus_each": row.get("加分每超", ""),
                    "bonus_points": row.get("加分", ""),
                    "bonus_most": row.get("加分上限", ""),
                    "veto": row.get("一票否决", ""),
                    "per": row.get("每单位扣分", ""),
                    "floor": row.get("扣到", ""),
                    "steps": row.get("分段", ""),
                    "pair": row.get("两项得分", ""),
                    "classes": row.get("适用类别", ""),
                },
                where,
            )
        )
    grades = tuple(
        (
            row["等级"].strip(),
            _number(row.get("最低分", ""), "最低分", Where(path.name, sheet="等级", row=line)),
        )
        for line, row in sheets.get("等级", [])
        if row.get("等级", "").strip()
    )
    rules = {zh: rule for rule, zh in RULES_ZH.items()}
    rule = _plain(about.get("定级规则", "")) or "按分定级"
    scheme = Scheme(
        path.stem,
        about.get("名称", "") or path.stem,
        tuple(items),
        grades,
        rules.get(rule, rule),
        about.get("依据", ""),
        file=path.name,
    )
    check(scheme)
    return scheme, _assessed(sheets["数据"], scheme, path.name)


def _assessed(rows: list[tuple[int, dict[str, str]]], scheme: Scheme, file: str) -> list[Assessed]:
    known = {item.id: item for item in scheme.items}
    made: dict[str, Assessed] = {}
    for line, row in rows:
        where = Where(file, sheet="数据", row=line)
        unit, code = _plain(row.get("对象", "")), _plain(row.get("编号", ""))
        if not unit or code not in known:
            column, zh, en = (
                ("对象", "缺“对象”", "the assessed is missing")
                if not unit
                else ("编号", f"方案里没有编号“{code}”", f"no item '{code}' in the scheme")
            )
            raise HengtanError(
                zh,
                en,
                where=replace(where, column=column),
                todo="补齐或改正",
                todo_en="fill or correct it",
            )
        held = made.get(unit) or Assessed(
            unit, row.get("名称", "").strip() or unit, _plain(row.get("类别", "")), {}
        )
        if code in held.values:
            raise HengtanError(
                f"“{held.name}”的指标“{code}”填了两次",
                f"item '{code}' of '{held.name}' occurs twice",
                where=replace(where, column="编号"),
                todo="删去一行",
                todo_en="delete one",
            )

        def figure(column: str, row: dict[str, str] = row, where: Where = where) -> float | None:
            return (
                _number(row.get(column, ""), column, where)
                if _plain(row.get(column, "")) not in ("", "-", "—", "/")
                else None
            )

        def said(column: str, row: dict[str, str] = row) -> bool | None:
            return None if not _plain(row.get(column, "")) else _yes(row[column])

        value = Value(
            figure("实绩"),
            figure("目标"),
            figure("基期"),
            said("年度完成"),
            said("进度达到"),
            said("适用") is not False,
        )
        made[unit] = replace(
            held,
            values={**held.values, code: value},
            last_points=figure("上年得分") if figure("上年得分") is not None else held.last_points,
            falsified=held.falsified or bool(said("数据造假")),
        )
    if not made:
        raise HengtanError(
            "数据表里没有行",
            "the sheet 数据 holds no rows",
            where=Where(file, sheet="数据"),
            todo="填上年的数据试算",
            todo_en="fill last year's figures",
        )
    return list(made.values())


def read_links(path: Path) -> dict[tuple[str, str], tuple[str, float | None, float | None]]:
    """Of each (assessed, item) of a workbook that names them: the indicator of the ledger, the forecast and its standard error. Raises HengtanError with row and column."""
    found: dict[tuple[str, str], tuple[str, float | None, float | None]] = {}
    for line, row in read_sheets(path, ("编号", "等级", "项目")).get("数据", []):
        cells = Line(row, Where(path.name, sheet="数据", row=line))
        indicator, middle, error = (
            cells.text("台账指标"),
            cells.number("预测"),
            cells.number("预测误差", least=0),
        )
        if (middle is None) != (error is None):
            raise cells.bad(
                "预测误差",
                "预测和预测误差要同时填",
                "forecast and its error go together",
                "补齐或都留空",
                "fill both or none",
            )
        if indicator or middle is not None:
            found[cells.text("对象"), cells.text("编号")] = (indicator, middle, error)
    return found


def run(path: Path) -> tuple[Scheme, list[Result]]:
    """Read a workbook and evaluate it."""
    scheme, assessed = read_workbook(path)
    return scheme, evaluate(scheme, assessed)


def template(pack: Pack, scheme: str, to: Path, units: list[str]) -> Path:
    """Write the workbook of a scheme (``blank``: an empty one) with a row for each of those assessed and each item. Raises NoSuchRow."""
    from hengtan.report.assessment import write_scheme

    held = Scheme("blank", "自定方案", ()) if scheme == "blank" else scheme_of(pack, scheme)
    notes = {r["scheme"]: r["note_zh"] or "" for r in pack.rows("assessment_schemes")}
    about = [
        ("名称", held.title),
        ("定级规则", RULES_ZH[held.rule]),
        ("依据", held.law),
        (
            "可信度",
            {"read": "已核读", "recalled": "凭记忆，用前请核对原文"}.get(held.confidence, ""),
        ),
        ("说明", notes.get(held.id, "")),
        (
            "怎么填",
            "方案表可增删指标、改权重和计分方式；数据表每个对象每个指标一行，先用上年数据试算。完成率类填目标和实绩；年度与进度类填“是/否”；适用填“否”表示当地不存在该指标；实绩留空为未报。填“台账指标”并用 hengtan assess run --year 可自动取数；填“预测”和“预测误差”（或台账指标）可用 hengtan assess odds 算各等级的可能性。",
        ),
    ]
    items = [
        [
            i.id,
            i.group,
            i.name,
            i.unit,
            None if math.isnan(i.points) else i.points,
            KINDS_ZH[i.kind],
            DIRECTIONS_ZH[i.direction],
            i.cap if i.cap != 1.0 else None,
            i.bonus_each or None,
            i.bonus_points or None,
            i.bonus_most or None,
            "是" if i.veto else "否",
            i.per or None,
            i.floor or None,
            ";".join(f"{s.least:g}:{s.points:g}" for s in i.steps),
            ";".join(f"{p:g}" for p in i.pair) if i.kind == "pair" else "",
            ";".join(sorted(i.classes)),
        ]
        for i in held.items
    ]
    data = [
        [unit, unit, None, i.id, *[None] * (len(DATA_COLUMNS) - 4)]
        for unit in units
        for i in held.items
    ]
    return write_scheme(
        to,
        about,
        ITEM_COLUMNS,
        items,
        list(held.grades),
        DATA_COLUMNS,
        data,
        {
            "计分方式": list(KINDS_ZH.values()),
            "方向": list(DIRECTIONS_ZH.values()),
            "一票否决": ["是", "否"],
        },
    )
