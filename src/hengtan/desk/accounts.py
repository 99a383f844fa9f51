"""Accounts of one place (energy, carbon, air, water, waste): all years held, with options and what
is missing, for the pages and the workbook; the graph drawn.
"""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from datetime import date
from typing import TYPE_CHECKING, Any

from hengtan.basis.errors import NoSuchRow
from hengtan.basis.words import LANGUAGES
from hengtan.desk.year_end import year_ends
from hengtan.graph.domains import domains, sections
from hengtan.graph.said import said_table
from hengtan.graph.unestablished import lacking, refuse_without
from hengtan.report.words import titles_of_table
from hengtan.workspace.asof import AsOf

if TYPE_CHECKING:
    from hengtan.workspace.workspace import Workspace

Rows = list[dict[str, Any]]
NAMED = ("inventory_categories", "key_unit_classes", "industries", "rate_definitions")
"""Tables of packs whose names stand in accounts in Chinese."""


def shown_accounts() -> list[str]:
    """The accounts that sections of the domains show."""
    return [section.account for section in sections()]


def _asked_for() -> list[str]:
    """Forms that a page names while they hold no rows."""
    return [form for domain in domains() for form in domain.asks_for]


def accounts_view(
    workspace: Workspace, as_of: AsOf | None = None, place: str | None = None
) -> dict[str, Any]:
    """Tables by account name, cut to one place; places with accounts; options in force; empty
    forms; the odds of goals at the end of years under way.

    Without ``place`` the workspace's region is shown, or the first place that has an account where
    the region has none.
    """
    as_of = as_of or AsOf.of()
    whole: dict[str, Rows] = {
        name: workspace.execute(name, as_of).to_pylist() for name in shown_accounts()
    }
    named = [name for domain in domains() for name in domain.places_of]
    having = sorted({row["place"] for name in named for row in whole[name]})
    chosen = place or _first_choice(workspace.settings.region, having)
    tables = {
        name: [row for row in rows if row.get("place", chosen) == chosen]
        for name, rows in whole.items()
    }
    products, flows = (
        _named(workspace, "energy_products", "product"),
        _named(workspace, "balance_rows", "row"),
    )
    tables["energy_balance"] = _ordered(tables["energy_balance"], flows, products)
    names = {r["place"]: (r["name_zh"], r["name_en"]) for r in workspace.pack.rows("places")}
    zh, en = names.get(chosen, (chosen, chosen))
    every_row = [row for rows in tables.values() for row in rows]
    absent = lacking(row.get("missing") for row in every_row)
    return {
        "place": chosen,
        "place_zh": zh,
        "place_en": en,
        "places": [(p, *names.get(p, (p, p))) for p in having],
        "tables": tables,
        "options": _options(workspace, as_of),
        "sets": {
            row["factor_set"]: (row["name_zh"], row["name_en"])
            for row in workspace.pack.rows("factor_sets")
        },
        "missing": sorted({row["missing"] for row in every_row if row.get("missing")}),
        "unestablished": sorted(absent),
        "empty": _empty(workspace, as_of),
        "held": _held(workspace, as_of, chosen),
        "year_ends": [row for row in year_ends(workspace, as_of) if row["place"] == chosen],
        "keys": {name: workspace.graph(as_of).accounts()[name].key for name in tables},
        "products": products,
        "flows": flows,
        "demo": any(row.get("demo") for row in every_row),
        "self_approved": any(row.get("confidence") == "self_approved" for row in every_row),
        "target_names": names_of_targets(workspace),
        "sector_names": {
            row["carbon_sector"]: (row["name_zh"], row["name_en"])
            for row in workspace.pack.rows("carbon_sectors")
        },
        "in_english": _in_english(workspace),
        "judged_on": as_of.judged_on.isoformat(),
        "ledger_head": workspace.ledger.head(),
        "workspace": workspace.settings.title_zh,
    }


def _in_english(workspace: Workspace) -> dict[str, str]:
    """English of the Chinese names and remarks of packs that stand in accounts."""
    rows = [row for table in NAMED for row in workspace.pack.rows(table)]
    traps = {row["trap_zh"]: row["trap_en"] for row in rows if row.get("trap_zh")}
    return {row["name_zh"]: row["name_en"] for row in rows} | traps


def names_of_targets(workspace: Workspace) -> dict[str, tuple[str, str]]:
    """What the goals of the plans are called: their indicator with the year they are due."""
    return {
        row["target_id"]: (
            f"{row['indicator_zh']}（{row['deadline_year']}）",
            f"{row['indicator_en']} ({row['deadline_year']})",
        )
        for row in workspace.pack.rows("targets")
    }


def _first_choice(region: str, having: list[str]) -> str:
    return region if region in having or not having else having[0]


def _named(workspace: Workspace, table: str, key: str) -> dict[str, tuple[str, str, int]]:
    """Names and order of the rows of a pack table by their key."""
    return {
        row[key]: (row["name_zh"], row["name_en"], row["ordinal"])
        for row in workspace.pack.rows(table)
    }


def _ordered(
    rows: Rows,
    flows: Mapping[str, tuple[str, str, int]],
    products: Mapping[str, tuple[str, str, int]],
) -> Rows:
    """A balance as it is printed: newest year first, then rows, then products."""
    last = ("", "", 99)
    return sorted(
        rows,
        key=lambda row: (
            row["method"],
            -row["year"],
            flows.get(row["row"], last)[2],
            products.get(row["product"], last)[2],
        ),
    )


def _options(workspace: Workspace, as_of: AsOf) -> dict[str, Any]:
    """The choices of method that the accounts of the page run with."""
    graph = workspace.graph(as_of)
    options = {
        option: graph.plain_option(name, option)
        for domain in domains()
        if domain.sections
        for name in domain.names()
        for option in graph.accounts()[name].options
    }
    return dict(sorted(options.items()))


def _empty(workspace: Workspace, as_of: AsOf) -> list[tuple[str, str, str]]:
    """Forms the accounts need that hold no row yet: id and both titles."""
    forms = [workspace.form(name) for name in _asked_for()]
    return [(f.id, f.title_zh, f.title_en) for f in forms if not _has_rows(workspace, f, as_of)]


def _has_rows(workspace: Workspace, form: Any, as_of: AsOf) -> bool:
    view = workspace.ledger.effective(form.id, known_on=as_of.known_on, schema=form.schema())
    return bool(workspace.ledger.query(f'select 1 from memory.main."{view}" limit 1'))


def _held(workspace: Workspace, as_of: AsOf, place: str) -> list[dict[str, Any]]:
    """What the forms that accounts rest on hold of a place and all within it: rows, and units that
    reported, by the year their period ends in.
    """
    tree = workspace.pack.places()
    inside = {p.code for p in tree if place in tree and tree.within(p.code, place)} | {place}
    listed = []
    for form in (workspace.form(name) for name in _asked_for()):
        types = {known.type: known.id for known in reversed(form.fields)}
        if "place" not in types or "period" not in types:
            continue
        ids = {known.id for known in form.fields}
        unit = "entity" if "entity" in ids else "cast(null as varchar)"
        view = workspace.ledger.effective(form.id, as_of.known_on, form.schema())
        counted = workspace.ledger.query(
            f"select year(period_end) as year, count(*) as rows, count(distinct {unit}) as units"
            f' from memory.main."{view}" where {types["place"]} in'
            f" (select unnest(?)) group by all",
            [sorted(inside)],
        )
        years = {row["year"]: (row["rows"], row["units"]) for row in counted}
        listed.append({"form": form.id, "zh": form.title_zh, "en": form.title_en, "years": years})
    return listed


def explain(
    workspace: Workspace,
    account: str,
    key: Mapping[str, Any],
    known_on: date | None = None,
    period: str | None = None,
) -> dict[str, Any]:
    """The explain tree of a row, as known on a day and of a period. Raises UnknownAccount,
    NoSuchRow.
    """
    return dict(workspace.explain(account, key, known_on, period).as_dict())


def what_explanations_rest_on(workspace: Workspace) -> None:
    """Have the verdicts of today worked out and kept in the graph with what leads to them, so that
    the next explanation of a target need not.
    """
    for target in workspace.pack.rows("targets")[:1]:
        with suppress(NoSuchRow):
            workspace.explain("plan_progress", {"target_id": target["target_id"]})


def figure(
    workspace: Workspace, account: str, key: Mapping[str, Any], column: str = "value"
) -> Any:
    """One figure of an account, by the key of its row.

    Raises UnknownAccount, NoSuchRow, and ParameterNotEstablished, naming the document and the form,
    where the row lacks a parameter that was not read in its source.
    """
    row = workspace.explain(account, key).values
    refuse_without(row)
    return row[column]


def table_rows(
    workspace: Workspace, name: str, where: Mapping[str, str] | None = None
) -> list[dict[str, Any]]:
    """Rows of an account, a form or a pack table; codes said, and kept beside.

    Raises UnknownAccount, HengtanError.
    """
    return list(said_table(name, workspace.table(name, where)).to_pylist())


def graph_svg(workspace: Workspace, language: str = "zh") -> str:
    """The graph of accounts as an SVG document, its boxes with the titles of the tables."""
    place = LANGUAGES.index(language)
    return str(workspace.graph().svg(lambda name: titles_of_table(name)[place], language))
