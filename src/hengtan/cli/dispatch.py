"""The verbs of dispatch: studies of a power system by the hour, what a part of it is worth, and the
published year beside the computed one.
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

if TYPE_CHECKING:
    from hengtan.desk.power import Chosen
    from hengtan.workspace import Workspace

dispatch_app = typer.Typer(help="电力运行模拟 dispatch of a power system", no_args_is_help=True)
app.add_typer(dispatch_app, name="dispatch")
GWH, WAN = 1e3, 1e4
HOUR, MW = "时", "兆瓦"


@dataclass(frozen=True)
class Study:
    """Which dispatch study: of which place, by its code."""

    study: Annotated[str, typer.Option("--study", help="研究编号，只有一项时可不给")] = ""
    place: Annotated[str | None, typer.Option("--place", help="地区代码，默认工作区的地区")] = None

    def of(self, workspace: Workspace) -> Chosen:
        """The study chosen in a workspace."""
        from hengtan.desk.power import Chosen

        return Chosen(self.place or workspace.settings.region, self.study)


@dispatch_app.command("list")
@grouped
def dispatch_list(question: Question, json: JsonOption = False) -> None:
    """有哪些运行模拟研究。The dispatch studies there are."""
    from hengtan.desk.power import PowerDesk

    with question.opened() as workspace:
        rows = PowerDesk(workspace, question.as_of(workspace)).studies
    listed = [{name: row[name] for name in ("place", "study", "title", "year")} for row in rows]
    if json:
        show.say(show.as_json(listed))
        return
    columns = {"place": "地区", "study": "研究", "title": "名称", "year": "年份"}
    show.plain_table(
        [{zh: str(row[name]) for name, zh in columns.items()} for row in listed],
        list(columns.values()),
    )


@dispatch_app.command("run")
@grouped
def dispatch_run(study: Study, question: Question, json: JsonOption = False) -> None:
    """求解一项研究：各类电源、峰日平衡、假设。Solve a study: sources, peak day, assumptions."""
    from hengtan.desk.power import PowerDesk, answer

    with question.opened() as workspace:
        desk = PowerDesk(workspace, question.as_of(workspace))
        chosen = study.of(workspace)
        if desk.row_of(chosen).get("commitment") == "integer":
            show.say(word("batch"), error=True)
        whole = answer(desk, chosen)
    if json:
        show.say(show.as_json(whole))
        return
    show.say(f"{whole['inputs']['zh']} | {whole['inputs']['en']}")
    if whole["others"]:
        show.say(f"本地区还有研究：{'、'.join(whole['others'])}（用 --study 指定）")
    _summary(whole["summary"])
    if whole["commitment"] != "none":
        gap = f"{whole['summary']['gap']:.2%}"
        show.say("  " + word(f"committed.{whole['commitment']}").format(gap))
    _plants(whole["plants"])
    _nodes(whole["nodes"], whole["lines"])
    _peak_day(whole["peak_day"])
    if whole["outturn"]:
        _outturn(whole["outturn"])
    _assumptions(whole["assumptions"])


@dispatch_app.command("value")
@grouped
def dispatch_value(
    part: Annotated[str, typer.Argument(help="机组、通道、站址的编号或名称")],
    study: Study,
    question: Question,
    json: JsonOption = False,
) -> None:
    """一个机组、通道或站址值多少：不算它与算它的差。What a part is worth: without less with."""
    from hengtan.desk.power import PowerDesk

    with question.opened() as workspace:
        desk = PowerDesk(workspace, question.as_of(workspace))
        worth = desk.value(desk.study(study.of(workspace)), part)
    if json:
        show.say(show.as_json(worth))
        return
    show.say(f"{worth['part']}")
    show.say(f"  省下费用 {worth['saving'] / WAN:,.1f} 万元/年")
    if worth["gap"] > worth["saving"] * 1e-3:
        show.say(f"  机组组合分段求解，上数最多相差 {worth['gap'] / WAN:,.1f} 万元/年")
    show.say(f"  少排 {worth['carbon'] / WAN:,.2f} 万吨二氧化碳/年")
    show.say(f"  少缺电 {worth['shortage_hours']:,.0f} 小时/年")


def _summary(row: Mapping[str, Any]) -> None:
    show.say(f"{row['name']}（{row['year']}年）")
    show.say(
        f"  用电 {row['demand'] / 1e5:,.1f} 亿千瓦时，最大 {row['peak'] / 10:,.0f} 万千瓦；"
        f"费用 {row['cost'] / 1e8:,.2f} 亿元，排放 {row['carbon'] / WAN:,.1f} 万吨二氧化碳"
    )
    show.say(
        f"  缺电 {row['shortage'] / 1e5:,.3f} 亿千瓦时、{row['shortage_hours']:,.0f} 小时；"
        f"边际电价平均 {row['price_mean'] / 1e3:,.3f}、"
        f"最高 {row['price_highest'] / 1e3:,.3f} 元/千瓦时"
    )
    show.plain_table(
        [
            {
                "电源": word(f"kind.{kind}"),
                "亿千瓦时": f"{energy / 1e5:,.2f}",
                "弃电率": _percent(row["curtailment"].get(kind)),
            }
            for kind, energy in row["generation"].items()
        ],
        ["电源", "亿千瓦时", "弃电率"],
    )


def _plants(rows: Sequence[Mapping[str, Any]]) -> None:
    show.plain_table(
        [
            {
                "电源": word(f"kind.{row['kind']}"),
                "名称": row["name"],
                "万千瓦": f"{row['capacity'] / 10:,.1f}",
                "新增": f"{row['built'] / 10:,.1f}" if row["built"] else "",
                "亿千瓦时": f"{row['output'] / 1e5:,.2f}",
                "利用小时": f"{row['full_hours']:,.0f}" if row["full_hours"] is not None else "",
                "万吨二氧化碳": f"{row['carbon'] / WAN:,.1f}" if row["carbon"] else "",
            }
            for row in rows
        ],
        ["电源", "名称", "万千瓦", "新增", "亿千瓦时", "利用小时", "万吨二氧化碳"],
    )


def _nodes(nodes: Sequence[Mapping[str, Any]], lines: Sequence[Mapping[str, Any]]) -> None:
    """Nodes of a study of several, and the lines between them."""
    if not nodes:
        return
    show.plain_table(
        [
            {
                "节点": row["node"],
                "用电亿千瓦时": f"{row['demand'] / 1e5:,.2f}",
                "本节点供给": f"{row['own'] / 1e5:,.2f}",
                "线路送入": f"{row['brought'] / 1e5:,.2f}",
                "平均电价": f"{row['price_mean'] / 1e3:,.3f}",
                "最低": f"{row['price_lowest'] / 1e3:,.3f}",
                "最高": f"{row['price_highest'] / 1e3:,.3f}",
                "缺电小时": f"{row['shortage_hours']:,.0f}",
            }
            for row in nodes
        ],
        ["节点", "用电亿千瓦时", "本节点供给", "线路送入", "平均电价", "最低", "最高", "缺电小时"],
    )
    show.plain_table(
        [
            {
                "线路": row["line"],
                "送端": row["start"],
                "受端": row["end"],
                "潮流": "直流潮流" if row["by_angle"] else "按费用选定",
                "万千瓦": f"{row['capacity'] / 10:,.1f}",
                "正送亿千瓦时": f"{row['forward'] / 1e5:,.2f}",
                "反送": f"{row['back'] / 1e5:,.2f}",
                "送满小时": f"{row['full_hours']:,.0f}",
                "价差盈余万元": f"{row['rent'] / WAN:,.1f}",
            }
            for row in lines
        ],
        [
            "线路",
            "送端",
            "受端",
            "潮流",
            "万千瓦",
            "正送亿千瓦时",
            "反送",
            "送满小时",
            "价差盈余万元",
        ],
    )


def _peak_day(day: Mapping[str, Any]) -> None:
    peak = max(range(len(day["demand"])), key=day["demand"].__getitem__)
    parts = "、".join(
        f"{word(f'kind.{kind}')} {row[peak] / 10:,.0f}"
        for kind, row in day["rows"].items()
        if abs(row[peak]) > 0.05 and f"kind.{kind}" in _words()
    )
    show.say(
        f"  峰日最大时刻：负荷 {day['demand'][peak] / 10:,.0f} 万千瓦 = {parts}；"
        f"备用率 {day['margin']:.1%}"
    )


def _outturn(rows: Sequence[Mapping[str, Any]]) -> None:
    show.plain_table(
        [
            {
                "电源": word(f"outturn.{row['kind']}"),
                "模拟": f"{row['computed']:,.1f}",
                "公布": f"{row['published']:,.1f}",
                "差": f"{row['difference']:+,.1f}",
                "误差": _percent(row["share"]),
            }
            for row in rows
        ],
        ["电源", "模拟", "公布", "差", "误差"],
    )


def _percent(share: float | None) -> str:
    return "" if share is None else f"{share:.1%}"


def _words() -> Mapping[str, tuple[str, ...]]:
    from hengtan.desk.power import WORDS

    return WORDS


def word(code: str) -> str:
    """The Chinese word of a code."""
    return _words()[code][0]


@dispatch_app.command("firm")
@grouped
def dispatch_firm(
    study: Study,
    question: Question,
    share: Annotated[
        float, typer.Option("--share", help="要保证的小时占比，%", min=50, max=100)
    ] = 95.0,
    json: JsonOption = False,
) -> None:
    """水风光合在一起的保证出力，蓄水与不蓄水各多少。Firm output of hydro, wind and sun."""
    from hengtan.desk.power import PowerDesk, firm_of

    with question.opened() as workspace:
        desk = PowerDesk(workspace, question.as_of(workspace))
        firm = firm_of(desk, study.of(workspace), share / 100.0)
    if json:
        show.say(show.as_json(firm))
        return
    show.say(f"{firm['study']['title']}（{firm['study']['year']}年）")
    show.say(
        f"  {share:g}%的小时保证出力：{firm['together']:,.2f} {MW}（上界 {firm['bound']:,.2f}）"
    )
    show.say(f"  不蓄水时：{firm['apart']:,.2f} {MW}；蓄水增加 {firm['gain']:,.2f} {MW}")
    _assumptions(firm["assumptions"])


@dispatch_app.command("park")
@grouped
def dispatch_park(
    study: Study,
    question: Question,
    meets: Annotated[
        bool, typer.Option("--meet", help="按规定的三个比例设计（方案没有自填的）")
    ] = False,
    to: Annotated[Path | None, typer.Option("--to", help="写成 .docx 或 .xlsx")] = None,
    lang: LanguageOption = "zh",
    json: JsonOption = False,
) -> None:
    """园区或建筑：风光储多大、三个比例、费用、哪条限制起作用。Sizes and shares of a park."""
    from hengtan.basis.whole_files import write_whole
    from hengtan.desk.outlook_papers import park_file_of
    from hengtan.desk.power import PowerDesk
    from hengtan.desk.power_parks import ParkDesk

    with question.opened() as workspace:
        parks = ParkDesk(PowerDesk(workspace, question.as_of(workspace)))
        whole = parks.answer(study.of(workspace), meets_rule=meets)
        if to is not None:
            demo = bool(parks.row_of(study.of(workspace)).get("_demo"))
            view = {"answer": whole | {"demo": demo}}
            write_whole(to, park_file_of(workspace, view, to.suffix.lstrip("."), lang))
            show.say(f"已写出 {to}")
            return
    if json:
        show.say(show.as_json(whole))
        return
    _park(whole)


SHARES = {"self_use": "自发自用比例", "green": "绿电占用电比例", "exported": "上网比例"}


def _park(whole: Mapping[str, Any]) -> None:
    sizes = "、".join(f"{word(f'kind.{k}')} {v:,.0f} 千瓦" for k, v in whole["built"].items())
    show.say(f"{whole['study']['park']}（{whole['study']['year']}年）")
    show.say(
        f"  {sizes}；储能 {whole['store_energy']:,.0f} 千瓦时、{whole['store_power']:,.0f} 千瓦"
    )
    show.say(
        f"  费用 {whole['cost'] / WAN:,.1f} 万元/年（全部买电 "
        f"{whole['cost_bought_only'] / WAN:,.1f} 万元/年）；"
        f"最大购电 {whole['peak_bought']:,.0f} 千瓦（最大负荷 {whole['peak_load']:,.0f}）"
    )
    show.plain_table(
        [
            {
                "比例": SHARES[row["share"]],
                "数值": _percent(row["value"]),
                "要求": _percent(row["threshold"]),
                "达到": {True: "是", False: "否", None: "—"}[row["is_met"]],
                "依据": row["said_by"],
            }
            for row in whole["shares"]
        ],
        ["比例", "数值", "要求", "达到", "依据"],
    )
    counted = "计入" if whole["loss_counts"] else "不计入"
    show.say(f"  储能损耗 {whole['loss']:,.0f} 千瓦时，{counted}自用")
    for limit in whole["binding"].values():
        show.say(f"  起作用的限制：{limit['zh']}")
    _assumptions(whole["assumptions"])


def _assumptions(rows: Sequence[Mapping[str, Any]]) -> None:
    show.say(f"假设（{len(rows)}）")
    for row in rows:
        show.say(f"  {row['zh']}")
