"""Tables of forms, accounts and packs: which there are, and their rows.

A person is given the rows of his places, enterprises and departments: the very rows that he could
ask for one by one. A table that says of no row where it belongs is of the whole region.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from django.http import Http404, HttpRequest
from ninja import Query, Schema

from hengtan.basis.errors import UnknownAccount
from hengtan.desk.tables import FORM, sorted_rows, tables_there_are
from hengtan.office.charges import Charge, charges_of
from hengtan.office.filings import item_field
from hengtan.office.permission import Thing
from hengtan.office.rows import RowThings
from hengtan.web import trail
from hengtan.web.rooms.api.asking import (
    Clocks,
    Paging,
    Where,
    conditions,
    kept,
    require,
    site,
)
from hengtan.web.rooms.api.formats import JSON, as_file, asked_for
from hengtan.web.rooms.api.operations import Operations
from hengtan.web.rooms.duties.asking import Calendar
from hengtan.web.routing import Router
from hengtan.web.site import as_json

if TYPE_CHECKING:
    import pyarrow as pa

READ, FILES = "account.read", "export.take"


class TableAsked(Clocks, Paging):
    """Which state, and which page of it."""


class Column(Schema):
    """A column with the type Arrow gives it."""

    name: str
    type: str


class PageOfRows(Schema):
    """Some rows of a table; ``next`` is the cursor of those that follow, null at the end."""

    table: str
    total: int
    columns: list[Column]
    rows: list[dict[str, Any]]
    next: str | None


def add(router: Router) -> None:
    """Name the operations."""
    operations = Operations(router, "tables")

    @operations.get("/tables", "status.read", ("有哪些表", "The tables there are"))
    def tables(request: HttpRequest) -> Any:
        shown = [row for row in listed(request) if _clauses(request, row["table"], row["kind"])]
        return as_json({"tables": shown})

    @operations.get(
        "/tables/{name}",
        "status.read",
        (
            "一张表的行；名后加 `.csv` 或 `.parquet`，或用 `Accept`，给出整表",
            "Rows of a table; a name that ends with .csv or .parquet, or Accept, gives all of it",
        ),
        gives=PageOfRows,
    )
    def table(request: HttpRequest, name: str, asked: Query[TableAsked], where: Where) -> Any:
        name, kind = asked_for(request, name)
        rows = rows_for(request, name, conditions(where), asked)
        if kind != JSON:
            require(request, FILES, _own(request, name))
            trail.note(request, "export", f"{name} {rows.num_rows}")
            return as_file(rows, name, kind)
        question = (name, tuple(sorted(conditions(where).items())), asked.as_of())
        page = asked.cut(rows, (*question, ways(request, name)), state_of(request, name))
        columns = [{"name": f.name, "type": str(f.type)} for f in rows.schema]
        shown = {"table": name, "total": rows.num_rows, "columns": columns}
        return as_json(shown | {"rows": page["rows"].to_pylist(), "next": page["next"]})


def rows_for(request: HttpRequest, name: str, where: Mapping[str, str], asked: Clocks) -> pa.Table:
    """The rows of a table that this person may read, in an order that stays.

    Raises Http404 where he may read none, UnknownAccount where there is none.
    """
    served = site(request)
    clauses = ways(request, name)
    if not clauses:
        raise Http404
    key = ("table", name, tuple(sorted(where.items())), asked.as_of(), served.state())
    clocks = (asked.known_on, asked.period)
    rows = kept(request).get(key, lambda: served.readers.ask(sorted_rows, name, where, *clocks))
    return row_things(request, name, rows.column_names).reached(rows, clauses)


def listed(request: HttpRequest) -> list[dict[str, Any]]:
    """Every table there is, with its kind."""
    served = site(request)
    rows: list[dict[str, Any]] = kept(request).get(
        ("tables", served.state()), lambda: served.readers.ask(tables_there_are)
    )
    return rows


def kind_of(request: HttpRequest, name: str) -> str:
    """What a table is. Raises UnknownAccount where there is none of that name."""
    kind = next((row["kind"] for row in listed(request) if row["table"] == name), None)
    if kind is None:
        raise UnknownAccount(
            f"没有表“{name}”",
            f"no table '{name}'",
            todo="见 /api/v1/tables",
            todo_en="see /api/v1/tables",
        )
    return str(kind)


def ways(request: HttpRequest, name: str) -> tuple[Any, ...]:
    """The ways in which a person reaches rows of a table. Raises UnknownAccount."""
    return _clauses(request, name, kind_of(request, name))


def _clauses(request: HttpRequest, name: str, kind: str) -> tuple[Any, ...]:
    """The ways in which a person reaches rows of a table."""
    action = "record.read" if kind == FORM else READ
    ways = request.app.permission.clauses_of(request.person, action)
    if kind != FORM:
        return tuple(way for way in ways if way.form is None)
    return tuple(way for way in ways if way.form is None or name in way.form)


def row_things(request: HttpRequest, name: str, columns: Iterable[str]) -> RowThings:
    """What the rows of a table with these columns are about."""
    workspace = site(request).workspace
    if name not in workspace.forms:
        return RowThings.of(columns, workspace.settings.region)
    return RowThings.of(columns, workspace.settings.region, name, charges(request, name))


def charges(request: HttpRequest, form: str) -> tuple[Charge, ...]:
    """What departments are in charge of in a form by the duty rules; of nothing where none of this
    person's grants names a department.
    """
    app, names = request.app, {grant.department for grant in request.person.grants}
    if not app.writable or names <= {None}:
        return ()
    calendar, known = Calendar.of(request), app.site.workspace.forms[form]
    item = item_field(known)
    return charges_of(form, calendar.rules, calendar.day, app.permission.within, item)


def state_of(request: HttpRequest, name: str) -> object:
    """On what the rows of a table rest that a person may read: no page goes on beyond a change."""
    rules = charges(request, name) if name in site(request).workspace.forms else ()
    return (site(request).state(), *rules)


def _own(request: HttpRequest, name: str) -> Thing:
    """What a file of a person's own rows is about: what he reaches anyway."""
    clauses = request.app.permission.clauses_of(request.person, FILES)
    if not clauses:
        return Thing(place="")
    way = clauses[0]
    parts = ("place", "form", "department", "entity")
    own = {part: getattr(way, part) for part in parts if getattr(way, part)}
    return Thing(**{part: next(iter(values)) for part, values in own.items()})
