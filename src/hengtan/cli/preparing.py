"""The first pages made ready after an approval on the command line, by a process of its own.

The verb ends at once; the child runs at low priority, only reads the ledger (the writer's lock is
never taken), keeps what it worked out in the workspace's cache, and ends on its own.
"""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from hengtan.workspace.workspace import Workspace

LONGEST = 300.0
"""Seconds after which the child gives up."""
ASKED = "HENGTAN_PREPARE"
"""``yes`` or ``no``; without it pages are prepared where a person sits at the terminal."""


def prepare_in_background(office: Workspace) -> None:
    """Start a child that prepares the pages of a workspace, unless nobody waits for them.

    A child that cannot be started is passed over: the pages are then worked out when asked for.
    """
    if not _is_wanted():
        return
    with suppress(OSError):
        subprocess.Popen(
            [sys.executable, "-m", "hengtan.cli.preparing", str(office.folder)],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            close_fds=True,
            **_detached(),
        )


def _is_wanted() -> bool:
    asked = os.environ.get(ASKED, "").strip().lower()
    if asked in ("yes", "no"):
        return asked == "yes"
    return sys.stdout.isatty()


def _detached() -> dict[str, Any]:
    """A process that outlives the terminal, at low priority."""
    if sys.platform == "win32":
        flags = ("DETACHED_PROCESS", "CREATE_NEW_PROCESS_GROUP", "BELOW_NORMAL_PRIORITY_CLASS")
        return {"creationflags": sum(getattr(subprocess, flag) for flag in flags)}
    return {"start_new_session": True}


def prepare(folder: Path) -> bool:
    """Work out and keep the tables of the first pages, again where the ledger changed meanwhile.

    False, and nothing done, while another process does the same: it looks again before it ends.
    """
    import filelock

    from hengtan.workspace import Workspace

    (folder / "cache").mkdir(exist_ok=True)
    lock = filelock.FileLock(str(folder / "cache" / ".preparing.lock"))
    try:
        lock.acquire(timeout=0)
    except filelock.Timeout:
        return False
    try:
        ready_for = None
        while True:
            with Workspace.open(folder) as office:
                state = office.ledger.state_key()
                if state == ready_for:
                    return True
                _ask(office)
                ready_for = state
    finally:
        lock.release()


def _ask(office: Workspace) -> None:
    """The questions of the first pages, the first page first."""
    from hengtan.desk.accounts import accounts_view
    from hengtan.desk.status import status_view

    status_view(office)
    accounts_view(office)


def main(folder: str) -> None:
    """What the child does. It ends without a word, whatever happens."""
    from hengtan.basis.errors import HengtanError

    if hasattr(os, "nice"):
        os.nice(19)
    limit = threading.Timer(LONGEST, os._exit, (0,))
    limit.daemon = True
    limit.start()
    try:
        with suppress(HengtanError, OSError):
            prepare(Path(folder))
    finally:
        limit.cancel()


if __name__ == "__main__":
    main(sys.argv[1])
