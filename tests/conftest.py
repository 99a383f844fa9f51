"""Shared fixtures: workspaces made once a run and copied, small ones to report into, fact files.

With pytest-xdist every worker takes its copies from the one folder that the first of them built.
"""

from __future__ import annotations

import functools
import os
import pickle
import shutil
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
import typer.testing
from filelock import FileLock
from hypothesis import HealthCheck, settings

# every process the tests start would compile the whole source anew
sys.dont_write_bytecode = False
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)

# the tree of commands is the same for every line that a test runs
typer.testing._get_command = functools.cache(typer.testing._get_command)

FACTS = Path(__file__).resolve().parents[2] / "shared" / "facts"
INDICATOR_VALUE = {
    "nature": "outturn",
    "confidence": "read",
    "bound": "exact",
    "source_title": "测试填报",
    "published": "2026-01-01",
}

# A shared machine is slow at times, which says nothing of the code; in CI every run draws the same.
settings.register_profile(
    "hengtan", deadline=None, suppress_health_check=[HealthCheck.too_slow], print_blob=True
)
settings.register_profile("ci", parent=settings.get_profile("hengtan"), derandomize=True)
settings.load_profile("ci" if os.environ.get("CI") else "hengtan")


LONGEST = (
    "graph/test_spark",
    "web/city/test_axe",
    "workspace/test_corrections_of_every_form",
    "web/test_browser",
    "desk/test_pathway",
    "outlook/power/test_from_records",
    "workspace/test_stopped_anywhere",
    "ledger/test_concurrency",
    "workspace/test_lights_of_read_plans",
    "report/test_form_templates",
    "web/test_story_of_a_figure",
    "workspace/test_engines",
    "plan/test_lights",
    "desk/test_portfolio_ledger",
    "desk/test_english_templates",
    "web/entry/test_browser",
    "desk/test_portfolio_page",
    "ledger/test_backup",
    "desk/test_odds",
    "web/test_taking_along",
    "desk/test_portfolio_indirect",
    "web/test_plans",
    "instruments/case_files/test_taxes",
    "desk/test_driver_odds",
    "web/entry/test_water_and_waste_browser",
    "web/city/test_codes",
    "plan/test_explains",
    "web/test_tasks",
    "workspace/test_hostile_backups",
    "web/city/test_english_pages",
    "web/entry/test_large_files",
    "web/test_commands_and_pages",
    "client/test_killed",
    "web/test_bulletin_drafts",
    "web/test_duties",
    "web/test_matrix",
    "web/test_audit",
    "web/test_calculators",
    "workspace/test_plan_review",
    "instruments/case_files/test_markets_towns_campaigns_zones",
    "instruments/case_files/test_park",
    "instruments/case_files/test_carbon_emitter",
    "ledger/test_corrections_model",
    "accounts/test_properties",
    "plan/test_registries_reach_targets",
    "test_story",
    "accounts/test_synthetic",
    "plan/test_computed_is_explained",
    "ledger/test_model",
    "web/test_browser_verdict",
    "workspace/test_how_sure_a_report_is",
    "cli/test_cli",
    "plantings/test_form_plantings",
)
"""Modules that take longest, so that no process is left with one of them at the end."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The longest modules first; order within a module stays."""
    rank = {f"{name}.py": number for number, name in enumerate(LONGEST)}
    tests = Path(__file__).parent
    items.sort(key=lambda item: rank.get(item.path.relative_to(tests).as_posix(), len(LONGEST)))


def silent(share: float, text: str) -> None:
    """A progress report that nobody sees."""


@pytest.fixture(scope="session", autouse=True)
def _queries_of_this_run(tmp_path_factory, request) -> None:
    """Accounts turned into SQL are kept for this run alone, and shared by its workers."""
    base = tmp_path_factory.getbasetemp()
    run = base.parent if hasattr(request.config, "workerinput") else base
    os.environ["HENGTAN_CACHE"] = str(run / "cache")
    os.environ.setdefault("HENGTAN_THREADS", "1")  # the processes of the run share the machine


@pytest.fixture(scope="session")
def facts() -> Path:
    """The folder of fact files beside the checkout; tests that need it skip where it is absent."""
    if not FACTS.is_dir():
        pytest.skip("fact files are not beside this checkout")
    return FACTS


@pytest.fixture(scope="session")
def build_once(tmp_path_factory, request) -> Callable[..., tuple[Path, Any]]:
    """``build_once(name, build)``: a folder filled once a run by ``build(folder)``, and its answer.

    Every test and every worker of pytest-xdist is handed the same folder; it is to be copied, never
    opened. The answer of ``build`` is kept beside it and must survive pickling.
    """
    base = tmp_path_factory.getbasetemp()
    run = base.parent if hasattr(request.config, "workerinput") else base

    def of(name: str, build: Callable[[Path], Any]) -> tuple[Path, Any]:
        folder, answer = run / "built" / name, run / "built" / f"{name}.pickle"
        folder.parent.mkdir(exist_ok=True)
        with FileLock(answer.with_suffix(".lock")):
            if not answer.exists():
                shutil.rmtree(folder, ignore_errors=True)
                answer.write_bytes(pickle.dumps(build(folder)))
        return folder, pickle.loads(answer.read_bytes())

    return of


def _build_demo(folder: Path) -> None:
    """The demonstration with its verdicts worked out, so that copies answer from the cache."""
    from hengtan.demo.public import open_demo

    with open_demo(folder, silent) as workspace:
        workspace.status()


@contextmanager
def _opened_copy(built: Path, folder: Path) -> Iterator[Any]:
    from hengtan.workspace import Workspace

    shutil.copytree(built, folder)
    with Workspace.open(folder) as workspace:
        yield workspace


@pytest.fixture(scope="session")
def demo(build_once, tmp_path_factory) -> Iterator[Any]:
    """The demonstration workspace, to be read only; ``demo_copy`` is one to write into."""
    built, _ = build_once("demo", _build_demo)
    with _opened_copy(built, tmp_path_factory.mktemp("demo") / "hengtan-demo") as workspace:
        yield workspace


@pytest.fixture
def demo_copy(build_once, tmp_path) -> Iterator[Any]:
    """A demonstration workspace of the test's own."""
    with _opened_copy(build_once("demo", _build_demo)[0], tmp_path / "demo") as workspace:
        yield workspace


@pytest.fixture(scope="module")
def module_demo(build_once, tmp_path_factory) -> Iterator[Any]:
    """A demonstration workspace of the module's own."""
    built, _ = build_once("demo", _build_demo)
    with _opened_copy(built, tmp_path_factory.mktemp("demo") / "w") as workspace:
        yield workspace


def _build_city(folder: Path) -> Any:
    """The synthetic city of the monthly bulletin; the answer is June's bulletin."""
    from hengtan.demo.synthetic_months import sample

    workspace, bulletin = sample(folder, silent)
    workspace.close()
    return bulletin


@pytest.fixture(scope="module")
def bulletin_city(build_once, tmp_path_factory) -> Iterator[tuple[Any, Any]]:
    """A copy of the synthetic city of the monthly bulletin, and June's bulletin."""
    built, bulletin = build_once("city", _build_city)
    with _opened_copy(built, tmp_path_factory.mktemp("city") / "w") as workspace:
        yield workspace, bulletin


@pytest.fixture(scope="module")
def budget_city(bulletin_city, tmp_path_factory) -> Any:
    """The city of the bulletin, one of its districts with a carbon budget."""
    from hengtan.demo.synthetic_months import MADE_UP, district_codes, load

    workspace, _ = bulletin_city
    budget = {"place": district_codes()[0], "year": 2025, "budget": 2_000_000}
    rows = [budget | {"source_title": MADE_UP}]
    load(workspace, "carbon_budgets", rows, tmp_path_factory.mktemp("budgets"), "预算")
    return workspace


def _build_empty(folder: Path) -> None:
    """An empty workspace on the pack ``wulong``, its accounts turned into queries already."""
    from hengtan.workspace import Workspace
    from hengtan.workspace.config import Settings

    wulong = Settings("武隆（测试）", "Wulong (test)", "500156", "wulong")
    with Workspace.create(folder, wulong) as empty:
        empty.status()


@pytest.fixture
def workspace(build_once, tmp_path) -> Iterator[Any]:
    """An empty workspace on the pack ``wulong``."""
    with _opened_copy(build_once("empty", _build_empty)[0], tmp_path / "ws") as empty:
        yield empty


@pytest.fixture(scope="session")
def report() -> Callable[..., str]:
    """Report rows into a workspace and approve them: ``report(workspace, form, rows, at=None)``."""

    def hand_in(workspace, form_id, rows, *, at=None, approve=True):
        import pyarrow as pa

        from hengtan.basis.actor import Actor
        from hengtan.ledger import Meta

        form = workspace.form(form_id)
        schema = form.schema()
        stored = [_stored_row(form_id, row, schema.names) for row in rows]
        submission = workspace.ledger.submit(
            form,
            pa.Table.from_pylist(stored, schema=schema),
            Meta(Actor("tester"), place="500156"),
            at=at,
        )
        if approve:
            workspace.ledger.record(submission.id, "approved", Actor("approver"), at=at)
        return submission.id

    return hand_in


def _stored_row(form_id: str, row: dict[str, Any], columns: list[str]) -> dict[str, Any]:
    """A row as the ledger stores it: its period in four columns, what every test would repeat."""
    from hengtan.basis.period import Period

    full = dict(row)
    if "period" in row:
        period = Period.parse(row["period"])
        full |= {
            "period_kind": period.kind,
            "period_start": period.start,
            "period_end": period.end,
        }
    if form_id == "indicator_values":
        full = INDICATOR_VALUE | full
    return {name: full.get(name) for name in columns}


@pytest.fixture
def postgres() -> str:
    """The address of a PostgreSQL server to test with.

    Its absence is a failure where ``HENGTAN_REQUIRE`` names it.
    """
    address = os.environ.get("HENGTAN_TEST_POSTGRES")
    if not address:
        required = "postgres" in os.environ.get("HENGTAN_REQUIRE", "").split(",")
        refuse = pytest.fail if required else pytest.skip
        refuse("HENGTAN_TEST_POSTGRES names no PostgreSQL server")
    return database_of_this_process(address)


@functools.cache
def database_of_this_process(address: str) -> str:
    """The address of a database that no other process of the tests writes into."""
    process = os.environ.get("PYTEST_XDIST_WORKER")
    if not process:
        return address
    import psycopg

    name = f"tests_{process}"
    with psycopg.connect(address, autocommit=True) as server:
        server.execute(f"drop database if exists {name} with (force)")
        server.execute(f"create database {name}")
    return f"{address.rpartition('/')[0]}/{name}"


@pytest.fixture(scope="session")
def three_kinds():
    """Apply a numeric function to rows as floats, as NumPy arrays and as columns of Ibis.

    ``three_kinds(function, rows, missing="null")`` gives three lists with None for missing;
    ``missing="nan"`` stores NaN in the column instead of NULL.
    """
    import ibis
    import numpy as np
    import pyarrow as pa

    engine = ibis.duckdb.connect()

    def plain(values):
        return [None if v is None or v != v else float(v) for v in values]

    def apply(function, rows, missing="null"):
        width = len(rows[0])
        with_nan = [[float("nan") if v is None else v for v in row] for row in rows]
        floats = plain(function(*row) for row in with_nan)
        arrays = plain(np.broadcast_to(function(*np.array(with_nan, dtype=float).T), len(rows)))
        stored = rows if missing == "null" else with_nan
        columns = {
            f"x{i}": pa.array([row[i] for row in stored], pa.float64()) for i in range(width)
        }
        table = ibis.memtable(pa.table({"n": range(len(rows)), **columns}))
        answer = function(*(table[f"x{i}"] for i in range(width)))
        answers = engine.to_pyarrow(table.select("n", answer=answer).order_by("n"))
        return floats, arrays, plain(answers["answer"].to_pylist())

    return apply
