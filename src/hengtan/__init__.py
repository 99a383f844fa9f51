"""衡碳 Hengtan: a city's or district's green-transition plan as a running system.

``hengtan.open(folder)`` gives a workspace with ``.status()``, ``.table()`` and ``.explain()``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from hengtan.version import __version__

if TYPE_CHECKING:
    from pathlib import Path

    from hengtan.workspace import Workspace

__all__ = ["__version__", "open"]


def open(folder: str | Path | None = None) -> Workspace:
    """Open a workspace (see ``hengtan.workspace.Workspace``); without a folder, the one the command
    line would take.
    """
    from hengtan.workspace import Workspace

    return Workspace.open(folder)
