"""Verbs about assessment: schemes there are, a template to fill, a run on a filled workbook."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from hengtan.basis.errors import HengtanError
from hengtan.cli import show
from hengtan.cli.app import JsonOption, app

assess_app = typer.Typer(help="考核评价 assessment", no_args_is_help=True)
app.add_typer(assess_app, name="assess")


@assess_app.command("list")
def assess_list(json: JsonOption = False) -> None:
    """随附的考核方案。The schemes that ship."""
    from hengtan import packs
    from hengtan.workspace.assess import schemes

    rows = schemes(packs.load("cn"))
    if json:
        show.say(show.as_json(rows))
    else:
        show.plain_table(rows, ["scheme", "title_zh", "items", "law", "confidence", "note_zh"])


@assess_app.command("template")
def assess_template(
    scheme: Annotated[str, typer.Argument(help="方案编号（见 assess list），或 blank 写空白方案")], to: Annotated[Path, typer.Argument(help=".xlsx")],
    units: Annotated[str, typer.Option("--units", help="被考核对象，用、分开 those assessed")] = "",
) -> None:
    """写出方案与数据的 Excel 模板：指标、权重、计分方式都可改。Write the workbook of a scheme, to change and fill."""
    from hengtan import packs
    from hengtan.workspace.assess import template

    if to.suffix.lower() != ".xlsx":
        raise HengtanError(f"模板是 Excel 工作簿，不能写成“{to.suffix}”", "the template is a workbook", todo="文件名用 .xlsx 结尾", todo_en="let the name end in .xlsx")
    template(packs.load("cn"), scheme, to, [unit.strip() for unit in units.replace(",", "、").split("、") if unit.strip()])
    show.say(f"已写出 {to}")


@assess_app.command("run")
def assess_run(file: Path, to: Annotated[Path | None, typer.Option("--to", help="结果工作簿 .xlsx")] = None, json: JsonOption = False) -> None:
    """按填好的工作簿计分、定级、排名，失分逐项说明。Score, grade and rank a filled workbook."""
    from hengtan.assessment.evaluate import rank_range
    from hengtan.report.assessment import write_results
    from hengtan.workspace.assess import run

    scheme, results = run(file)
    rows = [result.as_dict() for result in results]
    if to is not None:
        write_results(to, scheme.title, rows, rank_range(results))
    if json:
        show.say(show.as_json({"scheme": scheme.id, "title": scheme.title, "results": rows}))
        return
    shown = sorted(rows, key=lambda r: (r["rank"] is None, r["rank"] or 0))
    show.plain_table([{"名次": r["rank"], "对象": r["name"], "得分": f"{r['points']:.2f}", "满分": f"{r['full']:g}", "等级": r["grade"], "依据": r["grade_reason"], "主要失分": "；".join(f"{i['name']} -{i['lost']:.2f}" for i in sorted(r["items"], key=lambda i: -i["lost"])[:3] if i["lost"] > 0.005)} for r in shown], ["名次", "对象", "得分", "满分", "等级", "依据", "主要失分"])
    if to is not None:
        show.say(f"已写出 {to}")
