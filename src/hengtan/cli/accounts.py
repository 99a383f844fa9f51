"""Verbs about accounts: the rows of one, how a value came about, the graph drawn."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from hengtan.cli import show
from hengtan.cli.app import JsonOption, WorkspaceOption, app, day, opened, pairs
from hengtan.cli.options import Question, Shape, grouped

SHOWN_ROWS = 50


@app.command()
@grouped
def table(
    account: str,
    question: Question,
    shape: Shape,
    where: Annotated[list[str] | None, typer.Option("--where", help="列=值")] = None,
) -> None:
    """一张账户表、报表或数据包表的行。Rows of an account, a form or a pack table."""
    from hengtan.graph.said import said_table

    with question.opened() as workspace:
        codes = workspace.table(
            account,
            pairs(where),
            day(question.known_on),
            question.period,
            pairs(question.option),
        )
    _show(said_table(account, codes), codes.column_names, shape)


def _show(rows: Any, columns: list[str], shape: Shape) -> None:
    """Rows with codes in words; on the screen without the codes beside them."""
    if shape.parquet:
        from hengtan.report.files import write_parquet

        write_parquet(rows, shape.parquet)
        show.say(f"已写出 {shape.parquet}：{rows.num_rows} 行")
    elif shape.csv:
        from hengtan.report.files import csv_text

        show.say(csv_text(rows).rstrip("\n"))
    elif shape.json:
        show.say(show.as_json(rows.to_pylist()))
    else:
        show.plain_table(rows.slice(0, SHOWN_ROWS).to_pylist(), columns)
        cut = f"，显示前 {SHOWN_ROWS} 行" if rows.num_rows > SHOWN_ROWS else ""
        show.say(f"共 {rows.num_rows} 行{cut}")


@app.command()
@grouped
def explain(
    account: str,
    key: Annotated[list[str], typer.Argument(help="键=值 target_id=cq-forest-cover-2027")],
    question: Question,
    json: JsonOption = False,
) -> None:
    """一个数是怎么来的：公式、口径、条款，直到文件、工作表和行。How a value came about."""
    with question.opened() as workspace:
        tree = workspace.explain(
            account, pairs(key), day(question.known_on), question.period, pairs(question.option)
        )
        show.say(show.as_json(tree.as_dict()) if json else tree.text())


@app.command()
def graph(
    to: Annotated[Path, typer.Option("--to", help="SVG 文件")], workspace: WorkspaceOption = None
) -> None:
    """画出账户之间的关系（SVG）。Draw the graph of accounts."""
    from hengtan.desk.accounts import graph_svg
    from hengtan.report.files import write_text

    with opened(workspace) as desk:
        write_text(to, graph_svg(desk))
    show.say(f"已写出 {to}")
