"""What is answered when something cannot be: errors as pages a person can read, JSON for programs,
one answer for "not there" and "not yours".
"""

from __future__ import annotations

import logging
import sys
from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect

from hengtan.basis.errors import HengtanError, LedgerBusy, NoSuchRow, UnknownAccount, UnknownForm
from hengtan.office.permission import Answer
from hengtan.report.page.working import working_context
from hengtan.report.words import word
from hengtan.web.advice import advice
from hengtan.web.apart_once import StillWorking
from hengtan.web.menu import first_of
from hengtan.web.routing import Route
from hengtan.web.site import as_json, language, message, not_found, page

log = logging.getLogger("hengtan.web")
NOT_THERE = (NoSuchRow, UnknownAccount, UnknownForm)
PLAIN = "text/plain; charset=utf-8"
ACCEPTED, LOOK_EVERY = 202, 2
"""Status of a page whose answer is still being worked out, and seconds until it looks again."""
AGAIN_AFTER = 10
"""Seconds after which a browser or a program may ask again where too many ask at once."""
BUSY_PAGE = (
    '<!doctype html><html lang="zh-CN"><head><meta charset="utf-8">'
    '<meta name="viewport" content="width=device-width"><title>{0}</title></head><body><main>'
    '<h1>{0}</h1><p>{1}</p><section lang="en"><h2>{2}</h2><p>{3}</p></section></main></body></html>'
)
"""In both languages: who asks, and in which language, is not known without the store."""
SIGN_IN, FIRST_PAGE = "/account/login/", "/"
SIGNING_IN = frozenset(
    {
        *("account_login", "account_logout", "account_reauthenticate", "account_change_password"),
        *("mfa_index", "mfa_authenticate", "mfa_reauthenticate", "mfa_activate_totp"),
        *("mfa_deactivate_totp", "mfa_view_recovery_codes", "mfa_generate_recovery_codes"),
        *("mfa_download_recovery_codes", "usersessions_list", "openid_connect_login"),
        *("openid_connect_callback", "socialaccount_login_cancelled", "socialaccount_login_error"),
    }
)
"""Addresses of the library for signing in that are open here; all others are not there."""


class Answers:
    """Refuses views that name no need, and turns errors of views into answers."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Hand the request on."""
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Any, args: object, kwargs: object
    ) -> HttpResponse | None:
        """Refuse what is no address of ours and not one for signing in."""
        if getattr(view, "takes_route", False):
            return None
        name = request.resolver_match.url_name if request.resolver_match else ""
        if name in SIGNING_IN and request.app.is_shared:
            return None
        return missing(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        """Answer an error of a view."""
        if isinstance(error, HengtanError):
            return refused(request, error)
        if isinstance(error, StillWorking):
            return still_working(request, error)
        return None


def still_working(request: HttpRequest, working: StillWorking) -> HttpResponse:
    """A page that turns into the answer by itself once that is there."""
    lang = language(request)
    answer = page(
        request,
        "working",
        title=word("working_out.title", lang),
        here=request.path.split("/")[1],
        status=ACCEPTED,
        working_address=request.get_full_path(),
        **working_context(working.seconds, working.usual, lang),
    )
    answer["Refresh"] = str(LOOK_EVERY)
    return answer


def is_api(request: HttpRequest) -> bool:
    """Whether a program asks, which is answered in JSON."""
    return request.path.startswith("/api/")


def refused(request: HttpRequest, error: HengtanError) -> HttpResponse:
    """What is wrong, in words."""
    status = 404 if isinstance(error, NOT_THERE) else 503 if isinstance(error, LedgerBusy) else 400
    answer = _refused(request, error, status)
    if status == 503:
        answer.headers["Retry-After"] = str(AGAIN_AFTER)
    return answer


def _refused(request: HttpRequest, error: HengtanError, status: int) -> HttpResponse:
    if is_api(request):
        return as_json(error.as_dict(), status=status)
    text = refusal_said(error, language(request))
    return message(request, "refused", text, type(error).__name__, status)


def refusal_said(error: HengtanError, lang: str) -> str:
    """A refusal in the reader's language: where, what is wrong, what to do on a page."""
    said, todo = (error.en, error.todo_en) if lang == "en" else (error.zh, error.todo)
    place = error.where.said(lang) if error.where else ""
    return " ".join(filter(None, [place, said, advice(todo)]))


def not_allowed(request: HttpRequest, route: Route, answer: Answer) -> HttpResponse:
    """Sign in first; of a thing that is not the person's nothing is told; else why not."""
    if not request.person.name and request.app.is_shared:
        if is_api(request):
            return _api_error("401", "signed_out", 401)
        return HttpResponseRedirect(f"{SIGN_IN}?{urlencode({'next': request.get_full_path()})}")
    landing = first_of(request) if route.path == FIRST_PAGE else ""
    if landing not in ("", FIRST_PAGE):
        return HttpResponseRedirect(landing)
    request.app.note_refusal(request, route, answer)
    if route.thing is not None:
        return missing(request)
    if is_api(request):
        return _api_error("403", "not_allowed", 403)
    text = answer.say(language(request))
    return message(request, "not_allowed", text, "", 403)


def only_read(request: HttpRequest, methods: Mapping[str, object]) -> HttpResponse:
    """The method is not answered here."""
    text = "只读页面 | these pages are read-only" if "POST" not in methods else "405"
    allowed = ", ".join(sorted(methods)) if request.app.writable else "GET"
    return HttpResponse(text, status=405, content_type=PLAIN, headers={"Allow": allowed})


def missing(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Not there, or not for this person."""
    if is_api(request):
        return _api_error("404", "not_found", 404)
    return not_found(request, request.path)


def bad(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """A request that cannot be read."""
    return HttpResponse("请求无法读取 | bad request", status=400, content_type=PLAIN)


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Refused without more words."""
    return HttpResponse("拒绝 | refused", status=403, content_type=PLAIN)


def forged(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A form that did not come from a page of this server."""
    if is_api(request):
        return _api_error("forged", "forged.text", 403)
    return message(request, "forged", word("forged.text", language(request)), "", 403)


def failed(request: HttpRequest) -> HttpResponse:
    """An unforeseen error: no word of what it was; too many at once is told as such."""
    if is_pool_empty(sys.exc_info()[1]):
        return busy(request)
    if is_api(request):
        return _api_error("failed", "failed", 500)
    text = f"{word('failed')} | {word('failed', 'en')}\n{word('failed.text')}"
    return HttpResponse(text, status=500, content_type=PLAIN)


def is_pool_empty(error: BaseException | None) -> bool:
    """Whether an error is that no connection to the people became free in time."""
    while error is not None:
        if type(error).__name__ == "PoolTimeout":  # psycopg_pool is there with PostgreSQL alone
            return True
        error = error.__cause__
    return False


def busy(request: HttpRequest) -> HttpResponse:
    """Too many ask at once: try again in a while. Asks the store of people for nothing."""
    if is_api(request):
        answer = _api_error("busy", "server_busy", 503)
    else:
        keys = ("server_busy", "server_busy.text")
        words = [word(key, lang) for lang in ("zh", "en") for key in keys]
        answer = HttpResponse(BUSY_PAGE.format(*words), status=503)
    answer.headers["Retry-After"] = str(AGAIN_AFTER)
    return answer


def _api_error(code: str, key: str, status: int) -> HttpResponse:
    content = {"level": "error", "code": code, "zh": word(key), "en": word(key, "en")}
    return as_json(content, status=status)
