"""Shapes of loads from packs: a stand-in that a user names, never a metered year."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np

from hengtan.outlook.hourly import HourlySeries, SeriesMissing


def shape_from(rows: Iterable[Mapping[str, Any]], shape: str) -> HourlySeries:
    """A shape of the pack table ``load_shapes``: 24 shares of the year a day; the hours add to
    about 1, and are to be scaled before anything is read off them.

    Raises SeriesMissing where there is no such shape, SeriesRefused where days of it lack.
    """
    days = sorted((row for row in rows if row["shape"] == shape), key=lambda row: row["day"])
    if not days:
        raise SeriesMissing(
            f"没有负荷形状“{shape}”",
            f"there is no shape of a load “{shape}”",
            todo="从“负荷形状”（load_shapes）里选一个",
            todo_en="choose one of the table load_shapes",
        )
    first = days[0]
    return HourlySeries(
        id=shape,
        year=first["day"].year,
        values=np.array([float(share) for row in days for share in row["shares"]]),
        unit="1",
        source=first["source"],
        kind=first["kind"],
        utc_offset=first["utc_offset"],
    )
