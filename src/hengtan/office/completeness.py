"""How complete reporting is: what was owed and what came, by department, district and period, with
the names of what did not.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date

from hengtan.basis.place import PlaceTree
from hengtan.office.duties import Body
from hengtan.office.standings import Standing

GROUPS = ("department", "district", "period", "form", "body")


@dataclass(frozen=True)
class Completeness:
    """Counts of obligations, and those behind them.

    ``owed`` = ``filed`` + ``missing``; ``filed`` = ``on_time`` + ``late``; ``approved`` of what is
    filed, ``overdue`` of what is missing; ``waived`` stands beside and is not owed.
    """

    standings: tuple[Standing, ...] = field(repr=False, default=())

    @property
    def owed(self) -> int:
        """How many are owed."""
        return sum(stands.state != "waived" for stands in self.standings)

    @property
    def waived(self) -> int:
        """How many need not be filed."""
        return len(self.standings) - self.owed

    @property
    def filed(self) -> int:
        """How many were handed in and not sent back."""
        return sum(stands.is_filed for stands in self.standings)

    @property
    def approved(self) -> int:
        """How many of them are approved."""
        return sum(stands.state == "approved" for stands in self.standings)

    @property
    def on_time(self) -> int:
        """How many of what is filed were first handed in by the day due."""
        return sum(stands.is_on_time for stands in self.standings)

    @property
    def late(self) -> int:
        """How many of what is filed came after the day due."""
        return self.filed - self.on_time

    @property
    def missing(self) -> tuple[Standing, ...]:
        """Those owed and not filed, the one due first at the top."""
        return by_due(stands for stands in self.standings if stands.is_missing)

    @property
    def overdue(self) -> int:
        """How many of what is missing should have come before today."""
        return sum(stands.is_overdue for stands in self.standings)

    @property
    def share(self) -> float | None:
        """Filed of owed, None where nothing is owed. [1]"""
        return self.filed / self.owed if self.owed else None

    def counts(self) -> dict[str, int]:
        """The counts by name."""
        return {
            "owed": self.owed,
            "filed": self.filed,
            "approved": self.approved,
            "on_time": self.on_time,
            "late": self.late,
            "missing": len(self.missing),
            "overdue": self.overdue,
            "waived": self.waived,
        }


def completeness(
    standings: Iterable[Standing], *keys: Callable[[Standing], Hashable]
) -> dict[tuple[Hashable, ...], Completeness]:
    """Counts by what the keys say of an obligation, in the order they first occur.

    ``completeness(all, of_department, of_district(places), of_period)``; without keys one for all.
    """
    groups: dict[tuple[Hashable, ...], list[Standing]] = {} if keys else {(): []}
    for stands in standings:
        groups.setdefault(tuple(key(stands) for key in keys), []).append(stands)
    return {key: Completeness(tuple(group)) for key, group in groups.items()}


def of_department(stands: Standing) -> str:
    """The department in charge, empty where the rule names none."""
    return stands.obligation.department


def of_period(stands: Standing) -> str:
    """The period, written."""
    return stands.obligation.period.text


def of_form(stands: Standing) -> str:
    """The form."""
    return stands.obligation.form


def of_district(places: PlaceTree) -> Callable[[Standing], str]:
    """The district a body is or lies in; the place itself where it lies in none (the city)."""
    districts: dict[str, str] = {}

    def district(stands: Standing) -> str:
        place = stands.obligation.body.lies_in
        if place not in districts:
            districts[place] = district_of(places, stands.obligation.body)
        return districts[place]

    return district


def district_of(places: PlaceTree, body: Body) -> str:
    """The code of the district a body is or lies in, else that of its place."""
    code: str | None = body.lies_in
    while code is not None and code in places:
        if places[code].kind == "district":
            return code
        code = places[code].parent
    return body.lies_in


def by_due(standings: Iterable[Standing]) -> tuple[Standing, ...]:
    """The one due first at the top; of one day in order of department, form, period and body."""

    def order(stands: Standing) -> tuple[date, Sequence[str]]:
        owed = stands.obligation
        return owed.due, (owed.department, owed.form, owed.period.text, owed.body.code, owed.item)

    return tuple(sorted(standings, key=order))
