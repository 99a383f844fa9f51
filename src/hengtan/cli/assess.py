"""Verbs about assessment: schemes there are, a template to fill, a run on a filled workbook."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from hengtan.basis.errors import HengtanError
from hengtan.cli import show
from hengtan.cli.app import JsonOption, WorkspaceOption, app, opened

assess_app = typer.Typer(help="考核评价 assessment", no_args_is_help=True)
app.add_typer(assess_app, name="assess")


@assess_app.command("list")
def assess_list(json: JsonOption = False) -> None:
    """随附的考核方案。The schemes that ship."""
    from hengtan import packs
    from hengtan.workbooks.assessment import schemes

    rows = schemes(packs.load("cn"))
    if json:
        show.say(show.as_json(rows))
    else:
        show.plain_table(rows, ["scheme", "title_zh", "items", "law", "confidence", "note_zh"])


@assess_app.command("template")
def assess_template(
    scheme: Annotated[str, typer.Argument(help="方案编号（见 assess list），或 blank 写空白方案")],
    to: Annotated[Path, typer.Argument(help=".xlsx")],
    units: Annotated[str, typer.Option("--units", help="被考核对象，用、分开 those assessed")] = "",
) -> None:
    """写出方案与数据的 Excel 模板：指标、权重、计分方式都可改。Write the workbook of a scheme, to change and fill."""
    from hengtan import packs
    from hengtan.workbooks.assessment import template

    if to.suffix.lower() != ".xlsx":
        raise HengtanError(
            f"模板是 Excel 工作簿，不能写成“{to.suffix}”",
            "the template is a workbook",
            todo="文件名用 .xlsx 结尾",
            todo_en="let the name end in .xlsx",
        )
    template(
        packs.load("cn"),
        scheme,
        to,
        [unit.strip() for unit in units.replace(",", "、").split("、") if unit.strip()],
    )
    show.say(f"已写出 {to}")


@assess_app.command("run")
def assess_run(
    file: Path,
    to: Annotated[Path | None, typer.Option("--to", help="结果工作簿 .xlsx")] = None,
    year: Annotated[
        int | None, typer.Option("--year", help="空着的实绩按这一年从台账取（填了台账指标的行）")
    ] = None,
    workspace: WorkspaceOption = None,
    json: JsonOption = False,
) -> None:
    """按填好的工作簿计分、定级、排名，失分逐项说明。Score, grade and rank a filled workbook."""
    from hengtan.assessment.evaluate import rank_range
    from hengtan.report.sheet.assessment import write_results
    from hengtan.workbooks.assessment import run

    told: list[str] = []
    if year is None:
        scheme, results = run(file)
    else:
        from hengtan.desk.assessment_odds import run_with_ledger
        from hengtan.desk.forecast import Forecasts

        with opened(workspace) as found:
            scheme, results, told = run_with_ledger(file, Forecasts(found), year)
    rows = [result.as_dict() for result in results]
    if to is not None:
        write_results(to, scheme.title, rows, rank_range(results))
    if json:
        show.say(
            show.as_json(
                {"scheme": scheme.id, "title": scheme.title, "results": rows, "from_ledger": told}
            )
        )
        return
    shown = sorted(rows, key=lambda r: (r["rank"] is None, r["rank"] or 0))
    show.plain_table(
        [
            {
                "名次": r["rank"],
                "对象": r["name"],
                "得分": f"{r['points']:.2f}",
                "满分": f"{r['full']:g}",
                "等级": r["grade"],
                "依据": r["grade_reason"],
                "主要失分": "；".join(
                    f"{i['name']} -{i['lost']:.2f}"
                    for i in sorted(r["items"], key=lambda i: -i["lost"])[:3]
                    if i["lost"] > 0.005
                ),
            }
            for r in shown
        ],
        ["名次", "对象", "得分", "满分", "等级", "依据", "主要失分"],
    )
    if to is not None:
        show.say(f"已写出 {to}")
    for line in told:
        show.say(f"  取自台账 {line}")


@assess_app.command("odds")
def assess_odds(
    file: Path,
    year: Annotated[int, typer.Option("--year", help="考核哪一年")],
    draws: Annotated[
        int, typer.Option("--draws", help="联合抽样次数", min=1000, max=1_000_000)
    ] = 100_000,
    workspace: WorkspaceOption = None,
    json: JsonOption = False,
) -> None:
    """各等级的可能性：有实绩的算定，有预测的联合抽样，其余给出上下界。The odds of each grade."""
    from hengtan.desk.assessment_odds import odds
    from hengtan.workbooks.assessment import read_links

    if workspace is not None or any(name for name, _, _ in read_links(file).values()):
        from hengtan.desk.forecast import Forecasts

        with opened(workspace) as found:
            scheme, rows = odds(file, Forecasts(found), year, number=draws)
    else:
        scheme, rows = odds(file, None, year, number=draws)
    if json:
        show.say(
            show.as_json(
                {
                    "scheme": scheme.id,
                    "title": scheme.title,
                    "year": year,
                    "draws": draws,
                    "results": [r.as_dict() for r in rows],
                }
            )
        )
        return
    for r in rows:
        if r.unknown:
            span = "；".join(
                f"{g} {min(r.if_met[g], r.if_missed[g]):.0%}—{max(r.if_met[g], r.if_missed[g]):.0%}"
                for g in r.if_met
            )
            show.say(
                f"{r.name}：{span}（{len(r.unknown)}项既无实绩也无预测：{'、'.join(r.unknown[:5])}{'等' if len(r.unknown) > 5 else ''}；上下界为全部达标与全部不达标）"
            )
        else:
            show.say(f"{r.name}：{'；'.join(f'{g} {p:.0%}' for g, p in r.odds.items())}")
        for name, chance, basis in r.basis:
            show.say(f"  {name}：{'—' if chance is None else f'{chance:.0%}'}　{basis}")


@assess_app.command("park")
def assess_park(file: Path, json: JsonOption = False) -> None:
    """国家级零碳园区：核心指标一票否决，引导性指标列明达到与否。National zero-carbon parks."""
    from hengtan import packs
    from hengtan.desk.assessment_odds import judge_parks, park_limits

    rows = judge_parks(file, park_limits(packs.load("cn")))
    if json:
        show.say(show.as_json([r.as_dict() for r in rows]))
        return
    for r in rows:
        show.say(
            f"{r.park.name}：{'核心指标达到' if r.passes else '核心指标未达到（一票否决）'}，单位能耗碳排放{r.core:.3f}吨/吨标准煤，限值{r.limit:g}"
        )
        for name, actual, limit, met in r.guiding:
            show.say(
                f"  {name}："
                + ("未报" if met is None else f"{actual:g}，" + ("达到" if met else "未达到"))
                + f"（要求{limit:g}）"
            )
