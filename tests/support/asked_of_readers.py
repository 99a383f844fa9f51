"""Questions that tests put to readers, importable in their processes."""

from __future__ import annotations

import os
import time
from typing import Any


def process_of(workspace: Any, pause: float = 0.0) -> int:
    """The number of the process that answers, after a while."""
    time.sleep(pause)
    return os.getpid()


def title_of(workspace: Any) -> str:
    """What its settings call it."""
    return str(workspace.settings.title_zh)


def one_by(workspace: Any, number: float) -> float:
    """A fault that is no refusal, where the number is zero."""
    return 1 / number


def ends_its_process(workspace: Any) -> None:
    """What a question does for which there is no memory."""
    os._exit(3)
