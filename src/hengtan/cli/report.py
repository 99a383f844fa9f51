"""The verb report: status, a target and accounts as files."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import typer

from hengtan.cli import show
from hengtan.cli.app import app
from hengtan.cli.options import Question, grouped

KINDS = ("status", "target", "accounts")
LANGUAGES = ("zh", "en")


@dataclass(frozen=True)
class Subject:
    """What a report is about, and in which language it speaks."""

    place: Annotated[
        str | None, typer.Option("--place", help="地区代码（accounts 用） place code, for accounts")
    ] = None
    target: Annotated[
        str | None, typer.Option("--target", help="目标编号（target 用） id, for target")
    ] = None
    lang: Annotated[str, typer.Option("--lang", help="PDF、Excel 的语言 zh 或 en")] = "zh"


@app.command()
@grouped
def report(
    kind: Annotated[str, typer.Argument(help="status、target 或 accounts")],
    to: Annotated[Path, typer.Option("--to", help=".html、.xlsx 或 .pdf")],
    question: Question,
    subject: Subject,
) -> None:
    """写出报告文件：status（规划目标）、target（一个目标，一页）、accounts（环境与资源账户）。
    Write a report file.
    """
    from hengtan.desk import reports

    _check(kind, subject)
    reports.check_suffix(to, kind)
    with question.opened() as workspace:
        as_of = question.as_of(workspace)
        if kind == "accounts":
            reports.write_accounts(workspace, to, as_of, subject.place, subject.lang)
        elif kind == "target":
            reports.write_target(workspace, to, as_of, subject.target or "", subject.lang)
        else:
            reports.write_status(workspace, to, as_of, lang=subject.lang)
    show.say(f"已写出 {to}")


def _check(kind: str, subject: Subject) -> None:
    if kind not in KINDS:
        raise typer.BadParameter(f"没有“{kind}”这种报告，现有：{'、'.join(KINDS)}")
    if kind == "target" and not subject.target:
        raise typer.BadParameter("请给出 --target 目标编号 | give the id of a target")
    if subject.lang not in LANGUAGES:
        raise typer.BadParameter("--lang 写 zh 或 en")
