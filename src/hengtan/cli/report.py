"""The verb report: status and accounts as files."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from hengtan.cli import show
from hengtan.cli.app import app
from hengtan.cli.options import Question, grouped

KINDS = ("status", "accounts")


@app.command()
@grouped
def report(
    kind: Annotated[str, typer.Argument(help="status 或 accounts")],
    to: Annotated[Path, typer.Option("--to", help=".html 或 .xlsx")],
    question: Question,
    place: Annotated[
        str | None, typer.Option("--place", help="地区代码（accounts 用） place code, for accounts")
    ] = None,
) -> None:
    """写出报告文件：status（规划目标）、accounts（能源与碳账户）。Write a report file."""
    from hengtan.desk import reports

    if kind not in KINDS:
        raise typer.BadParameter(f"没有“{kind}”这种报告，现有：{'、'.join(KINDS)}")
    reports.check_suffix(to)
    with question.opened() as workspace:
        as_of = question.as_of(workspace)
        if kind == "accounts":
            reports.write_accounts(workspace, to, as_of, place)
        else:
            reports.write_status(workspace, to, as_of)
    show.say(f"已写出 {to}")
