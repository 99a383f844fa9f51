"""The verb calc: a case of a rule computed and explained; the list of rules; cases held against what they expect."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from hengtan.basis.errors import HengtanError
from hengtan.cli import show
from hengtan.cli.app import JsonOption, WorkspaceOption, app, opened


@app.command()
def calc(
    case: Annotated[Path | None, typer.Argument(help="案例 YAML：rule、date、region、inputs")] = None, listed: Annotated[bool, typer.Option("--list", help="列出全部规则")] = False,
    check: Annotated[bool, typer.Option("--check", help="与案例的 expect 对照，不符则退出码 1；可给文件夹")] = False, to: Annotated[Path | None, typer.Option("--to", help="写成认定通知 .docx（单个案例）")] = None, workspace: WorkspaceOption = None, json: JsonOption = False,
) -> None:
    """按规则计算一个案例：结果、逐步说明与条款、参数出处与提示。Compute a case of a rule and explain it."""
    from hengtan.workspace.calc import compute, read_cases, shipped

    if listed:
        _list(json)
        return
    if case is None:
        raise typer.BadParameter("要给案例文件，或用 --list")
    if workspace is None:
        pack = shipped()
    else:
        with opened(workspace) as found:
            pack = found.pack
    if check:
        _check(case, pack, json)
        return
    cases = read_cases(case)
    results = [compute(pack, one) for one in cases]
    if to is not None:
        from hengtan.report.rules import write_notice

        if to.suffix.lower() != ".docx" or len(results) != 1:
            raise HengtanError("通知写成 .docx，一次一个案例", "a notice is one case as .docx", todo="改文件名，或拆开案例", todo_en="one case, name.docx")
        rule = results[0].rule
        write_notice(results[0].as_dict(), {o.name: (o.zh, o.unit) for o in rule.outputs}, to, entity=cases[0].entity, regions={r["place"]: r["name_zh"] for r in pack.rows("places")})
        show.say(f"已写出 {to}")
    if json:
        made = [r.as_dict() for r in results]
        show.say(show.as_json(made[0] if len(made) == 1 else made))
        return
    for result in results:
        show.say(f"{result.rule.title_zh}（{result.rule.id}）{result.day} {result.region}")
        for step in result.steps:
            value = f"{step.value:,.6g}" if isinstance(step.value, float) else str(step.value)
            show.say(f"  {step.zh} {value}{step.unit}" + (f"　{step.how}" if step.how else "") + (f"　〔{step.clause}〕" if step.clause else ""))
        units = {o.name: o for o in result.rule.outputs}
        for name, value in result.outputs.items():
            out = units.get(name)
            show.say(f"{out.zh if out else name}：{f'{value:,.2f}' if isinstance(value, float) else value}{out.unit if out else ''}")
        for warning in result.warnings:
            show.say(f"  提示 {warning}")


def _list(json: bool) -> None:
    from hengtan.instruments.registry import rules

    rows = [r.as_dict() for r in rules()]
    if json:
        show.say(show.as_json(rows))
        return
    show.plain_table([{"规则": r["rule"], "名称": r["title_zh"], "依据": r["law"], "起": r["valid_from"] or "", "止": r["valid_to"] or "", "输入": "、".join(f"{i['zh']}" for i in r["inputs"])[:60], "可信度": r["confidence"]} for r in rows], ["规则", "名称", "依据", "起", "止", "输入", "可信度"])
    show.say(f"共 {len(rows)} 条规则；每条的输入、单位、参数见 --json")


def _check(path: Path, pack: Any, json: bool) -> None:
    from hengtan.workspace.calc import compute, differences, read_cases

    files = sorted(path.rglob("*.yaml")) if path.is_dir() else [path]
    rows = []
    for file in files:
        for one in read_cases(file):
            result, error = None, None
            try:
                result = compute(pack, one)
            except HengtanError as raised:
                error = raised
            rows.append({"file": file.name, "rule": one.rule, "title": one.title, "differences": differences(one, result, error)})
    wrong = [r for r in rows if r["differences"]]
    if json:
        show.say(show.as_json(rows))
    else:
        for r in wrong:
            show.say(f"{r['file']} {r['rule']} {r['title']}：{'；'.join(r['differences'])}")
        show.say(f"{len(rows)} 个案例，{len(wrong)} 个不符")
    if wrong:
        raise typer.Exit(1)
