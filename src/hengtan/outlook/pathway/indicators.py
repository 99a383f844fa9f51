"""Sectors whose activity is an indicator of the ledger: gross domestic product, population or any
other series. A driver names it; its level is that of the base year, and it goes as the indicator
does.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from hengtan.outlook.pathway.measures import Row, split


def indicators(rows: Sequence[Row]) -> list[str]:
    """Indicators that drivers name, each once."""
    return list(dict.fromkeys(str(row["indicator"]) for row in rows if row.get("indicator")))


def followed(rows: Sequence[Row]) -> list[Row]:
    """The rows, and for each sector whose activity is an indicator those of the indicator's growth
    as its own (``follows`` says whose), unless rows say how the sector itself grows.
    """
    growing = [row for row in rows if row["driver"] == "activity" and row.get("growth") is not None]
    by_name = {sector for row in growing for sector in split(row["sectors"])}
    more: list[dict[str, Any]] = []
    for row in rows:
        follows = [name for name in split(row["sectors"]) if name not in by_name]
        if not row.get("indicator") or not follows:
            continue
        more += [
            {
                **source,
                "sectors": ";".join(follows),
                "follows": source["sectors"],
                "level": None,
                "indicator": None,
            }
            for source in growing
            if row["indicator"] in split(source["sectors"])
        ]
    return [*rows, *more]
