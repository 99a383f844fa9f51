"""What the operations share: conditions, clocks, pages of rows, things, answers."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Sequence
from datetime import date
from typing import TYPE_CHECKING, Annotated, Any
from weakref import WeakKeyDictionary

from django.http import Http404, HttpRequest
from ninja import Query, Schema
from pydantic import AfterValidator, Field

from hengtan.basis.errors import HengtanError
from hengtan.basis.period import Period
from hengtan.office.permission import Thing
from hengtan.web.rooms.api.cursor import Place
from hengtan.workspace.asof import AsOf

if TYPE_CHECKING:
    from hengtan.web.site import Site

KEPT = 8
"""Answers to long questions that are kept while nothing changes."""
MOST, USUAL = 10_000, 1_000
"""Rows of a page at most, and where nothing is said."""
LONGEST = 1_000


def _period(text: str) -> str:
    """A period that can be read; pydantic tells of one that cannot."""
    try:
        Period.read(text)
    except HengtanError as error:
        raise ValueError(error.en) from error
    return text


KnownOn = Annotated[
    date | None,
    Field(description="按该日已审核的数据 · as known on that day", examples=["2026-03-01"]),
]
PeriodAsked = Annotated[
    Annotated[str, AfterValidator(_period)] | None,
    Field(max_length=40, description="考核期 · the period judged", examples=["2025"]),
]


class Clocks(Schema):
    """As of when."""

    known_on: KnownOn = None
    period: PeriodAsked = None

    def as_of(self) -> AsOf:
        """The same as questions take it."""
        return AsOf.of(self.known_on, self.period)


class Paging(Schema):
    """Which page."""

    limit: int = Field(USUAL, ge=1, le=MOST, description="每页行数 · rows of a page")
    cursor: str | None = Field(
        None, max_length=LONGEST, description="上一页的 `next` · the `next` of the page before"
    )

    def cut(self, rows: Sequence[Any], question: object, state: object) -> dict[str, Any]:
        """A page of rows and where the next begins. Raises BadCursor, TableChanged."""
        place = Place.of(question, state, self.cursor)
        page = rows[place.first : place.first + self.limit]
        is_last = place.first + self.limit >= len(rows)
        return {"rows": page, "next": None if is_last else place.after(self.limit)}


Condition = Annotated[str, Field(min_length=1, max_length=LONGEST, examples=["place=500156"])]
Where = Annotated[
    list[Condition],
    Query([], description="列=值，可重复 · column=value, may be repeated", max_length=30),
]


def conditions(stated: list[str]) -> dict[str, str]:
    """Conditions by column. Raises HengtanError for one without a sign of equality."""
    pairs = {}
    for text in stated:
        column, equal, value = text.partition("=")
        if not equal or not column:
            raise HengtanError(
                f"条件“{text}”应写作 列=值",
                f"the condition '{text}' is not column=value",
                todo="例如 where=place=500156",
                todo_en="such as where=place=500156",
            )
        pairs[column] = value
    return pairs


def site(request: HttpRequest) -> Site:
    """The workspace that is served."""
    served: Site = request.app.site
    return served


class Kept:
    """The last answers to long questions, so that the next page need not ask again."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._answers: OrderedDict[object, Any] = OrderedDict()

    def get(self, key: object, make: Callable[[], Any]) -> Any:
        """The answer of a key that names all it rests on."""
        with self._lock:
            if key in self._answers:
                self._answers.move_to_end(key)
                return self._answers[key]
        answer = make()
        with self._lock:
            self._answers[key] = answer
            while len(self._answers) > KEPT:
                self._answers.popitem(last=False)
        return answer


_of_site: WeakKeyDictionary[Any, Kept] = WeakKeyDictionary()


def kept(request: HttpRequest) -> Kept:
    """What is kept for a site."""
    return _of_site.setdefault(site(request), Kept())


def require(request: HttpRequest, action: str, thing: Thing) -> None:
    """Answer as if it were not there what is not this person's, and note that it was asked."""
    answer = request.app.permission.may(request.person, action, thing)
    if not answer:
        request.app.note_refusal(request, _Asked(request.method or ""), answer)
        raise Http404


class _Asked:
    """The method, for the note of a refusal."""

    def __init__(self, method: str) -> None:
        self.method = method
