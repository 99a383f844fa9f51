"""The energy and carbon accounts over rows as plain dicts, and the packs as they are shipped.

Tables have the storage columns of the forms, as the ledger would fill them.
"""

import csv
import datetime as dt
import itertools
from functools import cache, partial
from pathlib import Path

import ibis
import pyarrow as pa
import pytest

from hengtan import packs
from hengtan.basis.period import Period
from hengtan.basis.units import read_unit
from hengtan.graph import Graph
from hengtan.graph.domains import domains, modules
from hengtan.graph.prepared import Prepared
from hengtan.graph.results import Reuse
from hengtan.ledger.forms import Form
from hengtan.packs.arrow import to_arrow
from hengtan.packs.schema import schemas
from hengtan.plan.given import plan_tables
from hengtan.workspace.tables import code_version, queries_folder

SHARED = Path(__file__).resolve().parents[3] / "shared" / "facts"
DAY = dt.datetime(2025, 1, 1)
JUDGED_ON = dt.date(2025, 12, 31)
LEDGER = {
    "_submission": pa.string(),
    "_row": pa.int64(),
    "_sheet": pa.string(),
    "_source_row": pa.int64(),
    "_state": pa.string(),
    "_submitted_at": pa.timestamp("us"),
    "_submitted_by": pa.string(),
    "_approved_at": pa.timestamp("us"),
    "_approved_by": pa.string(),
    "_file": pa.string(),
    "_demo": pa.bool_(),
}
HANDED_IN = {
    "_sheet": "填报",
    "_state": "approved",
    "_submitted_by": "填报人",
    "_approved_by": "审核人",
    "_submitted_at": DAY,
    "_approved_at": DAY,
    "_demo": False,
}


@pytest.fixture(scope="session")
def pack():
    return packs.load("chongqing")


@pytest.fixture(scope="session")
def forms(pack):
    return {name: Form.from_dict(spec) for name, spec in pack.forms().items()}


@pytest.fixture(scope="session")
def pack_tables(pack):
    return {name: to_arrow(pack, name) for name in schemas()}


def stored(form, rows):
    """Rows as the ledger stores them: periods in four columns, quantities in three, by whom."""
    lines = [stored_row(form, number, row) for number, row in enumerate(rows, 1)]
    return pa.Table.from_pylist(lines, schema=pa.schema([*form.schema(), *LEDGER.items()]))


def stored_row(form, number, row):
    """One row of a form as the ledger stores it."""
    full = {**dict.fromkeys(form.columns()), **{f.id: f.default for f in form.fields}, **row}
    for field in form.fields:
        if field.type == "period":
            period = Period.parse(str(full[field.id]))
            full |= {
                field.id: period.text,
                f"{field.id}_kind": period.kind,
                f"{field.id}_start": period.start,
                f"{field.id}_end": period.end,
            }
        if field.type == "quantity" and full[field.id] is not None:
            full[f"{field.id}_original"] = str(full[field.id])
    return {
        **full,
        **HANDED_IN,
        "_submission": f"S-{form.id}",
        "_row": number,
        "_source_row": number + 3,
        "_file": f"{form.id}.xlsx",
    }


@pytest.fixture(scope="session")
def accounts(forms, pack, pack_tables):
    """``accounts({form: rows}, option=...)``: the graph of energy, carbon, nature and materials
    accounts over rows.

    Forms without rows share one empty table, since most of them have none.
    """
    engine = ibis.duckdb.connect(threads=1)
    prepared = Prepared(queries_folder(), code_version())

    def at_need(name, rows):
        """A table that the first graph to ask for it makes."""
        return cache(lambda: engine.create_table(name, rows()))

    shared = {name: at_need(f"pack_{name}", partial(pack_tables.get, name)) for name in pack_tables}
    shared |= {
        name: at_need(f"{name}_empty", partial(stored, form, [])) for name, form in forms.items()
    }
    shared |= {name: at_need(name, make) for name, make in plan_tables(pack).items()}
    account_modules = modules("energy", "carbon", "nature", "materials")
    columns = [pair for domain in domains() for pair in domain.unit_columns]
    pack_units = {row[c] for table, c in columns for row in pack.rows(table) if row[c]}
    number = itertools.count()

    same = {name: partial("{} {}".format, name, pack.version) for name in shared}

    def build(rows=None, **options):
        tables, contents = dict(shared), dict(same)
        for name, lines in (rows or {}).items():
            table = stored(forms[name], lines)
            tables[name] = engine.create_table(f"{name}_{next(number)}", table)
            contents[name] = partial(repr, table.to_pylist())
        units = pack_units | units_of(forms, rows or {})
        tables["unit_factors"] = engine.create_table(
            f"unit_factors_{next(number)}", unit_factors(sorted(units))
        )
        contents["unit_factors"] = partial(repr, sorted(units))
        reuse = Reuse(engine, contents)
        options = {"judged_on": ibis.literal(JUDGED_ON), **options}
        return Graph(account_modules, tables, options, prepared=prepared, reuse=reuse)

    return build


def units_of(forms, rows):
    """The units that stand in rows of forms."""
    return {
        row[field.id]
        for name, lines in rows.items()
        for field in forms[name].fields
        if field.type == "unit"
        for row in lines
        if row.get(field.id)
    }


def unit_factors(units):
    """The table of units that the accounts convert with."""
    known = [read_unit(unit) for unit in units]
    return pa.table(
        {
            "unit": [unit.spelling for unit in known],
            "canonical_unit": [unit.canonical for unit in known],
            "factor": pa.array([unit.factor for unit in known], pa.float64()),
            "confidence": ["read"] * len(known),
        }
    )


@pytest.fixture(scope="session")
def fact_rows():
    """Rows of a file of ../shared/facts; a test skips where it is absent."""
    return _facts


def _facts(*parts):
    path = SHARED.joinpath(*parts)
    if not path.is_file():
        pytest.skip(f"shared facts are not here: {'/'.join(parts)}")
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


@pytest.fixture(scope="session")
def chongqing_2014():
    """The published balance of Chongqing 2014 as rows of the form, in million tce by 当量值."""
    products = {
        r["balance_column"]: r["product_code"]
        for r in _facts("chongqing", "balance_product_bridge.csv")
    }
    flows = {
        r["process_en"]: r["balance_row_code"]
        for r in _facts("chongqing", "balance_row_bridge.csv")
    }
    cells = (
        (flows[line["process_en"]], product, line[column])
        for line in _facts("chongqing", "energy_balance_2014.csv")
        if line["process_en"]
        for column, product in products.items()
        if product and line[column]
    )
    return [
        {
            "place": "500000",
            "period": "2014",
            "balance_row": balance_row,
            "product": product,
            "quantity_kind": "standard",
            "convention": "calorific",
            "value": float(value),
            "unit": "百万吨标准煤",
        }
        for balance_row, product, value in cells
    ]
