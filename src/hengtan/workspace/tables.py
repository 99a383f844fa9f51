"""The tables the accounts run on: forms from the ledger, packs, and unit factors; and the cache of what they gave."""

from __future__ import annotations

import importlib
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING, Any

from hengtan.basis.errors import HengtanError
from hengtan.basis.units import read_unit
from hengtan.graph.prepared import Prepared
from hengtan.packs.arrow import to_arrow
from hengtan.packs.schema import schemas
from hengtan.plan.computed import computed_module
from hengtan.plan.given import plan_tables
from hengtan.version import __version__

if TYPE_CHECKING:
    from hengtan.workspace.asof import AsOf
    from hengtan.workspace.installation import Installation


def build_graph(workspace: Installation, as_of: AsOf) -> Any:
    """The graph over effective form rows as known on a day, pack tables and ``unit_factors``; options as Ibis literals."""
    ledger = workspace.ledger
    held = {
        form_id: ledger.effective(form_id, known_on=as_of.known_on, schema=form.schema())
        for form_id, form in workspace.forms.items()
    }
    engine = ledger.ibis()

    def at_need(stored: Callable[[], str]) -> Callable[[], Any]:
        return lambda: engine.table(stored(), database=("memory", "main"))

    tables: dict[str, Any] = {
        name: engine.table(stored, database=("memory", "main")) for name, stored in held.items()
    }
    tables |= {name: at_need(partial(_register_pack, workspace, name)) for name in schemas()}
    tables["unit_factors"] = at_need(
        lambda: ledger.register("unit_factors", unit_factors(workspace))
    )
    for name, given in plan_tables(workspace.pack).items():
        tables[name] = at_need(partial(ledger.register, name, given))
    computed = computed_module(workspace.pack.rows("computed_indicators"))
    return _graph(
        tables, as_of, computed, Prepared(workspace.folder / "cache" / "sql", code_version())
    )


def frozen_graph(workspace: Installation, as_of: AsOf, engine: Any, folder: Path) -> Any:
    """The same graph on another Ibis engine (PySpark, another DuckDB), over a frozen export.

    ``folder`` (absent or empty, on storage that every worker of the engine reads) gets ``ledger`` and ``tables``, the latter with pack tables and unit
    factors as Parquet. Raises HengtanError where the export fails.
    """
    from hengtan.graph.engines import frozen_tables, given_tables

    workspace.ledger.freeze(
        folder / "ledger",
        as_of.known_on,
        {form_id: form.schema() for form_id, form in workspace.forms.items()},
    )
    held = frozen_tables(engine, folder / "ledger")
    given = {name: to_arrow(workspace.pack, name) for name in schemas()} | {
        "unit_factors": unit_factors(workspace),
        **plan_tables(workspace.pack),
    }
    return _graph(
        {form_id: held[form_id] for form_id in workspace.forms}
        | given_tables(engine, folder / "tables", given),
        as_of,
        computed_module(workspace.pack.rows("computed_indicators")),
    )


def _graph(
    tables: Mapping[str, Any], as_of: AsOf, computed: ModuleType, prepared: Prepared | None = None
) -> Any:
    import ibis

    from hengtan.graph import Graph
    from hengtan.workspace.asof import MODULES

    options = {
        "judged_on": ibis.literal(as_of.judged_on),
        "values_to": ibis.literal(as_of.values_to),
        **dict(as_of.options),
    }
    modules = [*(importlib.import_module(m) for m in MODULES), computed]
    return Graph(modules, tables, options, prepared=prepared)


def _register_pack(workspace: Installation, name: str) -> str:
    return workspace.ledger.register(f"pack_{name}", to_arrow(workspace.pack, name))


def unit_factors(workspace: Installation) -> Any:
    """Every unit in use with its canonical unit and factor (``basis/units.csv``), as ``pyarrow.Table``."""
    import pyarrow as pa

    used = {row["unit"] for row in workspace.pack.rows("targets")} | {
        row["unit"] for row in workspace.pack.rows("observations") if row["unit"]
    }
    used |= {
        row["unit"]
        for table in ("energy_products", "activity_items", "unit_items")
        for row in workspace.pack.rows(table)
    }
    for form_id, form in workspace.forms.items():
        units = {field.id for field in form.fields if field.type == "unit"}
        if units:
            rows = workspace.ledger.all_rows(form_id, schema=form.schema())
            for column in units:
                used |= {
                    row[column]
                    for row in workspace.ledger.query(
                        f'select distinct {column} from memory.main."{rows}"'
                    )
                }
    known = []
    for unit in sorted(u for u in used if u):
        try:
            known.append(read_unit(unit))
        except HengtanError:
            continue  # refused at import; a row that came in another way keeps its value and converts to nothing
    n, text = len(known), pa.string()
    return pa.table(
        {
            "unit": pa.array([u.spelling for u in known], text),
            "canonical_unit": pa.array([u.canonical for u in known], text),
            "factor": pa.array([u.factor for u in known], pa.float64()),
            "source": pa.array(["hengtan.basis units.csv"] * n, text),
            "confidence": pa.array(["read"] * n, text),
            "_pack": pa.array(["basis"] * n, text),
            "_file": pa.array(["basis/units.csv"] * n, text),
            "_row": pa.array([None] * n, pa.int64()),
        }
    )


def cached_execute(
    workspace: Installation, name: str, as_of: AsOf, compute: Callable[[], Any]
) -> Any:
    """Run an account, or take its result from the cache while ledger, packs, program and options are the same."""
    from hengtan.graph.cache import CachedTables

    cache = CachedTables(workspace.folder / "cache")
    key = (
        name,
        workspace.ledger.state_key(as_of.known_on),
        workspace.pack.version,
        __version__,
        code_version(),
        _day_key(workspace, name, as_of),
        str(as_of.values_to),
        str(as_of.known_on),
        repr(as_of.options),
    )
    found = cache.get(key)
    if found is None:
        found = compute()
        cache.put(key, found)
    return found


BY_YEAR = (
    "plan_values",
    "plan_series",
    "plan_links",
    "plan_candidates",
    "plan_evidence",
    "plan_standing",
    "plan_progress",
)
"""Accounts in which the day judged tells only which deadline years have passed and which periods have begun."""


def _day_key(workspace: Installation, name: str, as_of: AsOf) -> str:
    """What of the day judged can change an account: the day itself, or for ``BY_YEAR`` its year and how many values have begun by then."""
    if name.startswith(("energy_", "carbon_")):
        return ""  # these accounts know no day judged
    if name not in BY_YEAR:
        return as_of.judged_on.isoformat()
    rows = workspace.ledger.effective(
        "indicator_values",
        known_on=as_of.known_on,
        schema=workspace.form("indicator_values").schema(),
    )
    begun = workspace.ledger.query(
        f'select count(*) as n from memory.main."{rows}" where period_start <= ?', [as_of.judged_on]
    )[0]["n"]
    return f"{as_of.judged_on.year}:{begun}"


FORMULAS = (
    "hengtan.accounts.rates",
    "hengtan.plan.formulas",
    "hengtan.accounts.energy.formulas",
    "hengtan.accounts.carbon.formulas",
    "hengtan.accounts.rates",
    "hengtan.accounts.stated",
)
KERNELS = (
    "hengtan.accounts.energy.reconcile",
    "hengtan.accounts.log_mean",
    *(
        f"hengtan.accounts.carbon.{name}"
        for name in (
            "decompose",
            "uncertainty",
            "key_categories",
            "peaks",
            "landfill",
            "footprint",
            "footprint_paths",
            "unit_process",
            "allocation",
            "block_triangular",
            "data_quality",
            "inventory_rows",
        )
    ),
)
"""Mathematics that kernel accounts call, in modules of its own."""


def code_version() -> str:
    """A digest of the account modules, so that an edited formula never meets an old result."""
    import hashlib
    from importlib.util import find_spec

    from hengtan.workspace.asof import MODULES

    digest = hashlib.sha256()
    for module in (
        *MODULES,
        *FORMULAS,
        *KERNELS,
        "hengtan.basis.numeric",
        "hengtan.basis.units",
        "hengtan.graph.in_force",
        "hengtan.graph.joins",
        "hengtan.graph.engines",
        "hengtan.graph.prepared",
        "hengtan.workspace.tables",
    ):
        spec = find_spec(module)
        if spec and spec.origin:
            with open(spec.origin, "rb") as file:
                digest.update(file.read())
    return digest.hexdigest()[:16]
