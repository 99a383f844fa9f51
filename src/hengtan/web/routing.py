"""Addresses and what they need: a module of pages names each address with the action it needs, and
nothing is answered that names none.

A need is an action of ``office/roles.yaml``, with the thing it is done to where the address says
so; without a thing it is enough that there is anything the person could do it to, and the page
shows no more than that.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from hengtan.office.permission import Answer, Thing

if TYPE_CHECKING:
    from django.http import HttpRequest

Handler = Callable[..., Any]
ThingOf = Callable[..., "Thing | None"]
OPEN = "open"
"""The need of what everybody may have: styles, scripts, signing in, whether the server answers."""


@dataclass(frozen=True)
class Route:
    """An address with its method, the action it needs and the handler that answers.

    ``thing``: the thing from the request and the parts of the address, None where there is none;
    ``keeps``: whether what it shows rests on the workspace's files alone.
    """

    method: str
    path: str
    need: str
    handler: Handler
    thing: ThingOf | None = None
    keeps: bool = False
    takes_other_sites: bool = False
    needs_no_store: bool = False

    @property
    def is_export(self) -> bool:
        """Whether it takes figures out of the house, which the audit trail notes."""
        return self.need == "export.take"

    @property
    def is_of_room(self) -> bool:
        """Whether it belongs to a room that keeps what it shows in the store of people."""
        in_a_room = self.handler.__module__.startswith("hengtan.web.rooms.")
        return in_a_room and not self.needs_no_store


class Router:
    """The addresses of one module. ``keeps``: whether its pages rest on the workspace alone, so
    that they may be kept as rendered; ``prefix`` stands before each address; ``needs_no_store``: a
    room that keeps nothing.
    """

    def __init__(
        self, prefix: str = "", *, keeps: bool = False, needs_no_store: bool = False
    ) -> None:
        self.prefix, self.keeps, self.needs_no_store = prefix, keeps, needs_no_store
        self.routes: list[Route] = []

    def get(self, path: str, need: str, thing: ThingOf | None = None, **how: bool) -> Any:
        """Answer reading of an address (``{name}`` is a part of it)."""
        return self._add("GET", path, need, thing, how)

    def post(self, path: str, need: str, thing: ThingOf | None = None, **how: bool) -> Any:
        """Answer what is sent to an address; it carries the token against forged requests."""
        return self._add("POST", path, need, thing, how)

    def _add(
        self, method: str, path: str, need: str, thing: ThingOf | None, how: dict[str, bool]
    ) -> Callable[[Handler], Handler]:
        def noted(handler: Handler) -> Handler:
            usual = {
                "keeps": self.keeps and method == "GET",
                "needs_no_store": self.needs_no_store,
            }
            options = usual | how
            route = Route(method, self.prefix + path, need, handler, thing, **options)
            self.routes.append(route)
            return handler

        return noted


def pattern_of(path: str) -> str:
    """An address as Django writes it, without the first slash."""
    return re.sub(r"\{(\w+)\}", r"<str:\1>", path.removeprefix("/"))


def by_path(routers: Iterator[Router]) -> dict[str, dict[str, Route]]:
    """The routes of all routers: path, then method. Raises ValueError for one named twice."""
    paths: dict[str, dict[str, Route]] = {}
    for router in routers:
        for route in router.routes:
            methods = paths.setdefault(route.path, {})
            if route.method in methods:
                raise ValueError(f"{route.method} {route.path} is named twice")
            methods[route.method] = route
    return paths


def asked(request: HttpRequest, route: Route, parts: dict[str, str]) -> Answer:
    """Whether this person may have this address, and why."""
    permission, person = request.app.permission, request.person
    if route.need == OPEN:
        return Answer(True, "yes.public")
    thing = route.thing(request, **parts) if route.thing else None
    if route.thing is None:
        if permission.anywhere(person, route.need):
            return Answer(True, "yes.public")
        return permission.may(person, route.need)
    if thing is None:
        return Answer(False, "no.not_there")
    return permission.may(person, route.need, thing)
