"""Verbs about evidence: forms, registries, import, submissions, approve, return, backup, restore,
verify, export.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from hengtan.cli import show
from hengtan.cli.app import (
    JsonOption,
    KnownOn,
    PartlyOption,
    WorkspaceOption,
    advised,
    app,
    day,
    opened,
)
from hengtan.cli.options import Acting, LanguageOption, grouped
from hengtan.cli.preparing import prepare_in_background

if TYPE_CHECKING:
    from hengtan.desk.evidence import ImportReport, Intake
    from hengtan.ledger.differences import Differences
    from hengtan.workspace.workspace import Workspace

form_app = typer.Typer(help="报表 forms", no_args_is_help=True)
registry_app = typer.Typer(help="名录 registries", no_args_is_help=True)
export_app = typer.Typer(help="导出 export", no_args_is_help=True)
app.add_typer(form_app, name="form")
app.add_typer(registry_app, name="registry")
app.add_typer(export_app, name="export")

OnConflict = Annotated[
    str | None,
    typer.Option(
        "--on-conflict",
        help="与其他单位或待审数据同键时：replace 以本次为准，keep 保留对方 which one counts",
    ),
]
SHOWN_CHANGES = 20


@form_app.command("list")
def form_list(workspace: WorkspaceOption = None, json: JsonOption = False) -> None:
    """现有报表。The forms there are."""
    with opened(workspace) as office:
        rows = [
            {"form": f.id, "title_zh": f.title_zh, "title_en": f.title_en, "fields": len(f.fields)}
            for f in office.forms.values()
        ]
    if json:
        show.say(show.as_json(rows))
    else:
        show.plain_table(rows, ["form", "title_zh", "title_en", "fields"])


@form_app.command("template")
def form_template(
    form: str, to: Path, workspace: WorkspaceOption = None, lang: LanguageOption = "zh"
) -> None:
    """写出 Excel 填报模板（含下拉列表与填报说明）。Write an Excel template with lists and notes."""
    from hengtan.desk.entry_files import write_empty_template

    with opened(workspace) as office:
        write_empty_template(office, office.form(form), to, lang)
    show.say(f"已写出 {to}")


@registry_app.command("list")
def registry_list(workspace: WorkspaceOption = None, json: JsonOption = False) -> None:
    """名录及其条目数。The registries and how many entries count today."""
    with opened(workspace) as office:
        counts: dict[str, int] = {}
        clauses = {r["clause_ref"] for r in office.pack.rows("measures")}
        for row in office.table("plan_registry_counts").to_pylist():
            counts[row["registry"]] = counts.get(row["registry"], 0) + row["entries"]
        rows = [
            {
                "registry": r["registry_id"],
                "title_zh": r["title_zh"],
                "title_en": r["title_en"],
                "entries": counts.get(r["registry_id"], 0),
                "unit": r["unit"],
                "clauses": ";".join(c for c in r["clauses"] if c in clauses),
            }
            for r in office.pack.rows("registries")
        ]
    if json:
        show.say(show.as_json(rows))
    else:
        show.plain_table(rows, ["registry", "title_zh", "entries", "unit", "clauses"])


@registry_app.command("template")
def registry_template(
    to: Path, workspace: WorkspaceOption = None, lang: LanguageOption = "zh"
) -> None:
    """写出名录填报模板（各名录共用）。The template all registries share."""
    form_template("registry_entries", to, workspace, lang)


@dataclass(frozen=True)
class Handing:
    """How a file is handed in: which sheet and place, what it corrects, and who prevails."""

    sheet: Annotated[str | None, typer.Option("--sheet", help="工作表名")] = None
    place: Annotated[str | None, typer.Option("--place", help="填报地区代码")] = None
    replaces: Annotated[
        str | None, typer.Option("--replaces", help="更正哪一份提交（其中未再填的行随之撤下）")
    ] = None
    whole_list: Annotated[
        bool, typer.Option("--whole-list", help="本表是名单的全部，表中没有的条目撤下")
    ] = False
    on_conflict: OnConflict = None
    partly: PartlyOption = False

    def intake(self) -> Intake:
        """The same as the desk takes it."""
        from hengtan.desk.evidence import Intake

        return Intake(
            self.sheet,
            self.place,
            self.replaces,
            self.whole_list,
            self.on_conflict,
            partly=self.partly,
        )


@app.command("import")
@grouped
def import_(
    form: Annotated[str, typer.Argument()],
    file: Annotated[Path, typer.Argument()],
    acting: Acting,
    handing: Handing,
    workspace: WorkspaceOption = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="只检查，不写入")] = False,
    approve: Annotated[bool, typer.Option("--approve", help="导入后即审核通过")] = False,
    json: JsonOption = False,
) -> None:
    """导入一份 Excel 或 CSV：全部写入或全不写入；同一文件再导一次不改变任何东西。

    Import a file, all or nothing.
    """
    from hengtan.desk.evidence import import_file

    with show.progress_bar(not json) as tell, opened(workspace) as office:
        report = import_file(
            office,
            form,
            file,
            actor=acting.actor(),
            intake=handing.intake(),
            approve=approve,
            dry_run=dry_run,
            progress=tell,
        )
        reader = Said.of(office, form)
        if approve and not dry_run and not report.unchanged:
            tell(1.0, "更新判定")
            office.refresh()
            prepare_in_background(office)
    if json:
        show.say(show.as_json(report.as_dict()))
    else:
        _say_report(report, reader, ("-w", workspace) if workspace else ())
    raise typer.Exit(1 if report.errors else 0)


@dataclass(frozen=True)
class Said:
    """How columns and codes of a form are said: titles of its fields, names of codes."""

    titles: Mapping[str, str]
    names: Mapping[str, str]

    @classmethod
    def of(cls, office: Workspace, form_id: str) -> Said:
        """Titles and names for a form of a workspace."""
        from hengtan.desk.lookups import names_of_codes

        form = office.form(form_id)
        titles = {field.id: field.title_zh for field in form.fields}
        return cls(titles, names_of_codes(office, form))

    def words(self, key: str) -> str:
        """A key, or a value, with its codes replaced by names."""
        return " ".join(self.names.get(word, word) for word in key.split(" "))

    def fields(self, values: Mapping[str, tuple[Any, Any]]) -> str:
        """Field：old → new, of all that changed."""
        return "；".join(
            f"{self.titles.get(column, column)}：{self.value(old)} → {self.value(new)}"
            for column, (old, new) in values.items()
        )

    def value(self, value: Any) -> str:
        """A value in words; 空 where there is none."""
        return "空" if value is None else self.words(str(value))


def _say_report(report: ImportReport, reader: Said, where: tuple[object, ...] = ()) -> None:
    show.findings(report.findings)
    show.account(report.account)
    if report.differences is not None:
        _say_differences(report.differences, reader)
    if report.dry_run:
        errors, all_findings = len(report.errors), len(report.findings)
        show.say(
            f"试读 {report.file}：{report.rows} 行，{errors} 处错误，"
            f"{all_findings - errors} 处提示；未写入"
        )
        return
    submission = report.submission or {}
    number = submission["submission"]
    if report.unchanged:
        show.say(f"该文件已导入过（{number}），没有变化 | unchanged")
        return
    show.say(f"已导入 {report.rows} 行，提交号 {number}，状态 {submission['state']}")
    if submission["state"] == "submitted":
        show.say(f"审核通过后才计入：{advised('approve', number, *where)}")


def _say_differences(differences: Differences, reader: Said) -> None:
    """New, changed (field, old, new), unchanged, gone; and what the approver must decide."""
    show.say(
        f"与现有数据相比：新增 {differences.new} 行，变更 {differences.changed} 行，"
        f"不变 {differences.unchanged} 行，撤下 {differences.gone} 行"
    )
    for change in differences.changes[:SHOWN_CHANGES]:
        key, fields = reader.words(change.key), reader.fields(change.values)
        show.say(f"  第{change.source_row or change.row}行 {key}：{fields}")
    for key in differences.gone_keys[:SHOWN_CHANGES]:
        show.say(f"  撤下 {reader.words(key)}")
    for clash in differences.clashes:
        named = replace(clash, keys=tuple(map(reader.words, clash.keys)))
        show.say(f"  须由审核人决定（--on-conflict）：{named}")


@app.command()
def submissions(
    workspace: WorkspaceOption = None, known_on: KnownOn = None, json: JsonOption = False
) -> None:
    """全部提交及其状态。All submissions and their states."""
    with opened(workspace) as office:
        rows = office.ledger.submissions(day(known_on))
    if json:
        show.say(show.as_json(rows))
    else:
        show.plain_table(
            rows,
            [
                "submission",
                "form",
                "state",
                "rows",
                "place",
                "file_name",
                "submitted_by",
                "submitted_at",
                "approved_by",
                "demo",
            ],
        )


@app.command()
@grouped
def approve(
    submission: Annotated[str, typer.Argument()],
    acting: Acting,
    workspace: WorkspaceOption = None,
    why: Annotated[str, typer.Option("--why")] = "",
    on_conflict: OnConflict = None,
    json: JsonOption = False,
) -> None:
    """审核通过一份提交。Approve a submission."""
    from hengtan.desk.evidence import step

    with opened(workspace) as office:
        row = step(office, submission, "approved", acting.actor(), why, on_conflict=on_conflict)
        prepare_in_background(office)
    show.say(show.as_json(row) if json else f"{submission} 已审核通过")


@app.command("return")
@grouped
def return_(
    submission: Annotated[str, typer.Argument()],
    acting: Acting,
    why: Annotated[str, typer.Option("--why", help="退回原因")],
    workspace: WorkspaceOption = None,
    json: JsonOption = False,
) -> None:
    """退回一份提交。Return a submission."""
    from hengtan.desk.evidence import step

    with opened(workspace) as office:
        row = step(office, submission, "returned", acting.actor(), why)
    show.say(show.as_json(row) if json else f"{submission} 已退回")


@app.command()
@grouped
def withdraw(
    submission: Annotated[str, typer.Argument()],
    acting: Acting,
    why: Annotated[str, typer.Option("--why", help="撤回原因")],
    workspace: WorkspaceOption = None,
    json: JsonOption = False,
) -> None:
    """撤回一份提交；它按键替代的旧数据重新计入。

    Withdraw a submission; rows it replaced by key are back.
    """
    from hengtan.desk.evidence import step

    with opened(workspace) as office:
        row = step(office, submission, "withdrawn", acting.actor(), why)
        prepare_in_background(office)
    show.say(show.as_json(row) if json else f"{submission} 已撤回")


@app.command()
def backup(file: Path, workspace: WorkspaceOption = None) -> None:
    """把台账、人员与存档备份到一个文件，取同一时刻。Ledger, people and records, in one file."""
    from hengtan.workspace.safekeeping import back_up

    with opened(workspace) as office:
        head = back_up(office, file)
    show.say(f"已备份到 {file}；链首 {head}")


@app.command()
def restore(
    file: Path,
    folder: Path,
    catalogue: Annotated[
        str | None,
        typer.Option(help="另存到该环境变量所指的 PostgreSQL；sqlite 不用服务器 catalogue"),
    ] = None,
) -> None:
    """从备份恢复到一个新文件夹。Restore a backup into a new folder."""
    from hengtan.web.store import settle
    from hengtan.workspace.safekeeping import restore as restore_workspace

    chosen = "" if catalogue == "sqlite" else catalogue
    head = restore_workspace(file, folder, catalogue=chosen, settle=settle)
    show.say(f"已恢复到 {folder}；链首 {head}")


@app.command()
def verify(
    workspace: WorkspaceOption = None,
    head: Annotated[str | None, typer.Option("--head", help="与纸面记录的链首比较")] = None,
    json: JsonOption = False,
) -> None:
    """核对台账与存档：原始文件（含任务佐证）、数据行、哈希链、规划审核与版本、通报、发布、审计记录。

    Check originals, rows, the hash chain, reviews and editions of plans, bulletins, publications,
    the trail.
    """
    from hengtan.desk.upkeep import check_records
    from hengtan.web.rooms.audit.verifying import check_trail

    with opened(workspace) as office:
        result = office.ledger.verify(head=head)
        result += check_records(office)
        result += check_trail(office)
        errors = [f for f in result if f.level == "error"]
        now = None if errors else office.ledger.head()
    if json:
        show.say(
            show.as_json(
                {"head": now, "sound": not errors, "findings": [f.as_dict() for f in result]}
            )
        )
    else:
        show.findings(result, everything=True)
        show.say(f"台账完好，链首 {now}" if not errors else f"台账有 {len(errors)} 处问题")
    raise typer.Exit(1 if errors else 0)


@export_app.command("parquet")
def export_parquet(
    to: Annotated[Path, typer.Option("--to", help="输出文件夹")],
    workspace: WorkspaceOption = None,
    known_on: KnownOn = None,
    everything: Annotated[bool, typer.Option("--all", help="连同全部提交与事件")] = False,
) -> None:
    """导出冻结的 Parquet 副本（含清单与校验和）。A frozen Parquet copy with its manifest."""
    from hengtan.workspace.safekeeping import export

    with opened(workspace) as office:
        manifest = export(office, to, day(known_on), everything)
    show.say(f"已导出到 {to}：{len(manifest['forms'])} 张报表")
