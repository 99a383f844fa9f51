"""The attachments of the monthly bulletin: charts, the table of districts, revisions, key units.

Word and PDF set the same cells.
"""

from __future__ import annotations

import struct
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from hengtan.basis.lights import of_level
from hengtan.report import official as form
from hengtan.report import pictures
from hengtan.report.bulletin_text import CAUSES, light_word, revised_value, title_of
from hengtan.report.numerals import percent
from hengtan.report.words import word

Bulletin = Mapping[str, Any]
Row = Mapping[str, Any]
MOST_REVISIONS, MOST_UNITS = 60, 20


@dataclass(frozen=True)
class Grid:
    """A table: headings, cells, widths of columns in cm, a colour (RRGGBB) by cell or None."""

    headings: Sequence[str]
    cells: Sequence[Sequence[str]]
    widths: Sequence[float]
    fills: Sequence[Sequence[str | None]] | None = None


@dataclass(frozen=True)
class Annex:
    """An attachment: its title, pictures as PNG, a table, notes below it."""

    title: str
    pictures: Sequence[bytes] = ()
    grid: Grid | None = None
    notes: Sequence[str] = ()
    across: bool = False
    """Whether its pages lie across."""


@dataclass(frozen=True)
class Column:
    """A column of the table of districts: heading, width in cm, text of a row, and its light if
    any.
    """

    key: str
    width: float
    text: Callable[[Row], str]
    light: str = ""

    @property
    def heading(self) -> str:
        """Its heading."""
        return word(f"bulletin.column.{self.key}")


def _share(name: str, digits: int = 1) -> Callable[[Row], str]:
    return lambda row: percent(row[name], digits)


def _light(name: str) -> Callable[[Row], str]:
    return lambda row: light_word(row[name]) or "—"


def _energy(row: Row) -> str:
    return "—" if row["energy"] is None else f"{row['energy']:,.1f}"


def _moved(row: Row) -> str:
    """Places gained ↑ or lost ↓ since the last issue; empty where there was none."""
    places = row["rank_moved"]
    if places is None:
        return ""
    if places == 0:
        return "—"
    return f"↑{places}" if places > 0 else f"↓{-places}"


COLUMNS = (
    Column("district", 2.5, lambda row: row["name_zh"]),
    Column("rank", 1.0, lambda row: str(row["rank"] or "—")),
    Column("moved", 1.1, _moved),
    Column("energy_short", 1.7, _energy),
    Column("energy_growth", 1.3, _share("energy_growth")),
    Column("energy_month_growth", 1.3, _share("energy_month_growth")),
    Column("gdp_growth", 1.3, _share("gdp_growth")),
    Column("change", 1.3, _share("change", 2)),
    Column("progress_short", 1.3, _share("progress", 2)),
    Column("required", 1.3, _share("required", 2)),
    Column("needed_short", 1.2, _share("needed", 2)),
    Column("light", 1.1, _light("light"), light="light"),
    Column("total_light", 1.1, _light("total_light"), light="total_light"),
    Column("industry_energy_short", 1.4, _share("industry_energy_growth")),
    Column("industry_short", 1.4, _share("industry_growth")),
    Column("electricity_short", 1.2, _share("electricity_growth")),
    Column("coal_short", 1.2, _share("coal_growth")),
)
"""The table of districts on a page lying across."""


def annexes(bulletin: Bulletin) -> list[Annex]:
    """The attachments that hold anything, in their order."""
    listed = [_charts(bulletin), _districts(bulletin), _revised(bulletin), _units(bulletin)]
    return [annex for annex in listed if annex is not None]


def _charts(bulletin: Bulletin) -> Annex | None:
    """The charts; None where this machine cannot draw them or there is nothing to draw."""
    drawn = [png for png in charts(bulletin) if png]
    return Annex(word("bulletin.annex.charts"), pictures=drawn) if drawn else None


def charts(bulletin: Bulletin) -> list[bytes | None]:
    """Change of intensity by district in the colour of its light, and the causes."""
    return [_change_bars(bulletin), _causes(bulletin["causes"])]


def _change_bars(bulletin: Bulletin) -> bytes | None:
    judged = [row for row in bulletin["districts"] if row["change"] is not None]
    whole = bulletin["city"]["change"]
    return pictures.bars(
        [
            pictures.Bar(row["name_zh"], row["change"] * 100, of_level(row["light"]).ink)
            for row in judged
        ],
        word("bulletin.chart.change"),
        across=None if whole is None else (word("bulletin.city"), whole * 100),
    )


def _causes(causes: Mapping[str, Any] | None) -> bytes | None:
    if not causes:
        return None
    steps = [(word(f"bulletin.{cause}"), causes[cause]) for cause in CAUSES]
    return pictures.waterfall(
        steps,
        word("bulletin.chart.total"),
        word("bulletin.chart.causes"),
        unit=word("bulletin.unit"),
    )


def _districts(bulletin: Bulletin) -> Annex:
    """The whole region first, then district by district, with the colours of the two lights."""
    rows = [bulletin["city"], *bulletin["districts"]]
    cells = [[column.text(row) for column in COLUMNS] for row in rows]
    cells[0][:2] = [word("bulletin.city"), ""]
    grid = Grid(
        [column.heading for column in COLUMNS],
        cells,
        [column.width for column in COLUMNS],
        [[_fill(row, column) for column in COLUMNS] for row in rows],
    )
    title = word("bulletin.annex.districts", period=bulletin["period_zh"])
    return Annex(title, grid=grid, notes=[word("bulletin.word.how")], across=True)


def _fill(row: Row, column: Column) -> str | None:
    """The colour behind a cell: that of its light in the two columns of lights, where it was
    judged.
    """
    level = row[column.light] if column.light else None
    return of_level(level).fill.lstrip("#") if level else None


def _headings(*keys: str) -> list[str]:
    return [word(f"bulletin.column.{key}") for key in keys]


def _revised(bulletin: Bulletin) -> Annex | None:
    rows = bulletin["revised"]
    if not rows:
        return None
    cells = [
        [
            row["name_zh"],
            row["period_zh"],
            row["field_zh"],
            revised_value(row["old"], row["share"]),
            revised_value(row["new"], row["share"]),
        ]
        for row in rows[:MOST_REVISIONS]
    ]
    grid = Grid(_headings("district", "period", "field", "before", "after"), cells, (4, 4, 6, 3, 3))
    return Annex(word("bulletin.annex.revised"), grid=grid, across=True)


def _units(bulletin: Bulletin) -> Annex | None:
    rows = bulletin["units"]
    if not rows:
        return None
    cells = [
        [
            row["name"],
            row["place_zh"],
            f"{row['energy']:,.0f}",
            f"{row['plan']:,.0f}",
            percent(row["over"]),
        ]
        for row in rows[:MOST_UNITS]
    ]
    headings = _headings("unit", "district", "unit_energy_short", "unit_plan_short", "over")
    title = word("bulletin.annex.units", count=len(rows), most=MOST_UNITS)
    return Annex(title, grid=Grid(headings, cells, (8, 4, 4, 3.5, 2.5)), across=True)


def title_lines(bulletin: Bulletin, lang: str = "zh") -> list[str]:
    """The title, broken behind place and period where it is wider than the text."""
    title, start = title_of(bulletin, lang), f"{bulletin['region_zh']}{bulletin['period_zh']}"
    width = form.TEXT_WIDTH * form.POINTS_PER_MM
    if form.width_of(title, form.SIZE_2) <= width or not title.startswith(start):
        return [title]
    return [start, title.removeprefix(start)]


def issue_said(bulletin: Bulletin, lang: str = "zh") -> str:
    """Number and day of the issue, and that it is a demonstration where it is one."""
    text = word("bulletin.word.issue", lang, issue=bulletin["issue"], made_on=bulletin["made_on"])
    return text + (word("bulletin.word.demo", lang) if bulletin["demo"] else "")


def trace_said(bulletin: Bulletin, lang: str = "zh") -> str:
    """Workspace, state of the ledger, day, and the digest of the issue before."""
    text = word(
        "bulletin.word.footer",
        lang,
        workspace=bulletin["workspace"],
        ledger_head=bulletin["ledger_head"][:16],
        made_on=bulletin["made_on"],
    )
    if not bulletin["previous"]:
        return text
    return text + word("bulletin.word.previous", lang, digest=bulletin["previous"]["digest"][:12])


def shape_of(png: bytes) -> float:
    """Height over width of a PNG, from its header."""
    width, height = struct.unpack(">II", png[16:24])
    return float(height) / float(width)
