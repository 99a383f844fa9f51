"""The page of an enterprise, its portal: what it owes, what it filed, drafts, its energy, carbon
and materials, what rules say of it.
"""

from __future__ import annotations

from typing import Any
from urllib.parse import quote, urlencode

from django.http import HttpRequest, HttpResponse

from hengtan.desk import accounts
from hengtan.desk.enterprises import YEARLY, Enterprise, Facts, filed_of
from hengtan.desk.rules import outputs_of, rule_of
from hengtan.graph.said import say_missing
from hengtan.office.completeness import by_due
from hengtan.office.permission import Thing
from hengtan.report.results import shown
from hengtan.report.words import word
from hengtan.web.rooms.duties.pages import is_to_do, line, sayer, title_of
from hengtan.web.rooms.enterprises.asking import (
    OWN,
    SEE,
    Seen,
    calendar_of,
    facts_seen,
    known,
    of_enterprise,
    seen,
    verdicts,
    ways_of,
    ways_to_figures,
)
from hengtan.web.rooms.enterprises.listing import names_of_industries, names_of_places
from hengtan.web.rooms.enterprises.standing import Tally, standings_of
from hengtan.web.routing import Router
from hengtan.web.site import language, not_found, page, question, room_page

router = Router(needs_no_store=True)
MOST_FILED, MOST_ROWS, MOST_NOTICES = 50, 100, 5
"""Submissions, lines of a table and notices that are shown."""
EXPLAINED = (YEARLY, "carbon_activity_year", "energy_key_units")
"""Accounts whose rows are explained for who sees the enterprise."""


@router.get("/enterprises/{enterprise}", SEE, of_enterprise)
def one(request: HttpRequest, enterprise: str) -> HttpResponse:
    """An enterprise."""
    of_code, lang = known(request)[enterprise], language(request)
    reached = seen(of_code, ways_of(request, SEE))
    if reached is None:
        return not_found(request, enterprise)
    facts = facts_seen(request, of_code, ways_to_figures(request))
    return room_page(
        request,
        "enterprises/one.html",
        title=of_code.title,
        here="enterprises",
        w=sayer(request),
        enterprise=of_code,
        place=names_of_places(request, lang)(reached.place),
        industry=names_of_industries(request, lang).get(of_code.industry, of_code.industry),
        entry=_entry(request, of_code, reached),
        **_owed(request, of_code),
        drafts=_drafts(request, enterprise),
        filed=_filed(request, of_code),
        years=_years(facts, of_code, lang),
        materials=_materials(request, facts, of_code, lang),
        findings=facts.of("energy_quality")[:MOST_ROWS],
        classes=_classes(request, facts, lang),
        verdicts=_verdicts(request, of_code, reached),
        notices=_notices(request, enterprise),
        has_facts=bool(seen(of_code, ways_to_figures(request))),
    )


def _entry(request: HttpRequest, enterprise: Enterprise, reached: Seen) -> str:
    """Where a figure of it may be filled in beyond what it owes; "" for who may not."""
    own = seen(enterprise, ways_of(request, OWN))
    if own is None or not request.app.writable:
        return ""
    return f"/entry?{urlencode({'place': own.place, 'entity': enterprise.code})}"


def _owed(request: HttpRequest, enterprise: Enterprise) -> dict[str, Any]:
    """What it owes now or soon, and the counts of a year."""
    calendar = calendar_of(request)
    if calendar is None:
        return {"tally": None, "owed": []}
    stands = standings_of(request, calendar, {enterprise.code}, SEE)
    listed = [line(request, each) for each in by_due(each for each in stands if is_to_do(each))]
    return {"tally": Tally.of(stands), "owed": listed}


def _drafts(request: HttpRequest, code: str) -> list[Any]:
    """The drafts of it that the person may work on."""
    if not request.app.writable or not ways_of(request, OWN):
        return []
    from hengtan.web.rooms.entry.pages import drafts_for

    return drafts_for(request, entity=code)


def _filed(request: HttpRequest, enterprise: Enterprise) -> list[dict[str, Any]]:
    """What was filed about it, of the places and forms the person may read."""
    may, person, lang = request.app.permission.may, request.person, language(request)
    every = request.app.site.ask(filed_of, enterprise.code)
    readable = [
        each
        for each in every
        if any(
            may(person, action, Thing(each.place, each.form, None, enterprise.code))
            for action in ("record.read", "account.read")
        )
    ]
    place = names_of_places(request, lang)
    return [
        {
            "filed": each,
            "title": title_of(request, each.form),
            "place": place(each.place or ""),
            "address": _review(request, each.submission),
        }
        for each in readable[:MOST_FILED]
    ]


def _review(request: HttpRequest, submission: str) -> str:
    """The page of a submission, for who may open it."""
    if not request.app.writable:
        return ""
    from hengtan.web.rooms.review.asking import of_submission

    thing = of_submission(request, submission)
    may = thing is not None and request.app.permission.may(request.person, "record.read", thing)
    return f"/review/{quote(submission)}" if may else ""


def _years(facts: Facts, enterprise: Enterprise, lang: str) -> list[dict[str, Any]]:
    """Its years: each figure, how complete it is, and where it is explained."""
    return [
        {
            **row,
            "missing": say_missing(row["missing"], lang) if row["missing"] else "",
            "is_whole": row["through"] == 12 and not row["missing"] and not row["lost"],
            "origin": _origin(enterprise, YEARLY, row, ("place", "year")),
        }
        for row in facts.of(YEARLY)
    ]


def _classes(request: HttpRequest, facts: Facts, lang: str) -> list[tuple[int, str]]:
    """The classes of key energy-using units it reached: year and name."""
    rows = request.app.site.workspace.pack.rows("key_unit_classes")
    names = {row["unit_class"]: row["name_zh" if lang == "zh" else "name_en"] for row in rows}
    units = facts.of("energy_key_units")
    return [(row["year"], names.get(row["unit_class"]) or row["class_zh"]) for row in units]


def _materials(
    request: HttpRequest, facts: Facts, enterprise: Enterprise, lang: str
) -> list[dict[str, Any]]:
    """Products and materials by year."""
    rows = request.app.site.workspace.pack.rows("activity_items")
    names = {row["item"]: row["name_zh" if lang == "zh" else "name_en"] for row in rows}
    key = ("place", "year", "form", "item", "mode", "facility")
    return [
        {
            **row,
            "name": names.get(row["item"], row["item"]),
            "origin": _origin(enterprise, "carbon_activity_year", row, key),
        }
        for row in facts.of("carbon_activity_year")[:MOST_ROWS]
    ]


def _origin(enterprise: Enterprise, account: str, row: dict[str, Any], key: tuple[str, ...]) -> str:
    named = {name: row[name] for name in key if row.get(name) is not None}
    return f"/enterprises/{quote(enterprise.code, safe='')}/origin/{account}?{urlencode(named)}"


def _verdicts(request: HttpRequest, enterprise: Enterprise, reached: Seen) -> dict[str, Any]:
    """What rules say of it and what registries say it holds. By its code; by its name only where
    the list or approved rows name it so, and for cases of its own place.
    """
    if not seen(enterprise, ways_to_figures(request)):
        return {"cases": [], "holds": []}
    every = verdicts(request)
    of_code = every.get(enterprise.code)
    of_name = every.get(enterprise.name) if enterprise.is_sure and enterprise.name else None
    within = request.app.permission.within
    inside = {inner for place in reached.places for inner in within(place)}
    cases = [*(of_code["cases"] if of_code else ())]
    if of_name:
        cases += [case for case in of_name["cases"] if case["region"] in inside]
    holds = [*(of_code["holds"] if of_code else ()), *(of_name["holds"] if of_name else ())]
    return {"cases": [with_words(case, language(request)) for case in cases], "holds": holds}


def with_words(case: dict[str, Any], lang: str) -> dict[str, Any]:
    """A case with its outputs in words."""
    result = case["result"]
    if not result:
        return {**case, "shown": []}
    day = {"date": str(result["date"])}
    outputs = outputs_of(rule_of(case["rule"], day))
    return {**case, "shown": shown(result, outputs, lang)["shown"]}


def _notices(request: HttpRequest, code: str) -> list[Any]:
    """The person's own unread notices, for who reports for the enterprise."""
    own = any(way.entity and code in way.entity for way in ways_of(request, OWN))
    if not own or not request.app.writable:
        return []
    from hengtan.web.rooms.notices.models import Delivery

    rows = Delivery.objects.filter(to=request.person.name, read_at=None)
    return list(rows.select_related("notice").order_by("-pk")[:MOST_NOTICES])


@router.get("/enterprises/{enterprise}/origin/{account}", SEE, of_enterprise)
def origin(request: HttpRequest, enterprise: str, account: str) -> HttpResponse:
    """Where a figure of an enterprise comes from: the key stands in the query."""
    of_code = known(request)[enterprise]
    reached = seen(of_code, ways_to_figures(request))
    key = question(request) | {"entity": enterprise}
    if account not in EXPLAINED or reached is None or key.get("place") not in reached.places:
        return not_found(request, enterprise)
    tree = request.app.site.readers.ask(accounts.explain, account, key)
    title = word("explain.page", language(request))
    return page(request, "explain", title=title, account=account, key=key, tree=tree)
