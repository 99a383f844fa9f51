"""Verbs about assessment: schemes there are, a template to fill, a run on a filled
workbook, odds.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from hengtan.basis.errors import HengtanError
from hengtan.cli import show
from hengtan.cli.app import JsonOption, PartlyOption, WorkspaceOption, app, opened
from hengtan.cli.options import LanguageOption

if TYPE_CHECKING:
    from hengtan.desk.assessment_odds import GradeOdds

assess_app = typer.Typer(help="考核评价 assessment", no_args_is_help=True)
app.add_typer(assess_app, name="assess")
WORST_ITEMS, NAMED_UNKNOWN = 3, 5
NO_LOSS = 0.005
"""Points lost that still print as 0.00."""


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
    lang: LanguageOption = "zh",
) -> None:
    """写出方案与数据的 Excel 模板：指标、权重、计分方式都可改。Write the workbook of a scheme, to
    change and fill.
    """
    from hengtan import packs
    from hengtan.workbooks.assessment import template

    if to.suffix.lower() != ".xlsx":
        raise HengtanError(
            f"模板是 Excel 工作簿，不能写成“{to.suffix}”",
            "the template is a workbook",
            todo="文件名用 .xlsx 结尾",
            todo_en="let the name end in .xlsx",
        )
    names = [unit.strip() for unit in units.replace(",", "、").split("、")]
    template(packs.load("cn"), scheme, to, [name for name in names if name], lang)
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
    partly: PartlyOption = False,
    lang: LanguageOption = "zh",
) -> None:
    """按填好的工作簿计分、定级、排名，失分逐项说明。Score, grade and rank a filled workbook."""
    from hengtan import packs
    from hengtan.assessment.evaluate import rank_range
    from hengtan.report.sheet.assessment import write_results
    from hengtan.workbooks.assessment import count_of, in_english, run

    taken: list[str] = []
    if year is None:
        scheme, results = run(file)
    else:
        from hengtan.desk.assessment import run_with_ledger
        from hengtan.desk.forecast import Forecasts

        with opened(workspace) as desk:
            scheme, results, taken = run_with_ledger(file, Forecasts(desk), year)
    counting = count_of(file, partly=partly)
    show.findings(scheme.findings, everything=True, error=json)
    rows = [result.as_dict() for result in results]
    if to is not None:
        said = [result.as_dict(lang) for result in results]
        if lang == "en":
            said = [in_english(packs.load("cn"), result) for result in said]
        write_results(to, scheme.title, said, rank_range(results), lang)
    if json:
        answer = {"scheme": scheme.id, "title": scheme.title, "results": rows}
        show.say(show.as_json({**answer, "from_ledger": taken, **counting.as_dict()}))
        raise typer.Exit(int(not counting.whole))
    by_rank = sorted(rows, key=lambda row: (row["rank"] is None, row["rank"] or 0))
    columns = ["名次", "对象", "得分", "满分", "等级", "依据", "主要失分"]
    show.plain_table([_result(row) for row in by_rank], columns)
    if to is not None:
        show.say(f"已写出 {to}")
    for line in taken:
        show.say(f"  取自台账 {line}")
    show.counted(counting)
    raise typer.Exit(int(not counting.whole))


def _result(row: dict[str, Any]) -> dict[str, Any]:
    worst = sorted(row["items"], key=lambda item: -item["lost"])[:WORST_ITEMS]
    lost = [f"{i['name']} -{i['lost']:.2f}" for i in worst if i["lost"] > NO_LOSS]
    return {
        "名次": row["rank"],
        "对象": row["name"],
        "得分": f"{row['points']:.2f}",
        "满分": f"{row['full']:g}",
        "等级": row["grade"],
        "依据": row["grade_reason"],
        "主要失分": "；".join(lost),
    }


@assess_app.command("odds")
def assess_odds(
    file: Path,
    year: Annotated[int, typer.Option("--year", help="考核哪一年")],
    draws: Annotated[
        int, typer.Option("--draws", help="联合抽样次数", min=1000, max=1_000_000)
    ] = 100_000,
    workspace: WorkspaceOption = None,
    json: JsonOption = False,
    partly: PartlyOption = False,
) -> None:
    """各等级的可能性：有实绩的算定，有预测的联合抽样，其余给出上下界。The odds of each grade."""
    from hengtan.desk.assessment import needs_ledger
    from hengtan.desk.assessment_odds import odds
    from hengtan.workbooks.assessment import count_of

    if workspace is not None or needs_ledger(file):
        from hengtan.desk.forecast import Forecasts

        with opened(workspace) as desk:
            scheme, rows = odds(file, Forecasts(desk), year, number=draws)
    else:
        scheme, rows = odds(file, None, year, number=draws)
    counting = count_of(file, partly=partly)
    show.findings(scheme.findings, everything=True, error=json)
    if json:
        answer = {"scheme": scheme.id, "title": scheme.title, "year": year, "draws": draws}
        results = {"results": [row.as_dict() for row in rows]}
        show.say(show.as_json({**answer, **results, **counting.as_dict()}))
        raise typer.Exit(int(not counting.whole))
    for row in rows:
        show.say(f"{row.name}：{_range(row)}")
        for name, chance, basis in row.basis:
            show.say(f"  {name}：{'—' if chance is None else f'{chance:.0%}'}　{basis}")
    show.counted(counting)
    raise typer.Exit(int(not counting.whole))


def _range(row: GradeOdds) -> str:
    """The odds of each grade, or the range they lie in where items are unknown."""
    if not row.unknown:
        return "；".join(f"{grade} {chance:.0%}" for grade, chance in row.odds.items())
    ends = {grade: sorted((row.if_met[grade], row.if_missed[grade])) for grade in row.if_met}
    ranges = "；".join(f"{grade} {low:.0%}—{high:.0%}" for grade, (low, high) in ends.items())
    names = "、".join(row.unknown[:NAMED_UNKNOWN])
    more = "等" if len(row.unknown) > NAMED_UNKNOWN else ""
    return (
        f"{ranges}（{len(row.unknown)}项既无实绩也无预测：{names}{more}；"
        "上下界为全部达标与全部不达标）"
    )


@assess_app.command("park")
def assess_park(file: Path, json: JsonOption = False, partly: PartlyOption = False) -> None:
    """国家级零碳园区：核心指标一票否决，引导性指标列明达到与否。National zero-carbon parks."""
    from hengtan import packs
    from hengtan.desk.parks import count_of, judge_parks, park_limits

    limits = park_limits(packs.load("cn"))
    rows, findings = judge_parks(file, limits)
    counting = count_of(file, limits, partly=partly)
    show.findings(findings, everything=True, error=json)
    show.counted(counting, error=json)
    if json:
        show.say(show.as_json([row.as_dict() for row in rows]))
        raise typer.Exit(int(not counting.whole))
    for row in rows:
        passes = "核心指标达到" if row.passes else "核心指标未达到（一票否决）"
        show.say(
            f"{row.park.name}：{passes}，单位能耗碳排放{row.core:.3f}吨/吨标准煤，限值{row.limit:g}"
        )
        for name, actual, limit, met in row.guiding:
            state = "未报" if met is None else f"{actual:g}，{'达到' if met else '未达到'}"
            show.say(f"  {name}：{state}（要求{limit:g}）")
    raise typer.Exit(int(not counting.whole))
