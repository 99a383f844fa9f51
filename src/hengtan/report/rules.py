"""Results of rules for people: rows of a page, and the notice of assessment as a Word document."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from hengtan.basis.cite import confidence_word

COUNTED = frozenset(("个", "件", "家", "年", "户", "种", "项", "天"))


def text_of(value: Any, unit: str = "") -> str:
    """A value as it is shown: money and amounts with two places at least, whole counts without, lists joined."""
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, float):
        size = abs(value)
        if unit in COUNTED and value == int(value):
            return f"{value:,.0f}"
        return f"{value:,.2f}" if size >= 100 or value == int(value) else f"{value:,.6g}"
    if isinstance(value, (list, tuple)):
        return "；".join(text_of(v, unit) for v in value)
    return str(value)


def shown(result: Mapping[str, Any], outputs: Mapping[str, tuple[str, str]]) -> dict[str, Any]:
    """A result as the page shows it: ``shown`` outputs with words, ``lines`` of the steps, ``parameters`` with their text. ``outputs``: name → (words, unit)."""
    return {
        **result,
        "shown": [
            {
                "zh": outputs.get(n, (n, ""))[0],
                "value": text_of(v, outputs.get(n, ("", ""))[1]),
                "unit": outputs.get(n, ("", ""))[1],
            }
            for n, v in result["outputs"].items()
            if v not in ("", [], None)
        ],
        "lines": [
            {
                "zh": s["zh"],
                "value": text_of(s.get("value", ""), s.get("unit", "")),
                "unit": s.get("unit", ""),
                "how": s.get("how", ""),
                "clause": s.get("clause", ""),
            }
            for s in result["steps"]
        ],
        "parameters": [{**p, "text": f"{p['value']:g}"} for p in result["parameters"]],
    }


def write_notice(
    result: Mapping[str, Any],
    outputs: Mapping[str, tuple[str, str]],
    path: Path,
    *,
    entity: str = "",
    regions: Mapping[str, str] | None = None,
) -> Path:
    """The notice of an assessment: to whom, what, by which law, the steps, the parameters with their sources, what is recalled, where to object."""
    from hengtan.report import documents as doc

    view = shown(result, outputs)
    document = doc.new_document()
    doc.line(
        document,
        f"{result['title_zh']}认定通知",
        size=18,
        face=doc.TITLE_FONT,
        centre=True,
        after=6,
    )
    doc.line(document, f"{entity or '＿＿＿＿＿＿＿＿'}：", size=12)
    where = (regions or {}).get(result["region"], result["region"])
    doc.line(
        document,
        f"依据{result['law']}，对你单位（个人）{result['date']}的情况（{where}）计算如下：",
        indent=True,
        after=4,
    )
    doc.table(
        document,
        ("项目", "结果"),
        [[o["zh"], f"{o['value']}{o['unit']}"] for o in view["shown"]],
        (7, 8),
        size=11,
    )
    doc.line(document, "计算过程", face=doc.HEAD_FONT, size=12, keep=True)
    doc.table(
        document,
        ("步骤", "数值", "算法", "条款、出处"),
        [[s["zh"], f"{s['value']}{s['unit']}", s["how"], s["clause"]] for s in view["lines"]],
        (4.2, 3, 4.6, 4.2),
    )
    if result["parameters"]:
        doc.line(document, "用到的参数", face=doc.HEAD_FONT, size=12, keep=True)
        doc.table(
            document,
            ("参数", "取值", "可信度", "出处"),
            [
                [
                    p["name"] + (f".{p['key']}" if p["key"] else ""),
                    f"{p['value']:g}{p['unit']}",
                    "自行给定" if p["overridden"] else confidence_word(p["confidence"]),
                    p["source"],
                ]
                for p in result["parameters"]
            ],
            (4.6, 2.8, 2.4, 6.2),
        )
    for warning in result["warnings"]:
        doc.line(document, f"提示：{warning}", size=10)
    doc.line(
        document,
        "本通知为试算稿，不替代主管机关的正式文书；对计算有异议的，请对照上列条款和出处提出。",
        size=10,
        indent=True,
    )
    return doc.written(document, path)
