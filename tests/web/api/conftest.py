"""A made-up city with three districts, shared: people with tokens, an application over a copy."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from page_client import PageClient

from hengtan.demo.synthetic_months import CITY, district_codes, synthetic_city
from hengtan.office.permission import Grant, Person
from hengtan.web import Site
from hengtan.web.application import Application
from hengtan.web.rooms.people import persons, tokens
from hengtan.web.store import point_to
from hengtan.workspace import Workspace

ALONE = Person("测试", is_alone=True)
EAST, WEST, SOUTH = district_codes(3)
FORM = "monthly_figures"


def _build_city(folder: Path) -> None:
    synthetic_city(folder, 3).close()


@pytest.fixture(scope="session")
def city_folder(build_once) -> Path:
    """The workspace of the made-up city, made once a run."""
    return build_once("city of three", _build_city)[0]


@pytest.fixture
def city(city_folder, tmp_path) -> Iterator[Workspace]:
    """A copy of the city that may be written to."""
    shutil.copytree(city_folder, tmp_path / "ws")
    with Workspace.open(tmp_path / "ws") as workspace:
        yield workspace


@pytest.fixture
def shared(city, prepared_store) -> Iterator[Application]:
    """The city, shared."""
    app = Application(Site(city), is_shared=True)
    prepared_store(app)
    yield app
    app.close()


class Program(PageClient):
    """A program with a token; ``rows`` hands rows in."""

    def rows(self, rows: list[dict[str, Any]], key: str = "", **asked: Any) -> Any:
        """What the server answers to rows of the form of these tests."""
        headers = {"Idempotency-Key": key} if key else {}
        address = f"/api/v1/forms/{FORM}/rows"
        return self.post(address, json={"rows": rows}, params=asked, headers=headers)

    def take(self, submission: str, step: str, **sent: str) -> Any:
        """What the server answers to a step of a submission."""
        return self.post(f"/api/v1/submissions/{submission}/{step}", json=sent)


@pytest.fixture
def program(shared) -> Any:
    """Makes a person with grants, and gives a program with a token of his."""

    def make(name: str, *grants: Grant, only: tuple[str, ...] | None = None) -> Program:
        point_to(shared.store)
        account, _ = persons.make_account(name, "测试")
        for grant in grants:
            persons.give(shared.permission, ALONE, account, grant)
        person = persons.person_of(account)
        able = tokens.possible(shared.permission, person)
        token = tokens.make(shared.permission, person, "测试", only or able, None)
        return Program(shared, headers={"Authorization": f"Bearer {token}"})

    return make


@pytest.fixture
def people(program) -> dict[str, Program]:
    """A filer and a reviewer of each of two districts, an analyst of the city."""
    return {
        "east": program("东填", Grant("filer", place=EAST)),
        "east_review": program("东审", Grant("reviewer", place=EAST)),
        "west": program("西填", Grant("filer", place=WEST)),
        "west_review": program("西审", Grant("reviewer", place=WEST)),
        "analyst": program("市析", Grant("analyst", place=CITY)),
        "leader": program("市领导", Grant("leader", place=CITY)),
    }
