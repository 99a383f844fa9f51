"""Verbs about accounts: the rows of one, how a value came about, the graph drawn."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from hengtan.basis.errors import HengtanError
from hengtan.cli import show
from hengtan.cli.app import JsonOption, WorkspaceOption, app, day, opened, pairs
from hengtan.cli.evidence import export_app
from hengtan.cli.options import Question, Shape, grouped

SHOWN_ROWS = 50
EngineOption = Annotated[
    str | None,
    typer.Option(
        "--engine", help="计算引擎：duckdb、spark、spark:local[2]、spark://主机:端口 the engine"
    ),
]


@app.command()
@grouped
def table(
    account: Annotated[str | None, typer.Argument(help="表名；不写则列出全部")] = None,
    *,
    question: Question,
    shape: Shape,
    where: Annotated[list[str] | None, typer.Option("--where", help="列=值")] = None,
    engine: EngineOption = None,
) -> None:
    """一张账户表、报表或数据包表的行。Rows of an account, a form or a pack table."""
    from hengtan.graph.said import said_table

    if account is None:
        _list_tables(question, shape)
        return
    if engine is not None:
        _refuse_beside_engine(shape, where)
        _work_out(account, question, engine, shape.parquet)
        return
    with question.opened() as workspace:
        codes = workspace.table(
            account,
            pairs(where),
            day(question.known_on),
            question.period,
            pairs(question.option),
        )
    _show(said_table(account, codes), codes.column_names, shape)
    _tell_lacking(codes)


def _tell_lacking(rows: Any) -> None:
    """Parameters that no source establishes, a line each beside the output.

    Raises ParameterNotEstablished where every row lacks one.
    """
    from hengtan.graph.unestablished import lacking, refused

    if "missing" not in rows.column_names or not rows.num_rows:
        return
    texts = rows["missing"].to_pylist()
    if all(lacking([text]) for text in texts):
        raise refused(next(iter(lacking(texts))))
    for code, count in lacking(texts).items():
        show.say(f"提示 {count} 行 {refused(code)}", error=True)


def _list_tables(question: Question, shape: Shape) -> None:
    """Every form, account and pack table by name."""
    from hengtan.desk.tables import tables_there_are

    with question.opened() as workspace:
        rows = tables_there_are(workspace)
    if shape.json:
        show.say(show.as_json(rows))
        return
    titles = [{"table": row["table"], "kind": row["kind"], **_title(row)} for row in rows]
    show.plain_table(titles, ["table", "kind", "title"])


def _title(row: dict[str, Any]) -> dict[str, str]:
    from hengtan.report.words import titles_of_table

    return {"title": row.get("title_zh") or titles_of_table(row["table"])[0]}


@export_app.command("account")
@grouped
def export_account(
    account: str,
    to: Annotated[Path, typer.Option("--to", help="输出文件夹")],
    question: Question,
    engine: EngineOption = None,
) -> None:
    """在冻结副本上计算一张账户表，写成 Parquet 与清单。An account over a frozen export."""
    _work_out(account, question, engine or "duckdb", to)


def _refuse_beside_engine(shape: Shape, where: list[str] | None) -> None:
    """With ``--engine`` the whole table is written as Parquet."""
    if where or shape.json or shape.csv or shape.parquet is None:
        raise HengtanError(
            "用 --engine 计算时，整张表写成 Parquet",
            "with --engine the whole table is written as Parquet",
            todo="加 --parquet 文件夹，去掉 --where、--json、--csv",
            todo_en="add --parquet FOLDER, without --where, --json and --csv",
        )


def _work_out(account: str, question: Question, engine: str, to: Path | None) -> None:
    from hengtan.workspace.engines import EngineAddress, work_out

    address = EngineAddress.read(engine)
    assert to is not None
    with question.opened() as workspace, show.progress_bar() as tell:
        manifest = work_out(workspace, account, question.as_of(workspace), address, to, tell)
    files = len(manifest["files"])
    show.say(f"已写出 {to}：{manifest['rows']} 行，{files} 个文件，清单 manifest.json")


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
    from hengtan.graph.explanation import told_once
    from hengtan.graph.unestablished import refuse_without

    with question.opened() as workspace:
        tree = workspace.explain(
            account, pairs(key), day(question.known_on), question.period, pairs(question.option)
        )
        show.say(show.as_json(told_once(tree.as_dict())) if json else tree.text())
        refuse_without(tree.values)


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
