"""Whether this machine and a workspace are in order."""

from __future__ import annotations

import importlib.metadata
import os
import platform
import shutil
from pathlib import Path
from typing import TYPE_CHECKING, Any

from hengtan.workspace.config import SETTINGS
from hengtan.workspace.installation import packs_in

if TYPE_CHECKING:
    from hengtan.workspace.workspace import Workspace

PACKAGES = (
    "duckdb",
    "ibis-framework",
    "apache-hamilton",
    "pyarrow",
    "openpyxl",
    "plotly",
    "fastapi",
)


def machine(folder: Path) -> dict[str, Any]:
    """Versions, processors and browser of this machine, and whether a folder is a workspace."""
    about: dict[str, Any] = {
        "python": platform.python_version(),
        "system": platform.platform(),
        "workspace": str(folder),
        "is_workspace": (folder / SETTINGS).is_file(),
        "cpus": os.cpu_count(),
    }
    about |= {package: importlib.metadata.version(package) for package in PACKAGES}
    about["chromium"] = shutil.which("chromium") or "—"
    return about


def condition(workspace: Workspace) -> dict[str, Any]:
    """Head, submissions and packs of a workspace."""
    return {
        "ledger_head": workspace.ledger.head(),
        "submissions": len(workspace.ledger.submissions()),
        "packs": " → ".join(workspace.pack.chain),
    }


def mend(workspace: Workspace) -> dict[str, int]:
    """Clear files that belong to nobody and merge small ones; how many of each."""
    return {"swept": len(workspace.ledger.sweep()), "merged": len(workspace.ledger.tidy())}


def check_packs(folder: Path) -> list[Any]:
    """Findings of all packs: those that ship and those of a workspace folder."""
    from hengtan import packs

    return list(packs.check(extra=packs_in(folder)))
