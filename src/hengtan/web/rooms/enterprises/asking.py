"""Which enterprises there are and what of them a person may see.

An enterprise is seen by its places: those the calendar's list and the rows of any form name. Who
reaches one of them sees what was reported for that place, and nothing of another.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from hengtan.desk.enterprises import (
    Enterprise,
    Facts,
    cases_there,
    enterprises_of,
    facts_of_enterprises,
    verdicts_of,
)
from hengtan.office.permission import Clause, Thing, own_enterprises
from hengtan.web.rooms.duties.asking import Calendar

if TYPE_CHECKING:
    from django.http import HttpRequest

    from hengtan.office.duties import Body

SEE, OWN = "duty.read", "record.file"
"""What the page of an enterprise needs, and what makes one one's own."""
FIGURES = ("record.read", "account.read")
"""Each of these shows the figures of an enterprise."""
FORM_OF_FIGURES = "enterprise_energy"
"""The form that most figures of an enterprise come from."""


def calendar_of(request: HttpRequest) -> Calendar | None:
    """The calendar, where the work of people is kept."""
    return Calendar.of(request) if request.app.writable else None


def known(request: HttpRequest) -> dict[str, Enterprise]:
    """All enterprises by code: of the ledger, with what the calendar's list says going before."""
    if not hasattr(request, "enterprises"):
        calendar = calendar_of(request)
        listed = calendar.entities if calendar else {}
        in_ledger = request.app.site.ask_once(enterprises_of)
        merged = {code: _with_list(of, listed.get(code)) for code, of in in_ledger.items()}
        merged |= {
            code: _with_list(Enterprise(code), body)
            for code, body in listed.items()
            if code not in in_ledger
        }
        merged |= _of_cases(verdicts(request), merged)
        merged |= _of_grants(request, merged)
        request.enterprises = merged
    enterprises: dict[str, Enterprise] = request.enterprises
    return enterprises


def verdicts(request: HttpRequest) -> dict[str, dict[str, Any]]:
    """What rules say of enterprises, by the name or code a case states."""
    site = request.app.site
    stated: dict[str, dict[str, Any]]
    stated = site.ask_once(verdicts_of, cases=cases_there(site.workspace))
    return stated


def _of_cases(
    stated: dict[str, dict[str, Any]], listed: dict[str, Enterprise]
) -> dict[str, Enterprise]:
    """Enterprises that only cases name, by that name."""
    names = {enterprise.name for enterprise in listed.values()}
    only_there = {}
    for name, row in stated.items():
        regions = [case["region"] for case in row["cases"] if case["region"]]
        if regions and name not in listed and name not in names:
            only_there[name] = Enterprise(name, name, regions[-1], frozenset(regions), is_sure=True)
    return only_there


def _of_grants(request: HttpRequest, listed: dict[str, Enterprise]) -> dict[str, Enterprise]:
    """Those that the one who asks reports for, before anything of them was filed or listed."""
    grants = [g for g in request.person.grants if g.entity and g.entity not in listed]
    return {
        g.entity: Enterprise(g.entity, place=g.place or "", places=_of(g.place)) for g in grants
    }


def _of(place: str | None) -> frozenset[str]:
    return frozenset({place}) if place else frozenset()


def _with_list(enterprise: Enterprise, body: Body | None) -> Enterprise:
    if body is None:
        return enterprise
    return replace(
        enterprise,
        name=body.name_zh or enterprise.name,
        place=body.place or enterprise.place,
        places=enterprise.places | _of(body.place),
        is_sure=bool(body.name_zh) or enterprise.is_sure,
    )


@dataclass(frozen=True)
class Seen:
    """An enterprise as a person sees it: the places of it that the person reaches."""

    enterprise: Enterprise
    places: frozenset[str]

    @property
    def place(self) -> str:
        """Its place, or one of those the person reaches."""
        main = self.enterprise.place
        return main if main in self.places else min(self.places, default="")


def seen(enterprise: Enterprise, ways: Iterable[Clause]) -> Seen | None:
    """What some ways reach of an enterprise, whatever the form; None for nothing."""
    own = [way for way in ways if way.entity is None or enterprise.code in way.entity]
    reached = frozenset(
        place
        for place in enterprise.places
        if any(way.place is None or place in way.place for way in own)
    )
    without_place = not enterprise.places and any(way.place is None for way in own)
    return Seen(enterprise, reached) if reached or without_place else None


def ways_of(request: HttpRequest, *actions: str) -> tuple[Clause, ...]:
    """The ways in which the person reaches things with any of some actions."""
    clauses_of, person = request.app.permission.clauses_of, request.person
    return tuple(dict.fromkeys(way for action in actions for way in clauses_of(person, action)))


def ways_to_figures(request: HttpRequest) -> tuple[Clause, ...]:
    """The ways in which the person reaches figures of enterprises."""
    return tuple(
        way
        for way in ways_of(request, *FIGURES)
        if way.department is None and (way.form is None or FORM_OF_FIGURES in way.form)
    )


def facts_seen(request: HttpRequest, enterprise: Enterprise, ways: Sequence[Clause]) -> Facts:
    """The figures of an enterprise that some ways reach."""
    reached = seen(enterprise, ways)
    facts: Facts = request.app.site.ask_once(facts_of_enterprises).get(enterprise.code, Facts())
    return facts.within(reached.places) if reached else Facts()


def of_enterprise(request: HttpRequest, enterprise: str, **parts: str) -> Thing | None:
    """An enterprise as the person's grants reach it, whatever form they are for; None where there
    is none of this code.
    """
    of_code = known(request).get(enterprise)
    if of_code is None:
        return None
    for way in ways_of(request, SEE):
        reached = seen(of_code, (way,))
        if reached is not None:
            form, department = (_first(part) for part in (way.form, way.department))
            return Thing(reached.place or None, form, department, enterprise)
    return Thing(of_code.place or None, entity=enterprise)


def _first(values: frozenset[str] | None) -> str | None:
    return min(values) if values else None


def own_of(request: HttpRequest) -> list[str]:
    """Those of the one who asks."""
    return own_enterprises(request.person, request.app.permission.clauses_of(request.person, OWN))


def of_own(request: HttpRequest, **parts: str) -> Thing | None:
    """The first of the enterprises a person reports for; None for who reports for none."""
    codes = own_of(request)
    return of_enterprise(request, codes[0]) if codes else None
