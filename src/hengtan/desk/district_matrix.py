"""Districts beside indicators: a light where a district has a target of its own, else the latest
value of it that counts. One reading of the series for the whole table, none a cell.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from hengtan.workspace.asof import AsOf

if TYPE_CHECKING:
    from hengtan.workspace.workspace import Workspace

Row = dict[str, Any]
Cells = dict[tuple[str, str], Any]
"""By place and indicator."""
DISTRICT_FORM = "indicator_values"
"""The form by which figures of districts are reported."""
MOST_CELLS, FEWEST_COLUMNS = 800, 4
"""Cells of a page, and columns it has however many the districts."""


@dataclass(frozen=True)
class Columns:
    """Which indicators are asked for: those whose names hold all words of ``q``, and of these those
    of a ``page`` (from 1); 0 is all of them.
    """

    q: str = ""
    page: int = 0

    def names(self, column: Row) -> bool:
        """Whether a column is asked for."""
        whole = f"{column['zh']} {column['en']} {column['id']}".casefold()
        return all(part in whole for part in self.q.casefold().split())


def districts_of(workspace: Workspace) -> list[Row]:
    """The districts of the region of the pack: the region's own parts, or, where the workspace is
    one of them, it first and those beside it; else in the order of their codes.
    """
    places = [row for row in workspace.pack.rows("places") if row["parent"]]
    region = workspace.settings.region
    parts = [row for row in places if row["parent"] == region]
    if not parts:
        above = {row["place"]: row["parent"] for row in places}.get(region)
        parts = [row for row in places if row["parent"] == above]
    parts = [row for row in parts if row["kind"] in (None, "district")]
    columns = ("place", "name_zh", "name_en")
    ordered = sorted(parts, key=lambda row: (row["place"] != region, row["place"]))
    return [{c: row[c] for c in columns} for row in ordered]


def latest_of_districts(workspace: Workspace) -> list[Row]:
    """The latest outturn that counts, of each indicator and district."""
    codes = {row["place"] for row in districts_of(workspace)}
    latest: dict[tuple[str, str], Row] = {}
    for row in workspace.execute("plan_series", AsOf.of()).to_pylist():
        if row["place"] not in codes or not _counts(row):
            continue
        key = row["series"], row["place"]
        before = latest.get(key)
        if before is None or _newness(row) > _newness(before):
            latest[key] = row
    columns = ("place", "series", "period", "value", "unit", "bound", "source_title", "confidence")
    return [{c: row[c] for c in columns} for row in latest.values()]


def _counts(row: Row) -> bool:
    is_outturn = row["nature"] in (None, "outturn")
    return bool(row["won"]) and row["value"] is not None and is_outturn and not row["scope"]


def _newness(row: Row) -> tuple[Any, ...]:
    """A whole period counts before a part that ends on the same day."""
    return row["period_end"], row["period_start"] is not None and -row["period_start"].toordinal()


def names_of_columns(workspace: Workspace) -> dict[str, Row]:
    """Names of indicators and series by id."""
    rows = (
        *((row["series"], row) for row in workspace.pack.rows("series")),
        *((row["indicator"], row) for row in workspace.pack.rows("indicators")),
    )
    return {key: {"zh": row["name_zh"], "en": row["name_en"]} for key, row in rows}


def figures_of_districts(workspace: Workspace) -> Row:
    """What the matrix is arranged from, that rests on the ledger and the packs alone."""
    form = workspace.forms.get(DISTRICT_FORM)
    return {
        "places": districts_of(workspace),
        "latest": latest_of_districts(workspace),
        "names": names_of_columns(workspace),
        "form": form and {"id": form.id, "zh": form.title_zh, "en": form.title_en},
    }


def matrix_of(
    figures: Row,
    targets: Collection[Row],
    may_see: Callable[[str], bool],
    asked: Columns = Columns(),
) -> Row:
    """Rows of places and columns of indicators: those with targets of districts, and those of
    the region's targets that districts have values of.

    ``targets``: rows of the status that may be seen; ``may_see``: whether a place may be;
    ``asked``: which columns, in pages of at most ``MOST_CELLS`` cells.
    """
    places = [row for row in figures["places"] if may_see(row["place"])]
    codes = {row["place"] for row in places}
    values = {(v["place"], v["series"]): v for v in figures["latest"] if v["place"] in codes}
    own = _by_place_and_indicator(t for t in targets if t["region_code"] in codes)
    wanted = [t["indicator"] for t in targets if t["region_code"] not in codes]
    with_values = {series for _, series in values}
    indicators = dict.fromkeys(
        [indicator for _, indicator in own] + [i for i in wanted if i in with_values]
    )
    every = _columns(indicators, figures["names"], targets, values, own)
    meant = [column for column in every if asked.names(column)]
    many = max(MOST_CELLS // max(len(places), 1), FEWEST_COLUMNS) if asked.page else len(meant)
    pages = max(-(-len(meant) // max(many, 1)), 1)
    page = min(max(asked.page, 1), pages)
    columns = meant[(page - 1) * many : page * many]
    return {
        "columns": columns,
        "of": len(meant),
        "q": asked.q,
        "page": page,
        "pages": pages,
        "rows": [
            {**place, "cells": [_cell(place["place"], c["id"], values, own) for c in columns]}
            for place in places
        ],
        "form": figures["form"],
        "all": len(figures["places"]),
    }


def _by_place_and_indicator(targets: Iterable[Row]) -> Cells:
    own: Cells = {}
    for target in targets:
        own.setdefault((target["region_code"], target["indicator"]), []).append(target)
    return own


def _columns(
    indicators: Iterable[str], names: Row, targets: Iterable[Row], values: Cells, own: Cells
) -> list[Row]:
    """Each indicator with its names, and how many districts have a value or a target of it."""
    having = Counter(series for _, series in values)
    aiming = Counter(indicator for _, indicator in own)
    of_targets = {
        t["indicator"]: {"zh": t["indicator_zh"], "en": t["indicator_en"]} for t in targets
    }
    return [
        {"id": i, **(names.get(i) or of_targets[i]), "have": having[i], "aim": aiming[i]}
        for i in indicators
    ]


def _cell(place: str, indicator: str, values: Cells, own: Cells) -> Row:
    """A cell: targets of the place with their lights, the value with its period; or nothing."""
    return {
        "targets": own.get((place, indicator), []),
        "value": values.get((place, indicator)),
    }
