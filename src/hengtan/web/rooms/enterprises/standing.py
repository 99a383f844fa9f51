"""How the duties of enterprises stand, counted by enterprise: for the lines of a page worked out
alone, for a filter or a file once for all and kept while nothing changed.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING
from weakref import WeakKeyDictionary

from hengtan.ledger.chain import Register
from hengtan.office.duties import Body, Owers, obligations
from hengtan.office.filings import last_entries
from hengtan.office.standings import Standing
from hengtan.web.rooms.duties.asking import Calendar, reached

if TYPE_CHECKING:
    from django.http import HttpRequest

    from hengtan.web.site import Site

A_YEAR, AHEAD = timedelta(days=366), timedelta(days=31)
"""How far back and ahead duties are looked at, as on the page of duties."""
MOST_KEPT = 8
"""Audiences whose counts are kept."""


@dataclass(frozen=True)
class Tally:
    """Counts of the duties of an enterprise whose periods ended within a year.

    ``owed`` and ``filed`` of those that are open; ``late``, ``returned`` and ``waiting`` of them.
    """

    owed: int = 0
    filed: int = 0
    late: int = 0
    returned: int = 0
    waiting: int = 0

    @classmethod
    def of(cls, stands: Iterable[Standing]) -> Tally:
        """Counted."""
        owed = [s for s in stands if s.state not in ("waived", "not_open")]
        return cls(
            len(owed),
            sum(s.is_filed for s in owed),
            sum(s.is_overdue for s in owed),
            sum(s.state == "returned" for s in owed),
            sum(s.state == "submitted" for s in owed),
        )

    @property
    def missing(self) -> int:
        """Owed and not filed."""
        return self.owed - self.filed

    @property
    def states(self) -> frozenset[str]:
        """What the filter of the list finds it by."""
        named = {
            "none": not self.owed,
            "complete": bool(self.owed) and not self.missing,
            "owes": self.missing > 0,
            "late": self.late > 0,
            "returned": self.returned > 0,
            "waiting": self.waiting > 0,
        }
        return frozenset(name for name, holds in named.items() if holds)


STATES = ("late", "owes", "returned", "waiting", "complete", "none")
"""What the list can be filtered by, what presses most first."""
NOTHING = Tally()


def standings_of(
    request: HttpRequest, calendar: Calendar, codes: Collection[str], action: str
) -> list[Standing]:
    """How the duties of some enterprises stand, those the person reaches with an action."""
    bodies: dict[Owers, list[Body]] = {}

    def owing(owers: Owers) -> list[Body]:
        if owers not in bodies:
            bodies[owers] = [b for b in calendar.bodies(owers) if b.is_entity and b.code in codes]
        return bodies[owers]

    span = (calendar.day - A_YEAR, calendar.day + AHEAD)
    owed = obligations(calendar.rules, owing, *span, calendar.exceptions, calendar.days)
    return calendar.standings(reached(request, owed, action))


def tallies(
    request: HttpRequest, calendar: Calendar, codes: Collection[str], action: str
) -> dict[str, Tally]:
    """The counts of some enterprises."""
    by_code: dict[str, list[Standing]] = {}
    for stands in standings_of(request, calendar, codes, action):
        by_code.setdefault(stands.obligation.body.code, []).append(stands)
    return {code: Tally.of(listed) for code, listed in by_code.items()}


Counts = dict[str, Tally]
_KEPT: WeakKeyDictionary[Site, OrderedDict[object, Counts]] = WeakKeyDictionary()


def all_tallies(request: HttpRequest, calendar: Calendar, action: str) -> dict[str, Tally]:
    """The counts of all enterprises for whoever may see the same, kept while rules, exceptions,
    list and what was filed are as they were; a draft changes none of them.
    """
    site = request.app.site
    register: Register = site.workspace.ledger.current()
    key = (
        request.app.audience(request.person),
        calendar.day,
        hash((calendar.rules, calendar.exceptions, tuple(calendar.entities.values()))),
        tuple(sorted(last_entries(register).items())),
    )
    kept = _KEPT.setdefault(site, OrderedDict())
    if key not in kept:
        kept[key] = tallies(request, calendar, frozenset(calendar.entities), action)
        while len(kept) > MOST_KEPT:
            kept.popitem(last=False)
    return kept[key]
