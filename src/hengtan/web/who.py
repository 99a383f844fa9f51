"""Who asks: the one person of a laptop, a person who signed in, a program with a token, or nobody.

A session ends after a time without requests and after a longest time in any case; who has a role
that needs a second factor, or a first password, sees to that before anything else.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from markupsafe import escape

from hengtan.office.permission import NOBODY, Person
from hengtan.report.words import word
from hengtan.web.pace import allowance
from hengtan.web.settings import LONGEST_SECONDS
from hengtan.web.site import language, message

SIGNED_IN_AT = "hengtan_signed_in_at"
PASSWORD, SECOND_FACTOR = "/account/password/change/", "/account/2fa/totp/activate/"
PROGRAM = "X-Hengtan-Client"
"""The header by which a program on this machine says that it is none of a browser's pages."""
ALWAYS = ("/account/", "/static/", "/api/health", "/api/v1/health")
OF_NOBODY = ("/static/", "/favicon.ico", "/api/health")
"""The same for everybody: no session is read, so that none is written beside that of the page."""


PLACE = b"<!--who-->"
"""Where a page says who is signed in: kept pages are the same for all who may see the same."""


def _bell(request: HttpRequest) -> str:
    """The number of unread notices: one question by an index."""
    from hengtan.web.rooms.notices.sending import unread

    if not request.app.writable:
        return ""
    number = unread(request.person.name)
    text = escape(word("notices.title", language(request)))
    count = f' <b class="unread">{number}</b>' if number else ""
    return f'<a class="bell" href="/notices">{text}{count}</a>'


def _who(request: HttpRequest) -> str:
    lang = language(request)
    if not request.app.is_shared:
        return f'<span class="who">{escape(word("who.alone", lang))}{_bell(request)}</span>'
    if not request.person.name:
        link = f'<a href="/account/login/">{escape(word("who.sign_in", lang))}</a>'
        return f'<span class="who">{link}</span>'
    links = [("/account/2fa/", "who.security"), ("/account/logout/", "who.sign_out")]
    if request.app.permission.anywhere(request.person, "token.make"):
        links.insert(0, ("/tokens", "who.tokens"))
    shown = "".join(f'<a href="{a}">{escape(word(key, lang))}</a>' for a, key in links)
    return f'<span class="who">{escape(request.person.title)}{_bell(request)}{shown}</span>'


class Who:
    """Says who asks, as ``request.person``."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Name the person; send on who has something to see to first."""
        if not request.app.is_shared:
            request.person = request.app.alone
            if request.path.startswith("/api/") and PROGRAM in request.headers:
                # no page of another site may send this header: its browser would ask first
                request._dont_enforce_csrf_checks = True
            return self._with_sight(request)
        if request.path.startswith(OF_NOBODY):
            request.person = NOBODY
            return self._with_sight(request)
        request.person, sent_to = self._person(request)
        if sent_to and not request.path.startswith(ALWAYS):
            return HttpResponseRedirect(sent_to)
        if self._is_too_many(request):
            return message(request, "refused", word("too_many", language(request)), "", 429)
        return self._with_sight(request)

    def _with_sight(self, request: HttpRequest) -> HttpResponse:
        answer = self.get_response(request)
        if request.method == "POST":
            request.app.kept.look_again()
        if not answer.streaming and PLACE in answer.content:
            who = _who(request)
            request.app.quick.remember(request, who)
            answer.content = answer.content.replace(PLACE, who.encode())
        return answer

    def _person(self, request: HttpRequest) -> tuple[Person, str]:
        from hengtan.web.rooms.people import persons, tokens, trying

        bearer = request.headers.get("Authorization", "")
        if bearer and request.path.startswith("/api/"):
            request._dont_enforce_csrf_checks = True  # a token is no cookie: no other site has it
            return tokens.person_of(bearer, trying.is_open(request)) or NOBODY, ""
        if not request.session.session_key or not request.user.is_authenticated:
            return NOBODY, ""
        if self._is_too_old(request):
            request.session.flush()
            return NOBODY, ""
        account = request.user
        person = persons.person_of(account)
        if person.is_closed or trying.is_refused(request, account):
            request.session.flush()
            return NOBODY, ""
        if not persons.is_by_provider(request) and _has_to_change(account):
            return person, PASSWORD
        if person.needs_second_factor and not persons.has_second_factor(account):
            return person, SECOND_FACTOR
        return person, ""

    def _is_too_many(self, request: HttpRequest) -> bool:
        who = request.person.name or request.META.get("REMOTE_ADDR", "")
        return request.method == "POST" and not request.app.pace.take(*allowance(who, request.path))

    def _is_too_old(self, request: HttpRequest) -> bool:
        now = time.time()
        if SIGNED_IN_AT not in request.session:
            request.session[SIGNED_IN_AT] = now
        request.app.seen.touch(request.session.session_key, request.app.store)
        return is_over(request.session[SIGNED_IN_AT], now)


def is_over(signed_in_at: float, now: float) -> bool:
    """Whether a session has reached its longest time. [s, Unix time]"""
    return now - signed_in_at > LONGEST_SECONDS


def _has_to_change(account: Any) -> bool:
    from hengtan.web.rooms.people import passwords

    return account.must_change_password or passwords.is_to_be_renewed(account)
