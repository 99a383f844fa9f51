"""What every page of the served site shares: the provider of the view, the language of the reader, rendering, JSON."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime
from typing import Any, Protocol
from urllib.parse import urlencode

from fastapi import Request
from fastapi.responses import HTMLResponse, Response

from hengtan.basis.errors import HengtanError
from hengtan.report.page.render import Pages
from hengtan.report.view import StatusView
from hengtan.report.words import word

COOKIE = "hengtan_lang"
LANGUAGES = ("zh", "en")


class Provider(Protocol):
    """A workspace as the pages see it. ``view`` may return the same object until what can be seen changes."""

    def view(self) -> StatusView | Mapping[str, Any]:
        """The status view."""

    def explain(self, account: str, key: Mapping[str, str]) -> Mapping[str, Any]:
        """The explain tree of one row; raises ``UnknownAccount`` or ``NoSuchRow``."""

    def table(self, name: str, where: Mapping[str, str]) -> Any:
        """Rows of an account, form or pack table: a list of dicts or an Arrow table."""

    def accounts(self, place: str | None) -> Mapping[str, Any]:
        """Energy and carbon of a place (``workspace.accounts_view``)."""

    def forecasts(self) -> Mapping[str, Any]:
        """The forecast of every target (``workspace.verdict_view``)."""

    def bulletin(self, period: str | None) -> Mapping[str, Any]:
        """The bulletin of a period, or of the latest."""

    def assessments(self) -> Mapping[str, Any]:
        """Assessment workbooks kept in the workspace."""

    def calc(self, rule: str, form: Mapping[str, str]) -> Any:
        """A case of a rule from the fields of a form: a ``Result``; raises ``HengtanError``."""

    def enterprises(self) -> Sequence[Mapping[str, Any]]:
        """What the cases of each entity give and what it holds."""

    def graph_svg(self) -> str:
        """The graph of accounts, drawn as SVG."""

    def reviews(self) -> Sequence[Mapping[str, Any]]:
        """Plans read from documents: plan, title, file, total, open, editions."""

    def review(self, plan: str) -> Mapping[str, Any]:
        """One of them, as ``report.plan_review`` shows it; raises ``NoSuchRow``."""

    def decide(self, plan: str, target: str, decision: str, **given: Any) -> None:
        """Record a decision."""

    def accept_sure(self, plan: str, *, by: str) -> None:
        """Accept every open target without doubts."""

    def issue_plan(self, plan: str, *, by: str, note: str) -> None:
        """Issue an edition."""


class Site:
    """Holds the provider and one renderer per view and language; calls to the provider take turns."""

    def __init__(self, provider: Provider) -> None:
        self._provider = provider
        self._turn = threading.RLock()
        self._given: Any = None
        self._view: StatusView | None = None
        self._pages: dict[str, Pages] = {}
        self._making = threading.Lock()
        self._files: dict[str, tuple[StatusView, bytes]] = {}

    def view(self) -> StatusView:
        """The view as it is now, checked once per object the provider returns."""
        with self._turn:
            given = self._provider.view()
            if self._view is None or given is not self._given:
                self._given, self._view = given, StatusView.of(given)
                self._pages = {}
            return self._view

    def pages(self, lang: str) -> Pages:
        """The renderer of the current view in one language."""
        with self._turn:
            view = self.view()
            if lang not in self._pages:
                self._pages[lang] = Pages(view, lang=lang)
            return self._pages[lang]

    def file(self, name: str, make: Callable[[StatusView], bytes]) -> bytes:
        """A download made from the current view, once per view; pages are answered meanwhile."""
        with self._making:
            view = self.view()
            made_for, content = self._files.get(name, (None, b""))
            if made_for is not view:
                content = make(view)
                self._files[name] = (view, content)
            return content

    def explain(self, account: str, key: Mapping[str, str]) -> Mapping[str, Any]:
        """The explain tree as a mapping."""
        with self._turn:
            tree = self._provider.explain(account, dict(key))
            return tree.as_dict() if hasattr(tree, "as_dict") else tree

    def tree_of(self, target_id: str) -> Mapping[str, Any] | None:
        """The explain tree of a target; None where it cannot be had, so that its page stands without it."""
        try:
            return self.explain("plan_progress", {"target_id": target_id})
        except HengtanError:
            return None

    def table(self, name: str, where: Mapping[str, str]) -> list[Mapping[str, Any]]:
        """Rows of a table as a list of mappings."""
        with self._turn:
            rows = self._provider.table(name, dict(where))
            return rows.to_pylist() if hasattr(rows, "to_pylist") else list(rows)

    def accounts(self, place: str | None) -> Mapping[str, Any]:
        """Energy and carbon of a place, or of the workspace's region."""
        with self._turn:
            return self._provider.accounts(place)

    def forecasts(self) -> Mapping[str, Any]:
        """The forecast of every target."""
        with self._turn:
            return self._provider.forecasts()

    def bulletin(self, period: str | None) -> Mapping[str, Any]:
        """The bulletin of a period, or of the latest."""
        with self._turn:
            return self._provider.bulletin(period)

    def assessments(self) -> Mapping[str, Any]:
        """Assessment workbooks kept in the workspace."""
        with self._turn:
            return self._provider.assessments()

    def calc(self, rule: str, form: Mapping[str, str]) -> Any:
        """A case of a rule from the fields of a form."""
        with self._turn:
            return self._provider.calc(rule, form)

    def enterprises(self) -> list[Mapping[str, Any]]:
        """What the cases of each entity give and what it holds."""
        with self._turn:
            return list(self._provider.enterprises())

    def reviews(self) -> list[Mapping[str, Any]]:
        """Plans read from documents."""
        with self._turn:
            return list(self._provider.reviews())

    def review(self, plan: str) -> dict[str, Any]:
        """The review of a plan."""
        with self._turn:
            return dict(self._provider.review(plan))

    def decide(self, plan: str, target: str, decision: str, **given: Any) -> None:
        """Record a decision on a target of a plan."""
        with self._turn:
            self._provider.decide(plan, target, decision, **given)

    def accept_sure(self, plan: str, *, by: str) -> None:
        """Accept every open target without doubts."""
        with self._turn:
            self._provider.accept_sure(plan, by=by)

    def issue_plan(self, plan: str, *, by: str, note: str) -> None:
        """Issue an edition; what the pages show is made anew."""
        with self._turn:
            self._provider.issue_plan(plan, by=by, note=note)

    def graph_svg(self) -> str:
        """The drawing, without its XML declaration."""
        with self._turn:
            drawing = self._provider.graph_svg()
        return drawing[drawing.find("<svg") :] if "<svg" in drawing else ""


def site_of(request: Request) -> Site:
    """The site of the running application."""
    return request.app.state.site


def language(request: Request) -> str:
    """The reader's language: ``?lang=``, else the cookie, else Chinese."""
    asked = request.query_params.get("lang") or request.cookies.get(COOKIE) or "zh"
    return asked if asked in LANGUAGES else "zh"


def question(request: Request) -> dict[str, str]:
    """The query as a key, without ``lang``."""
    return {k: v for k, v in request.query_params.items() if k != "lang"}


def page(
    request: Request, name: str, *, title: str = "", here: str = "", status: int = 200, **given: Any
) -> HTMLResponse:
    """A whole page in the reader's language. ``title`` is a key of the word table or plain text."""
    lang = language(request)
    other = "zh" if lang == "en" else "en"
    switch = "?" + urlencode({**question(request), "lang": other})
    text = site_of(request).pages(lang).served(name, title=title, here=here, switch=switch, **given)
    answer = HTMLResponse(text, status_code=status)
    if request.query_params.get("lang") in LANGUAGES:
        answer.set_cookie(COOKIE, lang, max_age=31536000, samesite="lax", httponly=True, path="/")
    return answer


def not_found(request: Request, detail: str) -> Response:
    """The friendly page for an address or id that does not exist."""
    lang = language(request)
    return page(
        request,
        "message",
        title=word("not_found", lang),
        status=404,
        heading=word("not_found", lang),
        text=word("not_found.text", lang),
        detail=detail,
    )


def as_json(value: Any, status: int = 200) -> Response:
    """JSON with dates as ISO text and not-a-number as null."""
    return Response(
        json.dumps(_plain(value), ensure_ascii=False),
        status_code=status,
        media_type="application/json; charset=utf-8",
    )


def _plain(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {str(k): _plain(v) for k, v in value.items()}
    if isinstance(value, (list, tuple, set)):
        return [_plain(v) for v in value]
    if isinstance(value, float):
        return value if abs(value) != float("inf") and value == value else None
    if value is None or isinstance(value, (str, int, bool)):
        return value
    if isinstance(value, (date, datetime)):
        return value.isoformat()
    return str(value)
