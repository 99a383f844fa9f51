"""Verbs about the monthly bulletin: make it as Word, Excel or JSON, freeze an issue, list issues, a sample on made-up data."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from hengtan.basis.errors import HengtanError
from hengtan.cli import show
from hengtan.cli.app import JsonOption, KnownOn, WorkspaceOption, app, day, opened

bulletin_app = typer.Typer(help="月度通报 the monthly bulletin", no_args_is_help=True)
app.add_typer(bulletin_app, name="bulletin")
SUFFIXES = (".docx", ".xlsx", ".json")


@bulletin_app.command("make")
def bulletin_make(
    period: Annotated[str, typer.Argument(help="2025-06 或 2025年1-6月（1月起累计）")],
    to: Annotated[
        list[Path] | None, typer.Option("--to", help=".docx、.xlsx 或 .json，可给几个")
    ] = None,
    gdp_from: Annotated[
        str | None,
        typer.Option("--gdp-from", help="本期没有GDP增速时用哪个累计时期的代替，例如 2025-03"),
    ] = None,
    freeze: Annotated[bool, typer.Option("--freeze", help="存档为一期，此后不再改动")] = False,
    by: Annotated[str, typer.Option("--by", help="编制人（存档时写明）")] = "",
    workspace: WorkspaceOption = None,
    known_on: KnownOn = None,
    json: JsonOption = False,
) -> None:
    """编制一期通报：区县能耗、强度、进度、两盏灯、名次、成因、修订。Make the bulletin of a period."""
    from hengtan.desk import bulletin
    from hengtan.report.bulletin_text import paragraphs, title_of
    from hengtan.workspace.asof import AsOf

    for path in to or ():
        if path.suffix.lower() not in SUFFIXES:
            raise HengtanError(
                f"不支持“{path.suffix}”格式",
                f"format '{path.suffix}' is not supported",
                todo="用 .docx、.xlsx 或 .json",
                todo_en="use .docx, .xlsx or .json",
            )
    if freeze and not by:
        raise HengtanError(
            "存档要写明编制人",
            "who freezes the issue?",
            todo="加 --by 姓名",
            todo_en="add --by NAME",
        )
    with opened(workspace) as found:
        made = bulletin.make(found, period, as_of=AsOf.of(day(known_on)), gdp_from=gdp_from)
        if freeze:
            show.say(f"已存档 {bulletin.freeze(found, made, by=by)}")
    for path in to or ():
        _write(made, path)
        show.say(f"已写出 {path}")
    if json:
        show.say(show.as_json(made))
        return
    show.say(f"{title_of(made)}（第{made['issue']}期）" + ("  演示数据" if made["demo"] else ""))
    for heading, text in paragraphs(made):
        show.say(f"{heading}\n  {text}")


def _write(made: dict[str, object], path: Path) -> None:
    if path.suffix.lower() == ".json":
        from hengtan.report.files import write_text

        write_text(path, show.as_json(made) + "\n")
    elif path.suffix.lower() == ".xlsx":
        from hengtan.report.sheet.bulletin import write_bulletin_excel

        write_bulletin_excel(made, path)
    else:
        from hengtan.report.word.bulletin import write_bulletin_word

        write_bulletin_word(made, path)


@bulletin_app.command("list")
def bulletin_list(workspace: WorkspaceOption = None, json: JsonOption = False) -> None:
    """已存档的各期。The frozen issues."""
    from hengtan.desk import bulletin

    with opened(workspace) as found:
        rows = [
            {k: i[k] for k in ("issue", "period_zh", "made_on", "by", "ledger_head", "digest")}
            for i in bulletin.issues(found)
        ]
    if json:
        show.say(show.as_json(rows))
    else:
        show.plain_table(
            [{**r, "ledger_head": r["ledger_head"][:12], "digest": r["digest"][:12]} for r in rows],
            ["issue", "period_zh", "made_on", "by", "ledger_head", "digest"],
        )


@bulletin_app.command("sample")
def bulletin_sample(folder: Path) -> None:
    """用虚构的合成市做一遍：导入、存档5月、修订、编制6月。A sample on made-up data."""
    from hengtan.demo.synthetic_months import sample

    with show.progress_bar() as tell:
        workspace, made = sample(folder, tell)
        with workspace:
            for name in ("通报_2025年1-6月_合成数据.docx", "通报_2025年1-6月_合成数据.xlsx"):
                _write(made, folder / name)
                show.say(f"已写出 {folder / name}")
    show.say(
        f"合成数据（虚构，不是任何地区的统计）。下一步：hengtan bulletin make 2025-06 -w {folder}；hengtan serve -w {folder}"
    )
