"""The tables the accounts run on: forms from the ledger, packs, and unit factors; and the cache of
what they gave."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable, Collection, Iterable, Mapping
from functools import cache, lru_cache, partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from hengtan.basis.errors import HengtanError, LedgerTampered
from hengtan.basis.seal import sha256_of
from hengtan.basis.units import read_unit
from hengtan.graph.domains import Domain, domain_of, domains, modules
from hengtan.graph.prepared import Prepared
from hengtan.graph.results import Reuse
from hengtan.graph.stored import stored_table
from hengtan.instruments.case_files.accounts import case_files_module
from hengtan.instruments.case_files.places import titles_of
from hengtan.ledger.forms import forms_of
from hengtan.packs import Pack
from hengtan.packs.arrow import content_of, to_arrow
from hengtan.packs.schema import schemas
from hengtan.plan.columns_of_accounts import computed_module
from hengtan.plan.given import plan_tables
from hengtan.workspace.asof import AsOf

if TYPE_CHECKING:
    from hengtan.ledger.submissions import Ledger
    from hengtan.workspace.installation import Installation

HOUSE = Path(__file__).parents[1]
SHARED = ("__init__.py", "accounts/*.py", "graph/*.py", "basis/numeric.py", "basis/units.py")
"""Files of the house that accounts of every domain are made by; the first states its version."""


def build_graph(workspace: Installation, as_of: AsOf) -> Any:
    """The graph over effective form rows as known on a day, pack tables and ``unit_factors``;
    options as Ibis literals."""
    ledger = workspace.ledger
    engine = ledger.ibis()

    def stored(name: str) -> Any:
        return stored_table(engine, name, catalog="memory", database="main")

    def at_need(register: Callable[[], str]) -> Callable[[], Any]:
        return lambda: stored(register())

    tables: dict[str, Any] = {}
    contents: dict[str, Callable[[], str]] = {}
    pack = workspace.pack
    schemas_of_forms = {form_id: form.schema() for form_id, form in workspace.forms.items()}
    for form_id, view in ledger.effective_of_all(schemas_of_forms, as_of.known_on).items():
        tables[form_id], contents[form_id] = at_need(view.at_need), partial(str, view.name)
    for name in schemas():
        tables[name] = at_need(partial(_register_pack, ledger, pack, name))
        contents[name] = partial(content_of, pack, name)
    factors = cache(lambda: unit_factors(workspace))
    tables["unit_factors"] = at_need(lambda: ledger.register("unit_factors", factors()))
    contents["unit_factors"] = lambda: sha256_of(repr(factors().to_pylist()))
    for name, make in plan_tables(pack).items():
        tables[name] = at_need(partial(ledger.register_once, name, pack.version, make))
        contents[name] = partial("{} {}".format, name, content_of(pack, "places"))
    prepared = Prepared(queries_folder(), code_version())
    return _graph(
        pack, tables, as_of, prepared, Reuse(engine, contents, cache(partial(_is_complete, ledger)))
    )


def _is_complete(ledger: Ledger) -> bool:
    """Whether the ledger holds as many rows as its register says."""
    try:
        ledger.refuse_incomplete()
    except LedgerTampered:
        return False
    return True


def queries_folder() -> Path:
    """Where accounts turned into SQL are kept for all workspaces of a person on this machine: the
    folder ``sql`` of ``HENGTAN_CACHE``, else of the platform's cache folder. They hold no figures
    of a workspace.
    """
    from platformdirs import user_cache_path

    stated = os.environ.get("HENGTAN_CACHE")
    return (Path(stated) if stated else user_cache_path("hengtan", appauthor=False)) / "sql"


def frozen_graph(
    workspace: Installation,
    as_of: AsOf,
    engine: Any,
    folder: Path,
    only: Collection[str] | None = None,
) -> Any:
    """The same graph on another Ibis engine (PySpark, another DuckDB), over a frozen export.

    ``folder`` (absent or empty, on storage that every worker of the engine reads) gets ``ledger``
    and ``tables``, the latter with pack tables and unit factors as Parquet; with ``only`` no others
    than these. Raises HengtanError where the export fails.
    """
    from hengtan.graph.engines import frozen_tables, given_tables

    def is_asked(name: str) -> bool:
        return only is None or name in only

    asked = {f: form.schema() for f, form in workspace.forms.items() if is_asked(f)}
    chosen = None if only is None else set(asked)
    workspace.ledger.freeze(folder / "ledger", as_of.known_on, asked, chosen)
    forms = frozen_tables(engine, folder / "ledger")
    makers: dict[str, Callable[[], Any]] = {
        name: partial(to_arrow, workspace.pack, name) for name in schemas()
    }
    makers |= {"unit_factors": partial(unit_factors, workspace), **plan_tables(workspace.pack)}
    others = {name: make() for name, make in makers.items() if is_asked(name)}
    tables = {form_id: forms[form_id] for form_id in asked}
    tables |= given_tables(engine, folder / "tables", others)
    return _graph(workspace.pack, tables, as_of)


def _graph(
    pack: Pack,
    tables: Mapping[str, Any],
    as_of: AsOf,
    prepared: Prepared | None = None,
    reuse: Reuse | None = None,
) -> Any:
    import ibis

    from hengtan.graph import Graph

    options = {
        "judged_on": ibis.literal(as_of.judged_on),
        "values_to": ibis.literal(as_of.values_to),
        **dict(as_of.options),
    }
    of_packs = [
        computed_module(pack.rows("computed_indicators")),
        case_files_module(list(pack.case_files().values()), _titles(pack)),
    ]
    return Graph([*modules(), *of_packs], tables, options, prepared=prepared, reuse=reuse)


@lru_cache(maxsize=10)
def _titles(pack: Pack) -> dict[str, tuple[str, str]]:
    return titles_of(forms_of(pack))


def _register_pack(ledger: Ledger, pack: Pack, name: str) -> str:
    make = partial(to_arrow, pack, name)
    return ledger.register_once(f"pack_{name}", content_of(pack, name), make)


def unit_factors(workspace: Installation) -> Any:
    """Every unit in use with its canonical unit and factor (``basis/units.csv``), as
    ``pyarrow.Table``."""
    import pyarrow as pa

    known = []
    for unit in sorted({*_units_of_packs(workspace), *_units_of_forms(workspace)}):
        try:
            known.append(read_unit(unit))
        except HengtanError:
            # refused at import; a row that came in another way keeps its value and converts to
            # nothing
            continue
    count, text = len(known), pa.string()
    return pa.table(
        {
            "unit": pa.array([unit.spelling for unit in known], text),
            "canonical_unit": pa.array([unit.canonical for unit in known], text),
            "factor": pa.array([unit.factor for unit in known], pa.float64()),
            "source": pa.array(["hengtan.basis units.csv"] * count, text),
            "confidence": pa.array(["read"] * count, text),
            "_pack": pa.array(["basis"] * count, text),
            "_file": pa.array(["basis/units.csv"] * count, text),
            "_row": pa.array([None] * count, pa.int64()),
        }
    )


def _units_of_packs(workspace: Installation) -> Iterable[str]:
    """Units in the columns of pack tables that the domains name."""
    for table, column in (columns for domain in domains() for columns in domain.unit_columns):
        yield from (row[column] for row in workspace.pack.rows(table) if row[column])


def _units_of_forms(workspace: Installation) -> Iterable[str]:
    """Units in every field of that type, in all rows of the forms, approved or not."""
    handed_in = set(workspace.ledger.forms())
    for form_id, form in workspace.forms.items():
        if form_id not in handed_in:
            continue
        for column in (field.id for field in form.fields if field.type == "unit"):
            if form.profile is None:
                yield from filter(None, workspace.ledger.values(form_id, column))
            else:
                yield from _units_of_profile(workspace, form, column)


def _units_of_profile(workspace: Installation, form: Any, column: str) -> Iterable[str]:
    """Units in a column of a form whose rows stand beside the ledger."""
    ledger = workspace.ledger
    rows = ledger.all_rows(form.id, schema=form.schema())
    units = ledger.query(f'select distinct "{column}" as unit from {rows} order by 1')
    yield from (row["unit"] for row in units if row["unit"])


def cached_execute(
    workspace: Installation, name: str, as_of: AsOf, compute: Callable[[], Any]
) -> Any:
    """Run an account, or take its result from the cache while ledger, packs, program and options
    are the same."""
    from hengtan.graph.cache import CachedTables

    cache = CachedTables(workspace.folder / "cache")
    key = (
        name,
        workspace.ledger.key_in_force(as_of.known_on),
        workspace.pack.version,
        code_version(),
        _day_key(name, as_of),
        str(as_of.values_to),
        str(as_of.known_on),
        repr(as_of.options),
    )
    table = cache.get(key)
    if table is None:
        table = compute()
        workspace.ledger.refuse_incomplete()
        cache.put(key, table)
    return table


def _day_key(name: str, as_of: AsOf) -> str:
    """What of the day judged can change an account, as its domain says: nothing or the day."""
    domain = domain_of(name)
    knows_the_day = domain is None or domain.knows_the_day
    return as_of.judged_on.isoformat() if knows_the_day else ""


def code_version() -> str:
    """A digest of the code of all domains and of what they share, so that an edited formula never
    meets an old result. A process reads it once: the code it runs stays what it was.
    """
    return _version_of(domains())


@cache
def _version_of(of_domains: tuple[Domain, ...]) -> str:
    return digest_of_code(of_domains)


def digest_of_code(of_domains: Iterable[Domain]) -> str:
    """A digest of the files of some domains, as they are now, and of what all share."""
    files = [path for domain in of_domains for path in domain.files()]
    files += sorted(path for pattern in SHARED for path in HOUSE.glob(pattern))
    digest = hashlib.sha256()
    for path in (*files, Path(__file__)):
        digest.update(path.read_bytes())
    return digest.hexdigest()[:16]
