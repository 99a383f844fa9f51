"""The verbs calc and reform: a case of a rule computed and explained, the list of rules, cases held
against what they expect, a whole table by one rule, what a reform changes by payer group.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from hengtan.basis.errors import HengtanError
from hengtan.cli import show
from hengtan.cli.app import JsonOption, PartlyOption, WorkspaceOption, app, day, opened, pairs
from hengtan.cli.options import LanguageOption, grouped

if TYPE_CHECKING:
    from hengtan.desk.cases import Case
    from hengtan.desk.reform import Group, Proposal
    from hengtan.instruments.result import Result
    from hengtan.packs import Pack

NATION = "000000"
rule_app = typer.Typer(help="规则 rules", no_args_is_help=True)
app.add_typer(rule_app, name="rule")
SHOWN_INPUTS = 60
"""Signs of the inputs of a rule that a list on the terminal shows."""


@dataclass(frozen=True)
class WholeTable:
    """A table with a case a line, the rule it is computed by, and what holds where it is silent."""

    rule: Annotated[
        str | None, typer.Option("--rule", help="与 --table 合用：按这条规则算整张表")
    ] = None
    table: Annotated[
        Path | None,
        typer.Option("--table", help="一行一个案例：输入项作表头，.parquet、.csv 或 .xlsx"),
    ] = None
    on: Annotated[
        str | None, typer.Option("--date", help="与 --table 合用：表里没有日期列时用的日期")
    ] = None
    region: Annotated[
        str, typer.Option("--region", help="与 --table 合用：表里没有地区列时用的地区")
    ] = NATION
    template: Annotated[
        bool, typer.Option("--template", help="与 --rule 合用：用 --to 写出填报模板")
    ] = False


NO_TABLE = WholeTable()


@app.command()
@grouped
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
            "--to", help="写成认定通知 .docx（单个案例）；与 --table 合用时 .xlsx、.csv 或 .parquet"
        ),
    ] = None,
    whole: WholeTable = NO_TABLE,
    workspace: WorkspaceOption = None,
    json: JsonOption = False,
) -> None:
    """按规则计算一个案例：结果、逐步说明与条款、参数出处与提示。
    Compute a case of a rule and explain it.
    """
    if listed:
        _list(json)
    elif whole.template:
        _template(whole.rule, to)
    elif whole.table is not None:
        _table(_pack(workspace), whole, whole.table, to, json)
    elif case is None:
        raise typer.BadParameter("要给案例文件，或用 --list，或用 --rule 和 --table")
    elif check:
        _check(case, _pack(workspace), json)
    else:
        _cases(case, _pack(workspace), to, json)


def _pack(workspace: Path | None) -> Pack:
    """The pack of a workspace, or the one that ships."""
    if workspace is None:
        from hengtan.desk.cases import shipped

        return shipped()
    with opened(workspace) as place:
        pack: Pack = place.pack
        return pack


def _cases(path: Path, pack: Pack, to: Path | None, json: bool) -> None:
    """The cases of a file, computed and shown; a single one written as a notice where asked."""
    from hengtan.desk.cases import compute, read_cases

    cases = read_cases(path)
    results = [compute(pack, case) for case in cases]
    if to is not None:
        _notice(cases, results, pack, to)
    if json:
        rows = [result.as_dict() for result in results]
        show.say(show.as_json(rows[0] if len(rows) == 1 else rows))
        return
    for result in results:
        _explain(result)


def _notice(cases: list[Case], results: list[Result], pack: Pack, to: Path) -> None:
    from hengtan.report.word.notice import write_notice

    if to.suffix.lower() != ".docx" or len(results) != 1:
        raise HengtanError(
            "通知写成 .docx，一次一个案例",
            "a notice is one case as .docx",
            todo="改文件名，或拆开案例",
            todo_en="one case, name.docx",
        )
    result = results[0]
    write_notice(
        result.as_dict(),
        {output.name: (output.zh, output.unit) for output in result.rule.outputs},
        to,
        entity=cases[0].entity,
        regions={row["place"]: row["name_zh"] for row in pack.rows("places")},
    )
    show.say(f"已写出 {to}")


def _explain(result: Result) -> None:
    """The steps, outputs and warnings of a case, a line each."""
    from hengtan.report.results import text_of

    show.say(f"{result.rule.title_zh}（{result.rule.id}）{result.day} {result.region}")
    for step in result.steps:
        how = f"　{step.how}" if step.how else ""
        clause = f"　〔{step.clause}〕" if step.clause else ""
        show.say(f"  {step.zh} {text_of(step.value, step.unit)}{step.unit}{how}{clause}")
    declared = {output.name: output for output in result.rule.outputs}
    for name, value in result.outputs.items():
        output = declared.get(name)
        title, unit = (output.zh, output.unit) if output else (name, "")
        show.say(f"{title}：{text_of(value, unit)}{unit}")
    for warning in result.warnings:
        show.say(f"  提示 {warning}")


def _table(pack: Pack, whole: WholeTable, table: Path, to: Path | None, json: bool) -> None:
    """A whole table by one rule, written piece by piece; exit code 1 where no row was computed."""
    from hengtan.desk.rule_notes import NotesOf
    from hengtan.desk.rule_tables import compute_pieces, read_pieces
    from hengtan.report.table_files import SUFFIXES, write_pieces

    if whole.rule is None or to is None or to.suffix.lower() not in SUFFIXES:
        raise HengtanError(
            "整表计算要给 --rule，并用 --to 写成 .xlsx、.csv 或 .parquet",
            "give --rule and --to .xlsx, .csv or .parquet",
            todo="例如 --rule env_tax.air --table 排放口.csv --to 结果.xlsx",
            todo_en="e.g. --rule env_tax.air --table a.csv --to b.xlsx",
        )
    if to.resolve() == table.resolve():
        raise HengtanError(
            "结果不能写在原表上",
            "the result would replace the table",
            todo="换一个文件名",
            todo_en="name another file",
        )
    with show.progress_bar() as tell:
        computing = compute_pieces(
            pack,
            whole.rule,
            read_pieces(pack, table, whole.rule),
            day=day(whole.on),
            region=whole.region,
            progress=tell,
        )
        write_pieces(to, computing.titles, computing.tables, {"提示": NotesOf(computing)})
    if json:
        show.say(show.as_json({**computing.tally.as_dict(), "file": str(to)}))
    else:
        tally = computing.tally
        show.say(f"已写出 {to}：{tally.rows} 行，{tally.refused} 行未能计算（见 refused 列）")
        for line in NotesOf(computing):
            show.say(f"  {'　'.join(str(part) for part in line if part != '')}")
    if not computing.tally.computed:
        raise typer.Exit(1)


@rule_app.command("template")
def rule_template(rule: str, to: Path, lang: LanguageOption = "zh") -> None:
    """写出一条规则的填报模板：表（.xlsx、.csv）或案例（.yaml）。A template of a rule."""
    _template(rule, to, lang)


@rule_app.command("list")
def rule_list(json: JsonOption = False) -> None:
    """全部规则，同 calc --list。All rules there are."""
    _list(json)


def _template(rule_id: str | None, to: Path | None, lang: str = "zh") -> None:
    """A template of a rule: a table or a case to fill."""
    from hengtan.desk.rule_pieces import any_edition
    from hengtan.report.rule_template import write_rule_template

    if rule_id is None or to is None:
        raise HengtanError(
            "写模板要给 --rule，并用 --to 写成 .xlsx、.csv 或 .yaml",
            "give --rule and --to .xlsx, .csv or .yaml",
            todo="例如 calc --rule env_tax.air --template --to 模板.xlsx",
            todo_en="e.g. calc --rule env_tax.air --template --to a.xlsx",
        )
    write_rule_template(any_edition(rule_id).as_dict(), to, lang)
    show.say(f"已写出 {to}")


def _list(json: bool) -> None:
    """All rules there are."""
    from hengtan.instruments.registry import rules

    if json:
        show.say(show.as_json([rule.as_dict() for rule in rules()]))
        return
    rows = [
        {
            "规则": rule.id,
            "名称": rule.title_zh,
            "依据": rule.law,
            "起": rule.valid_from or "",
            "止": rule.valid_to or "",
            "输入": "、".join(item.zh for item in rule.inputs)[:SHOWN_INPUTS],
            "可信度": rule.confidence,
        }
        for rule in rules()
    ]
    show.plain_table(rows, ["规则", "名称", "依据", "起", "止", "输入", "可信度"])
    show.say(f"共 {len(rows)} 条规则；每条的输入、单位、参数见 --json")


def _check(path: Path, pack: Pack, json: bool) -> None:
    """Cases of a file or folder held against what they expect; exit code 1 where one differs."""
    from hengtan.desk.cases import read_cases

    files = sorted(path.rglob("*.yaml")) if path.is_dir() else [path]
    rows = [
        {
            "file": file.name,
            "rule": case.rule,
            "title": case.title,
            "differences": _differences(pack, case),
        }
        for file in files
        for case in read_cases(file)
    ]
    wrong = [row for row in rows if row["differences"]]
    if json:
        show.say(show.as_json(rows))
    else:
        for row in wrong:
            what = "；".join(row["differences"])
            show.say(f"{row['file']} {row['rule']} {row['title']}：{what}")
        show.say(f"{len(rows)} 个案例，{len(wrong)} 个不符")
    if wrong:
        raise typer.Exit(1)


def _differences(pack: Pack, case: Case) -> Any:
    from hengtan.desk.cases import compute, differences

    try:
        return differences(case, compute(pack, case), None)
    except HengtanError as error:
        return differences(case, None, error)


@dataclass(frozen=True)
class Proposed:
    """What a reform proposes: parameters, or a pack that lies over the one in force."""

    change: Annotated[
        list[str] | None, typer.Option("--set", help="方案参数 名=值，可多次 env_tax.air.rate=5")
    ] = None
    overlay: Annotated[
        Path | None,
        typer.Option(
            "--overlay",
            help="方案数据包文件夹（pack.yaml、rule_parameters.csv、rule_formulas.csv），"
            "叠在现行数据包之上",
        ),
    ] = None

    def read(self) -> Proposal:
        """The proposal. Raises HengtanError for a parameter that is no number, or none at all."""
        from hengtan import packs
        from hengtan.desk.reform import Proposal, parameters_of

        parameters = parameters_of(pairs(self.change))
        if not parameters and self.overlay is None:
            raise HengtanError(
                "没有给方案",
                "no proposal",
                todo="用 --set 名=值，或 --overlay 数据包文件夹",
                todo_en="--set name=value or --overlay DIR",
            )
        overlay = self.overlay
        pack = None if overlay is None else packs.load(overlay.name, [overlay])
        return Proposal(parameters, pack)


@dataclass(frozen=True)
class Compared:
    """On which day, for which place, and in which output a reform is compared with the law."""

    date: Annotated[str, typer.Option("--date", help="哪一天的规则")]
    region: Annotated[str, typer.Option("--region")] = NATION
    output: Annotated[str, typer.Option("--output", help="比较哪个输出")] = ""


@app.command()
@grouped
def reform(
    rule: Annotated[str, typer.Argument(help="规则，例如 env_tax.air")],
    table: Annotated[
        Path,
        typer.Argument(help="缴纳人表：组别、户数和规则的输入项（子项写成 污染物排放量.二氧化硫）"),
    ],
    compared: Compared,
    proposed: Proposed,
    workspace: WorkspaceOption = None,
    json: JsonOption = False,
    partly: PartlyOption = False,
) -> None:
    """改税率、参数或公式，各类缴纳人多缴还是少缴。What a reform changes, by payer group."""
    from hengtan.desk.cases import region_of
    from hengtan.desk.reform import GROUP, taken_of
    from hengtan.desk.reform import reform as groups_of
    from hengtan.workbooks.account import count

    proposal = proposed.read()
    pack, moment = _pack(workspace), day(compared.date)
    assert moment is not None
    place = region_of(pack, compared.region)
    output = compared.output
    groups, findings = groups_of(pack, rule, table, moment, place, proposal, output=output)
    taken = taken_of(pack, rule, table, moment, place)
    counting = count(table, (GROUP,), taken, partly=partly)
    show.findings(findings, everything=True, error=json)
    show.counted(counting, error=json)
    rows = [_group(group) for group in groups]
    if json:
        show.say(show.as_json(rows))
        raise typer.Exit(int(not counting.whole))
    show.plain_table(rows, list(rows[0]) if rows else [])
    change = sum(group.change for group in groups)
    show.say(f"合计差额 {change:+,.2f}；没有计入行为变化 | no behavioural response")
    raise typer.Exit(int(not counting.whole))


def _group(group: Group) -> dict[str, Any]:
    """A group of payers as a row of the table that is shown."""
    return {
        "组别": group.name,
        "户数": group.payers,
        "现行": round(group.before, 2),
        "方案": round(group.after, 2),
        "差额": round(group.change, 2),
        "变化": round(group.change / group.before, 4) if group.before else None,
        "增负户数": group.more,
        "减负户数": group.less,
    }
