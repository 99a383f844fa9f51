"""A live server over the made-up city, with a filer and a reviewer who have tokens."""

from __future__ import annotations

import os
import shutil
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import connection

from hengtan.client import Client
from hengtan.demo.synthetic_months import district_codes, synthetic_city
from hengtan.office.permission import Grant, Person
from hengtan.web import Site
from hengtan.web.application import Application
from hengtan.web.server import make_server
from hengtan.web.settings import configure
from hengtan.workspace import Workspace

configure()
ALONE = Person("测试", is_alone=True)
EAST = district_codes(1)[0]


@contextmanager
def serving(app: Application) -> Iterator[str]:
    """The application on a free port of this machine."""
    server = make_server(app, "127.0.0.1", 0)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.effective_port}"
    server.stop()
    thread.join(timeout=10)
    server.close()


def token_of(app: Application, name: str, *grants: Grant) -> str:
    """A token of a new person with grants."""
    from hengtan.web.rooms.people import persons, tokens
    from hengtan.web.store import point_to

    point_to(app.store)
    account, _ = persons.make_account(name, "测试")
    for grant in grants:
        persons.give(app.permission, ALONE, account, grant)
    person = persons.person_of(account)
    able = tokens.possible(app.permission, person)
    return tokens.make(app.permission, person, "测试", able, None)


def _build_city(folder: Path) -> None:
    """The made-up city with an empty store of people, brought up to date."""
    with synthetic_city(folder, 2) as workspace:
        Application(Site(workspace), ("127.0.0.1",), writable=True, is_shared=True).close()
    connection.close()  # what stands beside the file goes into it


@pytest.fixture
def served(build_once, tmp_path) -> Iterator[Any]:
    """The server's address, tokens of a filer and a reviewer, and the application."""
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    shutil.copytree(build_once("city of clients", _build_city)[0], tmp_path / "ws")
    with Workspace.open(tmp_path / "ws") as workspace:
        app = Application(Site(workspace), ("127.0.0.1",), writable=True, is_shared=True)
        filer = token_of(app, "东填", Grant("filer", place=EAST))
        reviewer = token_of(app, "东审", Grant("reviewer", place=EAST))
        with serving(app) as address:
            clients = (Client(address, filer), Client(address, reviewer))
            yield SimpleNamespace(
                address=address, token=filer, filer=clients[0], reviewer=clients[1], app=app
            )
        app.close()
