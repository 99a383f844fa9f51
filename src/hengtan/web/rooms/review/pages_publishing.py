"""Publishing: freezing where targets stand, taking a publication back."""

from __future__ import annotations

from datetime import datetime
from urllib.parse import quote

from django.http import HttpRequest, HttpResponse

from hengtan.basis.days import BEIJING
from hengtan.basis.errors import HengtanError
from hengtan.basis.seal import SEAL
from hengtan.office import publishing
from hengtan.office.permission import Answer, Thing
from hengtan.report.words import word
from hengtan.web import trail
from hengtan.web.rooms.review import asking
from hengtan.web.rooms.review.pages import place_names, say
from hengtan.web.rooms.review.shared import goes_on, sentence, shown
from hengtan.web.routing import Router
from hengtan.web.site import language, site_of

router = Router()
OWN = "no.own"


def of_asked_place(request: HttpRequest) -> Thing | None:
    """What is to be published: the place that the form names; one's own where figures of one's own
    would be published for the first time.
    """
    place = request.POST.get("place", "")
    return of_place(request, place) if place in place_names(request) else None


def of_place(request: HttpRequest, place: str) -> Thing:
    """The figures of a place as permission sees them."""
    person = request.person
    own = bool(person.name) and not person.is_alone and _has_own(request, place)
    return Thing(place=place, by=person.name if own else None)


def _has_own(request: HttpRequest, place: str) -> bool:
    """Whether figures this person filed came into force since they were last published."""
    register = asking.register_of(request)
    within = request.app.permission.within(place)
    since = max(
        (
            each.entries
            for each in publishing.listed(site_of(request).workspace.folder)
            if each.withdrawn is None and within <= request.app.permission.within(each.place)
        ),
        default=0,
    )
    queue = asking.queue_of(request)
    for event in register.events[since:]:
        if event.state != "approved" or register.state(event.submission) != "approved":
            continue
        thing, filers = queue.about(register, event.submission) or (Thing(), ())
        if request.person.name in filers and (thing.place is None or thing.place in within):
            return True
    return False


def of_publication(request: HttpRequest, number: str) -> Thing | None:
    """A publication, which is of its place."""
    folder = site_of(request).workspace.folder
    if not publishing.is_there(folder, number):
        return None
    return Thing(place=publishing.publication(folder, number).place)


@router.get("/publications", "record.publish")
def publications(request: HttpRequest) -> HttpResponse:
    """What was published, and what may be."""
    return _page(request)


def _page(request: HttpRequest, error: str = "", status: int = 200) -> HttpResponse:
    lang, site = language(request), site_of(request)
    places = [(code, place_names(request).get(code, (code, code))) for code in _places(request)]
    answers = {code: _may(request, code) for code, _ in places}
    view = site.view()
    return shown(
        request,
        "review/publications.html",
        word("nav.publications", lang),
        here="publications",
        status=status,
        error=error,
        places=[(code, name) for code, name in places if answers[code].yes],
        refused=[
            (name, say(answers[code].why, lang)) for code, name in places if not answers[code]
        ],
        publications=publishing.listed(site.workspace.folder),
        place_names=place_names(request),
        head=view.meta["ledger_head"],
        judged_on=view.meta["judged_on"],
        targets=len(view.targets),
        did=request.GET.get("did", ""),
    )


def _may(request: HttpRequest, place: str) -> Answer:
    answer: Answer = request.app.permission.may(
        request.person, "record.publish", of_place(request, place)
    )
    if answer.why == OWN:
        return Answer(False, "no.publish_own")
    return answer


def _places(request: HttpRequest) -> list[str]:
    """Places with targets that this person's grants name; the region of the workspace first."""
    region = site_of(request).workspace.settings.region
    having = {str(target["region_code"]) for target in site_of(request).view().targets}
    named = {
        grant.place for grant, _ in request.app.permission.reach(request.person, "record.publish")
    }
    everywhere = request.person.is_alone or None in named
    chosen = {region} | having if everywhere else {place for place in named if place}
    within = request.app.permission.within
    listed = [place for place in chosen if place and within(place) & having]
    return sorted(listed, key=lambda place: (place != region, place))


@router.post("/publications", "record.publish", of_asked_place)
def publish(request: HttpRequest) -> HttpResponse:
    """Freeze a publication."""
    site, sent = site_of(request), request.POST
    place = sent["place"]
    within = request.app.permission.within(place)
    draft = publishing.Draft(
        sent.get("title", ""), place, request.person.name, sent.get("note", "")
    )
    view = site.view()
    head = str(view.meta["ledger_head"])
    heads = [event.head for event in asking.register_of(request).events]
    try:
        frozen = publishing.published_view(view, lambda target: target["region_code"] in within)
        publication = publishing.publish(
            site.workspace.folder,
            draft,
            frozen,
            head=head,
            entries=heads.index(head) + 1 if head in heads else 0,
            now=datetime.now(BEIJING),
        )
    except HengtanError as error:
        return _page(request, sentence(error, language(request)), 400)
    what = f"{publication.id} {publication.title} {publication.digest[:16]} @{head[:16]}"
    trail.note(request, "published", what)
    return goes_on("/publications", did=publication.id)


@router.post("/publications/{number}/withdraw", "record.publish", of_publication)
def withdraw(request: HttpRequest, number: str) -> HttpResponse:
    """Take a publication back; it stays to be seen as withdrawn."""
    reason = request.POST.get("reason", "")
    folder = site_of(request).workspace.folder
    try:
        by, now = request.person.name, datetime.now(BEIJING)
        publication = publishing.withdraw(folder, number, by, reason, now)
    except HengtanError as error:
        return _page(request, sentence(error, language(request)), 400)
    seal = (publication.withdrawn or {})[SEAL]
    trail.note(request, "publication_withdrawn", f"{number} {seal[:16]}", reason[:400])
    return goes_on("/publications", did=quote(number))
