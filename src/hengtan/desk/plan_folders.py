"""Where a workspace keeps the plans that were read from documents: ``plans/<plan>/``."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from hengtan.basis.border import checked_id

if TYPE_CHECKING:
    from hengtan.workspace.workspace import Workspace

PLANS, READING = "plans", "reading.json"


def folder_of(workspace: Workspace, plan: str) -> Path:
    """Where a workspace keeps a plan's reading and its review.

    Raises UnreadableFile for an id that is no name of a folder.
    """
    return workspace.folder / PLANS / checked_id(plan)


def plans_of(workspace: Workspace) -> list[str]:
    """Ids of the plans that a workspace holds readings of."""
    folders = (path.parent.name for path in (workspace.folder / PLANS).glob(f"*/{READING}"))
    return sorted(name for name in folders if not name.startswith("."))
