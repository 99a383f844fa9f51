"""A workspace that holds the hand-made view, the application over it, and a real browser where
there is one.
"""

from __future__ import annotations

import os
import shutil
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pyarrow as pa
import pytest
import yaml
from django.conf import settings as django_settings
from django.db import connection
from page_client import PageClient

from hengtan.basis.errors import NoSuchRow
from hengtan.office.permission import Person
from hengtan.report.view import StatusView
from hengtan.web import Site, create_app
from hengtan.web.application import Application
from hengtan.web.rooms.people import seen
from hengtan.web.server import make_server
from hengtan.web.settings import configure
from hengtan.web.store import Store, bring_up_to_date, copy_of, point_to
from hengtan.workspace import Workspace
from hengtan.workspace.config import Settings, read_settings

configure()
# argon2 takes its time, as it should; that it is what is used is asked of a process of its own
django_settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
seen.PATIENCE = 30.0  # what is written beside a request is there when it is answered
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"  # a browser's loop runs in the thread of its test
PATIENCE = 120_000
"""How long a page of a browser waits for what must come. [ms]"""
SMALL = Path(__file__).parents[1] / "report" / "small_view.yaml"
ARGS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


class SmallWorkspace(Workspace):
    """A real, empty workspace; what it says of targets is the hand-made view."""

    small: dict[str, Any]

    @classmethod
    def of(cls, folder: Path, small: dict[str, Any]) -> SmallWorkspace:
        workspace = cls(folder, read_settings(folder))
        workspace.small = small
        return workspace

    def another(self) -> SmallWorkspace:
        return self.of(self.folder, self.small)

    def explain(self, name: str, key: Mapping[str, Any], *clocks: Any) -> Any:
        if name != "plan_progress":
            return super().explain(name, key, *clocks)
        trees = {t["target_id"]: t.get("explain") for t in self.small["targets"]}
        tree = trees.get(key.get("target_id"))
        if not tree:
            raise NoSuchRow("没有这一行", "no such row")
        return SimpleNamespace(as_dict=lambda: tree)

    def table(self, name: str, where: Mapping[str, str] | None = None, *clocks: Any) -> pa.Table:
        if name != "plan_progress":
            return super().table(name, where, *clocks)
        wanted = (where or {}).get("target_id")
        ids = [t["target_id"] for t in self.small["targets"] if wanted in (None, t["target_id"])]
        return pa.table({"target_id": ids, "value": [float("nan")] * len(ids)})


class SmallSite(Site):
    """Pages whose view is the hand-made one; everything else is asked of the desk."""

    workspace: SmallWorkspace

    def stamp(self) -> tuple[object, ...]:
        return id(self.workspace.small), super().stamp()

    def view(self) -> StatusView:
        if self._view is None or self._state is not self.workspace.small:
            self._keep(StatusView.of(self.workspace.small))
            self._state = self.workspace.small
        return self._view


def _build_pages(folder: Path) -> None:
    Workspace.create(folder, Settings("测试", "Test", "500156", "wulong")).close()


@pytest.fixture(scope="session")
def empty_folder(build_once, tmp_path_factory) -> Path:
    """The folder of an empty workspace; the tests of this room do not write to it."""
    folder = tmp_path_factory.mktemp("pages") / "ws"
    shutil.copytree(build_once("pages", _build_pages)[0], folder)
    return folder


@pytest.fixture
def demo_copy(demo, tmp_path) -> Iterator[Workspace]:
    """A copy of the demonstration that may be written to."""
    shutil.copytree(demo.folder, tmp_path / "copy")
    with Workspace.open(tmp_path / "copy") as workspace:
        yield workspace


@pytest.fixture
def small() -> dict[str, Any]:
    """A fresh mapping of the hand-made view."""
    return yaml.safe_load(SMALL.read_text(encoding="utf-8"))


@pytest.fixture
def workspace(empty_folder, small) -> Iterator[SmallWorkspace]:
    with SmallWorkspace.of(empty_folder, small) as workspace:
        yield workspace


@pytest.fixture
def small_site(workspace) -> Iterator[SmallSite]:
    site = SmallSite(workspace)
    yield site
    site.close()


def _build_store(folder: Path) -> str:
    store = Store(folder)
    bring_up_to_date(store)
    connection.close()  # what stands beside the file goes into it
    return store.file.name


@pytest.fixture(scope="session")
def empty_store(build_once) -> Path:
    """An empty database of people, brought up to date once a run."""
    folder, name = build_once("store", _build_store)
    return folder / name


@pytest.fixture
def prepared_store(empty_store, tmp_path) -> Any:
    """Gives an application a store of its own, and lets it write."""

    def give(app: Any) -> None:
        app.store = Store(tmp_path / "work")
        copy_of(empty_store, app.store)
        app.writable = True
        point_to(app.store)

    return give


@pytest.fixture
def shared(small_site, prepared_store) -> Any:
    """The small site, shared, with a store of its own."""
    app = Application(small_site, writable=False, is_shared=True)
    prepared_store(app)
    return app


@pytest.fixture
def app_of_its_own(empty_folder, small, small_site, prepared_store, tmp_path) -> Any:
    """The small site over a workspace of the test's own, where one may write."""
    shutil.copytree(empty_folder, tmp_path / "own")
    workspace = type(small_site.workspace).of(tmp_path / "own", small)
    app = Application(type(small_site)(workspace))
    prepared_store(app)
    yield app
    app.close()
    workspace.close()


@pytest.fixture
def seen_by(app):
    """A browser of a person with grants."""

    def open_as(*grants, name="某人"):
        app.alone = Person(name, grants=grants)
        return PageClient(app)

    return open_as


@pytest.fixture
def client(small_site) -> PageClient:
    return PageClient(create_app(small_site))


@contextmanager
def serving(site: Site, *, writable: bool = False) -> Iterator[str]:
    """The application over a site on a free port of this machine; gives its address."""
    with listening(create_app(site, writable=writable)) as server:
        yield f"http://127.0.0.1:{server.effective_port}"


@contextmanager
def listening(app: Any) -> Iterator[Any]:
    """A server of an application on a free port of this machine."""
    server = make_server(app, "127.0.0.1", 0)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    yield server
    server.stop()
    thread.join(timeout=10)
    server.close()


@pytest.fixture(scope="session")
def address(empty_folder) -> Iterator[str]:
    """The address of the application over the small view."""
    view = yaml.safe_load(SMALL.read_text(encoding="utf-8"))
    with (
        SmallWorkspace.of(empty_folder, view) as workspace,
        serving(SmallSite(workspace)) as address,
    ):
        yield address


@pytest.fixture(scope="session")
def serve() -> Any:
    """``serving``, for modules that bring their own workspace."""
    return serving


@pytest.fixture(scope="session", name="listening")
def fixture_of_listening() -> Any:
    """``listening``, for modules that bring their own application."""
    return listening


@pytest.fixture(scope="session")
def expect() -> Any:
    """Playwright's waiting assertion, imported only where a browser test runs."""
    from playwright.sync_api import expect as waiting

    waiting.set_options(timeout=PATIENCE)
    return waiting


@pytest.fixture(scope="session")
def browser() -> Iterator[Any]:
    """Chromium, from HENGTAN_CHROMIUM or the path; a missing one skips, unless HENGTAN_REQUIRE
    names chromium.
    """
    path = (
        os.environ.get("HENGTAN_CHROMIUM")
        or shutil.which("chromium")
        or shutil.which("chromium-browser")
        or shutil.which("google-chrome")
    )
    required = "chromium" in os.environ.get("HENGTAN_REQUIRE", "").split(",")
    try:
        from playwright.sync_api import sync_playwright
    except ImportError:
        path = None
    if not path:
        (pytest.fail if required else pytest.skip)("no Chromium browser; set HENGTAN_CHROMIUM")
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=path, args=ARGS, timeout=PATIENCE)
        running.new_context = patient(running.new_context)
        yield running
        running.close()


def patient(new_context: Callable[..., Any]) -> Callable[..., Any]:
    """``new_context`` whose pages wait long: a shared machine is slow at times, which says nothing
    of the code.
    """

    def opened(**settings: Any) -> Any:
        context = new_context(**settings)
        context.set_default_timeout(PATIENCE)
        return context

    return opened


class Watched:
    """A browser page with everything it asked for and everything it complained about."""

    def __init__(self, page: Any, allowed: str) -> None:
        self.page = page
        self.outside: list[str] = []
        self.complaints: list[str] = []
        page.on(
            "console",
            lambda m: self.complaints.append(m.text) if m.type in ("error", "warning") else None,
        )
        page.on("pageerror", lambda e: self.complaints.append(str(e)))
        page.on(
            "request",
            lambda r: (
                None
                if r.url.startswith((allowed, "data:", "blob:", "about:"))
                else self.outside.append(r.url)
            ),
        )
        page.route(
            "**/*",
            lambda route: (
                route.continue_()
                if route.request.url.startswith((allowed, "data:", "blob:"))
                else route.abort()
            ),
        )


ABANDONED = ("htmx:afterRequest, ", "htmx:sendAbort, ")
"""What htmx writes, one after the other, of a request that gave way to a newer one."""


def unanswered(complaints: list[str]) -> list[str]:
    """The complaints but for requests that were abandoned for the next letter of a search."""
    left: list[str] = []
    for text in complaints:
        left.append(text)
        if tuple(t[: len(a)] for t, a in zip(left[-2:], ABANDONED, strict=False)) == ABANDONED:
            del left[-2:]
    return left


@pytest.fixture
def watch(browser) -> Iterator[Any]:
    """Opens pages of a given width; afterwards none may have asked outside or complained."""
    opened: list[Watched] = []

    def opener(allowed: str, width: int = 1280, height: int = 900) -> Any:
        context = browser.new_context(viewport={"width": width, "height": height})
        watched = Watched(context.new_page(), allowed)
        opened.append(watched)
        return watched.page

    yield opener
    for watched in opened:
        watched.page.unroute_all(behavior="ignoreErrors")  # a page may be asking as it is closed
        outside, complaints = list(watched.outside), unanswered(watched.complaints)
        watched.page.context.close()
        assert outside == []
        assert complaints == []
