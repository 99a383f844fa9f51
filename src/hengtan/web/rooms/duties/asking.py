"""The calendar of a workspace: what is owed, how it stands, who may file it. Other rooms ask here.

What was filed in a form is kept until something is done in that form.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cached_property
from typing import TYPE_CHECKING, Any
from weakref import WeakKeyDictionary

from django.apps import apps

from hengtan.basis.actor import Actor
from hengtan.basis.errors import BadPeriod, HengtanError
from hengtan.basis.period import Period
from hengtan.basis.place import PlaceTree
from hengtan.basis.working_days import WorkingDays
from hengtan.office.completeness import by_due
from hengtan.office.duties import (
    Body,
    DutyException,
    DutyRule,
    Obligation,
    Owers,
    bodies_of,
    obligations,
)
from hengtan.office.filings import Columns, Filings, filings_of, item_field, last_entries
from hengtan.office.permission import Person, Thing
from hengtan.office.standings import Lock, Standing, lock, standings
from hengtan.packs.schema import schemas

if TYPE_CHECKING:
    from django.http import HttpRequest

    from hengtan.web.rooms.jobs.kinds import Application
    from hengtan.web.site import Site
    from hengtan.workspace.workspace import Workspace

FILE = "record.file"
A_YEAR = timedelta(days=366)
_KEPT: WeakKeyDictionary[Site, tuple[object, dict[str, tuple[object, Filings]]]]
_KEPT = WeakKeyDictionary()
"""What was filed, by form, with the number of the form's last entry."""


@dataclass(frozen=True)
class Calendar:
    """The rules, exceptions and bodies of one request; ``day``: the day it stands on."""

    site: Site
    day: date
    rules: tuple[DutyRule, ...]
    exceptions: tuple[DutyException, ...]
    entities: dict[str, Body]
    _of_period: dict[tuple[str, str], dict[str, list[Standing]]] = field(
        default_factory=dict, compare=False
    )

    @classmethod
    def of(cls, request: HttpRequest) -> Calendar:
        """The calendar that a request is answered from, read once a request."""
        if not hasattr(request, "calendar"):
            request.calendar = cls._read(request)
        calendar: Calendar = request.calendar
        return calendar

    @classmethod
    def _read(cls, request: HttpRequest) -> Calendar:
        return cls.of_app(request.app)

    @classmethod
    def of_app(cls, app: Application) -> Calendar:
        """The calendar of an application, read now."""
        from hengtan.web.rooms.duties.models import DutyRow, EntityRow, ExceptionRow

        forms = app.site.workspace.forms
        rows = DutyRow.objects.order_by("form", "code")
        return cls(
            site=app.site,
            day=app.today(),
            rules=tuple(row.rule() for row in rows if row.form in forms),
            exceptions=tuple(
                row.exception()
                for row in ExceptionRow.objects.filter(taken_at=None).order_by("at", "id")
            ),
            entities={row.code: row.body() for row in EntityRow.objects.order_by("code")},
        )

    @cached_property
    def places(self) -> PlaceTree:
        """The places of the workspace."""
        return self.site.workspace.pack.places()

    @cached_property
    def days(self) -> WorkingDays:
        """The working days that are announced."""
        return WorkingDays.from_rows(self.site.workspace.pack.rows("public_holidays"))

    def bodies(self, owers: Owers) -> list[Body]:
        """Who a rule is for; a code that is no longer known owes nothing."""
        if not owers.listed:
            return bodies_of(owers, self.places, self.entities)
        known = [code for code in owers.listed if code in self.entities or code in self.places]
        return bodies_of(Owers(listed=tuple(known)), self.places, self.entities) if known else []

    def owed(
        self, first: date, last: date, rules: Iterable[DutyRule] | None = None
    ) -> list[Obligation]:
        """What is owed for periods that end in a span of days."""
        chosen = self.rules if rules is None else rules
        return list(obligations(chosen, self.bodies, first, last, self.exceptions, self.days))

    def obligation(self, obligation_id: str) -> Obligation | None:
        """An obligation by its id, None where there is none."""
        rule, _, rest = obligation_id.partition(":")
        written, _, _ = rest.partition(":")
        try:
            period = Period.parse(written)
        except HengtanError:
            return None
        of_rule = [r for r in self.rules if r.id == rule]
        owed = self.owed(period.end, period.end, of_rule)
        return next((each for each in owed if each.id == obligation_id), None)

    def standings(self, owed: Iterable[Obligation]) -> list[Standing]:
        """How obligations stand today."""
        listed = list(owed)
        forms = {obligation.form for obligation in listed}
        drafted = drafted_ids(listed)
        return standings(listed, self.filings(forms), self.day, drafted)

    def of_period(self, form: str, period: str) -> dict[str, list[Standing]]:
        """How all that is owed of a form for a period stands, by body; drafts aside."""
        asked_for = (form, period)
        if asked_for not in self._of_period:
            end = Period.parse(period).end
            rules = [rule for rule in self.rules if rule.form == form]
            owed = [o for o in self.owed(end, end, rules) if o.period.text == period]
            by_body: dict[str, list[Standing]] = {}
            if owed:
                for stands in standings(owed, self.filings([form]), self.day):
                    by_body.setdefault(stands.obligation.body.code, []).append(stands)
            self._of_period[asked_for] = by_body
        return self._of_period[asked_for]

    def filings(self, forms: Iterable[str]) -> dict[str, Filings]:
        """What was filed in forms, of the state the ledger is in."""
        by_item = frozenset(rule.form for rule in self.rules if rule.items)
        asked = {form: form in by_item for form in forms}
        return self.site.ask(_filings, self.site, asked, frozenset(self.entities))


def _filings(
    workspace: Workspace, site: Site, forms: dict[str, bool], entities: frozenset[str]
) -> dict[str, Filings]:
    """What was filed in forms (with items where so asked); a form in which nothing was done since
    is not asked again.
    """
    ledger, beside = workspace.ledger, (workspace.pack.version, entities)
    if site not in _KEPT or _KEPT[site][0] != beside:
        _KEPT[site] = (beside, {})
    kept, entries = _KEPT[site][1], last_entries(ledger.current())
    for form, by_item in forms.items():
        state = (entries.get(form, 0), by_item)
        if form not in kept or kept[form][0] != state:
            places, known = workspace.pack.places(), workspace.form(form)
            read = filings_of(ledger, known, places, entities=entities, by_item=by_item)
            kept[form] = (state, read)
    return {form: kept[form][1] for form in forms}


def drafted_ids(owed: Iterable[Obligation]) -> frozenset[str]:
    """The obligations that somebody has a draft of, as the room of entry keeps them."""
    drafts = apps.get_model("entry", "DraftRow").objects.filter(submission="")
    there = {
        (form, period_of(period), entity or place)
        for form, period, entity, place in drafts.values_list("form", "period", "entity", "place")
    }
    return frozenset(o.id for o in owed if (o.form, o.period.text, o.body.code) in there)


def period_of(text: str) -> str:
    """A period as people write it, in its written form; the text itself where it is none."""
    try:
        return Period.read(text).text
    except HengtanError:
        return text


def thing_of(owed: Obligation) -> Thing:
    """An obligation as permission sees it."""
    return Thing(
        place=owed.body.lies_in or None,
        form=owed.form,
        department=owed.department or None,
        entity=owed.body.code if owed.body.is_entity else None,
    )


def reached(request: HttpRequest, owed: Iterable[Obligation], action: str) -> list[Obligation]:
    """The obligations that a person may do something to: the rule of ``may`` as a filter."""
    ways = request.app.permission.clauses_of(request.person, action)
    return [o for o in owed if any(way.reaches(thing_of(o)) for way in ways)]


def lock_of(request: HttpRequest, stands: Standing) -> Lock | None:
    """Why a person may not file an obligation now, None where he may."""
    owed = stands.obligation
    answer = request.app.permission.may(request.person, FILE, thing_of(owed))
    return lock(stands, Actor(request.person.name or "?"), lambda body: answer.yes)


def lock_for(
    request: HttpRequest, form: str, period: str, *bodies: str
) -> tuple[Obligation | None, Lock | None]:
    """The obligation that filing a form for a period would be for, of the first of some bodies
    (places or entities) that owes it, and why it may not be filed now; None where nobody does,
    which locks nothing.
    """
    try:
        by_body = Calendar.of(request).of_period(form, period)
    except BadPeriod:
        return None, None
    owed = next((by_body[body] for body in bodies if body in by_body), [])
    if not owed:
        return None, None
    locks = [lock_of(request, stands) for stands in owed]
    free = next((n for n, reason in enumerate(locks) if reason is None), 0)
    return owed[free].obligation, locks[free]


def own_bodies(person: Person) -> frozenset[str]:
    """The places and enterprises that a person's grants name."""
    named = {grant.entity or grant.place for grant in person.grants}
    return frozenset(name for name in named if name)


def to_fill(request: HttpRequest) -> list[dict[str, Any]]:
    """What the person himself owes and may file now, what is due first at the top: what the room of
    entry offers to begin with.
    """
    calendar, names = Calendar.of(request), own_bodies(request.person)
    owed = reached(request, calendar.owed(calendar.day - A_YEAR, calendar.day + A_YEAR), FILE)
    own = [o for o in owed if o.body.code in names]
    rows = [_to_fill(request, s) for s in by_due(calendar.standings(own)) if not _is_shut(s)]
    each_once = {(r["form"], r["place"], r["entity"], r["period"]): r for r in reversed(rows)}
    return list(reversed(each_once.values()))


def _is_shut(stands: Standing) -> bool:
    not_yet = stands.on < stands.obligation.opens
    return not stands.is_missing or stands.state == "expired" or not_yet


def _to_fill(request: HttpRequest, stands: Standing) -> dict[str, Any]:
    owed, form = stands.obligation, request.app.site.workspace.forms[stands.obligation.form]
    return {
        "form": owed.form,
        "title": (form.title_zh, form.title_en),
        "place": owed.body.lies_in,
        "place_name": owed.body.name("zh"),
        "entity": owed.body.code if owed.body.is_entity else "",
        "period": owed.period.zh(),
        "due": owed.due.isoformat(),
        "late": stands.is_overdue,
    }


def item_names(workspace: Workspace, form_id: str) -> dict[str, tuple[str, str]]:
    """What may be owed of a form: ids with their Chinese and English names."""
    form = workspace.forms.get(form_id)
    field_id = item_field(form) if form else None
    if form is None or field_id is None:
        return {}
    table = str(form.field(field_id).reference)
    key = schemas()[table].key[0] if table in schemas() else ""
    key = {"measures": "clause_ref"}.get(table, key)
    return {row[key]: _names(row, row[key]) for row in workspace.pack.rows(table) if row.get(key)}


def _names(row: Mapping[str, Any], code: str) -> tuple[str, str]:
    zh = row.get("name_zh") or row.get("title_zh") or code
    return zh, row.get("name_en") or row.get("title_en") or zh


def may_be_owed(workspace: Workspace) -> dict[str, Any]:
    """The forms that can be owed by period, by id."""
    forms: dict[str, Any] = {}
    for form_id, form in workspace.forms.items():
        try:
            Columns.of(form)
        except HengtanError:
            continue
        forms[form_id] = form
    return forms


def span_of(text: str, today: date) -> tuple[str, date, date]:
    """The days of a month or year as it is asked for, by default last month; with its name."""
    try:
        period = Period.parse(text)
    except HengtanError:
        last = today.replace(day=1) - timedelta(days=1)
        period = Period.parse(f"{last:%Y-%m}")
    return period.text, period.start, period.end
