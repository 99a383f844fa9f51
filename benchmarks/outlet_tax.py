"""Environmental protection tax of many outlets: ``python benchmarks/outlet_tax.py [--outlets N] [--repeat N] [--write]``. Outlets are synthetic, ten pollutants each.

Three ways, each in a process of its own on the same Parquet file: a bare scan (sum of amounts), SQL written by hand (window, joins), and the rule on a table (``instruments.taxes.tables``). ``--write`` puts the
table into docs/performance.md. A single case of the rule is timed beside one of like size in OpenFisca-core where that is installed (pip install openfisca-core).
"""

from __future__ import annotations

import argparse
import importlib.util
import json
import tempfile
import time
from datetime import date
from pathlib import Path

from measure import measured, write_section

SQL = """
with e as (select *, amount / p.equivalent as n, row_number() over (partition by outlet, date order by amount / p.equivalent desc, pollutant) as k from emissions join pollutants p using (pollutant)),
r as (select value, valid_from, coalesce(valid_to, date '9999-12-31') as valid_to from parameters where parameter = 'env_tax.air.rate' and region = '500000')
select sum(n * r.value * case when compliant and share <= 0.5 then 0.5 when compliant and share <= 0.7 then 0.75 else 1 end) as tax from e join r on e.date between r.valid_from and r.valid_to where k <= 3
"""


def write(path: Path, outlets: int) -> None:
    """Outlets of the years 2019 to 2023, ten air pollutants each."""
    import duckdb

    from hengtan import packs

    names = [
        r["pollutant"] for r in packs.load("chongqing").rows("pollutants") if r["medium"] == "air"
    ][:10]
    con = duckdb.connect()
    con.execute(
        "create table names as select * from (values "
        + ", ".join(f"({n}, '{name}')" for n, name in enumerate(names))
        + ") t(n, pollutant)"
    )
    con.execute(
        f"""copy (select 'o' || i as outlet, date '2019-01-31' + interval ((i % 60)) month as date, '500000' as region, pollutant, 1 + (i * 7919 + n * 104729) % 100000 / 100.0 as amount,
        case when (i + n) % 3 = 0 then ((i * 31 + n) % 100) / 100.0 end as share, (i + n) % 2 = 0 as compliant from range({outlets}) r(i), names) to '{path}' (format parquet)""".replace(
            "+ interval ((i % 60)) month", "+ to_months(cast(i % 60 as integer))"
        )
    )


def run(way: str, path: Path) -> dict[str, float]:
    """One way over the file."""
    import duckdb
    import ibis

    from hengtan import packs
    from hengtan.instruments.taxes.tables import outlet_tax
    from hengtan.packs.arrow import to_arrow

    pack = packs.load("chongqing")
    con = ibis.duckdb.connect()
    pollutants, parameters = (
        con.create_table("pollutants_all", to_arrow(pack, "pollutants")),
        con.create_table("parameters", to_arrow(pack, "rule_parameters")),
    )
    emissions = con.read_parquet(str(path), table_name="emissions")
    raw: duckdb.DuckDBPyConnection = con.con
    raw.execute(
        "create table pollutants as select pollutant, equivalent from pollutants_all where medium = 'air'"
    )
    started = time.perf_counter()
    if way == "scan":
        total = raw.execute("select sum(amount) from emissions").fetchone()[0]  # type: ignore[index]
    elif way == "sql":
        total = raw.execute(SQL).fetchone()[0]  # type: ignore[index]
    else:
        found = outlet_tax(
            emissions.mutate(date=emissions.date.cast("date")), pollutants, parameters, "air"
        )
        total = found.agg(tax=found.tax.sum()).execute()["tax"][0]
    return {"seconds": time.perf_counter() - started, "total": float(total)}


def one_case() -> dict[str, float]:
    """Milliseconds of one case of env_tax.air, warm; and of a rule of like size in OpenFisca-core (three inputs times parameters, summed) where it is installed."""
    from hengtan import packs
    from hengtan.instruments.case import PackTables
    from hengtan.instruments.case import run as run_rule
    from hengtan.instruments.registry import rules

    pack = packs.load("chongqing")
    tables = PackTables(
        pack.rows("rule_parameters"), tables={"pollutants": pack.rows("pollutants")}
    )
    inputs = {"pollutants": {"二氧化硫": 100, "氮氧化物": 80, "烟尘": 60}}
    run_rule(rules(), "env_tax.air", date(2024, 5, 31), "500000", inputs, tables)
    started = time.perf_counter()
    for _ in range(200):
        run_rule(rules(), "env_tax.air", date(2024, 5, 31), "500000", inputs, tables)
    made = {"ours_ms": (time.perf_counter() - started) / 200 * 1000}
    if importlib.util.find_spec("openfisca_core"):
        made |= openfisca_case()
    return made


def openfisca_case() -> dict[str, float]:
    """The same arithmetic (amounts over equivalents, three pollutants, a dated rate) as variables of OpenFisca-core, one simulation a case."""
    from openfisca_core import periods
    from openfisca_core.entities import build_entity
    from openfisca_core.parameters import ParameterNode
    from openfisca_core.simulation_builder import SimulationBuilder
    from openfisca_core.taxbenefitsystems import TaxBenefitSystem
    from openfisca_core.variables import Variable

    outlet = build_entity(key="outlet", plural="outlets", label="outlet", is_person=True)
    system = TaxBenefitSystem([outlet])

    def amount(name: str) -> type:
        return type(
            name,
            (Variable,),
            {"value_type": float, "entity": outlet, "definition_period": periods.MONTH},
        )

    for name in ("so2", "nox", "soot"):
        system.add_variable(amount(name))
    system.parameters = ParameterNode(
        "",
        data={
            "rate": {"values": {"2018-01-01": {"value": 2.4}, "2021-01-01": {"value": 3.5}}},
            "so2": {"values": {"2018-01-01": {"value": 0.95}}},
            "nox": {"values": {"2018-01-01": {"value": 0.95}}},
            "soot": {"values": {"2018-01-01": {"value": 2.18}}},
        },
    )

    def formula(unit, period, parameters):  # type: ignore[no-untyped-def]
        p = parameters(period)
        return sum(unit(n, period) / getattr(p, n) for n in ("so2", "nox", "soot")) * p.rate

    system.add_variable(
        type(
            "tax",
            (Variable,),
            {
                "value_type": float,
                "entity": outlet,
                "definition_period": periods.MONTH,
                "formula": formula,
            },
        )
    )
    case = {
        "outlets": {"a": {"so2": {"2024-05": 100}, "nox": {"2024-05": 80}, "soot": {"2024-05": 60}}}
    }

    def compute() -> float:
        return float(
            SimulationBuilder().build_from_entities(system, case).calculate("tax", "2024-05")[0]
        )

    expected = (100 / 0.95 + 80 / 0.95 + 60 / 2.18) * 3.5
    assert abs(compute() - expected) < 0.01
    started = time.perf_counter()
    for _ in range(200):
        compute()
    return {"openfisca_ms": (time.perf_counter() - started) / 200 * 1000}


def main() -> None:
    """Run, print, and with ``--write`` keep."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("way", nargs="?", choices=("scan", "sql", "hengtan", "case"))
    parser.add_argument("file", nargs="?", type=Path)
    parser.add_argument("--outlets", type=int, default=1_000_000)
    parser.add_argument("--repeat", type=int, default=3)
    parser.add_argument("--write", action="store_true")
    given = parser.parse_args()
    if given.way:
        print(json.dumps(one_case() if given.way == "case" else run(given.way, given.file)))
        return
    with tempfile.TemporaryDirectory() as scratch:
        path = Path(scratch) / "outlets.parquet"
        write(path, given.outlets)
        runs = {
            way: sorted(
                (measured("outlet_tax.py", way, path) for _ in range(given.repeat)),
                key=lambda r: r["seconds"],
            )
            for way in ("scan", "sql", "hengtan")
        }
    middle = {way: r[len(r) // 2] for way, r in runs.items()}
    assert abs(middle["sql"]["total"] / middle["hengtan"]["total"] - 1) < 1e-9
    case = measured("outlet_tax.py", "case")
    lines = [
        f"{given.outlets:,} outlets × 10 pollutants; {date.today().isoformat()}; median of {given.repeat} processes in turn; both totals the same to 1e-9",
        "",
        "| way | seconds | ratio to hand-written SQL | ratio to bare scan | peak MB |",
        "|---|---|---|---|---|",
    ]
    lines += [
        f"| {way} | {r['seconds']:.2f} | {r['seconds'] / middle['sql']['seconds']:.2f} | {r['seconds'] / middle['scan']['seconds']:.1f} | {r['peak_mb']:,.0f} |"
        for way, r in middle.items()
    ]
    beside = (
        f"; a rule of like size in OpenFisca-core {case['openfisca_ms']:.2f} ms in the same run (ratio {case['ours_ms'] / case['openfisca_ms']:.2f})"
        if "openfisca_ms" in case
        else "; OpenFisca-core is not installed here"
    )
    lines += ["", f"One case of `env_tax.air`, warm: {case['ours_ms']:.2f} ms{beside}."]
    text = "\n".join(lines)
    print(text)
    if given.write:
        write_section("outlet tax", text)


if __name__ == "__main__":
    main()
