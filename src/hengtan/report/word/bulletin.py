"""The monthly bulletin as a Word document: a page of text, charts, the table of districts,
revisions, key units.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from hengtan.basis.lights import of_level
from hengtan.report.bulletin_text import CAUSES, light_word, paragraphs, revised_value, title_of
from hengtan.report.numerals import percent
from hengtan.report.word import document as doc
from hengtan.report.word import pictures
from hengtan.report.words import word

Bulletin = Mapping[str, Any]
Row = Mapping[str, Any]
MOST_REVISIONS, MOST_UNITS = 60, 20
ISSUE = doc.ParagraphStyle(size=10.5, centred=True, colour=doc.DARK, space_after=8)
PARAGRAPH_HEADING = replace(doc.HEADING, size=12.5)
PARAGRAPH = doc.ParagraphStyle(size=11, indented=True, space_after=2)
NO_PICTURE, FOOTNOTE = doc.ParagraphStyle(size=9), doc.ParagraphStyle(size=8.5)


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
    Column("district", 3.0, lambda row: row["name_zh"]),
    Column("rank", 1.1, lambda row: str(row["rank"] or "—")),
    Column("moved", 1.3, _moved),
    Column("energy_short", 1.9, _energy),
    Column("energy_growth", 1.5, _share("energy_growth")),
    Column("energy_month_growth", 1.5, _share("energy_month_growth")),
    Column("gdp_growth", 1.5, _share("gdp_growth")),
    Column("change", 1.6, _share("change", 2)),
    Column("progress_short", 1.5, _share("progress", 2)),
    Column("required", 1.5, _share("required", 2)),
    Column("needed_short", 1.5, _share("needed", 2)),
    Column("light", 1.2, _light("light"), light="light"),
    Column("total_light", 1.2, _light("total_light"), light="total_light"),
    Column("industry_energy_short", 1.7, _share("industry_energy_growth")),
    Column("industry_short", 1.6, _share("industry_growth")),
    Column("electricity_short", 1.4, _share("electricity_growth")),
    Column("coal_short", 1.4, _share("coal_growth")),
)
"""The table of districts on a page lying across."""


def write_bulletin_word(bulletin: Bulletin, path: Path) -> Path:
    """The bulletin as .docx."""
    document = doc.new_document()
    doc.line(document, title_of(bulletin), doc.TITLE)
    doc.line(document, _issue(bulletin), ISSUE)
    for heading, text in paragraphs(bulletin):
        doc.line(document, heading, PARAGRAPH_HEADING)
        doc.line(document, text, PARAGRAPH)
    _pictures(document, bulletin)
    doc.landscape(document)
    _districts(document, bulletin)
    _revised(document, bulletin["revised"])
    _units(document, bulletin["units"])
    doc.footer(document, _footer(bulletin))
    return doc.written(document, path)


def _issue(bulletin: Bulletin) -> str:
    text = word("bulletin.word.issue", issue=bulletin["issue"], made_on=bulletin["made_on"])
    return text + (word("bulletin.word.demo") if bulletin["demo"] else "")


def _footer(bulletin: Bulletin) -> str:
    """Workspace, state of the ledger, day, and the digest of the issue before."""
    text = word(
        "bulletin.word.footer",
        workspace=bulletin["workspace"],
        ledger_head=bulletin["ledger_head"][:16],
        made_on=bulletin["made_on"],
    )
    if not bulletin["previous"]:
        return text
    return text + word("bulletin.word.previous", digest=bulletin["previous"]["digest"][:12])


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


def _pictures(document: Any, bulletin: Bulletin) -> None:
    """The charts on a page of their own; one line where this machine cannot draw them."""
    drawn = [png for png in charts(bulletin) if png]
    if not drawn:
        doc.line(document, word("bulletin.word.no_font"), NO_PICTURE)
        return
    document.add_page_break()
    for png in drawn:
        doc.picture(document, png)


def _districts(document: Any, bulletin: Bulletin) -> None:
    """The whole region first, then district by district, with the colours of the two lights."""
    doc.line(document, word("bulletin.word.districts", period=bulletin["period_zh"]), doc.HEADING)
    rows = [bulletin["city"], *bulletin["districts"]]
    cells = [[column.text(row) for column in COLUMNS] for row in rows]
    cells[0][:2] = [word("bulletin.city"), ""]
    fills = [[_fill(row, column) for column in COLUMNS] for row in rows]
    headings = [column.heading for column in COLUMNS]
    widths = [column.width for column in COLUMNS]
    doc.table(document, headings, cells, widths, fills=fills, size=8)
    doc.line(document, word("bulletin.word.how"), FOOTNOTE)


def _fill(row: Row, column: Column) -> str | None:
    """The colour behind a cell: that of its light in the two columns of lights, where it was
    judged.
    """
    level = row[column.light] if column.light else None
    return of_level(level).fill.lstrip("#") if level else None


def _headings(*keys: str) -> list[str]:
    return [word(f"bulletin.column.{key}") for key in keys]


def _revised(document: Any, rows: Sequence[Row]) -> None:
    if not rows:
        return
    doc.line(document, word("bulletin.word.revised"), doc.HEADING)
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
    headings = _headings("district", "period", "field", "before", "after")
    doc.table(document, headings, cells, (4, 4, 6, 3, 3))


def _units(document: Any, rows: Sequence[Row]) -> None:
    if not rows:
        return
    heading = word("bulletin.word.units", count=len(rows), most=MOST_UNITS)
    doc.line(document, heading, doc.HEADING)
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
    doc.table(document, headings, cells, (8, 4, 4, 4, 3))
