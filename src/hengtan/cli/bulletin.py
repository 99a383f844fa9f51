"""Verbs about the monthly bulletin: make it as Word, Excel or JSON, freeze an issue, list issues, a
sample on made-up data.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from hengtan.basis.errors import HengtanError
from hengtan.cli import show
from hengtan.cli.app import JsonOption, KnownOn, WorkspaceOption, advised, app, day, opened
from hengtan.cli.options import Acting, grouped

if TYPE_CHECKING:
    from hengtan.report.official import Official

bulletin_app = typer.Typer(help="月度通报 the monthly bulletin", no_args_is_help=True)
app.add_typer(bulletin_app, name="bulletin")
SUFFIXES = (".docx", ".pdf", ".xlsx", ".json")
DIGEST_SHOWN = 12


@dataclass(frozen=True)
class Documents:
    """Files to write, and what an office adds to the text of an official document; nothing stands
    in for what is not stated.
    """

    to: Annotated[
        list[Path] | None, typer.Option("--to", help=".docx、.pdf、.xlsx 或 .json，可给几个")
    ] = None
    recipients: Annotated[
        list[str] | None, typer.Option("--recipient", help="主送机关，可给几个")
    ] = None
    requirements: Annotated[
        list[str] | None, typer.Option("--require", help="下一步工作要求，一条一个")
    ] = None
    signed_by: Annotated[str, typer.Option("--signed", help="落款单位")] = ""
    signed_on: Annotated[str | None, typer.Option("--dated", help="成文日期 2025-07-09")] = None
    issuer: Annotated[str, typer.Option("--head", help="红头：发文机关标志")] = ""
    number: Annotated[str, typer.Option("--number", help="发文字号")] = ""
    copies_to: Annotated[list[str] | None, typer.Option("--copy-to", help="抄送，可给几个")] = None
    printed_by: Annotated[str, typer.Option("--printed-by", help="印发机关")] = ""
    printed_on: Annotated[str | None, typer.Option("--printed-on", help="印发日期")] = None

    def official(self) -> Official:
        """The parts as documents take them. Raises HengtanError for what is no day."""
        from hengtan.report.official import Official

        return Official(
            issuer=self.issuer.strip(),
            number=self.number.strip(),
            recipients=tuple(self.recipients or ()),
            requirements=tuple(self.requirements or ()),
            signed_by=self.signed_by.strip(),
            signed_on=day(self.signed_on),
            copies_to=tuple(self.copies_to or ()),
            printed_by=self.printed_by.strip(),
            printed_on=day(self.printed_on),
        )


@bulletin_app.command("make")
@grouped
def bulletin_make(
    period: Annotated[str, typer.Argument(help="2025-06 或 2025年1-6月（1月起累计）")],
    acting: Acting,
    documents: Documents,
    gdp_from: Annotated[
        str | None,
        typer.Option("--gdp-from", help="本期没有GDP增速时用哪个累计时期的代替，例如 2025-03"),
    ] = None,
    freeze: Annotated[bool, typer.Option("--freeze", help="存档为一期，此后不再改动")] = False,
    workspace: WorkspaceOption = None,
    known_on: KnownOn = None,
    json: JsonOption = False,
) -> None:
    """编制一期通报：区县能耗、强度、进度、两盏灯、名次、成因、修订。Make the bulletin of a
    period.
    """
    from hengtan.desk.bulletin import make
    from hengtan.desk.bulletin_issues import freeze as freeze_issue
    from hengtan.workspace.asof import AsOf

    paths, official = documents.to or [], documents.official()
    _check(paths)
    if freeze and not acting.by:
        raise HengtanError(
            "存档要写明编制人",
            "who freezes the issue?",
            todo="加 --by 姓名",
            todo_en="add --by NAME",
        )
    with opened(workspace) as desk:
        bulletin = make(desk, period, as_of=AsOf.of(day(known_on)), gdp_from=gdp_from)
        if freeze:
            show.say(f"已存档 {freeze_issue(desk, bulletin, acting.actor())}")
    for path in paths:
        _write(bulletin, path, official)
        show.say(f"已写出 {path}")
    _remark(paths, official)
    _show(bulletin, json)


def _check(paths: list[Path]) -> None:
    for path in paths:
        if path.suffix.lower() not in SUFFIXES:
            raise HengtanError(
                f"不支持“{path.suffix}”格式",
                f"format '{path.suffix}' is not supported",
                todo="用 .docx、.pdf、.xlsx 或 .json",
                todo_en="use .docx, .pdf, .xlsx or .json",
            )


def _remark(paths: list[Path], official: Official) -> None:
    """Which parts of the official form nobody stated, and which fonts of a PDF stand in."""
    suffixes = {path.suffix.lower() for path in paths}
    remarks = [official.lacking()] if suffixes & {".docx", ".pdf"} else []
    if ".pdf" in suffixes:
        from hengtan.report.pdf.fonts import lettering

        remarks.append(lettering().told())
    for remark in filter(None, remarks):
        show.say(f"提示 {remark}", error=True)


def _show(bulletin: Mapping[str, Any], json: bool) -> None:
    from hengtan.report.bulletin_text import paragraphs, title_of

    if json:
        show.say(show.as_json(bulletin))
        return
    note = "  演示数据" if bulletin["demo"] else ""
    show.say(f"{title_of(bulletin)}（第{bulletin['issue']}期）{note}")
    for heading, text in paragraphs(bulletin):
        show.say(f"{heading}\n  {text}")


def _write(bulletin: Mapping[str, Any], path: Path, official: Official | None = None) -> None:
    suffix = path.suffix.lower()
    if suffix == ".json":
        from hengtan.report.files import write_text

        write_text(path, show.as_json(bulletin) + "\n")
    elif suffix == ".xlsx":
        from hengtan.report.sheet.bulletin import write_bulletin_excel

        write_bulletin_excel(bulletin, path)
    elif suffix == ".pdf":
        from hengtan.report.pdf.bulletin import write_bulletin_pdf

        write_bulletin_pdf(bulletin, path, official)
    else:
        from hengtan.report.word.bulletin import write_bulletin_word

        write_bulletin_word(bulletin, path, official)


@bulletin_app.command("list")
def bulletin_list(workspace: WorkspaceOption = None, json: JsonOption = False) -> None:
    """已存档的各期。The frozen issues."""
    from hengtan.desk.bulletin_issues import listed

    with opened(workspace) as desk:
        rows = listed(desk)
    if json:
        show.say(show.as_json(rows))
        return
    digests = ("ledger_head", "digest")
    short = [row | {name: row[name][:DIGEST_SHOWN] for name in digests} for row in rows]
    show.plain_table(short, ["issue", "period_zh", "made_on", "by", *digests])


@bulletin_app.command("sample")
def bulletin_sample(folder: Path) -> None:
    """用虚构的合成市做一遍：导入、存档5月、修订、编制6月。A sample on made-up data."""
    from hengtan.basis.whole_folders import refuse_used, whole_folder
    from hengtan.demo.synthetic_months import sample

    refuse_used(folder)
    names = [f"通报_2025年1-6月_合成数据{suffix}" for suffix in (".docx", ".xlsx")]
    with show.progress_bar() as tell, whole_folder(folder) as home:
        workspace, bulletin = sample(home, tell)
        workspace.close()
        for name in names:
            _write(bulletin, home / name)
    for name in names:
        show.say(f"已写出 {folder / name}")
    show.say(
        "合成数据（虚构，不是任何地区的统计）。下一步：\n  "
        f"{advised('bulletin', 'make', '2025-06', '-w', folder)}\n  "
        f"{advised('serve', '-w', folder)}"
    )
