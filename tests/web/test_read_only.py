"""A server that only reads: whatever its pages lead to is served."""

from __future__ import annotations

import re
from urllib.parse import urljoin, urlsplit

import lxml.html
import pytest
from page_client import PageClient

from hengtan.web import Site, create_app
from hengtan.workspace import Workspace

LINKS = "//a/@href | //form[not(@method='post')]/@action | //@hx-get"
OF_A_KIND = 2
"""Pages of one kind that are opened; the links of all are those of the first ones."""


def kind(app, address):
    """The route that an address belongs to: the one with most fixed words; "" for none."""
    path = urlsplit(address).path
    fitting = [
        route
        for route in app.urls.routes
        if re.fullmatch(re.sub(r"\\\{\w+\\\}", "[^/]+", re.escape(route)), path)
    ]
    return min(fitting, key=lambda route: route.count("{"), default="")


def walk(app):
    """Address, where it was linked, status, of two pages of each kind from the first page on."""
    client, ahead, known, opened = PageClient(app), [("/", "")], {"/"}, {}
    while ahead:
        address, linked_from = ahead.pop(0)
        here = kind(app, address)
        opened[here] = opened.get(here, 0) + 1
        if opened[here] > OF_A_KIND or address.startswith("/download/"):
            continue
        answer = client.get(address)
        yield address, linked_from, answer.status_code
        if not answer.headers.get("content-type", "").startswith("text/html") or not answer.text:
            continue
        for link in lxml.html.fromstring(answer.text).xpath(LINKS):
            linked = urljoin(address, str(link)).partition("#")[0]
            if linked.startswith("/") and linked not in known:
                known.add(linked)
                ahead.append((linked, address))


def broken(app):
    """What is linked and not served."""
    seen = list(walk(app))
    assert {"/targets", "/assess", "/rules", "/plans", "/bulletin"} <= {a for a, _, _ in seen}
    return [f"{address} on {linked_from}" for address, linked_from, s in seen if s != 200]


def test_pages_of_figures_lead_only_to_what_is_served(small_site):
    app = create_app(small_site)
    # figures of the view made by hand stand in no ledger, so that nothing explains them
    assert [line for line in broken(app) if not line.startswith("/explain/")] == []


@pytest.fixture
def empty_site(empty_folder):
    with Workspace.open(empty_folder) as workspace:
        yield Site(workspace)


def test_pages_of_an_empty_workspace_lead_only_to_what_is_served(empty_site):
    assert broken(create_app(empty_site)) == []
