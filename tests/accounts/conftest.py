"""The energy and carbon accounts over rows given as plain dicts: the forms' own storage columns,
the packs as they are shipped.
"""

import csv
import datetime as dt
import importlib
from pathlib import Path

import ibis
import pyarrow as pa
import pytest

from hengtan import packs
from hengtan.basis.period import Period
from hengtan.basis.units import read_unit
from hengtan.graph import Graph
from hengtan.graph.domains import domains, modules
from hengtan.ledger.forms import Form
from hengtan.packs.arrow import to_arrow
from hengtan.packs.schema import schemas

SHARED = Path(__file__).resolve().parents[3] / "shared" / "facts"
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
DAY = dt.datetime(2025, 1, 1)


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
    """Rows as the ledger holds them: periods in four columns, quantities in three, who handed them
    in.
    """
    by_key = []
    for number, row in enumerate(rows, 1):
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
        by_key.append(
            {
                **full,
                "_submission": f"S-{form.id}",
                "_row": number,
                "_sheet": "填报",
                "_source_row": number + 3,
                "_state": "approved",
                "_submitted_by": "填报人",
                "_approved_by": "审核人",
                "_file": f"{form.id}.xlsx",
                "_demo": False,
                "_submitted_at": DAY,
                "_approved_at": DAY,
            }
        )
    return pa.Table.from_pylist(by_key, schema=pa.schema([*form.schema(), *LEDGER.items()]))


@pytest.fixture(scope="session")
def accounts(forms, pack, pack_tables):
    """``accounts({form: rows}, option=...)`` is the graph of energy and carbon accounts over those
    rows.
    """
    shared = ibis.duckdb.connect()
    inputs = {
        name: shared.create_table(f"pack_{name}", table) for name, table in pack_tables.items()
    }
    count = iter(range(10**6))

    def build(rows=None, **options):
        rows = rows or {}
        tables = dict(inputs)
        for name, form in forms.items():
            tables[name] = shared.create_table(
                f"{name}_{next(count)}", stored(form, rows.get(name, []))
            )
        units = {
            row[f.id]
            for name, lines in rows.items()
            for f in forms[name].fields
            if f.type == "unit"
            for row in lines
            if row.get(f.id)
        }
        units |= {
            row[column]
            for domain in domains()
            for table, column in domain.unit_columns
            for row in pack.rows(table)
            if row[column]
        }
        known = [read_unit(unit) for unit in sorted(units)]
        tables["unit_factors"] = shared.create_table(
            f"unit_factors_{next(count)}",
            pa.table(
                {
                    "unit": [u.spelling for u in known],
                    "canonical_unit": [u.canonical for u in known],
                    "factor": pa.array([u.factor for u in known], pa.float64()),
                    "confidence": ["read"] * len(known),
                }
            ),
        )
        verdict = importlib.import_module("hengtan.plan.verdict")
        return Graph([*modules("energy", "carbon"), verdict], tables, options)

    return build


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
    return [
        {
            "place": "500000",
            "period": "2014",
            "balance_row": flows[line["process_en"]],
            "product": product,
            "quantity_kind": "standard",
            "convention": "calorific",
            "value": float(line[column]),
            "unit": "百万吨标准煤",
        }
        for line in _facts("chongqing", "energy_balance_2014.csv")
        if line["process_en"]
        for column, product in products.items()
        if product and line[column]
    ]
