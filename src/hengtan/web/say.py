"""The language of the pages of signing in, which are a library's and stand in templates of Django:
``{% say "登录" "Sign in" %}`` says a thing in the reader's language, ``lang`` names the language;
what the library itself says follows.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from django import template
from django.http import HttpRequest, HttpResponse
from django.utils import translation

from hengtan.web.site import language, remember_language, switch_of

register = template.Library()
PAGES = "/account/"
LOCALES = {"zh": "zh-hans", "en": "en"}


@register.simple_tag(takes_context=True)
def say(context: Mapping[str, Any], zh: str, en: str) -> str:
    """A text in the language of the page."""
    return en if context.get("lang") == "en" else zh


def context(request: HttpRequest) -> dict[str, str]:
    """The language and the address of the page in the other, for a template."""
    return {"lang": language(request), "switch": switch_of(request)}


class InLanguage:
    """What is found wrong on the pages of signing in is told in the reader's language."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer with the words of the library in that language."""
        if not request.path_info.startswith(PAGES):
            return self.get_response(request)
        with translation.override(LOCALES[language(request)]):
            return remember_language(request, self.get_response(request))
