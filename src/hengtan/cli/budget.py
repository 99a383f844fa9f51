"""Verbs about carbon budgets: a template to fill, a run on a filled workbook."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from hengtan.basis.errors import HengtanError
from hengtan.cli import show
from hengtan.cli.app import JsonOption, WorkspaceOption, app, opened

budget_app = typer.Typer(help="碳排放预算 carbon budgets", no_args_is_help=True)
app.add_typer(budget_app, name="budget")


@budget_app.command("template")
def budget_template(
    to: Path,
    workspace: WorkspaceOption = None,
    districts: Annotated[
        bool, typer.Option("--districts", help="把工作区所辖区县填进表里")
    ] = False,
) -> None:
    """写出碳排放预算工作簿模板。Write the workbook to fill."""
    from hengtan.basis.words import Words
    from hengtan.plan.budget.principles import PRINCIPLES
    from hengtan.report.budget import write_template
    from hengtan.workbooks.budget import PARAMETERS, SHEETS

    names: list[str] = []
    if districts:
        with opened(workspace) as found:
            names = [
                r["name_zh"]
                for r in found.pack.rows("places")
                if r["kind"] == "district" or (r["kind"] is None and r["parent"])
            ]
    write_template(
        to,
        PARAMETERS,
        SHEETS,
        [Words.of("hengtan.plan").say(f"principle.{name}") for name in PRINCIPLES],
        names,
    )
    show.say(f"已写出 {to}")


@budget_app.command("run")
def budget_run(
    file: Path,
    to: Annotated[Path | None, typer.Option("--to", help="结果写成 .xlsx")] = None,
    json: JsonOption = False,
) -> None:
    """算出各年预算、逐级分配（合计恰好相等）和执行情况。Paths, allocations that add up exactly, execution."""
    from hengtan.report.budget import RULES, write_budget
    from hengtan.workbooks.budget import as_dict, read_budget

    if to is not None and to.suffix.lower() != ".xlsx":
        raise HengtanError(
            f"不支持“{to.suffix}”格式",
            f"format '{to.suffix}' is not supported",
            todo="用 .xlsx",
            todo_en="use .xlsx",
        )
    made = as_dict(read_budget(file))
    if to:
        write_budget(made, to)
        show.say(f"已写出 {to}")
    if json:
        show.say(show.as_json(made))
        return
    show.plain_table(
        [
            {
                "年份": y["year"],
                "阶段": RULES[y["rule"]],
                "预算": y["budget"],
                "预留": y["reserve"],
                "依据": y["reason"],
            }
            for y in made["years"]
        ],
        ["年份", "阶段", "预算", "预留", "依据"],
    )
    for e in made["executions"]:
        word, end = (
            "结余" if e["gap"] >= 0 else "缺口",
            "年内够用"
            if e["runs_out"] is None
            else f"预计{e['runs_out'].month}月{e['runs_out'].day}日用尽",
        )
        show.say(
            f"{e['who']} {e['year']}年：预算{e['budget']:,.0f}，全年预计{e['expected']:,.0f}，{word}{abs(e['gap']):,.0f}{made['unit']}，{end}"
        )
    show.say(
        f"{made['region']}：分配 {len(made['allocations'])} 个对象，各级合计与上级相等 | sums are exact"
    )
