"""The menu of a person: five entries and the rest, without what he may not open."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING

import yaml

from hengtan.web.routing import OPEN, asked

if TYPE_CHECKING:
    from django.http import HttpRequest


FOR_ALL = (OPEN, "publication.read")
"""Needs that everybody meets."""


@dataclass(frozen=True)
class Entry:
    """A page in the menu."""

    name: str
    address: str


@dataclass(frozen=True)
class Section:
    """An entry of the first row with the pages under it; ``here``: the page shown is among them."""

    name: str
    entries: tuple[Entry, ...]
    here: bool

    @property
    def first(self) -> str:
        """Where the entry leads: its first page."""
        return self.entries[0].address


def menu(request: HttpRequest, here: str) -> list[Section]:
    """The sections with what this person may open; ``here``: the name of the page shown."""
    sections = []
    for name, pages in _listed().items():
        entries = tuple(Entry(p, a) for p, a in pages.items() if _is_open(request, a))
        if entries:
            sections.append(Section(name, entries, here in pages))
    return sections


def first_of(request: HttpRequest) -> str:
    """Where somebody begins who may not see the overview: the first page he may; "" for none."""
    routes = request.app.urls.routes
    for section in menu(request, ""):
        for entry in section.entries:
            if routes[entry.address]["GET"].need not in FOR_ALL:
                return entry.address
    return ""


def _is_open(request: HttpRequest, address: str) -> bool:
    route = request.app.urls.routes.get(address, {}).get("GET")
    if route is None or (route.is_of_room and not request.app.writable):
        return False
    return route.need == OPEN or asked(request, route, {}).yes


@cache
def _listed() -> Mapping[str, Mapping[str, str]]:
    text = files("hengtan.web").joinpath("menu.yaml").read_text(encoding="utf-8")
    listed: Mapping[str, Mapping[str, str]] = yaml.safe_load(text)
    return listed
