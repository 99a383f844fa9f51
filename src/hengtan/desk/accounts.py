"""What the account pages and the accounts workbook show: energy and carbon of one place, all years held, with options and what is missing."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from hengtan.graph.domains import domains, sections
from hengtan.workspace.asof import AsOf

if TYPE_CHECKING:
    from hengtan.workspace.workspace import Workspace


def shown_accounts() -> list[str]:
    """The accounts that sections of the domains show."""
    return [section.account for section in sections()]


def _asked_for() -> list[str]:
    """Forms that a page names while they hold no rows."""
    return [form for domain in domains() for form in domain.asks_for]


def accounts_view(
    workspace: Workspace, as_of: AsOf | None = None, place: str | None = None
) -> dict[str, Any]:
    """Tables by account name, cut to one place; which places have accounts; options in force; forms that hold no rows yet.

    Without ``place`` the workspace's region is shown, or the first place that has an account where the region has none.
    """
    as_of = as_of or AsOf.of()
    tables = {name: workspace.execute(name, as_of).to_pylist() for name in shown_accounts()}
    held = sorted(
        {row["place"] for domain in domains() for name in domain.places_of for row in tables[name]}
    )
    names = {row["place"]: row["name_zh"] for row in workspace.pack.rows("places")}
    english = {row["place"]: row["name_en"] for row in workspace.pack.rows("places")}
    chosen = place or (
        workspace.settings.region
        if workspace.settings.region in held
        else held[0]
        if held
        else workspace.settings.region
    )
    rows = {
        name: [row for row in found if row.get("place", chosen) == chosen]
        for name, found in tables.items()
    }
    rows["energy_balance"] = _ordered(workspace, rows["energy_balance"])
    graph = workspace.graph(as_of)
    options = {
        option: graph.plain_option(name, option)
        for domain in domains()
        if domain.sections
        for name in domain.names()
        for option in graph.accounts()[name].options
    }
    empty = [
        form
        for form in _asked_for()
        if not workspace.ledger.query(
            f'select 1 from memory.main."{workspace.ledger.effective(form, known_on=as_of.known_on, schema=workspace.form(form).schema())}" limit 1'
        )
    ]
    missing = sorted(
        {row["missing"] for found in rows.values() for row in found if row.get("missing")}
    )
    products = {
        r["product"]: (r["name_zh"], r["name_en"], r["ordinal"])
        for r in workspace.pack.rows("energy_products")
    }
    flows = {
        r["row"]: (r["name_zh"], r["name_en"], r["ordinal"])
        for r in workspace.pack.rows("balance_rows")
    }
    return {
        "place": chosen, "place_zh": names.get(chosen, chosen), "place_en": english.get(chosen, chosen), "places": [(p, names.get(p, p), english.get(p, p)) for p in held], "tables": rows, "options": dict(sorted(options.items())),
        "missing": missing, "empty": [(form, workspace.form(form).title_zh, workspace.form(form).title_en) for form in empty], "products": products, "flows": flows, "demo": any(row.get("demo") for found in rows.values() for row in found),
        "sector_names": {r["carbon_sector"]: (r["name_zh"], r["name_en"]) for r in workspace.pack.rows("carbon_sectors")}, "judged_on": as_of.judged_on.isoformat(), "ledger_head": workspace.ledger.head(), "workspace": workspace.settings.title_zh,
    }  # fmt: skip


def _ordered(workspace: Workspace, rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    flows = {r["row"]: r["ordinal"] for r in workspace.pack.rows("balance_rows")}
    products = {r["product"]: r["ordinal"] for r in workspace.pack.rows("energy_products")}
    return sorted(
        rows,
        key=lambda r: (
            r["method"],
            -r["year"],
            flows.get(r["row"], 99),
            products.get(r["product"], 99),
        ),
    )
