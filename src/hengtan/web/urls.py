"""All addresses: those of the page families and rooms, found by being there, and signing in."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Iterator

from django.urls import include, path

from hengtan.web import pages, rooms
from hengtan.web.endpoint import Endpoint
from hengtan.web.routing import Route, Router, by_path, pattern_of


def routers() -> Iterator[Router]:
    """The routers of all page families and rooms, in the order of their names."""
    for name in sorted(m.name for m in pkgutil.iter_modules(pages.__path__)):
        yield importlib.import_module(f"{pages.__name__}.{name}").router
    for name in sorted(m.name for m in pkgutil.iter_modules(rooms.__path__) if m.ispkg):
        room = importlib.import_module(f"{rooms.__name__}.{name}")
        for part in sorted(m.name for m in pkgutil.iter_modules(room.__path__)):
            if part.startswith("pages"):
                yield importlib.import_module(f"{room.__name__}.{part}").router


def patterns(paths: dict[str, dict[str, Route]]) -> list[object]:
    """Addresses as Django knows them. Those with fixed words stand before those with parts."""
    ordered = sorted(paths, key=lambda address: (address.count("{"), address))
    ours = [path(pattern_of(address), Endpoint(paths[address])) for address in ordered]
    return [*ours, path("account/", include("allauth.urls"))]


class Urls:
    """The addresses of one application."""

    handler400 = "hengtan.web.answers.bad"
    handler403 = "hengtan.web.answers.forbidden"
    handler404 = "hengtan.web.answers.missing"
    handler500 = "hengtan.web.answers.failed"

    def __init__(self) -> None:
        self.routes = by_path(routers())
        self.urlpatterns = patterns(self.routes)


handler400, handler403 = Urls.handler400, Urls.handler403
handler404, handler500 = Urls.handler404, Urls.handler500
urlpatterns = patterns(by_path(routers()))
