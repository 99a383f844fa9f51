"""Whatever the terminal can do, a page can do: ``commands.csv`` names the page of each command, or
why it has none; "not yet" is said there and nowhere hidden.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import typer

import hengtan.cli.main  # noqa: F401 (importing registers the verbs)
from hengtan.cli.app import app
from hengtan.web.urls import Urls

FILE = Path(__file__).with_name("commands.csv")


def commands(group: Any, before: str = "") -> Iterator[str]:
    for name, command in group.commands.items():
        if hasattr(command, "commands"):
            yield from commands(command, f"{before}{name} ")
        else:
            yield before + name


def rows() -> list[dict[str, str]]:
    with FILE.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_every_command_has_a_row_and_every_row_a_command():
    assert sorted(row["command"] for row in rows()) == sorted(commands(typer.main.get_command(app)))


def test_a_page_is_there_or_a_reason_is_given():
    known = Urls().routes
    wrong = [r for r in rows() if bool(r["page"]) == bool(r["reason"])]
    missing = [r for r in rows() if r["page"] and r["page"] not in known]
    assert wrong == [] and missing == []
