"""Verbs about splitting a city's goal to its districts: template, check, spread."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from hengtan.cli import show
from hengtan.cli.app import JsonOption, PartlyOption, app
from hengtan.cli.options import LanguageOption

decompose_app = typer.Typer(help="目标分解 splitting a goal to districts", no_args_is_help=True)
app.add_typer(decompose_app, name="decompose")

Goal = Annotated[str, typer.Option("--goal", help="全市单位GDP能耗降低目标，例如 14")]
STATES = {
    "adds_up": "各区县目标合计与全市目标一致",
    "falls_short": "各区县目标合计达不到全市目标",
    "exceeds": "各区县目标合计超过全市目标",
    "cannot_be_judged": "不能判断",
}


@decompose_app.command("template")
def decompose_template(to: Path, lang: LanguageOption = "zh") -> None:
    """写出区县目标表的表头（CSV）。Write the header of the table."""
    from hengtan.workbooks.districts import write_header

    write_header(to, lang)
    show.say(f"已写出 {to}")


@decompose_app.command("check")
def decompose_check(
    file: Path,
    goal: Goal,
    expected: Annotated[int | None, typer.Option("--districts", help="全市区县个数", min=1)] = None,
    json: JsonOption = False,
    partly: PartlyOption = False,
) -> None:
    """核对各区县目标合计是否等于全市目标；缺什么列什么；清点每一个数是否读出。

    Do districts' goals add up to the city's?
    """
    from hengtan.basis.words import Words
    from hengtan.plan.decomposition import check
    from hengtan.workbooks.districts import as_share, count_of, read_districts

    districts, findings = read_districts(file)
    verdict = check(districts, as_share(goal), expected=expected)
    missing = [Words.of("hengtan.plan").say(code) for code in verdict.missing]
    counting = count_of(file, partly=partly)
    if json:
        listed = {"findings": [finding.as_dict() for finding in [*findings, *counting.remarks]]}
        answer = vars(verdict) | {"missing": missing} | listed | counting.as_dict()
        show.say(show.as_json(answer))
        raise typer.Exit(int(not counting.whole))
    show.findings(findings, everything=True)
    show.say(STATES[verdict.state])
    if verdict.implied is not None and verdict.structure is not None:
        show.say(
            f"全市目标 {verdict.goal:.2%}，各区县目标合计相当于全市降低 {verdict.implied:.2%}，"
            f"其中区县增速不同带来的结构因素 {verdict.structure:+.2%}"
        )
    for line in missing:
        show.say(f"  缺 {line}")
    show.counted(counting)
    raise typer.Exit(int(not counting.whole))


@decompose_app.command("spread")
def decompose_spread(
    file: Path,
    goal: Goal,
    classes: Annotated[
        str, typer.Option("--classes", help="各类别的相对力度，例如 一类=1.1,二类=1,三类=0.9")
    ] = "",
    least: Annotated[float, typer.Option("--least", help="最低降低率，%", min=0, max=95)] = 0.0,
    most: Annotated[float, typer.Option("--most", help="最高降低率，%", min=0, max=95)] = 95.0,
    json: JsonOption = False,
    partly: PartlyOption = False,
) -> None:
    """按类别力度（不给则等比例）算出各区县目标，合计恰为全市目标。

    Goals by class that meet the city's goal.
    """
    from hengtan.desk.decomposition import spread_goal
    from hengtan.workbooks.districts import count_of

    spreading = spread_goal(file, goal, _forces(classes), least=least / 100, most=most / 100)
    counting = count_of(file, partly=partly)
    findings = spreading.findings
    rows = [
        {
            "区县": d.name,
            "类别": d.class_,
            "降低目标": round(cut * 100, 2),
            "原目标": None if d.cut is None else round(d.cut * 100, 2),
        }
        for d, cut in zip(spreading.districts, spreading.cuts, strict=True)
    ]
    show.findings(findings, everything=True, error=json)
    if json:
        show.say(show.as_json(rows))
    else:
        show.plain_table(rows, ["区县", "类别", "降低目标", "原目标"])
    show.counted(counting, error=json)
    raise typer.Exit(int(not counting.whole))


def _forces(classes: str) -> dict[str, str]:
    """The text of the force of each class."""
    parts = filter(None, classes.replace("，", ",").split(","))
    return {name: value for name, _, value in (part.partition("=") for part in parts)}
