"""Report files of a workspace: status (targets of the plans) as .html, .xlsx or .pdf, a target on
one page as .pdf, accounts (energy and carbon) as .html or .xlsx.
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

SUFFIXES: Mapping[str, tuple[str, ...]] = {
    "status": (".html", ".xlsx", ".pdf"),
    "target": (".pdf",),
    "accounts": (".html", ".xlsx"),
}
"""The kinds of report and the files each can be."""
EXPLAINED = 2
"""Levels of the explain tree that the offline report carries."""


def check_suffix(to: Path, kind: str = "accounts") -> None:
    """Raises HengtanError for a file that is no report of its kind."""
    suffixes = SUFFIXES[kind]
    if to.suffix.lower() not in suffixes:
        *others, last = suffixes
        zh, en = ("、".join(others), ", ".join(others)) if others else ("", "")
        raise HengtanError(
            f"不支持“{to.suffix}”格式",
            f"format '{to.suffix}' is not supported",
            todo=f"用 {zh} 或 {last}" if others else f"用 {last}",
            todo_en=f"use {en} or {last}" if others else f"use {last}",
        )


def write_status(
    workspace: Workspace,
    to: Path,
    as_of: AsOf,
    view: StatusView | None = None,
    lang: str = "zh",
) -> None:
    """The status of every target as a workbook, a self-contained page or a PDF; ``lang`` is that of
    the workbook and the PDF (the page holds both languages).
    """
    from hengtan.report.page.offline import write_report
    from hengtan.report.pdf.status import write_status_pdf
    from hengtan.report.sheet.status import write_status as write_workbook

    check_suffix(to, "status")
    view = view or StatusView.of(status_view(workspace, as_of))
    suffix = to.suffix.lower()
    if suffix == ".xlsx":
        write_workbook(view, to, lang)
    elif suffix == ".pdf":
        write_status_pdf(view, to, lang)
    else:
        write_report(view, to, explained(workspace, as_of))


def write_target(
    workspace: Workspace, to: Path, as_of: AsOf, target: str, lang: str = "zh"
) -> None:
    """A target on one page as PDF, with where its number comes from.

    Raises HengtanError for an id that is no target's.
    """
    from hengtan.report.pdf.target import write_target_pdf

    check_suffix(to, "target")
    view = StatusView.of(status_view(workspace, as_of))
    tree = explained(workspace, as_of)(target) if view.target(target) else None
    write_target_pdf(view, target, to, tree, lang)


def explained(workspace: Workspace, as_of: AsOf) -> Callable[[str], Mapping[str, Any]]:
    """The first levels of the explain tree of a target, by its id."""
    graph = workspace.graph(as_of)

    def tree(target: str) -> Mapping[str, Any]:
        key = {"target_id": target}
        return dict(graph.explain("plan_progress", key, shown=EXPLAINED).as_dict())

    return tree


def write_accounts(
    workspace: Workspace, to: Path, as_of: AsOf, place: str | None = None, lang: str = "zh"
) -> None:
    """Accounts of a place, or of the workspace's region."""
    from hengtan.report.accounts import write_accounts as write

    check_suffix(to)
    write(accounts_view(workspace, as_of, place), status_view(workspace, as_of), to, lang)
