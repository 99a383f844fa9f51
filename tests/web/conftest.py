"""A workspace that holds the hand-made view, the application over it, and a real browser where there is one."""

from __future__ import annotations

import os
import shutil
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
import uvicorn
import yaml
from fastapi.testclient import TestClient

from hengtan.basis.errors import NoSuchRow, UnknownAccount
from hengtan.web import create_app

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


class SmallWorkspace:
    """A provider over a fixed view that counts how often it is asked."""

    def __init__(self, view: dict[str, Any]) -> None:
        self.given = view
        self.asked = 0

    def view(self) -> dict[str, Any]:
        self.asked += 1
        return self.given

    def explain(self, account: str, key: dict[str, str]) -> dict[str, Any]:
        if account != "plan_progress":
            raise UnknownAccount(
                f"没有计算表“{account}”",
                f"no account {account!r}",
                todo="用 hengtan table 查看名称",
                todo_en="see hengtan table",
            )
        for target in self.given["targets"]:
            if target["target_id"] == key.get("target_id") and target.get("explain"):
                return target["explain"]
        raise NoSuchRow("没有这一行", "no such row")

    def table(self, name: str, where: dict[str, str]) -> list[dict[str, Any]]:
        if name != "plan_progress":
            raise UnknownAccount(f"没有表“{name}”", f"no table {name!r}")
        return [
            {"target_id": t["target_id"], "value": float("nan")}
            for t in self.given["targets"]
            if where.get("target_id") in (None, t["target_id"])
        ]

    def accounts(self, place: str | None) -> dict[str, Any]:
        from hengtan.desk.accounts import shown_accounts

        return {
            "place": place or "500156", "place_zh": "武隆区", "place_en": "Wulong", "places": [], "tables": {name: [] for name in shown_accounts()}, "options": {"factor_set": "provguide2011"}, "missing": [], "demo": False,
            "empty": [("coal_rate", "供电（发电）标准煤耗", "Coal rate of power supply")], "products": {}, "flows": {}, "sector_names": {}, "judged_on": "2026-11-25", "ledger_head": "0" * 64, "workspace": "测试",
        }  # fmt: skip

    def forecasts(self) -> dict[str, Any]:
        return {"rows": []}

    def bulletin(self, period: str | None) -> dict[str, Any]:
        return {
            "periods": [],
            "bulletin": None,
            "issues": [],
            "names_en": {},
            "budgets": [],
            "series": None,
            "tiles": {},
            "tile_names": {},
        }

    def assessments(self) -> dict[str, Any]:
        return {"workbooks": []}

    def calc(self, rule: str, form: dict[str, str]) -> Any:
        from hengtan import packs
        from hengtan.desk.rules import compute, from_form

        pack = packs.load("chongqing")
        return compute(pack, from_form(pack, rule, form))

    def enterprises(self) -> list[dict[str, Any]]:
        return []

    def reviews(self) -> list[dict[str, Any]]:
        return []

    def graph_svg(self) -> str:
        return '<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg" width="10" height="10"><text>plan_progress</text></svg>'


@pytest.fixture
def small() -> dict[str, Any]:
    """A fresh mapping of the hand-made view."""
    return yaml.safe_load(SMALL.read_text(encoding="utf-8"))


@pytest.fixture
def workspace(small) -> SmallWorkspace:
    return SmallWorkspace(small)


@pytest.fixture
def client(workspace) -> TestClient:
    return TestClient(
        create_app(workspace), base_url="http://localhost", raise_server_exceptions=False
    )


@contextmanager
def serving(provider: Any) -> Iterator[str]:
    """The application over a provider on a free port of this machine; gives its address."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    server = uvicorn.Server(
        uvicorn.Config(create_app(provider), host="127.0.0.1", port=port, log_level="error")
    )
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    for _ in range(400):
        if server.started:
            break
        time.sleep(0.05)
    assert server.started
    yield f"http://127.0.0.1:{port}"
    server.should_exit = True
    thread.join(timeout=10)


@pytest.fixture(scope="session")
def address() -> Iterator[str]:
    """The address of the application over the small view."""
    with serving(SmallWorkspace(yaml.safe_load(SMALL.read_text(encoding="utf-8")))) as found:
        yield found


@pytest.fixture(scope="session")
def serve() -> Any:
    """``serving``, for modules that bring their own provider."""
    return serving


@pytest.fixture(scope="session")
def expect() -> Any:
    """Playwright's waiting assertion, imported only where a browser test runs."""
    from playwright.sync_api import expect as waiting

    return waiting


@pytest.fixture(scope="session")
def browser() -> Iterator[Any]:
    """Chromium, from HENGTAN_CHROMIUM or the path; a missing one skips, unless HENGTAN_REQUIRE names chromium."""
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
        running = playwright.chromium.launch(executable_path=path, args=ARGS)
        yield running
        running.close()


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


@pytest.fixture
def watch(browser) -> Iterator[Any]:
    """Opens pages of a given width; afterwards none may have asked outside or complained."""
    opened: list[tuple[Any, Watched]] = []

    def opener(allowed: str, width: int = 1280, height: int = 900) -> Any:
        context = browser.new_context(viewport={"width": width, "height": height})
        watched = Watched(context.new_page(), allowed)
        opened.append((context, watched))
        return watched.page

    yield opener
    for context, watched in opened:
        context.close()
        assert watched.outside == []
        assert watched.complaints == []
