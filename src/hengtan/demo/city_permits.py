"""The made-up discharge permits of the demonstration city: one that is kept, one above its limits,
one whose report is overdue, in two districts, each with a year of monitoring.

By the figures below the cement works emit 12 × 18 mg/m³ × 4 × 10⁷ m³ = 8.64 t SO2 of the 10 t they
may; the steel works 12 × 46 mg/L × 2 × 10⁴ m³ = 11.04 t COD of 9 t, with 57 mg/L on a day of July
where 50 are allowed.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from hengtan.demo.city import MADE_UP, Firm, Story

Row = dict[str, Any]
HEADS, LIMITS, MONTHS, REPORTS = (
    "discharge_permits",
    "permit_limits",
    "permit_months",
    "permit_reports",
)
KEPT, OVER, LATE = "演示证-01", "演示证-02", "演示证-03"
CORRECTED = 16.5
"""The mean of a month that the kept permit was corrected to after its verdict was recorded. [mg/m³]
"""


@dataclass(frozen=True)
class Permit:
    """A permit with one outlet: its limits [mg/L or mg/m³; t a year] and what is measured there,
    the mean, the highest day of July and the flow of each month [m³]; ``firm``: its number in the
    story.
    """

    number: str
    firm: int
    outlet: str
    medium: str
    pollutant: str
    limit: float
    annual: float
    mean: float
    highest: float
    flow: int


PERMITS = (
    Permit(KEPT, 0, "DA001", "废气", "二氧化硫", 35, 10, 18, 27, 40_000_000),
    Permit(OVER, 1, "DW001", "废水", "化学需氧量", 50, 9, 46, 57, 20_000),
    Permit(LATE, 3, "DA001", "废气", "氮氧化物", 100, 20, 62, 81, 15_000_000),
)


def permits_of(story: Story, place: str) -> dict[str, list[Row]]:
    """The rows of a district's permits by form, of the year before the one under way."""
    year = story.ended.year - 1
    there = [(p, story.firms[p.firm]) for p in PERMITS if story.firms[p.firm].place == place]
    return {
        HEADS: [_head(permit, firm, year) for permit, firm in there],
        LIMITS: [_limits(permit, year) for permit, _ in there],
        MONTHS: [_month(permit, year, n) for permit, _ in there for n in range(1, 13)],
        REPORTS: [row for permit, _ in there for row in _reports(permit, year)],
    }


def corrected(story: Story) -> list[Row]:
    """A month of the kept permit as it was corrected."""
    (permit,) = (p for p in PERMITS if p.number == KEPT)
    return [_month(permit, story.ended.year - 1, 11) | {"concentration": CORRECTED}]


def _head(permit: Permit, firm: Firm, year: int) -> Row:
    return {
        "permit": permit.number,
        "place": firm.place,
        "entity": firm.code,
        "entity_name": firm.name,
        "issued": _issued(year),
        "source_title": MADE_UP,
    }


def _issued(year: int) -> str:
    """Three years before the year of monitoring: five years end in the year after the next."""
    return date(year - 3, 3, 1).isoformat()


def _outlet(permit: Permit) -> Row:
    return {
        "permit": permit.number,
        "outlet": permit.outlet,
        "medium": permit.medium,
        "pollutant": permit.pollutant,
    }


def _limits(permit: Permit, year: int) -> Row:
    return _outlet(permit) | {
        "begins": _issued(year),
        "concentration_limit": permit.limit,
        "annual": permit.annual,
    }


def _month(permit: Permit, year: int, month: int) -> Row:
    return _outlet(permit) | {
        "period": f"{year}年{month}月",
        "concentration": permit.mean,
        "highest": permit.highest if month == 7 else None,
        "flow": permit.flow,
        "source_title": MADE_UP,
    }


def _reports(permit: Permit, year: int) -> list[Row]:
    """The report of the year, handed in unless it is the late one."""
    handed = None if permit.number == LATE else date(year + 1, 1, 20).isoformat()
    due = date(year + 1, 1, 31).isoformat()
    return [{"permit": permit.number, "period": f"{year}年", "due": due, "handed": handed}]
