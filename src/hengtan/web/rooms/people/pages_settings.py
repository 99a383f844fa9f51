"""Settings of signing in: password profile, single sign-on."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect

from hengtan.basis.errors import HengtanError
from hengtan.report.words import word
from hengtan.web import trail
from hengtan.web.rooms.people import oidc, passwords
from hengtan.web.rooms.people.pages import told
from hengtan.web.routing import Router
from hengtan.web.site import language, room_page

router = Router("/people/settings")


@router.get("", "setting.change")
def settings(request: HttpRequest) -> HttpResponse:
    """How people sign in."""
    return _page(request)


def _page(request: HttpRequest, status: int = 200, **context: Any) -> HttpResponse:
    return room_page(
        request,
        "people/settings.html",
        title=word("settings.title", language(request)),
        here="people",
        status=status,
        profile=passwords.profile(),
        profiles=passwords.PROFILES,
        oidc=oidc.stored(),
        has_secret=bool(oidc.secret()),
        is_saved=request.GET.get("done") == "settings",
        **context,
    )


@router.post("/profile", "setting.change")
def profile(request: HttpRequest) -> HttpResponse:
    """Choose the password profile."""
    try:
        passwords.choose(request.POST.get("profile", ""), request.person.name)
    except HengtanError as error:
        return _page(request, 400, error=told(request, error))
    return _saved(request, f"password_profile={request.POST['profile']}")


@router.post("/oidc", "setting.change")
def single_sign_on(request: HttpRequest) -> HttpResponse:
    """Name the provider of single sign-on; without an address there is none."""
    sent = {name: request.POST.get(name, "").strip() for name in oidc.FIELDS}
    try:
        oidc.choose(request.person.name, **sent)
    except HengtanError as error:
        return _page(request, 400, error=told(request, error))
    return _saved(request, f"oidc={sent['issuer']} {sent['client_id']}")


def _saved(request: HttpRequest, what: str) -> HttpResponse:
    trail.note(request, "setting_changed", what)
    return HttpResponseRedirect("/people/settings?done=settings", status=303)
