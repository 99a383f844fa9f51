"""What rows of a surrounding place reach in the regions of a study: a measure or driver of the city
names sectors and carriers that a district may not have. What is not there is left out, by name.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence

from hengtan.outlook.pathway.base import BaseYear
from hengtan.outlook.pathway.courses import COAL_RATE, GDP
from hengtan.outlook.pathway.indicators import indicators
from hengtan.outlook.pathway.measures import ALL, Row, split
from hengtan.outlook.pathway.study import Assumption
from hengtan.outlook.pathway.supply import PRODUCED

CARRIERS = ("carrier", "to_carrier")


def reaching(
    rows: Sequence[Row], base: BaseYear, known: Collection[str]
) -> tuple[list[Row], list[Assumption]]:
    """The rows with the sectors that the study has, and what was left out of them.

    Rows of the study's own regions stay as they are: a sector that they name must be there.

    Parameters
    ----------
    known : collection of str
        Codes of all sectors and carriers there are; others stay, to be refused as no code at all.
    """
    kept: list[Row] = []
    left_out: list[Assumption] = []
    there = {ALL, GDP, COAL_RATE, PRODUCED, *indicators(rows), *base.sectors}
    for row in rows:
        if row["place"] in base.regions:
            kept.append(row)
            continue
        here, away = _sectors(row, there, known)
        lacking = _carriers_away(row, base, known)
        if here and not lacking:
            kept.append({**row, "sectors": ";".join(here)})
        name = str(row.get("measure") or row["driver"])
        left_out += [
            Assumption("assumed.not_here", row["place"], (name, code)) for code in (*away, *lacking)
        ]
    return kept, left_out


def _carriers_away(row: Row, base: BaseYear, known: Collection[str]) -> tuple[str, ...]:
    """Carriers of a row that the study has not."""
    if split(row["sectors"]) == (PRODUCED,):
        return ()
    named = [str(row[name]) for name in CARRIERS if row.get(name)]
    return tuple(code for code in named if code in known and code not in base.carriers)


def _sectors(
    row: Row, there: Collection[str], known: Collection[str]
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Sectors of a row that the study has, with those that are no code; and those it has not."""
    named = split(row["sectors"])
    away = tuple(name for name in named if name not in there and name in known)
    return tuple(name for name in named if name not in away), away
