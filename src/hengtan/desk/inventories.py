"""Inventories for others: on GPC references and on IPCC categories, as workbooks."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from hengtan.basis.errors import HengtanError
from hengtan.report.sheet.inventories import gpc_bytes, ipcc_bytes

if TYPE_CHECKING:
    from hengtan.workspace.workspace import Workspace

KINDS = ("gpc", "ipcc")


def inventory_bytes(
    workspace: Workspace, kind: str, year: int | None = None, place: str | None = None
) -> bytes:
    """The inventories of a year and place (all where none is named) as .xlsx; ``kind``: ``gpc`` or
    ``ipcc``. Raises HengtanError where there is none.
    """
    names = {
        row["place"]: row["name_en"] or row["name_zh"] for row in workspace.pack.rows("places")
    }
    if kind == "gpc":
        references = {row["gpc"]: row for row in workspace.pack.rows("gpc_references")}
        return gpc_bytes(_chosen(workspace, "carbon_gpc", year, place), references, names)
    return ipcc_bytes(_chosen(workspace, "carbon_inventory", year, place), names)


def _chosen(
    workspace: Workspace, account: str, year: int | None, place: str | None
) -> list[dict[str, Any]]:
    """Rows of an account of a year and place. Raises HengtanError where there is none."""
    rows = [
        row
        for row in workspace.execute(account).to_pylist()
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
