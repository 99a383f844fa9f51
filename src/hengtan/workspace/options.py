"""The named choices of method that accounts are run with, read from ``name=value``; the domains
declare what each may be."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from hengtan.graph.domains import options
from hengtan.graph.refusals import refusal


def read_options(pack: Any, chosen: Mapping[str, str]) -> dict[str, str | int | float]:
    """Options from text, each checked against what it may be. Raises HengtanError naming the option
    and what it may be."""
    known = options()
    for name in chosen:
        if name not in known:
            raise refusal("option_unknown", name, "、".join(known), ", ".join(known))
    return {name: known[name].read(text, pack) for name, text in chosen.items()}
