"""An address as Django knows it: finds the method, asks whether it may be, has the page made."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse

from hengtan.web import answers
from hengtan.web.routing import Route, asked


class Endpoint:
    """One address with its methods."""

    takes_route = True

    def __init__(self, methods: dict[str, Route]) -> None:
        self.methods = methods
        self.__name__ = self.__qualname__ = next(iter(methods.values())).path
        post = methods.get("POST")
        self.csrf_exempt = post is None or post.takes_other_sites

    def __call__(self, request: HttpRequest, **parts: str) -> HttpResponse:
        """Answer a request for which the need is met."""
        method = "GET" if request.method == "HEAD" else str(request.method)
        route = self.methods.get(method)
        if route is not None and route.is_of_room and not request.app.writable:
            return answers.missing(request)  # what people keep is not there without its store
        if route is None or (method == "POST" and not request.app.writable):
            return answers.only_read(request, self.methods)
        answer = asked(request, route, parts)
        if not answer.yes:
            return answers.not_allowed(request, route, answer)
        if route.keeps and method == "GET":
            answered = request.app.kept.answer(
                request, lambda: route.handler(request, **parts), is_noted=route.is_export
            )
        else:
            answered = route.handler(request, **parts)
        request.app.note_deed(request, route, answered)
        return answered
