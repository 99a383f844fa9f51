"""What the pages of review share: their frame, sentences of errors, telling people."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect

from hengtan.basis.errors import HengtanError
from hengtan.office.notices import Notice
from hengtan.report.words import word
from hengtan.web.advice import advice
from hengtan.web.rooms.notices.sending import notify
from hengtan.web.site import language, room_page, site_of


def shown(
    request: HttpRequest, template: str, title: str, *, here: str = "review", **context: Any
) -> HttpResponse:
    """A page of this room: it waits for no verdict."""
    pages = site_of(request).bare_pages(language(request))
    return room_page(request, template, title=title, here=here, pages=pages, **context)


def sentence(error: Exception, lang: str) -> str:
    """What was refused and what to do, in the reader's language."""
    if not isinstance(error, HengtanError):
        return str(error)
    said = [error.en, advice(error.todo_en)] if lang == "en" else [error.zh, advice(error.todo)]
    return ("; " if lang == "en" else "；").join(filter(None, said))


def goes_on(address: str, **query: str) -> HttpResponseRedirect:
    """Where a form that was sent goes on."""
    asked = f"?{urlencode(query)}" if query else ""
    return HttpResponseRedirect(f"{address}{asked}", status=303)


def tell(
    request: HttpRequest,
    to: Iterable[str],
    key: str,
    arguments: Iterable[str | tuple[str, str]],
    address: str,
    once: str | None = None,
) -> None:
    """A notice to people, in both languages: the words ``rv.notice.<key>`` and its ``.subject``;
    an argument is the same in both, or a pair. ``once``: a name under which it is told once.
    """
    people, said = tuple(sorted(set(to) - {"", request.person.name})), tuple(arguments)
    if not people:
        return
    texts = {
        part: tuple(
            word(f"rv.notice.{key}{part}", lang).format(*_in(said, n))
            for n, lang in enumerate(("zh", "en"))
        )
        for part in (".subject", "")
    }
    (subject_zh, subject_en), (text_zh, text_en) = texts[".subject"], texts[""]
    notify(
        Notice(
            to=people,
            subject_zh=subject_zh,
            subject_en=subject_en,
            text_zh=text_zh,
            text_en=text_en,
            address=address,
        ),
        request.person.name,
        once,
    )


def _in(arguments: Iterable[str | tuple[str, str]], language_number: int) -> list[str]:
    return [a if isinstance(a, str) else a[language_number] for a in arguments]
