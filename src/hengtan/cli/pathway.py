"""The verbs of pathways: a scenario from the accounts' base year, its measures, costs, targets and
budget, and how each figure came about.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from hengtan.cli import show
from hengtan.cli.app import JsonOption, app
from hengtan.cli.options import LanguageOption, Question, grouped
from hengtan.cli.pathway_bought import say_bought

if TYPE_CHECKING:
    from hengtan.desk.pathway import PathwayDesk
    from hengtan.outlook.pathway.explain import ExplainedFigure
    from hengtan.workspace import Workspace

pathway_app = typer.Typer(help="情景路径 pathways of a place", no_args_is_help=True)
app.add_typer(pathway_app, name="pathway")

YearOption = Annotated[int | None, typer.Option("--year", help="看哪一年，默认末年")]
WAN = 1e4
LARGE, CHANGED = 0.05, 0.01
"""Shares of carriers that the eye is shown."""
Names = Mapping[str, tuple[str, str]]


@dataclass(frozen=True)
class Scenario:
    """Which study: of which place, from which base year to which year, without which measures."""

    place: Annotated[str | None, typer.Option("--place", help="地区代码，默认工作区的地区")] = None
    base: Annotated[int | None, typer.Option("--base", help="基年，默认最新有平衡表的一年")] = None
    until: Annotated[int, typer.Option("--until", help="末年", min=2001, max=2100)] = 2035
    districts: Annotated[bool, typer.Option("--districts", help="分区县计算")] = False
    without: Annotated[
        list[str] | None, typer.Option("--without", help="不算的措施编号，可多次给")
    ] = None
    method: Annotated[str, typer.Option("--method", help="平衡表编法 statistics 或 records")] = ""
    plants: Annotated[
        bool, typer.Option("--plants", help="电厂、热厂单列，不按终端用量分摊其排放")
    ] = False
    rate: Annotated[float, typer.Option("--rate", help="折现率，%", min=0, max=50)] = 5.0

    def of(self, workspace: Workspace, question: Question) -> PathwayDesk:
        """The study in a workspace."""
        from hengtan.desk.pathway import Asked, PathwayDesk

        asked = Asked(
            self.place or workspace.settings.region,
            self.base,
            self.until,
            self.districts,
            tuple(self.without or ()),
            self.method,
            not self.plants,
            self.rate / 100,
        )
        return PathwayDesk(workspace, asked, question.as_of(workspace))

    def told_of(self, workspace: Workspace, question: Question) -> PathwayDesk:
        """The study in a workspace; measures that it leaves out are said first, a line each."""
        desk = self.of(workspace, question)
        for line in desk.set_aside:
            show.say(f"{line['zh']} | {line['en']}", error=True)
        return desk


@pathway_app.command("show")
@grouped
def pathway_show(
    scenario: Scenario, question: Question, year: YearOption = None, json: JsonOption = False
) -> None:
    """逐年排放、各措施减排、缺什么、假设了什么。Emissions by year, wedges, gaps, assumptions."""
    with question.opened() as workspace:
        desk = scenario.told_of(workspace, question)
        whole = desk.as_dict(year)
    if json:
        show.say(show.as_json(whole))
        return
    say_inputs(whole["inputs"])
    _years(whole)
    if whole["bought"]:
        say_bought(whole["bought"])
    _wedges(whole)
    for title, listed in (("缺口", whole["gaps"]), ("假设", whole["assumptions"])):
        show.say(f"{title}（{len(listed)}）")
        for row in listed:
            show.say(f"  {row['zh']}")


@pathway_app.command("base")
@grouped
def pathway_base(scenario: Scenario, question: Question, json: JsonOption = False) -> None:
    """基年与平衡表、清单逐行对照。The base year beside balance and inventory, line by line."""
    with question.opened() as workspace:
        desk = scenario.told_of(workspace, question)
        lines, gaps = desk.lines, [desk.said_gap(gap) for gap in desk.study.base.gaps]
        names = desk.names
    rows = [vars(line) | {"difference": line.difference} for line in lines]
    if json:
        show.say(show.as_json({"lines": rows, "gaps": gaps}))
        return
    show.plain_table(
        [
            {
                "地区": row["place"],
                "种类": KINDS[row["kind"]],
                "行": _name(names, row["row"]),
                "品种": _name(names, row["product"]),
                "模型": _amount(row["model"]),
                "账户": _amount(row["account"]),
                "差": _amount(row["difference"]),
                "单位": row["unit"],
            }
            for row in rows
        ],
        ["地区", "种类", "行", "品种", "模型", "账户", "差", "单位"],
    )
    for gap in gaps:
        show.say(f"  缺 {gap['zh']}")


@pathway_app.command("curve")
@grouped
def pathway_curve(
    scenario: Scenario,
    question: Question,
    year: YearOption = None,
    worth: Annotated[
        float | None, typer.Option("--worth", help="每吨减排的价值，元；给了就算成本效益", min=0)
    ] = None,
    json: JsonOption = False,
) -> None:
    """减排成本曲线，或成本效益（--worth）。The cost curve, or cost and benefit."""
    with question.opened() as workspace:
        desk = scenario.told_of(workspace, question)
        rows = desk.curve(year or scenario.until) if worth is None else desk.benefit(worth)
        inputs = desk.inputs.as_dict()
    if json:
        show.say(show.as_json(rows))
        return
    say_inputs(inputs)
    show.plain_table([_cost(row) for row in rows], list(_cost(rows[0])) if rows else ["措施"])


@pathway_app.command("explain")
@grouped
def pathway_explain(
    sector: Annotated[str, typer.Argument(help="部门：平衡表行或清单类别，例如 F.2.ind")],
    scenario: Scenario,
    question: Question,
    year: YearOption = None,
    json: JsonOption = False,
) -> None:
    """一个部门的排放怎么来的：因素、措施、假设、来源。How a sector's emissions came about."""
    with question.opened() as workspace:
        desk = scenario.told_of(workspace, question)
        figure, base = desk.explained(sector, year or scenario.until), desk.study.base
        said = [desk.said_assumption(assumption) for assumption in figure.assumptions]
        names = desk.names
    if json:
        show.say(show.as_json(_figure(figure) | {"assumptions": said}))
        return
    for line in figure_lines(figure, names):
        show.say(line)
    show.say(
        f"  基年来历：hengtan explain energy_balance place={figure.place} year={base.year} "
        f"method={base.method} row={figure.sector} product=…（排放用 carbon_fuel）"
    )
    for row in said:
        show.say(f"  假设 {row['zh']}")


@pathway_app.command("targets")
@grouped
def pathway_targets(
    scenario: Scenario, question: Question, year: YearOption = None, json: JsonOption = False
) -> None:
    """按情景判各目标（同一口径、同一规则）。Targets judged on the scenario."""
    with question.opened() as workspace:
        rows = scenario.told_of(workspace, question).targets(year or scenario.until)
    if json:
        show.say(show.as_json(rows))
        return
    resting = [row for row in rows if row["rests_on_scenario"]]
    show.plain_table(
        [
            {
                "目标": row["target_id"],
                "指标": row["indicator_zh"],
                "到期": row["deadline_year"],
                "目标值": f"{row['goal']:g}{row['unit']}",
                "情景值": _amount(row["latest"]),
                "年": row["latest_year"],
                "灯": row["light"],
            }
            for row in resting
        ],
        ["目标", "指标", "到期", "目标值", "情景值", "年", "灯"],
    )
    show.say(
        f"情景（预测，不是实绩）能判{len(resting)}个，其余{len(rows) - len(resting)}个不由情景判"
    )


@pathway_app.command("budget")
@grouped
def pathway_budget(scenario: Scenario, question: Question, json: JsonOption = False) -> None:
    """碳预算减情景排放，逐年和累计。Carbon budget less the scenario, by year and in sum."""
    with question.opened() as workspace:
        rows = scenario.told_of(workspace, question).budget()
    if json:
        show.say(show.as_json(rows))
        return
    titles = {
        "place": "地区",
        "year": "年",
        "budget": "预算（吨CO2）",
        "scenario": "情景",
        "gap": "余（缺为负）",
        "sum": "累计",
        "basis": "依据",
    }
    show.plain_table(
        [{titles[key]: _cell(row[key]) for key in titles} for row in rows], list(titles.values())
    )


@pathway_app.command("measures")
@grouped
def pathway_measures(
    to: Annotated[Path, typer.Option("--to", help="写成 .xlsx")],
    scenario: Scenario,
    question: Question,
    candidates: Annotated[
        bool, typer.Option("--candidates", help="改为账户已知的措施：锅炉替代、煤电改造，供补全")
    ] = False,
) -> None:
    """把现行措施写成可改的工作簿；改好用 hengtan import measure_effects 导回。

    The measures in force as a workbook to edit.
    """
    from hengtan.desk.pathway import write_measures

    with question.opened() as workspace:
        desk = scenario.of(workspace, question)
        count = write_measures(desk, to, candidates=candidates)
    show.say(f"已写出 {to}（{count}行）；改好后：hengtan import measure_effects {to}")


@pathway_app.command("book")
@grouped
def pathway_book(
    to: Annotated[Path, typer.Option("--to", help="写成 .xlsx")],
    scenario: Scenario,
    question: Question,
    year: YearOption = None,
    lang: LanguageOption = "zh",
) -> None:
    """整份研究写成工作簿。The whole study as a workbook."""
    from hengtan.desk.pathway_page import base_lines
    from hengtan.report.sheet.pathway import write_pathway

    with question.opened() as workspace:
        desk = scenario.told_of(workspace, question)
        whole = desk.as_dict(year)
        lines = base_lines(desk)["all"]
    write_pathway(whole, lines, to, lang)
    show.say(f"已写出 {to}")


KINDS = {
    "energy": "终端消费",
    "burnt": "燃烧排放",
    "source": "非燃烧排放",
    "total_energy": "能源消费总量",
    "total_emissions": "排放总量",
}


def say_inputs(inputs: Mapping[str, Any]) -> None:
    """Say how many inputs a study has and how many of them are assumed."""
    show.say(f"{inputs['zh']} | {inputs['en']}")


def _years(whole: Mapping[str, Any]) -> None:
    show.say(
        f"{'、'.join(whole['places'])}：基年{whole['base_year']}（{whole['method']}），"
        "以后各年为情景预测，不是实绩 | projected, not outturns"
    )
    some = any(row["indirect_cut"] is not None for row in whole["years"])
    more = ["间接（万吨）", "合计减排（万吨）"] if some else []
    show.plain_table(
        [
            {
                "年": row["year"],
                "无措施（万吨）": wan(row["without_measures"]),
                "有措施（万吨）": wan(row["with_measures"]),
                "减排（万吨）": wan(row["cut"]),
                "间接（万吨）": wan(row["indirect_cut"]),
                "合计减排（万吨）": wan(row["whole"]),
                "合计中靠假设": _share(row["assumed_share"]),
            }
            for row in whole["years"]
        ],
        ["年", "无措施（万吨）", "有措施（万吨）", "减排（万吨）", *more, "合计中靠假设"],
    )


def _share(value: float | None) -> str:
    return "" if value is None else f"{value:.0%}"


def _wedges(whole: Mapping[str, Any]) -> None:
    show.say(f"{whole['year']}年各措施减排（相加等于总减排）")
    show.plain_table(
        [
            {
                "措施": row["measure"],
                "名称": row["title"],
                "条款": row["clause"],
                "直接减排（万吨）": wan(row["cut"]),
                "间接（万吨）": wan(row["indirect"]),
                "合计（万吨）": wan(row["whole"]),
                "数据": "已确立" if row["established"] else "含假设",
            }
            for row in whole["wedges"]
        ],
        ["措施", "名称", "条款", "直接减排（万吨）", "间接（万吨）", "合计（万吨）", "数据"],
    )


def _cost(row: Mapping[str, Any]) -> dict[str, Any]:
    if "worth" in row:
        return {
            "措施": row["measure"],
            "名称": row["title"],
            "直接减排（万吨）": wan(row["direct"]),
            "间接（万吨）": wan(row["indirect"]),
            "合计（万吨）": wan(row["tonnes"]),
            "成本（万元）": wan(row["cost"]),
            "效益（万元）": wan(row["worth"]),
            "净效益（万元）": wan(row["net"]),
        }
    height = row["per_tonne"]
    return {
        "措施": row["measure"],
        "名称": row["title"],
        "直接减排（万吨）": wan(row["cut"]),
        "间接（万吨）": wan(row["indirect"]),
        "合计（万吨）": wan(row["whole"]),
        "年成本（万元）": wan(row["cost"]),
        "元/吨": "" if height is None else f"{height:,.0f}",
        "数据": "已确立" if row["cut_established"] and row["cost_established"] else "含假设",
    }


def _figure(figure: ExplainedFigure) -> dict[str, Any]:
    """A figure with its drivers and measures, for JSON."""
    return {
        "place": figure.place,
        "sector": figure.sector,
        "year": figure.year,
        "base": figure.base,
        "without_measures": figure.plain,
        "with_measures": figure.after,
        "left_over": figure.left_over,
        "drivers": [
            vars(step) | {"course": _rows_of(step.course.rows) if step.course else []}
            for step in figure.drivers
        ],
        "measures": [
            vars(step) | {"marks": [vars(mark) for mark in step.marks], "rows": _rows_of(step.rows)}
            for step in figure.measures
        ],
    }


def _rows_of(rows: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Where rows of a form stand."""
    columns = ("_submission", "_file", "_sheet", "_source_row", "_row")
    return [{column: row.get(column) for column in columns} for row in rows]


def figure_lines(figure: ExplainedFigure, names: Names) -> list[str]:
    """A figure in lines for the eye; of the carriers, those that change and the large ones."""
    after, plain, base = (wan(value) for value in (figure.after, figure.plain, figure.base))
    lines = [
        f"{figure.place} {_name(names, figure.sector)} {figure.year}年（情景预测）："
        f"有措施 {after} 万吨，无措施 {plain} 万吨，基年 {base} 万吨"
    ]
    from hengtan.outlook.pathway.measures import UNITS

    large = {step.carrier for step in figure.drivers if step.driver == "share" and _shown(step)}
    for step in figure.drivers:
        if step.driver in ("share", "factor") and step.carrier not in large:
            continue
        name = " ".join(filter(None, (_name(names, step.driver), _name(names, step.carrier))))
        lines.append(
            f"  因素 {name}：基年 {step.base:.4g} → {step.plain:.4g}（无措施）→ "
            f"{step.after:.4g}（有措施） {step.unit}"
        )
        lines += [f"    〔{_source(row)}〕" for row in (step.course.rows if step.course else ())]
    for measure in figure.measures:
        about = f"{measure.code} {measure.title} {measure.clause}".strip()
        lines.append(f"  措施 {about}：减 {wan(measure.cut)} 万吨")
        lines += [
            f"    {_name(names, mark.number)} {mark.value:,.10g}{UNITS.get(mark.number, '')} "
            + (f"已确立：{mark.source}" if mark.established else "假设")
            for mark in measure.marks
            if mark.value is not None
        ]
        lines += [f"    〔{_source(row)}〕" for row in measure.rows]
    return lines


def _shown(step: Any) -> bool:
    """Whether a carrier is large, or changes beyond the sum it is a share of."""
    return max(step.plain, step.after) >= LARGE or abs(step.after - step.plain) >= CHANGED


def _name(names: Names, code: str) -> str:
    return names[code][0] if code in names else code


def _source(row: Mapping[str, Any]) -> str:
    parts = [row.get("source_title"), row.get("_file"), row.get("_sheet")]
    line = row.get("_source_row") or row.get("_row")
    return " ".join(str(part) for part in parts if part) + (f" 第{line}行" if line else "")


def wan(value: float | None) -> str:
    """Tonnes as 10⁴ t."""
    return "" if value is None else f"{value / WAN:,.2f}"


def _amount(value: float | None) -> str:
    return "" if value is None else f"{value:,.4g}"


def _cell(value: Any) -> Any:
    return f"{value:,.0f}" if isinstance(value, float) else value
