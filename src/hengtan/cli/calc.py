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
    case: Annotated[
        Path | None, typer.Argument(help="案例 YAML：rule、date、region、inputs")
    ] = None,
    listed: Annotated[bool, typer.Option("--list", help="列出全部规则")] = False,
    check: Annotated[
        bool, typer.Option("--check", help="与案例的 expect 对照，不符则退出码 1；可给文件夹")
    ] = False,
    to: Annotated[
        Path | None,
        typer.Option(
            "--to", help="写成认定通知 .docx（单个案例）；与 --table 合用时写成 .parquet 或 .csv"
        ),
    ] = None,
    rule: Annotated[
        str | None, typer.Option("--rule", help="与 --table 合用：按这条规则算整张表")
    ] = None,
    table: Annotated[
        Path | None,
        typer.Option("--table", help="一行一个案例：输入项作表头，.parquet、.csv 或 .xlsx"),
    ] = None,
    on: Annotated[
        str | None, typer.Option("--date", help="与 --table 合用：表里没有日期列时用的日期")
    ] = None,
    region: Annotated[
        str, typer.Option("--region", help="与 --table 合用：表里没有地区列时用的地区")
    ] = "000000",
    workspace: WorkspaceOption = None,
    json: JsonOption = False,
) -> None:
    """按规则计算一个案例：结果、逐步说明与条款、参数出处与提示。Compute a case of a rule and explain it."""
    from hengtan.desk.rules import compute, read_cases, shipped

    if listed:
        _list(json)
        return
    if case is None and table is None:
        raise typer.BadParameter("要给案例文件，或用 --list，或用 --rule 和 --table")
    if workspace is None:
        pack = shipped()
    else:
        with opened(workspace) as found:
            pack = found.pack
    if table is not None:
        _table(pack, rule, table, on, region, to, json)
        return
    assert case is not None
    if check:
        _check(case, pack, json)
        return
    cases = read_cases(case)
    results = [compute(pack, one) for one in cases]
    if to is not None:
        from hengtan.report.word.notice import write_notice

        if to.suffix.lower() != ".docx" or len(results) != 1:
            raise HengtanError(
                "通知写成 .docx，一次一个案例",
                "a notice is one case as .docx",
                todo="改文件名，或拆开案例",
                todo_en="one case, name.docx",
            )
        write_notice(
            results[0].as_dict(),
            {o.name: (o.zh, o.unit) for o in results[0].rule.outputs},
            to,
            entity=cases[0].entity,
            regions={r["place"]: r["name_zh"] for r in pack.rows("places")},
        )
        show.say(f"已写出 {to}")
    if json:
        made = [r.as_dict() for r in results]
        show.say(show.as_json(made[0] if len(made) == 1 else made))
        return
    from hengtan.report.results import text_of

    for result in results:
        show.say(f"{result.rule.title_zh}（{result.rule.id}）{result.day} {result.region}")
        for step in result.steps:
            show.say(
                f"  {step.zh} {text_of(step.value, step.unit)}{step.unit}"
                + (f"　{step.how}" if step.how else "")
                + (f"　〔{step.clause}〕" if step.clause else "")
            )
        units = {o.name: o for o in result.rule.outputs}
        for name, value in result.outputs.items():
            out = units.get(name)
            unit = out.unit if out else ""
            show.say(f"{out.zh if out else name}：{text_of(value, unit)}{unit}")
        for warning in result.warnings:
            show.say(f"  提示 {warning}")


def _table(
    pack: Any,
    rule: str | None,
    table: Path,
    on: str | None,
    region: str,
    to: Path | None,
    json: bool,
) -> None:
    """A whole table by one rule, written as Parquet or CSV."""
    from hengtan.cli.app import day
    from hengtan.desk.rule_tables import compute_table, read_table
    from hengtan.report.files import csv_text, write_parquet, write_text

    if rule is None or to is None or to.suffix.lower() not in (".parquet", ".csv"):
        raise HengtanError(
            "整表计算要给 --rule，并用 --to 写成 .parquet 或 .csv",
            "give --rule and --to .parquet or .csv",
            todo="例如 --rule env_tax.air --table 排放口.csv --to 结果.csv",
            todo_en="e.g. --rule env_tax.air --table a.csv --to b.csv",
        )
    with show.progress_bar() as tell:
        made = compute_table(
            pack, rule, read_table(table, rule), day=day(on), region=region, progress=tell
        )
    if to.suffix.lower() == ".parquet":
        write_parquet(made, to)
    else:
        write_text(to, "\ufeff" + csv_text(made))
    odd = made.num_rows - made["refused"].null_count
    if json:
        show.say(show.as_json({"rows": made.num_rows, "refused": odd, "file": str(to)}))
    else:
        show.say(f"已写出 {to}：{made.num_rows} 行，{odd} 行未能计算（见 refused 列）")


def _list(json: bool) -> None:
    from hengtan.instruments.registry import rules

    rows = [r.as_dict() for r in rules()]
    if json:
        show.say(show.as_json(rows))
        return
    show.plain_table(
        [
            {
                "规则": r["rule"],
                "名称": r["title_zh"],
                "依据": r["law"],
                "起": r["valid_from"] or "",
                "止": r["valid_to"] or "",
                "输入": "、".join(f"{i['zh']}" for i in r["inputs"])[:60],
                "可信度": r["confidence"],
            }
            for r in rows
        ],
        ["规则", "名称", "依据", "起", "止", "输入", "可信度"],
    )
    show.say(f"共 {len(rows)} 条规则；每条的输入、单位、参数见 --json")


def _check(path: Path, pack: Any, json: bool) -> None:
    from hengtan.desk.rules import compute, differences, read_cases

    files = sorted(path.rglob("*.yaml")) if path.is_dir() else [path]
    rows = []
    for file in files:
        for one in read_cases(file):
            result, error = None, None
            try:
                result = compute(pack, one)
            except HengtanError as raised:
                error = raised
            rows.append(
                {
                    "file": file.name,
                    "rule": one.rule,
                    "title": one.title,
                    "differences": differences(one, result, error),
                }
            )
    wrong = [r for r in rows if r["differences"]]
    if json:
        show.say(show.as_json(rows))
    else:
        for r in wrong:
            show.say(f"{r['file']} {r['rule']} {r['title']}：{'；'.join(r['differences'])}")
        show.say(f"{len(rows)} 个案例，{len(wrong)} 个不符")
    if wrong:
        raise typer.Exit(1)


@app.command()
def reform(
    rule: Annotated[str, typer.Argument(help="规则，例如 env_tax.air")],
    table: Annotated[
        Path,
        typer.Argument(help="缴纳人表：组别、户数和规则的输入项（子项写成 污染物排放量.二氧化硫）"),
    ],
    date: Annotated[str, typer.Option("--date", help="哪一天的规则")],
    change: Annotated[
        list[str] | None, typer.Option("--set", help="方案参数 名=值，可多次 env_tax.air.rate=5")
    ] = None,
    overlay: Annotated[
        Path | None,
        typer.Option(
            "--overlay",
            help="方案数据包文件夹（pack.yaml、rule_parameters.csv、rule_formulas.csv），叠在现行数据包之上",
        ),
    ] = None,
    region: Annotated[str, typer.Option("--region")] = "000000",
    output: Annotated[str, typer.Option("--output", help="比较哪个输出")] = "",
    workspace: WorkspaceOption = None,
    json: JsonOption = False,
) -> None:
    """改税率、参数或公式，各类缴纳人多缴还是少缴。What a reform changes, by payer group."""
    from hengtan.cli.app import day, pairs
    from hengtan.desk.reform import reform as run
    from hengtan.desk.rules import region_of, shipped

    proposal = {}
    for name, text in pairs(change).items():
        try:
            proposal[name] = float(text)
        except ValueError as error:
            raise HengtanError(
                f"“{name}”应为数字，不是“{text}”",
                f"'{name}' is a number, not '{text}'",
                todo="例如 --set env_tax.air.rate=5",
                todo_en="e.g. --set env_tax.air.rate=5",
            ) from error
    if workspace is None:
        pack = shipped()
    else:
        with opened(workspace) as found:
            pack = found.pack
    if not proposal and overlay is None:
        raise HengtanError(
            "没有给方案",
            "no proposal",
            todo="用 --set 名=值，或 --overlay 数据包文件夹",
            todo_en="--set name=value or --overlay DIR",
        )
    over = None
    if overlay is not None:
        from hengtan import packs

        over = packs.load(overlay.name, [overlay])
    groups = run(
        pack, rule, table, day(date), region_of(pack, region), proposal, output=output, overlay=over
    )
    rows = [
        {
            "组别": g.name,
            "户数": g.payers,
            "现行": round(g.before, 2),
            "方案": round(g.after, 2),
            "差额": round(g.change, 2),
            "变化": None if not g.before else round(g.change / g.before, 4),
            "增负户数": g.more,
            "减负户数": g.less,
        }
        for g in groups
    ]
    if json:
        show.say(show.as_json(rows))
        return
    show.plain_table(rows, ["组别", "户数", "现行", "方案", "差额", "变化", "增负户数", "减负户数"])
    show.say(
        f"合计差额 {sum(g.change for g in groups):+,.2f}；没有计入行为变化 | no behavioural response"
    )
