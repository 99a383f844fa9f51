"""``hengtan check``: data quality of a foreign table; exit 0 sound (hints allowed), 1 errors."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Annotated, Any

import typer

from hengtan.basis.cite import confidence_word
from hengtan.cli import show
from hengtan.cli.app import JsonOption, PartlyOption, app, pairs

check_app = typer.Typer(
    help="外来数据表的质量检查 data quality of a foreign table", no_args_is_help=True
)
app.add_typer(check_app, name="check")

File = Annotated[Path, typer.Argument(help="Excel 或 CSV 文件")]
Sheet = Annotated[str | None, typer.Option("--sheet", help="工作表名")]


@check_app.command("gpc")
def gpc(
    file: File,
    sheet: Sheet = None,
    json: JsonOption = False,
    partly: PartlyOption = False,
    rows_to: Annotated[
        Path | None,
        typer.Option("--rows", help="逐格写成“外地城市清单”报表的 .csv，再用 import 导入"),
    ] = None,
) -> None:
    """GPC 城市清单：一行一个清单、一列一个编号（I.1.1 …）及公布的合计。
    GPC inventories: rows, notation keys and published totals.
    """
    from hengtan.workbooks.gpc import check_gpc
    from hengtan.workbooks.inventory_rows import write_inventory_rows

    report = check_gpc(file, sheet, partly=partly)
    if rows_to is not None:
        write_inventory_rows(report, rows_to)
    if json:
        show.say(show.as_json(report.as_dict()))
    else:
        rows = [_inventory_row(inventory) for inventory in report.inventories[:SHOWN]]
        show.plain_table(rows, ["行", "清单", *TOTALS_ZH.values(), "空白", "未估算"])
        if len(report.inventories) > SHOWN:
            show.say(f"共 {len(report.inventories)} 个清单，显示前 {SHOWN} 个")
        _show_findings(report, f"{len(report.inventories)} 个清单")
    if not report.sound:
        raise typer.Exit(1)


@check_app.command("rate")
def rate(
    name: Annotated[str, typer.Argument(help="比率：solid_waste_use、msw_recovery、straw_use …")],
    amounts: Annotated[
        list[str] | None, typer.Argument(help="数量=公布的数 产生量=5.3亿吨 综合利用量=4.0亿吨")
    ] = None,
    published: Annotated[
        str | None, typer.Option("--published", help="公布的比率 the rate as printed (74.9%)")
    ] = None,
    file: Annotated[
        Path | None, typer.Option("--file", help="数量表：名称、数值、单位 a table of amounts")
    ] = None,
    json: JsonOption = False,
) -> None:
    """固废比率：每个口径各是多少，进位允许的区间，公布值符合哪个口径。
    A rate of waste by every definition, within the rounding of its amounts, beside what was
    published.
    """
    from hengtan.desk.published_rates import amounts_of_file, check_rate

    figures = (amounts_of_file(file) if file else {}) | pairs(amounts)
    report = check_rate(name, published, figures)
    if json:
        show.say(show.as_json(report.as_dict()))
    else:
        _show_rates(report)
    if not report.sound:
        raise typer.Exit(1)


def _show_rates(report: Any) -> None:
    """A line for each definition, and in a sentence which of them give what was published."""
    rows = [
        {
            "口径": tried.name_zh,
            "数值%": f"{tried.interval.value:.2f}" if tried.interval else "",
            "进位区间%": f"{tried.interval.low:.2f}—{tried.interval.high:.2f}"
            if tried.interval
            else "",
            "符合公布值": _fits(report, tried),
            "可信度": confidence_word(tried.confidence),
            "说明": tried.lacks_zh or tried.trap_zh,
        }
        for tried in report.tried
    ]
    show.plain_table(rows, ["口径", "数值%", "进位区间%", "符合公布值", "可信度", "说明"])
    for source in dict.fromkeys(tried.source for tried in report.tried):
        show.say(f"口径出处 source：{source}")
    if report.printed is None:
        return
    printed = f"{report.printed.value:g}%"
    if report.fitting:
        show.say(f"公布的 {printed} 符合：{'；'.join(report.fitting)}")
        if report.unread:
            show.say(
                f"其中没有在文件中读到的口径：{'；'.join(report.unread)} "
                "| definitions among them that were not read in a document"
            )
    else:
        show.say(
            f"公布的 {printed} 不能由任何一个能算的口径得出 "
            f"| {printed} is not reproduced by any definition that can be worked out"
        )


def _fits(report: Any, tried: Any) -> str:
    if report.printed is None or tried.interval is None:
        return ""
    return "是" if tried.fits else "否"


SHOWN = 200
"""Inventories shown on the command line."""
TOTALS_ZH = {
    "basic": "BASIC",
    "basic_plus": "BASIC+",
    "basic_plus_s3": "BASIC+ S3",
    "territorial": "属地",
}


def _inventory_row(inventory: Mapping[str, Any]) -> dict[str, Any]:
    published = inventory["published"]
    return {
        "行": inventory["line"],
        "清单": inventory["name"],
        **{zh: _beside(inventory[t], published.get(t)) for t, zh in TOTALS_ZH.items()},
        "空白": len(inventory["blank"]),
        "未估算": len(inventory["not_estimated"]),
    }


def _beside(computed: float, published: float | None) -> str:
    """What the rows add to, and beside it what was published where that is another figure."""
    text = f"{computed:,.6g}" if abs(computed) < 1e6 else f"{computed:,.0f}"
    return text if published is None else f"{text} ｜公布 {published:,.10g}"


def _show_findings(report: Any, what: str) -> None:
    show.findings(report.findings)
    show.account(report.account)
    if not report.findings:
        show.say(f"检查通过：{what} | sound")
        return
    errors = sum(finding.level == "error" for finding in report.findings)
    hints = len(report.findings) - errors
    show.say(f"检查完成：{what}，{errors} 处错误、{hints} 处提示")


@check_app.command("balance")
def balance(
    file: File,
    sheet: Sheet = None,
    json: JsonOption = False,
    tolerance: Annotated[
        float,
        typer.Option(
            "--tolerance", help="最小允许误差，表中单位 least tolerance in the unit of the table"
        ),
    ] = 0.0,
    physical: Annotated[
        Path | None,
        typer.Option(
            "--physical", help="同一年的实物量表，用来推算电力折算系数 the physical table beside it"
        ),
    ] = None,
    partly: PartlyOption = False,
    workspace: Annotated[
        Path | None,
        typer.Option("--workspace", "-w", help="用此工作区的包里的名称写法 spellings of its packs"),
    ] = None,
) -> None:
    """能源平衡表：识别版式，逐列核对恒等式，指出有误的格，清点每一个数是否读出。
    Energy balance: layout, identities column by column, the cell that is off, and an account of
    every figure.
    """
    from hengtan.workbooks.balance import check_balance

    names = _names_of(workspace)
    report = check_balance(file, sheet, tolerance, physical, partly=partly, names=names)
    if json:
        show.say(show.as_json(report.as_dict()))
    else:
        for table in report.tables:
            _show_layout(report.file, table)
            show.plain_table(
                _identity_rows(table.checked.results),
                ["恒等式", "成立", "不成立", "不能检验", "不适用", "原因"],
            )
            for note in table.checked.notes:
                show.say(f"说明 {note}")
        _show_findings(report, f"{sum(len(table.balance.cells) for table in report.tables)} 格")
    if not report.sound:
        raise typer.Exit(1)


def _names_of(folder: Path | None) -> Any:
    """Spellings of balances in the packs of a workspace; None without one."""
    if folder is None:
        return None
    from hengtan.workspace import Workspace

    with Workspace.open(folder) as workspace:
        return workspace.pack.rows("balance_names")


def _show_layout(file: str, report: Any) -> None:
    """Which sheet was read and how, and the choices made in reading it."""
    table = report.balance
    sheet = f" 工作表“{report.sheet}”" if report.sheet else ""
    label = f" {table.label}" if table.label else ""
    kind = "标准量" if table.standard else "实物量"
    size = f"{len(table.rows)} 个项目 × {len(table.columns)} 列"
    turned = "（行列互换）" if table.transposed else ""
    unit = table.unit or "、".join(dict.fromkeys(table.units.values())) or "未写明"
    show.say(f"{file}{sheet}{label}：{kind}，单位 {unit}，{size}{turned}")
    choices = "；".join(report.checked.choices) or "—"
    coefficient = f"；电力折算 {report.coefficient}" if report.coefficient else ""
    show.say(f"版式：{choices}{coefficient}")


def _identity_rows(results: Sequence[Any]) -> list[dict[str, Any]]:
    """A row for each identity, in the order of their numbers: how many columns hold it."""

    def number(name: str) -> int:
        return int("".join(sign for sign in name.partition("-")[0] if sign.isdigit()))

    names = dict.fromkeys(result.identity for result in results)
    rows = []
    for name in sorted(names, key=lambda name: (number(name), name)):
        states = Counter(result.state for result in results if result.identity == name)
        idle = ("not_applicable", "not_testable")
        reasons = [r.reason for r in results if r.identity == name and r.state in idle]
        rows.append(
            {
                "恒等式": name,
                "成立": states["holds"],
                "不成立": states["broken"],
                "不能检验": states["not_testable"],
                "不适用": states["not_applicable"],
                "原因": "；".join(dict.fromkeys(filter(None, reasons))),
            }
        )
    return rows
