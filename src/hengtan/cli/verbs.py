"""Verbs about the whole: demo, new, status, table, explain, graph, report, serve, packs, doctor."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Annotated, Any

import typer

from hengtan.basis.errors import HengtanError
from hengtan.cli import show
from hengtan.cli.app import (
    JsonOption,
    KnownOn,
    MethodOption,
    PeriodOption,
    WorkspaceOption,
    app,
    day,
    opened,
    pairs,
)

packs_app = typer.Typer(help="数据包 packs", no_args_is_help=True)
app.add_typer(packs_app, name="packs")


@app.command()
def demo(
    serve_pages: Annotated[
        bool, typer.Option("--serve/--no-serve", help="算完后打开网页服务 serve the pages")
    ] = True,
    to: Annotated[Path, typer.Option("--to", help="演示工作区文件夹")] = Path("hengtan-demo"),
    port: Annotated[int, typer.Option(help="网页端口")] = 8420,
    synthetic: Annotated[
        bool,
        typer.Option(
            "--synthetic",
            help="另建合成区（虚构数据）：企业月报到能源、碳账户 a made-up district, from monthly forms to the accounts",
        ),
    ] = False,
    enterprises: Annotated[int, typer.Option(help="合成区的企业数", min=11, max=20000)] = 500,
) -> None:
    """重庆与武隆两份规划＋公开统计：建工作区、计算、出表、写报告、开网页。Both plans on real public statistics."""
    if synthetic:
        _synthetic(to if to != Path("hengtan-demo") else Path("hengtan-synthetic"), enterprises)
        return
    from hengtan.demo.public import open_demo, write_reports

    with show.progress_bar() as tell:
        workspace = open_demo(to, tell)
        paths = write_reports(workspace, tell)
    show.status_table(workspace.status())
    show.say("演示数据：公开统计资料，由 demo-loader 载入，未经单位审核 | demonstration data")
    for path in paths:
        show.say(f"已写出 {path.resolve()}")
    show.say(f"台账链首 ledger head: {workspace.ledger.head()}")
    if serve_pages:
        _serve(workspace, "127.0.0.1", port)


def _synthetic(folder: Path, enterprises: int) -> None:
    """Make the synthetic district in a folder, load its files and tell what the accounts say."""
    from hengtan.demo.synthetic import load_district, make_district, synthetic_workspace
    from hengtan.graph.said import said_table

    with show.progress_bar() as tell, synthetic_workspace(folder) as workspace:
        district = make_district(enterprises)
        reports = load_district(workspace, district, folder / "合成数据", tell)
        tell(1.0, "计算账户")
        totals = said_table("carbon_totals", workspace.table("carbon_totals")).to_pylist()
        units = workspace.table("energy_key_units").num_rows
        findings = workspace.table("energy_quality").num_rows
    show.plain_table(
        [
            {
                c: r[c] if not isinstance(r[c], float) else round(r[c], 1)
                for c in (
                    "place",
                    "year",
                    "method",
                    "energy_co2",
                    "total",
                    "indirect_power",
                    "recalled_share",
                    "missing",
                )
            }
            for r in totals
        ],
        [
            "place",
            "year",
            "method",
            "energy_co2",
            "total",
            "indirect_power",
            "recalled_share",
            "missing",
        ],
    )
    show.say(
        f"合成数据（虚构，不是任何地区的统计）：{sum(r.rows for r in reports)} 行，{len(reports)} 个文件，重点用能单位 {units} 户·年，数据质量提示 {findings} 条 | synthetic data"
    )
    show.say(f"下一步：hengtan explain carbon_enterprise place=990001 year=2023 -w {folder}")


@app.command()
def new(
    folder: Path,
    region: Annotated[str, typer.Option(help="行政区划代码 GB/T 2260")],
    places: Annotated[
        Path | None, typer.Option(help="地区表 CSV/Excel：place,name_zh,name_en,kind,parent")
    ] = None,
    title: Annotated[str | None, typer.Option(help="工作区名称")] = None,
    name: Annotated[str | None, typer.Option(help="地区名称")] = None,
    catalogue: Annotated[
        str, typer.Option(help="存放 PostgreSQL 地址的环境变量名；不填用 SQLite")
    ] = "",
    plan: Annotated[
        Path | None,
        typer.Option(
            "--plan",
            help="规划文档（.docx .pdf .html .md .txt），目标即刻入网页待核对 a plan document to start from",
        ),
    ] = None,
    year: Annotated[
        int | None,
        typer.Option("--year", help="规划文件的年份，文中没有写时给出", min=1990, max=2100),
    ] = None,
) -> None:
    """为另一个市或区县新建空工作区。A new, empty workspace for any other place."""
    from hengtan.desk.new import new_workspace

    workspace = new_workspace(
        folder,
        region,
        places=places,
        title=title,
        name=name,
        catalogue=catalogue,
        plan=plan,
        year=year,
    )
    chain = " → ".join(workspace.pack.chain)
    show.say(f"已建立工作区 {folder}：{workspace.settings.title_zh}（{region}），数据包 {chain}")
    if plan is not None:
        from hengtan.desk import plans as plan_review

        review = plan_review.load(folder, plan_review.plans_of(folder)[0])
        show.say(
            f"从 {plan.name} 读出 {len(review.draft.clauses)} 条条款、{len(review.draft.targets)} 个目标，待核对 | read, to be reviewed"
        )
        show.say(f"下一步：hengtan serve -w {folder}，在“规划核对”页逐条采纳、修改或不采纳")
    show.say(
        f"下一步：hengtan -h；hengtan form template indicator_values 指标数据.xlsx -w {folder}"
    )


@app.command()
def status(
    workspace: WorkspaceOption = None,
    plan: Annotated[str | None, typer.Option(help="只看一份规划 cq-2025-2027")] = None,
    known_on: KnownOn = None,
    period: PeriodOption = None,
    json: JsonOption = False,
) -> None:
    """每个目标的数据状态、最近数值、所需速度和灯。Where every target stands."""
    with opened(workspace) as found:
        rows = found.status(plan, day(known_on), period)
    if json:
        show.say(show.as_json(rows))
    elif rows:
        show.status_table(rows)
    else:
        show.say(
            "本工作区还没有规划目标：在 packs/ 下的数据包里加入 plans.csv、measures.csv、targets.csv（格式见随附数据包）"
        )


@app.command()
def table(
    account: str,
    workspace: WorkspaceOption = None,
    where: Annotated[list[str] | None, typer.Option("--where", help="列=值")] = None,
    known_on: KnownOn = None,
    period: PeriodOption = None,
    option: MethodOption = None,
    json: JsonOption = False,
    csv: Annotated[bool, typer.Option("--csv")] = False,
    parquet: Annotated[Path | None, typer.Option("--parquet", help="写成 Parquet 文件")] = None,
) -> None:
    """一张账户表、报表或数据包表的行。Rows of an account, a form or a pack table."""
    from hengtan.graph.said import said_table

    with opened(workspace) as found:
        codes = found.table(account, pairs(where), day(known_on), period, pairs(option))
    rows = said_table(account, codes)
    if parquet:
        from hengtan.report.files import write_parquet

        write_parquet(rows, parquet)
        show.say(f"已写出 {parquet}：{rows.num_rows} 行")
    elif csv:
        from hengtan.report.files import csv_text

        show.say(csv_text(rows).rstrip("\n"))
    elif json:
        show.say(show.as_json(rows.to_pylist()))
    else:
        columns = [name for name in rows.column_names if name in codes.column_names]
        show.plain_table(rows.slice(0, 50).to_pylist(), columns)
        show.say(f"共 {rows.num_rows} 行" + ("，显示前 50 行" if rows.num_rows > 50 else ""))


@app.command()
def explain(
    account: str,
    key: Annotated[list[str], typer.Argument(help="键=值 target_id=cq-forest-cover-2027")],
    workspace: WorkspaceOption = None,
    known_on: KnownOn = None,
    period: PeriodOption = None,
    option: MethodOption = None,
    json: JsonOption = False,
) -> None:
    """一个数是怎么来的：公式、口径、条款，直到文件、工作表和行。How a value came about."""
    with opened(workspace) as found:
        tree = found.explain(account, pairs(key), day(known_on), period, pairs(option))
        show.say(show.as_json(tree.as_dict()) if json else tree.text())


@app.command()
def graph(
    to: Annotated[Path, typer.Option("--to", help="SVG 文件")], workspace: WorkspaceOption = None
) -> None:
    """画出账户之间的关系（SVG）。Draw the graph of accounts."""
    from hengtan.report.files import write_text

    with opened(workspace) as found:
        write_text(to, found.graph().svg())
    show.say(f"已写出 {to}")


@app.command()
def report(
    kind: Annotated[str, typer.Argument(help="status 或 accounts")],
    to: Annotated[Path, typer.Option("--to", help=".html 或 .xlsx")],
    workspace: WorkspaceOption = None,
    known_on: KnownOn = None,
    period: PeriodOption = None,
    place: Annotated[
        str | None, typer.Option("--place", help="地区代码（accounts 用） place code, for accounts")
    ] = None,
    option: MethodOption = None,
) -> None:
    """写出报告文件：status（规划目标）、accounts（能源与碳账户）。Write a report file."""
    from hengtan.desk.status import status_view
    from hengtan.report.excel import write_status
    from hengtan.report.html import write_report
    from hengtan.report.view import StatusView
    from hengtan.workspace.asof import AsOf

    if kind not in ("status", "accounts"):
        raise typer.BadParameter(f"没有“{kind}”这种报告，现有：status、accounts")
    if to.suffix.lower() not in (".html", ".xlsx"):
        raise HengtanError(
            f"不支持“{to.suffix}”格式",
            f"format '{to.suffix}' is not supported",
            todo="用 .html 或 .xlsx",
            todo_en="use .html or .xlsx",
        )
    with opened(workspace) as found:
        if kind == "accounts":
            from hengtan.desk.accounts import accounts_view
            from hengtan.report.accounts import write_accounts
            from hengtan.workspace.options import read_options

            as_of = AsOf.of(day(known_on), period, options=read_options(found.pack, pairs(option)))
            write_accounts(accounts_view(found, as_of, place), status_view(found, as_of), to)
            show.say(f"已写出 {to}")
            return
        as_of = AsOf.of(day(known_on), period)
        view = StatusView.of(status_view(found, as_of))
        if to.suffix.lower() == ".xlsx":
            write_status(view, to)
        else:
            graph = found.graph(as_of)
            write_report(
                view,
                to,
                lambda target: graph.explain(
                    "plan_progress", {"target_id": target}, shown=2
                ).as_dict(),
            )
    show.say(f"已写出 {to}")


@app.command()
def serve(
    workspace: WorkspaceOption = None,
    host: Annotated[str, typer.Option()] = "127.0.0.1",
    port: Annotated[int, typer.Option()] = 8420,
    read_only: Annotated[
        bool, typer.Option("--read-only", help="规划核对也只读 no review of plans")
    ] = False,
) -> None:
    """打开网页（默认只在本机；除规划核对外只读）。Serve the pages."""
    _serve(opened(workspace), host, port, read_only)


def _serve(workspace: Any, host: str, port: int, read_only: bool = False) -> None:
    import socket

    import uvicorn

    from hengtan.desk.provider import Provider
    from hengtan.web.app import create_app
    from hengtan.web.guard import LOCAL_HOSTS

    with socket.socket() as probe:
        if probe.connect_ex((host, port)) == 0:
            raise HengtanError(
                f"端口 {port} 已被占用",
                f"port {port} is in use",
                todo="用 --port 换一个端口",
                todo_en="choose another with --port",
            )
    show.say(f"网页：http://{host}:{port}/ （Ctrl+C 结束）")
    uvicorn.run(
        create_app(Provider(workspace), writable=host in LOCAL_HOSTS and not read_only),
        host=host,
        port=port,
        log_level="warning",
    )


@packs_app.command("check")
def packs_check(json: JsonOption = False, workspace: WorkspaceOption = None) -> None:
    """检查数据包：编号、引用、单位、日期、来源、重叠。Check ids, references, units, dates, sources, overlaps."""
    from hengtan import packs
    from hengtan.workspace.config import chosen_folder

    folder = chosen_folder(workspace) / "packs"
    found = packs.check(extra=sorted(p for p in folder.glob("*") if p.is_dir()))
    if json:
        show.say(show.as_json([f.as_dict() for f in found]))
    else:
        show.findings(found)
        show.say(
            f"数据包检查完成：{len(found)} 处问题" if found else "数据包检查通过 | packs are sound"
        )
    raise typer.Exit(1 if any(f.level == "error" for f in found) else 0)


@app.command()
def doctor(
    workspace: WorkspaceOption = None,
    mend: Annotated[bool, typer.Option("--mend", help="清除无主文件、合并小文件")] = False,
    json: JsonOption = False,
) -> None:
    """检查本机环境和工作区；--mend 清除中断写入留下的无主文件。Check this machine and the workspace."""
    import importlib.metadata
    import platform
    import shutil

    from hengtan.workspace.config import SETTINGS, chosen_folder

    folder = chosen_folder(workspace)
    lines = {
        "python": platform.python_version(),
        "system": platform.platform(),
        "workspace": str(folder),
        "is_workspace": (folder / SETTINGS).is_file(),
        "cpus": os.cpu_count(),
    }
    for package in (
        "duckdb",
        "ibis-framework",
        "apache-hamilton",
        "pyarrow",
        "openpyxl",
        "plotly",
        "fastapi",
    ):
        lines[package] = importlib.metadata.version(package)
    lines["chromium"] = shutil.which("chromium") or "—"
    if lines["is_workspace"]:
        with opened(folder) as found:
            if mend:
                lines |= {"swept": len(found.ledger.sweep()), "merged": len(found.ledger.tidy())}
            lines |= {
                "ledger_head": found.ledger.head(),
                "submissions": len(found.ledger.submissions()),
                "packs": " → ".join(found.pack.chain),
            }
    if json:
        show.say(show.as_json(lines))
    else:
        for name, value in lines.items():
            show.say(f"{name:18} {value}")
