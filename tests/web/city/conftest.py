"""The demonstration city on a fixed day, made once a run, and its people signed in."""

from __future__ import annotations

import re
import shutil
from datetime import date

import pytest
from page_client import PageClient

from hengtan.demo.city import Story
from hengtan.web.application import Application
from hengtan.web.demo_city import made_city
from hengtan.web.site import Site
from hengtan.web.store import point_to
from hengtan.workspace import Workspace

DAY = date(2026, 11, 29)
ORIGIN = {"Origin": "http://localhost"}


def silent(share, text):
    """A progress report that nobody sees."""


@pytest.fixture(scope="session")
def city_built(build_once):
    """The folder of the city; to be copied, never opened."""
    built, _ = build_once(
        "city-of-people", lambda folder: made_city(folder, DAY, lambda share, text: None)
    )
    return built


@pytest.fixture(scope="module")
def city_app(city_built, tmp_path_factory):
    """The city, shared, on its day; a copy of the module's own."""
    folder = tmp_path_factory.mktemp("city") / "城"
    shutil.copytree(city_built, folder)
    with Workspace.open(folder) as workspace:
        app = Application(Site(workspace), writable=True, is_shared=True, today=lambda: DAY)
        yield app
        app.close()


@pytest.fixture
def city(city_app):
    """The city with this thread's connection pointed to its store."""
    point_to(city_app.store)
    return city_app


@pytest.fixture(scope="session")
def story(city_built):
    with Workspace.open(city_built) as workspace:
        return Story.on(DAY, workspace.pack.places())


def field(page, name):
    return re.search(rf'name="{name}"[^>]*value="([^"]*)"', page)[1]


@pytest.fixture(scope="module")
def try_as(city_app):
    """Signs somebody in as the page of signing in offers it, "" nobody; a client each, kept."""
    clients = {}

    def signed_in(name):
        if name not in clients:
            clients[name] = client = PageClient(city_app)
            if not name:
                return client
            page = client.get("/account/login/").text
            assert f'value="{name}"' in page, f"{name} is not offered"
            form = {"login": name, "password": field(page, "password")}
            form["csrfmiddlewaretoken"] = field(page, "csrfmiddlewaretoken")
            page = client.post("/account/login/", data=form, headers=ORIGIN)
            if "/2fa/authenticate" in str(page.url):
                form = {n: field(page.text, n) for n in ("csrfmiddlewaretoken", "code")}
                page = client.post("/account/2fa/authenticate/", data=form, headers=ORIGIN)
            assert "/account/" not in str(page.url), page.text[:2000]
        return clients[name]

    return signed_in
