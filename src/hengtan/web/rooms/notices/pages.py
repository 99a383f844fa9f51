"""The notices of a person, and what became of the mails."""

from __future__ import annotations

from typing import Any

from django.apps import apps
from django.db.models import Q
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils import timezone

from hengtan.basis.errors import HengtanError
from hengtan.office.notices import Notice
from hengtan.report.words import word
from hengtan.web import trail
from hengtan.web.answers import SIGN_IN, missing
from hengtan.web.rooms.notices import mail, sending
from hengtan.web.rooms.notices.models import GIVEN_UP, WAITING, Delivery
from hengtan.web.rooms.people import persons
from hengtan.web.routing import Router
from hengtan.web.site import language, room_page

router = Router()
EACH_PAGE = 50
SEEN = "publication.read"
"""Whoever signs in has notices; each sees his own alone, whatever was granted."""


@router.get("/notices", SEEN)
def mine(request: HttpRequest) -> HttpResponse:
    """The notices of the person, unread first."""
    if not request.person.name:
        return HttpResponseRedirect(f"{SIGN_IN}?next=/notices")
    rows = _own(request).select_related("notice")
    only_unread = request.GET.get("show") == "unread"
    if only_unread:
        rows = rows.filter(read_at=None)
    before = request.GET.get("before", "")
    if before.isascii() and before.isdigit() and len(before) < 18:
        rows = rows.filter(pk__lt=int(before))
    shown = list(rows.order_by("-pk")[: EACH_PAGE + 1])
    titles = persons.titles_of(row.notice.by for row in shown)
    return room_page(
        request,
        "notices/mine.html",
        title=word("notices.title", language(request)),
        here="notices",
        rows=shown[:EACH_PAGE],
        titles=titles,
        older=shown[EACH_PAGE - 1].pk if len(shown) > EACH_PAGE else None,
        unread=sending.unread(request.person.name),
        only_unread=only_unread,
    )


@router.post("/notices/{notice}/open", SEEN)
def open_one(request: HttpRequest, notice: str) -> HttpResponse:
    """Mark a notice as read and go where it leads."""
    rows = _own(request).select_related("notice")
    pk = int(notice) if notice.isascii() and notice.isdigit() and len(notice) < 18 else 0
    delivery = rows.filter(pk=pk).first()
    if delivery is None:
        return missing(request)
    _mark(request, Q(pk=pk))
    return HttpResponseRedirect(delivery.notice.address, status=303)


@router.post("/notices/read", SEEN)
def read_all(request: HttpRequest) -> HttpResponse:
    """Mark all as read."""
    _mark(request, Q())
    return HttpResponseRedirect("/notices", status=303)


@router.get("/notices/mail", "setting.change")
def mails(request: HttpRequest) -> HttpResponse:
    """The mail server, and mails that wait or failed."""
    return _mails(request)


@router.post("/notices/mail", "setting.change")
def set_server(request: HttpRequest) -> HttpResponse:
    """Set the mail server; an empty host takes it away."""
    setting = apps.get_model("people", "Setting")
    sent = request.POST
    if not sent.get("host", "").strip():
        setting.objects.filter(name=mail.SETTING).delete()
        trail.note(request, "setting", "smtp: -")
        return HttpResponseRedirect("/notices/mail", status=303)
    try:
        server = mail.Server.of(sent.dict())
    except HengtanError as error:
        return _mails(request, error=error.en if language(request) == "en" else error.zh)
    setting.objects.update_or_create(
        name=mail.SETTING,
        defaults={"value": dict(vars(server)), "changed_by": request.person.name},
    )
    trail.note(request, "setting", f"smtp: {server.host}:{server.port} {server.sender}")
    return HttpResponseRedirect("/notices/mail", status=303)


@router.post("/notices/mail/again", "setting.change")
def send_again(request: HttpRequest) -> HttpResponse:
    """Let all mails that wait or were given up be tried now."""
    waiting = Delivery.objects.filter(mail__in=[WAITING, GIVEN_UP], failures__gt=0)
    number = waiting.update(mail=WAITING, next_try=timezone.now(), failures=0)
    trail.note(request, "mail_again", str(number))
    return HttpResponseRedirect("/notices/mail", status=303)


@router.post("/notices/mail/try", "setting.change")
def try_it(request: HttpRequest) -> HttpResponse:
    """Tell a notice to oneself, to see whether mail arrives."""
    subject, text = ((word(key), word(key, "en")) for key in ("mail.trial", "mail.trial.text"))
    name = request.person.name
    sending.notify(Notice((name,), *subject, text_zh=text[0], text_en=text[1]), name)
    return HttpResponseRedirect("/notices/mail", status=303)


def _own(request: HttpRequest) -> Any:
    name = request.person.name
    return Delivery.objects.filter(to=name) if name else Delivery.objects.none()


def _mark(request: HttpRequest, which: Q) -> None:
    number = _own(request).filter(which, read_at=None).update(read_at=timezone.now())
    if number:
        trail.note(request, "notices_read", str(number))


def _mails(request: HttpRequest, error: str = "") -> HttpResponse:
    setting = apps.get_model("people", "Setting").objects.filter(name=mail.SETTING).first()
    failing = Delivery.objects.filter(mail__in=[WAITING, GIVEN_UP]).select_related("notice")
    return room_page(
        request,
        "notices/mail.html",
        title=word("mail.title", language(request)),
        here="notices",
        status=400 if error else 200,
        server=request.POST.dict() if error else (setting.value if setting else {}),
        error=error,
        security=mail.SECURITY,
        password=mail.PASSWORD,
        rows=list(failing.order_by("-failures", "-pk")[:EACH_PAGE]),
        number=failing.count(),
    )
