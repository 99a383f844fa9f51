"""Shared fixtures: a demonstration workspace made once, small workspaces to report into, and the fact files where present."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

FACTS = Path(__file__).resolve().parents[2] / "shared" / "facts"


@pytest.fixture(scope="session")
def facts() -> Path:
    """The folder of fact files beside the checkout; tests that need it skip where it is absent."""
    if not FACTS.is_dir():
        pytest.skip("fact files are not beside this checkout")
    return FACTS


@pytest.fixture(scope="session")
def demo(tmp_path_factory):
    """The demonstration workspace, loaded and read only by convention."""
    from hengtan.demo.public import open_demo

    workspace = open_demo(
        tmp_path_factory.mktemp("demo") / "hengtan-demo", lambda share, text: None
    )
    yield workspace
    workspace.close()


@pytest.fixture
def workspace(tmp_path):
    """An empty workspace on the pack ``wulong``."""
    from hengtan.workspace import Workspace
    from hengtan.workspace.config import Settings

    made = Workspace.create(
        tmp_path / "ws", Settings("武隆（测试）", "Wulong (test)", "500156", "wulong")
    )
    yield made
    made.close()


@pytest.fixture(scope="session")
def report():
    """Report rows of a form into a workspace and approve them: ``report(workspace, form, rows, at=None)``."""

    def hand_in(workspace, form_id, rows, *, at=None, approve=True):
        import pyarrow as pa

        from hengtan.basis.period import Period
        from hengtan.ledger import Meta

        schema, full = workspace.form(form_id).schema(), []
        for row in rows:
            row = dict(row)
            if "period" in row:
                period = Period.parse(row["period"])
                row |= {
                    "period_kind": period.kind,
                    "period_start": period.start,
                    "period_end": period.end,
                }
            if form_id == "indicator_values":
                row = {
                    "nature": "outturn",
                    "confidence": "read",
                    "bound": "exact",
                    "source_title": "测试填报",
                    "published": "2026-01-01",
                } | row
            full.append({name: row.get(name) for name in schema.names})
        done = workspace.ledger.submit(
            form_id,
            pa.Table.from_pylist(full, schema=schema),
            Meta(actor="tester", place="500156"),
            at=at,
        )
        if approve:
            workspace.ledger.record(done.id, "approved", "approver", at=at)
        return done.id

    return hand_in


@pytest.fixture
def postgres() -> str:
    """The address of a PostgreSQL server to test with; its absence is a failure where ``HENGTAN_REQUIRE`` names it."""
    address = os.environ.get("HENGTAN_TEST_POSTGRES")
    if not address:
        wanted = "postgres" in os.environ.get("HENGTAN_REQUIRE", "").split(",")
        (pytest.fail if wanted else pytest.skip)("HENGTAN_TEST_POSTGRES names no PostgreSQL server")
    return address


@pytest.fixture(scope="session")
def three_kinds():
    """Apply a numeric function to rows as floats, NumPy arrays and an Ibis column: ``three_kinds(function, rows, missing="null")``.

    Gives three lists with None for missing. ``missing="nan"`` stores NaN in the column instead of NULL.
    """
    import ibis
    import numpy as np
    import pyarrow as pa

    engine = ibis.duckdb.connect()

    def plain(values):
        return [None if v is None or v != v else float(v) for v in values]

    def apply(function, rows, missing="null"):
        width = len(rows[0])
        given = [[float("nan") if v is None else v for v in row] for row in rows]
        floats = plain(function(*row) for row in given)
        arrays = plain(np.broadcast_to(function(*np.array(given, dtype=float).T), len(rows)))
        stored = rows if missing == "null" else given
        columns = {
            f"x{i}": pa.array([row[i] for row in stored], pa.float64()) for i in range(width)
        }
        table = ibis.memtable(pa.table({"n": range(len(rows)), **columns}))
        made = function(*(table[f"x{i}"] for i in range(width)))
        held = engine.to_pyarrow(table.select("n", made=made).order_by("n"))["made"].to_pylist()
        return floats, arrays, plain(held)

    return apply
