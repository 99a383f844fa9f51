"""What is typed into the forms of this room: read, refused in words, kept."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from hengtan.basis.errors import HengtanError
from hengtan.office.permission import Thing
from hengtan.web.advice import advice
from hengtan.web.rooms.duties.pages import MANAGE, words
from hengtan.web.site import language

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse


def refusal(request: HttpRequest, error: HengtanError) -> str:
    """What is wrong in the reader's language, and what to do."""
    english = language(request) == "en"
    sentences = (error.en, advice(error.todo_en)) if english else (error.zh, advice(error.todo))
    return ("; " if english else "；").join(filter(None, sentences))


class NotSo(HengtanError):
    """What was typed into a form of this room and cannot be."""


def not_so(code: str, *arguments: object) -> NotSo:
    """A refusal in the words of this room."""
    zh, en = (text.format(*arguments) for text in words()[code])
    return NotSo(zh, en)


def may_manage(request: HttpRequest, thing: Thing) -> bool:
    """Whether the person may manage a thing."""
    return bool(request.app.permission.may(request.person, MANAGE, thing))


def label(name: str) -> str:
    return words()["rules.number" if name == "due_number" else f"rules.{name}"][0]


def whole(name: str, text: str) -> int | None:
    """A whole number that was typed; None for nothing."""
    if not text:
        return None
    try:
        number = int(text)
    except ValueError:
        raise not_so("rules.number.bad", label(name), text) from None
    if not -4000 <= number <= 4000:
        raise not_so("rules.number.bad", label(name), text)
    return number


def day(name: str, text: str) -> date | None:
    """A day that was typed; None for nothing."""
    if not text:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise not_so("rules.day.bad", label(name), text) from None


def kept(address: str) -> HttpResponse:
    """Something was kept: on to where it is seen."""
    from django.http import HttpResponseRedirect

    return HttpResponseRedirect(address, status=303)
