"""What every page shares: one workspace, the view kept while nothing changes, one lock for the
graph, the reader's language, rendering, JSON.
"""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date, datetime
from typing import Any, Concatenate, ParamSpec, TypeVar
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import get_token
from markupsafe import Markup

from hengtan.basis.days import BEIJING
from hengtan.basis.errors import HengtanError
from hengtan.desk.accounts import explain
from hengtan.desk.called_in_rows import InWorkspace
from hengtan.desk.last_month import issued_since
from hengtan.desk.status import meta_of, status_view
from hengtan.office.permission import Clause, Thing
from hengtan.report.page.render import Pages
from hengtan.report.view import Row, StatusView
from hengtan.report.words import word
from hengtan.web.apart_once import PATIENCE, ApartOnce
from hengtan.web.last_month import LastMonth
from hengtan.web.menu import menu
from hengtan.web.readers import Readers
from hengtan.web.stamp import Stamp, stamp_of
from hengtan.web.things import thing_of
from hengtan.workspace.asof import AsOf
from hengtan.workspace.workspace import Workspace

COOKIE = "hengtan_lang"
COOKIE_SECONDS = 365 * 24 * 3600
LANGUAGES = ("zh", "en")
SCRIPTS_OF_ROOMS = ("htmx.js",)
State = tuple[str, str, str]
Asked = ParamSpec("Asked")
Answer = TypeVar("Answer")


class Site:
    """One workspace served to the threads of one process."""

    def __init__(self, workspace: Workspace) -> None:
        self.workspace = workspace
        self._turn = threading.RLock()
        """The engine of the graph answers one question at a time."""
        self._bare_turn = threading.Lock()
        self._state: State | None = None
        self._view: StatusView | None = None
        self._pages: dict[str, Pages] = {}
        self._bare: dict[str, Pages] = {}
        self._restricted: dict[tuple[Clause, ...], StatusView] = {}
        self._files: dict[str, tuple[StatusView, bytes]] = {}
        self._answers: dict[tuple[object, ...], Any] = {}
        self._answered_in: State | None = None
        self.readers = Readers(workspace)
        self.apart = ApartOnce(self.readers, lambda: self.state())
        self.last_month = LastMonth(
            self.readers, lambda: self.state(), lambda day: issued_since(workspace, day)
        )

    def close(self) -> None:
        """Let go of the readers."""
        self.readers.close()

    def work_apart(self) -> None:
        """From now on have heavy questions answered in processes of their own, and pages say so
        where that takes longer than a page should.
        """
        self.readers.move_apart()
        self.apart.patience = PATIENCE

    def stamp(self) -> Stamp:
        """What the pages rest on, as the file system tells it: equal where nothing was written."""
        return stamp_of(self.workspace.folder)

    def ask(
        self,
        question: Callable[Concatenate[Workspace, Asked], Answer],
        *arguments: Asked.args,
        **named: Asked.kwargs,
    ) -> Answer:
        """Put a question of the desk to the workspace, in turn with those of other readers."""
        with self._turn:
            return question(self.workspace, *arguments, **named)

    def ask_once(
        self, question: Callable[Concatenate[Workspace, ...], Answer], **named: Any
    ) -> Answer:
        """The answer to a question that rests on the ledger, the packs and the day alone, kept
        while they are unchanged.
        """
        with self._turn:
            state = self.state()
            if self._answered_in != state:
                self._answers, self._answered_in = {}, state
            key = (question, *sorted(named.items()))
            if key not in self._answers:
                self._answers[key] = question(self.workspace, **named)
            answer: Answer = self._answers[key]
            return answer

    def state(self) -> State:
        """What the pages rest on: rows in force, packs and day; whoever asks waits for nobody."""
        today = AsOf.of().judged_on.isoformat()
        return self.workspace.ledger.key_in_force(), self.workspace.pack.version, today

    def view(self) -> StatusView:
        """The view of today, the same object while ledger, packs and day are unchanged; worked out
        anew where rows in force are others.
        """
        with self._turn:
            as_of, workspace, state = AsOf.of(), self.workspace, self.state()
            if self._view is None or self._state != state:
                self._keep(StatusView.of(status_view(workspace, as_of)))
                self._state = state
            assert self._view is not None
            if self._view.meta["ledger_head"] != workspace.ledger.head():
                self._keep(replace(self._view, meta=meta_of(workspace, as_of)))
            return self._view

    @property
    def last_view(self) -> StatusView | None:
        """The view that was asked for last, None before the first."""
        return self._view

    def _keep(self, view: StatusView) -> None:
        self._view, self._pages, self._restricted = view, {}, {}

    def pages(self, lang: str) -> Pages:
        """The renderer of the current view in one language."""
        with self._turn:
            view = self.view()
            if lang not in self._pages:
                self._pages[lang] = Pages(view, lang=lang, called=InWorkspace(self.workspace))
            return self._pages[lang]

    def view_for(self, request: HttpRequest) -> StatusView:
        """The view, with the targets that this person may see."""
        ways = request.app.permission.clauses_of(request.person, "status.read")
        view = self.view()
        if any(way.is_everything for way in ways):
            return view
        with self._turn:
            if ways not in self._restricted:
                seen = [t for t in view.targets if any(w.reaches(thing_of(t)) for w in ways)]
                region = self.workspace.settings.region

                def reaches(thing: Thing) -> bool:
                    return any(way.reaches(thing) for way in ways)

                self._restricted[ways] = restricted(view, seen, reaches, region)
            return self._restricted[ways]

    def pages_for(self, request: HttpRequest, lang: str) -> Pages:
        """The renderer of what this person may see, in one language."""
        with self._turn:
            view = self.view_for(request)
            if view is self.view():
                return self.pages(lang)
            key = f"{lang} {id(view)}"
            if key not in self._pages:
                self._pages[key] = Pages(view, lang=lang, called=InWorkspace(self.workspace))
            return self._pages[key]

    def bare_pages(self, lang: str) -> Pages:
        """A renderer of what needs no verdict: the frame says where and when, no target is worked
        out for it.
        """
        view = StatusView.of({"meta": meta_of(self.workspace, AsOf.of())})
        with self._bare_turn:
            if lang not in self._bare:
                self._bare[lang] = Pages(view, lang=lang, called=InWorkspace(self.workspace))
            pages = self._bare[lang]
            pages.view = view  # its templates stay compiled
            pages.env.globals.update(view=view, meta=view.meta)
            return pages

    def file(self, name: str, make: Callable[[StatusView], bytes]) -> bytes:
        """A download made from the current view, once a view; pages are answered meanwhile."""
        view = self.view()
        made_for, content = self._files.get(name, (None, b""))
        if made_for is not view:
            content = make(view)
            self._files[name] = (view, content)
        return content

    def tree_of(self, target_id: str) -> Mapping[str, Any] | None:
        """The explain tree of a target; None where there is none, so that its page stands
        without.
        """
        try:
            return self.readers.ask(explain, "plan_progress", {"target_id": target_id})
        except HengtanError:
            return None


def _nothing(thing: Thing) -> bool:
    return False


def restricted(
    view: StatusView,
    targets: list[Row],
    reaches: Callable[[Thing], bool] = _nothing,
    region: str = "",
) -> StatusView:
    """A view of some of its targets, and of nothing that is said of others. Measures and milestones
    are of the region of their plan, registries of the ``region`` of the workspace: those that
    ``reaches`` says are kept.
    """
    regions = {plan["id"]: plan.get("region") for plan in view.plans}

    def is_seen(row: Row) -> bool:
        place, departments = regions.get(row.get("plan")), tuple(row.get("department_zh") or ())
        return place is not None and reaches(Thing(place=place, department=departments or None))

    measures = [row for row in view.measures if is_seen(row)]
    milestones = [row for row in view.milestones if is_seen(row)]
    late = {row["clause_ref"] for row in measures} | {row["id"] for row in milestones}
    ids = {target["target_id"] for target in targets}
    gaps = [gap for gap in view.gaps if gap.get("target_id") in ids]
    conflicts = [row for row in view.conflicts if row.get("target_id") in ids]
    return replace(
        view,
        targets=targets,
        gaps=gaps,
        conflicts=conflicts,
        registries=view.registries if reaches(Thing(place=region)) else [],
        measures=measures,
        milestones=milestones,
        overdue=[row for row in view.overdue if row["id"] in late],
    )


def site_of(request: HttpRequest) -> Site:
    """The site of the running application."""
    return request.app.site


def language(request: HttpRequest) -> str:
    """The reader's language: ``?lang=``, else the cookie, else Chinese."""
    asked = request.GET.get("lang") or request.COOKIES.get(COOKIE) or "zh"
    return asked if asked in LANGUAGES else "zh"


def question(request: HttpRequest) -> dict[str, str]:
    """The query as a key, without ``lang``."""
    return {k: v for k, v in request.GET.items() if k != "lang"}


def page_number(request: HttpRequest) -> int:
    """The page of a list that is asked for, from 1; what cannot be one is the first."""
    text = request.GET.get("page", "")
    return max(int(text), 1) if text.isascii() and text.isdigit() and len(text) < 7 else 1


def page(
    request: HttpRequest,
    name: str,
    *,
    title: str = "",
    here: str = "",
    status: int = 200,
    **context: Any,
) -> HttpResponse:
    """A whole page in the reader's language.

    ``title`` is plain text, by default the page's name in the navigation; ``here`` the entry of the
    navigation that is marked; ``context`` what the template shows beside the view. Templates know
    ``has_rooms``: whether pages that people write to are served.
    """
    lang = language(request)
    text = (
        site_of(request)
        .pages_for(request, lang)
        .served(
            name,
            title=title or _title(name, lang),
            here=here,
            switch=switch_of(request),
            frame=_frame(request, here or name),
            has_rooms=request.app.writable,
            **context,
        )
    )
    return _answer(request, text, status)


def wall_page(request: HttpRequest, **context: Any) -> HttpResponse:
    """The overview for a wall: large, without a menu, renewing itself."""
    lang = language(request)
    text = site_of(request).pages_for(request, lang).walled("wall", **context)
    return _answer(request, text, 200)


def room_page(
    request: HttpRequest,
    template: str,
    *,
    title: str,
    here: str = "",
    status: int = 200,
    pages: Pages | None = None,
    **context: Any,
) -> HttpResponse:
    """A whole page of a room, from its own template (``duties/mine.html`` is
    ``rooms/duties/templates/mine.html``); ``title`` in the reader's language, ``here`` the entry of
    the menu that is marked; ``pages``: another view than that of today (a frozen one, or none).

    Templates know ``person``, ``may(action)`` and ``csrf`` (a hidden field for forms).
    """
    pages = pages or site_of(request).pages_for(request, language(request))
    body = fragment(request, template, pages=pages, **context)
    frame = {**_frame(request, here), "scripts": SCRIPTS_OF_ROOMS}
    text = pages.framed(
        body,
        here,
        title=title,
        here=here,
        switch=switch_of(request),
        **frame,
    )
    return _answer(request, text, status)


def fragment(
    request: HttpRequest, template: str, *, pages: Pages | None = None, **context: Any
) -> Markup:
    """A piece of a room's page, for htmx or for the page itself."""
    from hengtan.web.room_templates import environment

    def may(action: str) -> bool:
        return request.app.permission.anywhere(request.person, action)

    token = get_token(request)
    field = Markup('<input type="hidden" name="csrfmiddlewaretoken" value="{}">').format(token)
    env = environment((pages or site_of(request).pages_for(request, language(request))).env)
    person = request.person
    text = env.get_template(template).render(
        **context,
        person=person,
        may=may,
        moment=moment,
        csrf=field,
        csrf_token=token,
        request=request,
    )
    return Markup(text)


def moment(at: datetime) -> str:
    """A moment as pages write it, in Beijing time."""
    return f"{at.astimezone(BEIJING):%Y-%m-%d %H:%M}"


def _frame(request: HttpRequest, here: str) -> dict[str, Any]:
    return {"sections": menu(request, here)}


def switch_of(request: HttpRequest) -> str:
    """The question of an address in the other language."""
    other = "zh" if language(request) == "en" else "en"
    return "?" + urlencode({**question(request), "lang": other})


def _answer(request: HttpRequest, text: str, status: int) -> HttpResponse:
    return remember_language(request, HttpResponse(text, status=status))


def remember_language(request: HttpRequest, answer: HttpResponse) -> HttpResponse:
    """An answer that has the browser keep the language that the address asks for."""
    asked = request.GET.get("lang")
    if asked in LANGUAGES:
        answer.set_cookie(
            COOKIE, asked, max_age=COOKIE_SECONDS, samesite="lax", httponly=True, path="/"
        )
    return answer


def _title(name: str, lang: str) -> str:
    return "" if name == "overview" else word(f"nav.{name}", lang)


def not_found(request: HttpRequest, detail: str) -> HttpResponse:
    """The friendly page for an address or id that does not exist."""
    return message(request, "not_found", word("not_found.text", language(request)), detail, 404)


def message(
    request: HttpRequest, heading: str, text: str, detail: str, status: int
) -> HttpResponse:
    """A page that says what went wrong; ``heading`` is a key of the word table."""
    title = word(heading, language(request))
    return page(
        request,
        "message",
        title=title,
        status=status,
        heading=title,
        text=text,
        detail=detail,
    )


def as_json(value: Any, status: int = 200) -> HttpResponse:
    """JSON with dates as ISO text and not-a-number as null."""
    return HttpResponse(
        json.dumps(_plain(value), ensure_ascii=False),
        status=status,
        content_type="application/json; charset=utf-8",
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
