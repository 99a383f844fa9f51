"""Verbs that write inventories for others: on GPC references and on IPCC categories."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from hengtan.basis.errors import HengtanError
from hengtan.cli import show
from hengtan.cli.app import WorkspaceOption, opened
from hengtan.cli.evidence import export_app

To = Annotated[Path, typer.Option("--to", help="输出的 .xlsx 文件")]
Year = Annotated[int | None, typer.Option("--year", help="只要这一年")]
Place = Annotated[str | None, typer.Option("--place", help="只要这个地区（代码）")]


@export_app.command("gpc")
def export_gpc(
    to: To, workspace: WorkspaceOption = None, year: Year = None, place: Place = None
) -> None:
    """按 GPC 编号导出清单（一行一个清单，另附逐编号表）。The inventory on GPC references."""
    from hengtan.basis.whole_files import write_whole
    from hengtan.report.sheet.inventories import gpc_bytes

    with opened(workspace) as office:
        rows = _chosen(office, "carbon_gpc", year, place)
        references = {row["gpc"]: row for row in office.pack.rows("gpc_references")}
        write_whole(to, gpc_bytes(rows, references, _names(office)))
    show.say(f"已导出到 {to}")


@export_app.command("ipcc")
def export_ipcc(
    to: To, workspace: WorkspaceOption = None, year: Year = None, place: Place = None
) -> None:
    """按 IPCC 2006 类别和气体导出清单。The inventory on IPCC 2006 categories by gas."""
    from hengtan.basis.whole_files import write_whole
    from hengtan.report.sheet.inventories import ipcc_bytes

    with opened(workspace) as office:
        rows = _chosen(office, "carbon_inventory", year, place)
        write_whole(to, ipcc_bytes(rows, _names(office)))
    show.say(f"已导出到 {to}")


def _names(office: Any) -> dict[str, str]:
    return {row["place"]: row["name_en"] or row["name_zh"] for row in office.pack.rows("places")}


def _chosen(office: Any, account: str, year: int | None, place: str | None) -> list[dict[str, Any]]:
    """Rows of an account of a year and place. Raises HengtanError where there is none."""
    rows = [
        row
        for row in office.execute(account).to_pylist()
        if year in (None, row["year"]) and place in (None, row["place"])
    ]
    if not rows:
        raise HengtanError(
            "没有可导出的清单",
            "no inventory to export",
            todo="先报送能源平衡或其他排放活动数据，或放宽年份和地区",
            todo_en="report energy and activity first, or widen year and place",
        )
    return rows
