"""The monthly bulletin as a workbook: text, table of districts with native charts, causes, revisions, key units, nowcasts, what it rests on."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from openpyxl.chart import BarChart, Reference
from openpyxl.styles import PatternFill

from hengtan.report.bulletin_text import paragraphs, title_of
from hengtan.report.sheets import new_book, saved, sheet_of

COLUMNS: tuple[tuple[str, str, bool], ...] = (
    ("name_zh", "区县", False),
    ("rank", "名次", False),
    ("last_rank", "上期名次", False),
    ("energy", "能源消费总量（万吨标准煤）", False),
    ("energy_growth", "能源增速", True),
    ("energy_month", "当月能源消费（由累计相减）", False),
    ("energy_month_growth", "当月增速", True),
    ("gdp_growth", "GDP增速", True),
    ("change", "强度变化", True),
    ("progress", "年底累计降低", True),
    ("required", "进度要求", True),
    ("needed", "每年还需降低", True),
    ("light_zh", "强度灯", False),
    ("total_light_zh", "总量灯", False),
    ("industry_energy_growth", "规上工业能耗增速", True),
    ("industry_growth", "规上工业增加值增速", True),
    ("electricity_growth", "用电量增速", True),
    ("electricity_month_growth", "当月用电增速", True),
    ("coal_growth", "煤炭增速", True),
    ("co2_growth", "二氧化碳增速", True),
    ("carbon_change", "碳强度变化", True),
    ("growth_basis", "能源增速口径", False),
)
FILLS = {
    "红": PatternFill("solid", fgColor="F4C7C3"),
    "橙": PatternFill("solid", fgColor="FCE3C5"),
    "绿": PatternFill("solid", fgColor="CFE8D7"),
}


def write_bulletin_excel(b: Mapping[str, Any], path: Path) -> Path:
    """The bulletin as .xlsx."""
    book = new_book(title_of(b))
    text = [
        ["标题", title_of(b)],
        ["期数", f"第{b['issue']}期　{b['made_on']}" + ("　演示数据（虚构）" if b["demo"] else "")],
        *([h, t] for h, t in paragraphs(b)),
    ]
    sheet_of(book, "通报", ("栏目", "内容"), text, {"栏目": 18, "内容": 120})
    rows = [{**b["city"], "name_zh": "全市"}, *b["districts"]]
    sheet = sheet_of(
        book,
        "区县",
        [*(heading for _, heading, _ in COLUMNS), "缺"],
        [[*(r[name] for name, _, _ in COLUMNS), "、".join(r["missing"])] for r in rows],
        {"区县": 18, "缺": 30},
    )
    for n, (_, heading, share) in enumerate(COLUMNS, start=1):
        for line in sheet.iter_rows(min_row=2, min_col=n, max_col=n):
            if share:
                line[0].number_format = "0.00%"
            if heading in ("强度灯", "总量灯") and line[0].value in FILLS:
                line[0].fill = FILLS[line[0].value]
    held = [r for r in b["districts"] if r["change"] is not None]
    if held:
        sheet.add_chart(
            _bars("各区县单位地区生产总值能耗同比变化", sheet, 9, 3, 2 + len(held)),
            f"A{len(rows) + 4}",
        )
    _causes(book, b)
    if b["revised"]:
        sheet_of(
            book,
            "修订",
            ("区县", "时期", "指标", "原数", "现数", "单位为比例"),
            [
                [r["name_zh"], r["period_zh"], r["field_zh"], r["old"], r["new"], r["share"]]
                for r in b["revised"]
            ],
            {},
        )
    if b["units"]:
        units = sheet_of(
            book,
            "重点单位",
            ("单位", "区县", "累计用能（吨标准煤）", "年度计划（吨标准煤）", "超时序"),
            [[r["name"], r["place_zh"], r["energy"], r["plan"], r["over"]] for r in b["units"]],
            {"单位": 40},
        )
        for line in units.iter_rows(min_row=2, min_col=5, max_col=5):
            line[0].number_format = "0.0%"
    n = b["nowcast"]
    if n["rows"]:
        guessed = sheet_of(
            book,
            "推算",
            ("区县", "推算能源增速", "误差（标准误）", "不降的可能性", "预警", "依据"),
            [
                [
                    r["name_zh"],
                    r["growth"],
                    r["error"],
                    r["chance_of_red"],
                    r["warned"],
                    "、".join(r["drivers"]),
                ]
                for r in n["rows"]
            ],
            {},
        )
        for line in guessed.iter_rows(min_row=2, min_col=2, max_col=4):
            for cell in line:
                cell.number_format = "0.0%"
    about = [
        ["台账链首", b["ledger_head"]],
        ["编制日", b["made_on"]],
        [
            "上期",
            f"{b['previous']['period_zh']}（{b['previous']['digest']}）" if b["previous"] else "无",
        ],
        [
            "GDP增速代替",
            f"{b['stand_in']['period']}：{'、'.join(b['stand_in']['places'])}"
            if b["stand_in"]
            else "无",
        ],
    ]
    about += [
        [
            f"数据来源 {s['place']}",
            f"{s['period']}　提交 {s['submission']} 第{s['row']}行　{s['source'] or '没有来源'}",
        ]
        for s in b["sources"]
    ]
    sheet_of(book, "依据", ("项目", "内容"), about, {"项目": 22, "内容": 100})
    return saved(book, path)


def _bars(title: str, sheet: Any, column: int, first: int, last: int) -> BarChart:
    chart = BarChart()
    chart.type, chart.title, chart.legend, chart.height, chart.width = (
        "bar",
        title,
        None,
        max(7, 0.7 * (last - first + 1)),
        20,
    )
    chart.add_data(Reference(sheet, min_col=column, min_row=first, max_row=last))
    chart.set_categories(Reference(sheet, min_col=1, min_row=first, max_row=last))
    chart.y_axis.number_format, chart.y_axis.delete, chart.x_axis.delete = "0.0%", False, False
    chart.x_axis.scaling.orientation, chart.x_axis.tickLblPos = "maxMin", "low"
    return chart


def _causes(book: Any, b: Mapping[str, Any]) -> None:
    w = b["causes"]
    if not w:
        return
    rows: list[list[Any]] = [
        ["经济规模", w["activity"]],
        ["区县结构", w["structure"]],
        ["能耗强度", w["intensity"]],
        ["合计变化", w["change"]],
        *([f"其中强度：{r['name_zh']}", r["intensity"]] for r in w["by_place"]),
    ]
    sheet = sheet_of(book, "成因", ("因素", "影响（万吨标准煤）"), rows, {"因素": 30})
    chart = _bars("能源消费变化的成因（万吨标准煤）", sheet, 2, 2, 5)
    chart.y_axis.number_format = "0"
    sheet.add_chart(chart, "D2")
