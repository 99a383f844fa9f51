"""What everybody may see, without signing in: publications as they were frozen, and nothing else of
the workspace.
"""

from __future__ import annotations

from functools import partial
from typing import Any
from urllib.parse import quote

from django.http import HttpRequest, HttpResponse

from hengtan.office import publishing
from hengtan.office.permission import Thing
from hengtan.office.publishing import Publication
from hengtan.report.page.render import Pages
from hengtan.report.words import word
from hengtan.web.routing import Router
from hengtan.web.site import as_json, language, room_page, site_of

router = Router(keeps=True)
READ = "publication.read"


def of_publication(request: HttpRequest, number: str, **_: str) -> Thing | None:
    """A publication that is there."""
    there = publishing.is_there(site_of(request).workspace.folder, number)
    return Thing() if there else None


def public_link(number: str, page: str, *ids: str) -> str:
    """Addresses in a publication."""
    if page == "overview":
        return f"/public/{number}" if number else "/public"
    return "/".join([f"/public/{number}", page, *(quote(str(part), safe="") for part in ids)])


def _shown(
    request: HttpRequest, template: str, title: str, view: Any, number: str = "", **context: Any
) -> HttpResponse:
    """A page from a frozen view: today's is never asked for."""
    pages = Pages(view, lang=language(request), link=partial(public_link, number))
    return room_page(request, template, title=title, here="public", pages=pages, **context)


@router.get("/public", READ)
def listed(request: HttpRequest) -> HttpResponse:
    """What was published."""
    workspace = site_of(request).workspace
    settings = workspace.settings
    meta = {"workspace": settings.title_zh, "demo": settings.demo}
    meta |= {"workspace_en": settings.title_en, "demo_city": settings.demo_city}
    meta["synthetic"] = settings.region.startswith("99")
    publications = publishing.listed(workspace.folder)
    return _shown(
        request,
        "review/public.html",
        word("nav.public", language(request)),
        {"meta": meta},
        publications=publications,
    )


@router.get("/public/{number}", READ, of_publication)
def one_publication(request: HttpRequest, number: str) -> HttpResponse:
    """A publication with its targets."""
    publication = _of(request, number)
    return _shown(
        request,
        "review/public_one.html",
        publication.title,
        publishing.still_shown(publication),
        number,
        publication=publication,
    )


@router.get("/public/{number}/targets/{target_id}", READ, of_publication)
def target(request: HttpRequest, number: str, target_id: str) -> HttpResponse:
    """A target as it was published."""
    publication = _of(request, number)
    view = publishing.still_shown(publication)
    rows = [row for row in view.get("targets", ()) if row["target_id"] == target_id]
    if not rows:
        return not_found_in(request, number)
    english = rows[0].get("indicator_en") if language(request) == "en" else ""
    return _shown(
        request,
        "review/public_target.html",
        english or rows[0]["indicator_zh"],
        view,
        number,
        publication=publication,
        target_id=target_id,
    )


def not_found_in(request: HttpRequest, number: str) -> HttpResponse:
    """No such target in a publication: said within its own frame."""
    publication = _of(request, number)
    return _shown(
        request,
        "review/public_one.html",
        publication.title,
        publishing.still_shown(publication),
        number,
        status=404,
        publication=publication,
    )


@router.get("/public/{number}/status.json", READ, of_publication)
def as_data(request: HttpRequest, number: str) -> HttpResponse:
    """A publication as data, with what seals it."""
    publication = _of(request, number)
    return as_json(publishing.about(publication) | publishing.still_shown(publication))


@router.get("/public/{number}/status.csv", READ, of_publication)
def as_table(request: HttpRequest, number: str) -> HttpResponse:
    """The targets of a publication as a table."""
    content = publishing.as_csv(_of(request, number))
    headers = {"Content-Disposition": f'attachment; filename="{quote(number)}.csv"'}
    return HttpResponse(content, content_type="text/csv; charset=utf-8", headers=headers)


def _of(request: HttpRequest, number: str) -> Publication:
    return publishing.publication(site_of(request).workspace.folder, number)
