"""What the account pages and the accounts workbook show: energy and carbon of one place, all years held, with options and what is missing."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from hengtan.workspace.asof import AsOf

if TYPE_CHECKING:
    from hengtan.workspace.workspace import Workspace

SHOWN = (
    "energy_balance", "energy_balance_identities", "energy_consumption", "energy_nonfossil", "energy_intensity", "carbon_inventory", "carbon_totals", "carbon_by_sector", "carbon_approaches", "carbon_gpc", "carbon_intensity",
    "carbon_drivers", "carbon_peaks", "carbon_uncertainty", "energy_key_units",
)  # fmt: skip
NEEDED = (
    "regional_balance",
    "enterprise_energy",
    "industrial_products",
    "farm_activity",
    "forest_activity",
    "waste_activity",
    "energy_exchange",
    "gdp_values",
    "coal_rate",
)


def accounts_view(
    workspace: Workspace, as_of: AsOf | None = None, place: str | None = None
) -> dict[str, Any]:
    """Tables by account name, cut to one place; which places have accounts; options in force; forms that hold no rows yet.

    Without ``place`` the workspace's region is shown, or the first place that has an account where the region has none.
    """
    as_of = as_of or AsOf.of()
    tables = {name: workspace.execute(name, as_of).to_pylist() for name in SHOWN}
    held = sorted(
        {
            row["place"]
            for name in ("energy_balance", "carbon_totals", "energy_key_units")
            for row in tables[name]
        }
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
        name: [row for row in found if row["place"] == chosen] for name, found in tables.items()
    }
    rows["energy_balance"] = _ordered(workspace, rows["energy_balance"])
    graph = workspace.graph(as_of)
    options = {
        option: graph.plain_option(name, option)
        for name, about in graph.accounts().items()
        if name.startswith(("energy_", "carbon_"))
        for option in about.options
    }
    empty = [
        form
        for form in NEEDED
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
