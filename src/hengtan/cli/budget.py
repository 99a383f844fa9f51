"""Verbs about carbon budgets: a template to fill, a run on a filled workbook."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any

import typer

from hengtan.basis.errors import HengtanError
from hengtan.cli import show
from hengtan.cli.app import JsonOption, PartlyOption, WorkspaceOption, app, opened
from hengtan.cli.options import LanguageOption

budget_app = typer.Typer(help="碳排放预算 carbon budgets", no_args_is_help=True)
app.add_typer(budget_app, name="budget")


@budget_app.command("template")
def budget_template(
    to: Path,
    workspace: WorkspaceOption = None,
    districts: Annotated[
        bool, typer.Option("--districts", help="把工作区所辖区县填进表里")
    ] = False,
    lang: LanguageOption = "zh",
) -> None:
    """写出碳排放预算工作簿模板。Write the workbook to fill."""
    from hengtan.workbooks.budget import template

    names: list[str] = []
    if districts:
        from hengtan.desk.districts import names_of_districts

        with opened(workspace) as desk:
            names = names_of_districts(desk)
    template(to, names, lang)
    show.say(f"已写出 {to}")


@budget_app.command("run")
def budget_run(
    file: Path,
    to: Annotated[Path | None, typer.Option("--to", help="结果写成 .xlsx")] = None,
    json: JsonOption = False,
    partly: PartlyOption = False,
    lang: LanguageOption = "zh",
) -> None:
    """算出各年预算、逐级分配（合计恰好相等）和执行情况。Paths, allocations that add up exactly,
    execution.
    """
    from hengtan.report.sheet.budget import write_budget
    from hengtan.workbooks.budget import as_dict, count_of, read_budget

    if to is not None and to.suffix.lower() != ".xlsx":
        raise HengtanError(
            f"不支持“{to.suffix}”格式",
            f"format '{to.suffix}' is not supported",
            todo="用 .xlsx",
            todo_en="use .xlsx",
        )
    read = read_budget(file)
    counting = count_of(file, partly=partly)
    budget = as_dict(read)
    if to:
        write_budget(budget, to, lang)
        show.say(f"已写出 {to}")
    if json:
        show.say(show.as_json({**budget, **counting.as_dict()}))
    else:
        show.findings(read.findings, everything=True)
        _show(budget)
        show.counted(counting)
    raise typer.Exit(int(not counting.whole))


def _show(budget: Mapping[str, Any]) -> None:
    from hengtan.report.words import word

    show.plain_table(
        [
            {
                "年份": year["year"],
                "阶段": word(f"budget.rule.{year['rule']}"),
                "预算": year["budget"],
                "预留": year["reserve"],
                "依据": year["reason"],
            }
            for year in budget["years"]
        ],
        ["年份", "阶段", "预算", "预留", "依据"],
    )
    for execution in budget["executions"]:
        show.say(_execution(execution, budget["unit"]))
    show.say(
        f"{budget['region']}：分配 {len(budget['allocations'])} 个对象，"
        "各级合计与上级相等 | sums are exact"
    )


def _execution(execution: Mapping[str, Any], unit: str) -> str:
    from hengtan.report.words import word

    gap, day = execution["gap"], execution["runs_out"]
    surplus = "结余" if gap >= 0 else "缺口"
    end = "年内够用" if day is None else f"预计{day.month}月{day.day}日用尽"
    return (
        f"{execution['who']} {execution['year']}年：预算{execution['budget']:,.0f}，"
        f"全年预计{execution['expected']:,.0f}，{surplus}{abs(gap):,.0f}{unit}，{end}"
        f"（{word('budget.weights.' + execution['weights'])}）"
    )
