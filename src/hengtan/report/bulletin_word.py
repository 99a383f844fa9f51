"""The monthly bulletin as a Word document: a page of text, charts, the table of districts, revisions, key units."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from hengtan.basis.lights import of_level
from hengtan.report import documents as doc
from hengtan.report import pictures
from hengtan.report.bulletin_text import paragraphs, percent, title_of

DISTRICT_HEADS = (
    "区县",
    "名次",
    "较上期",
    "能源消费(万吨标准煤)",
    "能源增速",
    "当月增速",
    "GDP增速",
    "强度变化",
    "年底累计",
    "进度要求",
    "每年还需",
    "强度灯",
    "总量灯",
    "规上工业能耗",
    "工业增加值",
    "用电量",
    "煤炭",
)
DISTRICT_WIDTHS = (
    3.0,
    1.1,
    1.3,
    1.9,
    1.5,
    1.5,
    1.5,
    1.6,
    1.5,
    1.5,
    1.5,
    1.2,
    1.2,
    1.7,
    1.6,
    1.4,
    1.4,
)


def district_cells(r: Mapping[str, Any]) -> list[str]:
    """A district's row as it stands in the table."""
    move = r["rank_moved"]
    arrow = "" if move is None else "—" if move == 0 else f"↑{move}" if move > 0 else f"↓{-move}"
    return [
        r["name_zh"],
        str(r["rank"] or "—"),
        arrow,
        "—" if r["energy"] is None else f"{r['energy']:,.1f}",
        percent(r["energy_growth"]),
        percent(r["energy_month_growth"]),
        percent(r["gdp_growth"]),
        percent(r["change"], 2),
        percent(r["progress"], 2),
        percent(r["required"], 2),
        percent(r["needed"], 2),
        r["light_zh"] or "—",
        r["total_light_zh"] or "—",
        percent(r["industry_energy_growth"]),
        percent(r["industry_growth"]),
        percent(r["electricity_growth"]),
        percent(r["coal_growth"]),
    ]


def _shade(row: Mapping[str, Any], head: str) -> str | None:
    """The colour behind a cell: that of its light in the two columns of lights, where it was judged."""
    level = {"强度灯": row["light"], "总量灯": row["total_light"]}.get(head)
    return of_level(level).fill.lstrip("#") if level else None


def charts(b: Mapping[str, Any]) -> list[bytes | None]:
    """Change of intensity by district in the colour of its light, and the causes."""
    held = [r for r in b["districts"] if r["change"] is not None]
    first = pictures.bars(
        [r["name_zh"] for r in held],
        [r["change"] * 100 for r in held],
        [of_level(r["light"]).ink for r in held],
        "各区县单位地区生产总值能耗同比变化",
        line=b["city"]["change"] * 100 if b["city"]["change"] is not None else None,
        line_name="全市",
    )
    w = b["causes"]
    second = (
        pictures.waterfall(
            ("经济规模", "区县结构", "能耗强度"),
            [w["activity"], w["structure"], w["intensity"]],
            "合计变化",
            "能源消费变化的成因",
            unit="万吨标准煤",
        )
        if w
        else None
    )
    return [first, second]


def write_bulletin_word(b: Mapping[str, Any], path: Path) -> Path:
    """The bulletin as .docx."""
    document = doc.new_document()
    doc.line(document, title_of(b), size=18, face=doc.TITLE_FONT, centre=True, after=4)
    doc.line(
        document,
        f"第{b['issue']}期    {b['made_on']}"
        + ("    演示数据（虚构），不是任何地区的统计" if b["demo"] else ""),
        size=10.5,
        centre=True,
        colour=doc.DARK,
        after=8,
    )
    for heading, text in paragraphs(b):
        doc.line(document, heading, size=12.5, face=doc.HEAD_FONT, keep=True)
        doc.line(document, text, size=11, indent=True, after=2)
    drawn = charts(b)
    if any(drawn):
        document.add_page_break()
    for png in drawn:
        doc.picture(document, png)
    if not any(drawn):
        doc.line(document, "本机没有中文字体，未附图；图见 Excel 表。", size=9)
    doc.landscape(document)
    doc.line(
        document,
        f"附表1　各区县{b['period_zh']}能源消费与能耗强度",
        size=12,
        face=doc.HEAD_FONT,
        keep=True,
    )
    rows = [b["city"], *b["districts"]]
    cells = [
        ["全市", "", *district_cells(r)[2:]] if n == 0 else district_cells(r)
        for n, r in enumerate(rows)
    ]
    shades = [[_shade(row, head) for head in DISTRICT_HEADS] for row in rows]
    doc.table(document, DISTRICT_HEADS, cells, DISTRICT_WIDTHS, shades=shades, size=8)
    doc.line(
        document,
        "强度变化＝（1＋能源增速）÷（1＋GDP增速）－1；年底累计按本期走势推算；当月增速由两个累计数之差得出。",
        size=8.5,
    )
    if b["revised"]:
        doc.line(document, "附表2　上期之后的修订", size=12, face=doc.HEAD_FONT, keep=True)
        doc.table(
            document,
            ("区县", "时期", "指标", "原数", "现数"),
            [
                [
                    r["name_zh"],
                    r["period_zh"],
                    r["field_zh"],
                    _figure(r["old"], r["share"]),
                    _figure(r["new"], r["share"]),
                ]
                for r in b["revised"][:60]
            ],
            (4, 4, 6, 3, 3),
        )
    if b["units"]:
        doc.line(
            document,
            f"附表3　超出用能计划时序的重点用能单位（{len(b['units'])}户，列前20户）",
            size=12,
            face=doc.HEAD_FONT,
            keep=True,
        )
        doc.table(
            document,
            ("单位", "区县", "累计用能(吨标准煤)", "年度计划(吨标准煤)", "超时序"),
            [
                [
                    r["name"],
                    r["place_zh"],
                    f"{r['energy']:,.0f}",
                    f"{r['plan']:,.0f}",
                    percent(r["over"]),
                ]
                for r in b["units"][:20]
            ],
            (8, 4, 4, 4, 3),
        )
    doc.footer(
        document,
        f"{b['workspace']}　台账链首 {b['ledger_head'][:16]}　编制日 {b['made_on']}"
        + (f"　上期摘要 {b['previous']['digest'][:12]}" if b["previous"] else ""),
    )
    return doc.written(document, path)


def _figure(value: float | None, share: bool) -> str:
    return "空" if value is None else f"{value * 100:.1f}%" if share else f"{value:,.2f}"
