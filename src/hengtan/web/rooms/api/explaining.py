"""How rows came about: one, or all that a person may read of a table, page by page.

A person is given the tree of a row that he may read; what lies below and is not his is counted and
said to be withheld, never shown.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from functools import cached_property
from typing import Any

from django.http import Http404, HttpRequest
from ninja import Query, Schema
from pydantic import Field

from hengtan.basis.errors import HengtanError, NoSuchRow
from hengtan.desk import accounts
from hengtan.desk import explanations as desk
from hengtan.desk.explanations import Explained
from hengtan.desk.tables import PACK
from hengtan.graph.explanation import told_once
from hengtan.graph.unestablished import refuse_without
from hengtan.office.permission import Answer, Thing
from hengtan.office.rows import COLUMNS, RowThings
from hengtan.office.trees import Shown, values_of
from hengtan.web.rooms.api.asking import Clocks, Paging, Where, conditions, site
from hengtan.web.rooms.api.operations import Operations
from hengtan.web.rooms.api.tables import (
    READ,
    kind_of,
    listed,
    row_things,
    rows_for,
    state_of,
    ways,
)
from hengtan.web.routing import Router
from hengtan.web.site import as_json
from hengtan.web.things import thing_of

MOST, USUAL = 200, 20
"""Trees of a page at most, and where nothing is said: each is worked out by itself."""
PLACED = tuple(name for names in COLUMNS.values() for name in names)


class TreesAsked(Clocks, Paging):
    """Which state, and which page of it."""

    limit: int = Field(USUAL, ge=1, le=MOST, description="每页棵数 · trees of a page")


class Tree(Schema):
    """How a row came about; ``tree`` is null where ``withheld`` says why it is not shown."""

    key: dict[str, Any]
    tree: dict[str, Any] | None
    withheld: dict[str, Any] | None


class PageOfTrees(Schema):
    """Some rows of a table with how they came about; ``next``: the cursor of those that follow."""

    table: str
    total: int
    explanations: list[Tree]
    next: str | None


def add(router: Router) -> None:
    """Name the operations."""
    operations = Operations(router, "tables")

    @operations.get(
        "/explain/{account}",
        READ,
        ("一行数据的来历（`key=列=值`）", "How a row came about (`key=column=value`)"),
    )
    def explain(request: HttpRequest, account: str, asked: Query[Clocks], key: Where) -> Any:
        return as_json(told_once(_tree(request, account, conditions(key), asked)))

    @operations.get(
        "/explanations/{account}",
        READ,
        ("一张表各行的来历，逐页", "How each row of a table came about, in pages"),
        gives=PageOfTrees,
    )
    def explanations(
        request: HttpRequest, account: str, asked: Query[TreesAsked], where: Where
    ) -> Any:
        wanted = conditions(where)
        rows = rows_for(request, account, wanted, asked)
        question = ("explanations", account, tuple(sorted(wanted.items())), asked.as_of())
        seen = (*question, ways(request, account))
        page = asked.cut(rows, seen, state_of(request, account))
        listed_rows = page["rows"].to_pylist()
        explained = site(request).readers.ask(
            desk.explanations, account, listed_rows, asked.known_on, asked.period
        )
        shown = _shown(request)
        return as_json(
            {
                "table": account,
                "total": rows.num_rows,
                "explanations": [_one(shown, each) for each in explained],
                "next": page["next"],
            }
        )


def _tree(
    request: HttpRequest, account: str, key: Mapping[str, str], asked: Clocks
) -> dict[str, Any]:
    """The tree of a row as it is shown. Raises Http404 for what is not there, or not his, and
    ParameterNotEstablished where the row lacks a parameter that was not read in its source.
    """
    kind_of(request, account)
    shown = _shown(request)
    is_within = bool(shown.may(account, key))
    try:
        tree = site(request).readers.ask(
            accounts.explain, account, _stated(key), asked.known_on, asked.period
        )
    except HengtanError as error:
        if is_within:
            raise
        raise Http404 from error
    answer = shown.tree(tree)
    if answer is None:
        raise Http404
    refuse_without(answer["values"])
    if not is_within:  # others that fit a key in part may be somebody else's
        answer["more"] = {name: n for name, n in answer["more"].items() if name != account}
    return answer


def _one(shown: Shown, row: Explained) -> dict[str, Any]:
    """A row of an answer: its tree, or why there is none."""
    if isinstance(row.tree, HengtanError):
        return row.as_dict()
    answer = shown.tree(row.tree)
    if answer is not None:
        return {"key": row.key, "tree": told_once(answer), "withheld": None}
    why = shown.may(row.tree["name"], values_of(row.tree))
    return {"key": row.key, "tree": None, "withheld": {"zh": why.say("zh"), "en": why.say("en")}}


def _shown(request: HttpRequest) -> Shown:
    """What this person is shown of trees."""
    permission, person, rows = request.app.permission, request.person, _Rows(request)
    kinds = {row["table"]: row["kind"] for row in listed(request)}
    asked: dict[Thing, Answer] = {}

    def may(name: str, row: Mapping[str, Any]) -> Answer:
        thing = rows.thing(name, row)
        if thing not in asked:
            asked[thing] = permission.may(person, READ, thing)
        return asked[thing]

    return Shown(may, _is_placed, lambda name: kinds.get(name) == PACK)


class _Rows:
    """What rows of trees are about, as one request sees it: a tree has thousands."""

    def __init__(self, request: HttpRequest) -> None:
        self._request = request
        self._things: dict[tuple[str, frozenset[str]], RowThings] = {}

    def thing(self, name: str, row: Mapping[str, Any]) -> Thing:
        """What a row of a table is about; one of a target is of the departments that answer for it,
        and of its place where it names none itself.
        """
        columns = (name, frozenset(row))
        if columns not in self._things:
            self._things[columns] = row_things(self._request, name, row)
        own = self._things[columns].thing(row)
        target = self._targets.get(str(row["target_id"])) if row.get("target_id") else None
        if target is None:
            return own
        departments = (*_several(own.department), *_several(target.department)) or None
        names_place = any(row.get(column) for column in COLUMNS["place"])
        place = own.place if names_place else target.place
        return replace(own, place=place, department=departments)

    @cached_property
    def _targets(self) -> dict[str, Thing]:
        return {row["target_id"]: thing_of(row) for row in site(self._request).view().targets}


def _several(department: str | tuple[str, ...] | None) -> tuple[str, ...]:
    return (department,) if isinstance(department, str) else department or ()


def _is_placed(row: Mapping[str, Any]) -> bool:
    return any(row.get(column) for column in (*PLACED, "target_id"))


def _stated(key: Mapping[str, str]) -> Mapping[str, str]:
    """The key of a row. Raises NoSuchRow where none is stated."""
    if not key:
        raise NoSuchRow(
            "没有说明是哪一行",
            "no row is named",
            todo="用 key=列=值",
            todo_en="give key=column=value",
        )
    return key
