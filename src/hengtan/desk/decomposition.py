"""A city's goal spread over its districts by the force of their classes: what the terminal and the
page both do with a table of districts.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from hengtan.basis.errors import Finding, HengtanError, Where
from hengtan.basis.spelling import read_amount
from hengtan.plan.decomposition import District, spread
from hengtan.workbooks.districts import as_share, read_districts


@dataclass(frozen=True)
class Spreading:
    """Districts of a table with their new cuts [share], and what was found in the table."""

    districts: Sequence[District]
    cuts: Sequence[float]
    findings: Sequence[Finding]


def spread_goal(
    path: Path, goal: str, classes: Mapping[str, str], *, least: float, most: float
) -> Spreading:
    """The cuts of the districts of a table that meet a city's goal, by the relative force of each
    class, equal where none is named; ``least``, ``most``: bounds of a cut [share].

    Raises HengtanError for a class without a force, or where the goal cannot be met.
    """
    districts, findings = read_districts(path)
    force = forces(classes)
    unknown = sorted({district.class_ for district in districts} - set(force)) if force else []
    if unknown:
        raise HengtanError(
            f"没有给出类别“{'、'.join(unknown)}”的力度",
            f"no figure for class {', '.join(unknown)}",
            where=Where(path.name),
            todo="在各类别的力度里补上",
            todo_en="add it to the forces of the classes",
        )
    try:
        cuts = spread(
            [replace(district, cut=0.0) for district in districts],
            as_share(goal),
            [force[district.class_] for district in districts] if force else None,
            least=least,
            most=most,
        )
    except ValueError as error:
        raise HengtanError(
            "算不出：数据不全，或上下限内达不到全市目标",
            f"cannot be spread: {error}",
            where=Where(path.name),
            todo="补齐能耗、产值、增长倍数，或放宽上下限",
            todo_en="complete the figures or widen the bounds",
        ) from error
    return Spreading(districts, cuts, findings)


def forces(classes: Mapping[str, str]) -> dict[str, float]:
    """The relative force of each class from its text. Raises HengtanError."""
    read: dict[str, float] = {}
    for name, text in classes.items():
        amount = read_amount(text)
        if amount is None or amount.unit is not None:
            raise HengtanError(
                f"“{name}={text}”应写成 类别=力度",
                f"'{name}={text}' is not class=figure",
                todo="例如 一类=1.1",
                todo_en="e.g. 一类=1.1",
            )
        read[name.strip()] = amount.value
    return read


def as_rows(districts: Sequence[District], cuts: Sequence[float | None]) -> list[list[Any]]:
    """Name, class and cut [%] of each district."""
    return [
        [d.name, d.class_, None if cut is None else round(cut * 100, 2)]
        for d, cut in zip(districts, cuts, strict=True)
    ]
