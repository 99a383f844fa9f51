"""``hengtan check``: data quality of a foreign table; exit 0 sound (hints allowed), 1 errors."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from hengtan.cli import show
from hengtan.cli.app import JsonOption, app

check_app = typer.Typer(
    help="外来数据表的质量检查 data quality of a foreign table", no_args_is_help=True
)
app.add_typer(check_app, name="check")

File = Annotated[Path, typer.Argument(help="Excel 或 CSV 文件")]
Sheet = Annotated[str | None, typer.Option("--sheet", help="工作表名")]


@check_app.command("gpc")
def gpc(file: File, sheet: Sheet = None, json: JsonOption = False) -> None:
    """GPC 城市清单：一行一个清单、一列一个编号（I.1.1 …）及公布的合计。

    GPC inventories: rows, notation keys and published totals.
    """
    from hengtan.workbooks.gpc import check_gpc

    report = check_gpc(file, sheet)
    if json:
        show.say(show.as_json(report.as_dict()))
    else:
        names = {
            "basic": "BASIC",
            "basic_plus": "BASIC+",
            "basic_plus_s3": "BASIC+ S3",
            "territorial": "属地",
        }
        rows = [
            {
                "行": i["line"],
                "清单": i["name"],
                **{zh: _beside(i[t], i["published"].get(t)) for t, zh in names.items()},
                "空白": len(i["blank"]),
                "未估算": len(i["not_estimated"]),
            }
            for i in report.inventories[:200]
        ]
        show.plain_table(rows, ["行", "清单", *names.values(), "空白", "未估算"])
        if len(report.inventories) > 200:
            show.say(f"共 {len(report.inventories)} 个清单，显示前 200 个")
        _told(report, f"{len(report.inventories)} 个清单")
    if not report.sound:
        raise typer.Exit(1)


def _beside(computed: float, published: float | None) -> str:
    """What the rows add to, and beside it what was published where that is another figure."""
    text = f"{computed:,.6g}" if abs(computed) < 1e6 else f"{computed:,.0f}"
    return text if published is None else f"{text} ｜公布 {published:,.10g}"


def _told(report: Any, what: str) -> None:
    show.findings(report.findings)
    errors = sum(f.level == "error" for f in report.findings)
    show.say(
        f"检查完成：{what}，{errors} 处错误、{len(report.findings) - errors} 处提示"
        if report.findings
        else f"检查通过：{what} | sound"
    )


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
) -> None:
    """能源平衡表：识别版式，逐列核对恒等式，指出有误的格。

    Energy balance: layout, identities column by column, the cell that is off.
    """
    from hengtan.workbooks.balance import check_balance

    report = check_balance(file, sheet, tolerance, physical)
    if json:
        show.say(show.as_json(report.as_dict()))
    else:
        made = report.balance
        show.say(
            f"{report.file}{f' 工作表“{report.sheet}”' if report.sheet else ''}：{'标准量' if made.standard else '实物量'}，单位 {made.unit or '未写明'}，{len(made.rows)} 个项目 × {len(made.columns)} 列{'（行列互换）' if made.transposed else ''}"
        )
        show.say(
            "版式："
            + ("；".join(report.checked.choices) or "—")
            + (f"；电力折算 {report.coefficient}" if report.coefficient else "")
        )
        names = list(dict.fromkeys(r.identity for r in report.checked.results))
        rows = []
        for name in sorted(
            names, key=lambda n: (int("".join(ch for ch in n.partition("-")[0] if ch.isdigit())), n)
        ):
            mine = [r for r in report.checked.results if r.identity == name]
            reasons = list(
                dict.fromkeys(r.reason for r in mine if r.state == "not_applicable" and r.reason)
            )
            rows.append(
                {
                    "恒等式": name,
                    "成立": sum(r.state == "holds" for r in mine),
                    "不成立": sum(r.state == "broken" for r in mine),
                    "不适用": sum(r.state == "not_applicable" for r in mine),
                    "不适用的原因": "；".join(reasons),
                }
            )
        show.plain_table(rows, ["恒等式", "成立", "不成立", "不适用", "不适用的原因"])
        for note in report.checked.notes:
            show.say(f"说明 {note}")
        _told(report, f"{len(made.cells)} 格")
    if not report.sound:
        raise typer.Exit(1)
