"""What the pages of this room share: whose draft it is, answers in JSON, words of the script."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from django.http import HttpRequest, HttpResponse

from hengtan.basis.actor import Actor
from hengtan.basis.errors import HengtanError
from hengtan.basis.period import Period
from hengtan.desk.entry import Unconfirmed
from hengtan.office.drafts import Overtaken
from hengtan.office.permission import Thing
from hengtan.report.words import WORDS, both, has
from hengtan.web.advice import COMMAND
from hengtan.web.advice import sentence as said_on_page
from hengtan.web.rooms.entry import drafts
from hengtan.web.rooms.entry.models import DraftRow, Subject, UploadRow
from hengtan.web.site import as_json, language, room_page

if TYPE_CHECKING:
    from hengtan.ledger.forms import Form
    from hengtan.workspace.workspace import Workspace

Handler = Callable[..., HttpResponse]
SCRIPT = "entry.script."
OVERTAKEN, UNCONFIRMED = 409, 422
HERE = "entry"
"""The entry of the menu under which the pages of this room stand."""


def workspace_of(request: HttpRequest) -> Workspace:
    """The workspace that is served."""
    workspace: Workspace = request.app.site.workspace
    return workspace


def form_of(request: HttpRequest, form: str) -> Form:
    """A form by its id. Raises UnknownForm."""
    return workspace_of(request).form(form)


def of_draft(request: HttpRequest, key: str, **_: str) -> Thing | None:
    """What a draft is about; None where there is none."""
    row = drafts.of_key(key)
    return None if row is None else row.thing


def of_upload(request: HttpRequest, key: str, **_: str) -> Thing | None:
    """What an upload is about; None where there is none."""
    row = UploadRow.objects.defer("content").filter(key=key).first()
    return None if row is None else row.thing


def actor_of(request: HttpRequest, subject: Subject) -> Actor:
    """Who hands in, and for which body."""
    return Actor(request.person.name, subject.body)


def draft_of(key: str) -> DraftRow:
    """A draft that is there: its address was asked about before."""
    return DraftRow.objects.get(key=key)


def entry_page(request: HttpRequest, template: str, *, title: str, **context: Any) -> HttpResponse:
    """A page of this room."""
    writable = request.app.writable
    return room_page(
        request, f"entry/{template}.html", title=title, here=HERE, writable=writable, **context
    )


def script_words(lang: str) -> dict[str, str]:
    """The words of the script, by their names without what stands before all of them."""
    which = 1 if lang == "en" else 0
    return {
        key.removeprefix(SCRIPT): pair[which]
        for key, pair in WORDS.items()
        if key.startswith(SCRIPT)
    }


def sentence(request: HttpRequest, error: HengtanError) -> str:
    """What is wrong and what to do, in the reader's language."""
    return said_on_page(error, language(request))


def in_json(handler: Handler) -> Handler:
    """Answer the refusals of a handler as JSON, so that the script can show them."""

    @functools.wraps(handler)
    def answer(request: HttpRequest, **parts: str) -> HttpResponse:
        try:
            return handler(request, **parts)
        except Overtaken as error:
            joined = error.joined.as_dict() if error.joined else None
            shown = {"text": sentence(request, error), "joined": joined}
            return as_json(shown | {"stored": stored(error)}, OVERTAKEN)
        except Unconfirmed as error:
            shown = {"text": sentence(request, error), "seen": error.seen}
            return as_json(shown, UNCONFIRMED)
        except HengtanError as error:
            return as_json({"text": sentence(request, error)}, 400)

    return answer


def stored(error: Overtaken) -> dict[str, Any]:
    """The draft as it stands, for one who was overtaken."""
    draft = error.stored
    return {
        "version": draft.version,
        "by": draft.by,
        "at": drafts.shown(draft.at),
        "typed": draft.typed.as_dict(),
    }


def on_page(checked: dict[str, Any]) -> dict[str, Any]:
    """What was found, with advice that a page can be followed by: what speaks of options of the
    terminal is said in words of a page.
    """
    return {**checked, "findings": [_advised(finding) for finding in checked["findings"]]}


def _advised(finding: dict[str, Any]) -> dict[str, Any]:
    if not COMMAND.search(finding["todo"]):
        return finding
    key = f"entry.todo.{finding['code']}"
    todo, todo_en = both(key) if has(key) else ("", "")
    return {**finding, "todo": todo, "todo_en": todo_en}


def place_name(request: HttpRequest, code: str | None) -> str:
    """The name of a place in the reader's language, its code where it is not known."""
    places = workspace_of(request).pack.places()
    if not code or code not in places:
        return code or ""
    place = places[code]
    return str(place.name_en if language(request) == "en" else place.name_zh)


def period_name(request: HttpRequest, text: str) -> str:
    """A period in the reader's language."""
    if not text:
        return text
    period = Period.read(text)
    return period.text if language(request) == "en" else period.zh()
