"""The named choices of method that accounts are run with: what each may be, and reading them from ``name=value``."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from hengtan.basis.errors import HengtanError

CHOICES: Mapping[str, tuple[str, ...] | tuple[str, str]] = {
    "furnace_gas": ("with_coke", "separate"),
    "nonfossil_imports": ("none", "certified"),
    "coal_rate_kind": ("supply", "generation"),
    "landfill_climate": ("temperate_dry", "temperate_wet", "tropical_moist_wet"),
    "reconcile_method": ("ras", "least_squares", "unallocated"),
}
"""Options that take one of a few words."""

FROM_PACK: Mapping[str, tuple[str, str]] = {
    "factor_set": ("factor_sets", "factor_set"),
    "enterprise_factor_set": ("factor_sets", "factor_set"),
    "coal_equivalent_set": ("factor_sets", "factor_set"),
    "gwp_set": ("gwp", "gwp_set"),
    "footprint_gwp_set": ("gwp", "gwp_set"),
    "guide": ("guide_editions", "guide"),
    "grid_factor_kind": ("grid_factor_kinds", "factor_kind"),
}
"""Options that take a value of a column of a pack table."""

NUMBERS: Mapping[str, type] = {
    "stand_in_year": int,
    "draws": int,
    "balance_tolerance": float,
}
"""Options that take a number."""


def read_options(pack: Any, given: Mapping[str, str]) -> dict[str, str | int | float]:
    """Options from text, each checked against what it may be. Raises HengtanError naming the option and what it may be."""
    return {name: _read(pack, name, text) for name, text in given.items()}


def _read(pack: Any, name: str, text: str) -> str | int | float:
    if name in NUMBERS:
        try:
            return NUMBERS[name](text)
        except ValueError:
            raise HengtanError(
                f"选项“{name}”应为数字，不是“{text}”",
                f"option '{name}' takes a number, not '{text}'",
            ) from None
    if name in FROM_PACK:
        table, column = FROM_PACK[name]
        known = list(dict.fromkeys(str(row[column]) for row in pack.rows(table)))
    elif name in CHOICES:
        known = list(CHOICES[name])
    else:
        names = [*FROM_PACK, *CHOICES, *NUMBERS]
        raise HengtanError(
            f"没有选项“{name}”",
            f"no option '{name}'",
            todo=f"可用：{'、'.join(names)}",
            todo_en=f"known: {', '.join(names)}",
        )
    if text not in known:
        raise HengtanError(
            f"选项“{name}”不能是“{text}”",
            f"option '{name}' cannot be '{text}'",
            todo=f"可用：{'、'.join(known)}",
            todo_en=f"one of: {', '.join(known)}",
        )
    return text
