"""Report files of a workspace: status (targets of the plans) and accounts (energy and carbon), as
.html or .xlsx.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from hengtan.basis.errors import HengtanError
from hengtan.desk.accounts import accounts_view
from hengtan.desk.status import status_view
from hengtan.report.view import StatusView
from hengtan.workspace.asof import AsOf

if TYPE_CHECKING:
    from hengtan.workspace.workspace import Workspace

SUFFIXES = (".html", ".xlsx")
EXPLAINED = 2
"""Levels of the explain tree that the offline report carries."""


def check_suffix(to: Path) -> None:
    """Raises HengtanError for a file that is no report."""
    if to.suffix.lower() not in SUFFIXES:
        raise HengtanError(
            f"不支持“{to.suffix}”格式",
            f"format '{to.suffix}' is not supported",
            todo="用 .html 或 .xlsx",
            todo_en="use .html or .xlsx",
        )


def write_status(
    workspace: Workspace, to: Path, as_of: AsOf, view: StatusView | None = None
) -> None:
    """The status of every target as a workbook or as a self-contained page."""
    from hengtan.report.page.offline import write_report
    from hengtan.report.sheet.status import write_status as write_workbook

    check_suffix(to)
    view = view or StatusView.of(status_view(workspace, as_of))
    if to.suffix.lower() == ".xlsx":
        write_workbook(view, to)
    else:
        write_report(view, to, explained(workspace, as_of))


def explained(workspace: Workspace, as_of: AsOf) -> Callable[[str], Mapping[str, Any]]:
    """The first levels of the explain tree of a target, by its id."""
    graph = workspace.graph(as_of)

    def tree(target: str) -> Mapping[str, Any]:
        key = {"target_id": target}
        return dict(graph.explain("plan_progress", key, shown=EXPLAINED).as_dict())

    return tree


def write_accounts(workspace: Workspace, to: Path, as_of: AsOf, place: str | None = None) -> None:
    """Energy and carbon of a place, or of the workspace's region."""
    from hengtan.report.accounts import write_accounts as write

    check_suffix(to)
    write(accounts_view(workspace, as_of, place), status_view(workspace, as_of), to)
