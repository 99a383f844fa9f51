"""How many examples are drawn where each one sets much up: few in every run, many on demand."""

from __future__ import annotations

import os

THOROUGH = bool(os.environ.get("HENGTAN_THOROUGH"))


def examples(few: int, many: int) -> int:
    """``many`` where ``HENGTAN_THOROUGH=1`` asks for them."""
    return many if THOROUGH else few
