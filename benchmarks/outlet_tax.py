"""Environmental protection tax of many outlets, ten pollutants each; outlets are synthetic.

    python benchmarks/outlet_tax.py [--outlets N] [--repeat N] [--write]

Three ways, each in a process of its own on the same Parquet file: a bare scan (sum of amounts), SQL
written by hand (window, joins), and the rule on a table (``instruments.taxes.tables``). A single
case of the rule is timed beside one of like size in OpenFisca-core where that is installed
(pip install openfisca-core). ``--write`` puts the table into docs/performance.md.
"""

from __future__ import annotations

import argparse
import importlib.util
import json
import tempfile
import time
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

from measure import Figures, Runs, markdown, measured, write_section

TIMES = 200  # a single case is timed over so many
BY_HAND = """
with equivalents as (
    select
        *,
        amount / p.equivalent as n,
        row_number() over (
            partition by outlet, date order by amount / p.equivalent desc, pollutant
        ) as k
    from emissions join pollutants p using (pollutant)
),
rates as (
    select value, valid_from, coalesce(valid_to, date '9999-12-31') as valid_to
    from parameters where parameter = 'env_tax.air.rate' and region = '500000'
)
select sum(
    n * r.value * case
        when compliant and share <= 0.5 then 0.5
        when compliant and share <= 0.7 then 0.75
        else 1
    end
) as tax
from equivalents e join rates r on e.date between r.valid_from and r.valid_to
where k <= 3
"""
EMISSIONS = """
copy (
    select
        'o' || i as outlet,
        date '2019-01-31' + to_months(cast(i % 60 as integer)) as date,
        '500000' as region,
        pollutant,
        1 + (i * 7919 + n * 104729) % 100000 / 100.0 as amount,
        case when (i + n) % 3 = 0 then ((i * 31 + n) % 100) / 100.0 end as share,
        (i + n) % 2 = 0 as compliant
    from range({outlets}) r(i), names
) to '{path}' (format parquet)
"""


def write(path: Path, outlets: int) -> None:
    """Outlets of the years 2019 to 2023, ten air pollutants each."""
    import duckdb

    from hengtan import packs

    pollutants = packs.load("chongqing").rows("pollutants")
    names = [row["pollutant"] for row in pollutants if row["medium"] == "air"][:10]
    numbered = ", ".join(f"({number}, '{name}')" for number, name in enumerate(names))
    engine = duckdb.connect()
    engine.execute(f"create table names as select * from (values {numbered}) t(n, pollutant)")
    engine.execute(EMISSIONS.format(outlets=outlets, path=path))


def run(way: str, path: Path) -> Figures:
    """One way over the file: its seconds, and the total to compare."""
    import ibis

    from hengtan import packs
    from hengtan.instruments.taxes.tables import outlet_tax
    from hengtan.packs.arrow import to_arrow

    pack, engine = packs.load("chongqing"), ibis.duckdb.connect()
    pollutants = engine.create_table("pollutants_all", to_arrow(pack, "pollutants"))
    parameters = engine.create_table("parameters", to_arrow(pack, "rule_parameters"))
    emissions = engine.read_parquet(str(path), table_name="emissions")
    engine.con.execute(
        "create table pollutants as "
        "select pollutant, equivalent from pollutants_all where medium = 'air'"
    )
    by_hand = {"scan": "select sum(amount) from emissions", "sql": BY_HAND}
    started = time.perf_counter()
    if way in by_hand:
        total = engine.con.execute(by_hand[way]).fetchone()[0]
    else:
        dated = emissions.mutate(date=emissions.date.cast("date"))
        taxed = outlet_tax(dated, pollutants, parameters, "air")
        total = taxed.agg(tax=taxed.tax.sum()).execute()["tax"][0]
    return {"seconds": time.perf_counter() - started, "total": float(total)}


def milliseconds(work: Callable[[], Any]) -> float:
    """Milliseconds of a piece of work, warm, over many times."""
    work()
    started = time.perf_counter()
    for _ in range(TIMES):
        work()
    return (time.perf_counter() - started) / TIMES * 1000


def one_case() -> Figures:
    """Milliseconds of one case of env_tax.air, and of one of like size in OpenFisca-core."""
    from hengtan import packs
    from hengtan.instruments.case import PackTables
    from hengtan.instruments.case import run as run_rule
    from hengtan.instruments.registry import rules

    pack = packs.load("chongqing")
    tables = PackTables(
        pack.rows("rule_parameters"), tables={"pollutants": pack.rows("pollutants")}
    )
    inputs = {"pollutants": {"二氧化硫": 100, "氮氧化物": 80, "烟尘": 60}}
    day = date(2024, 5, 31)

    def compute() -> Any:
        return run_rule(rules(), "env_tax.air", day, "500000", inputs, tables)

    figures = {"ours_ms": milliseconds(compute)}
    if importlib.util.find_spec("openfisca_core"):
        figures["openfisca_ms"] = milliseconds(openfisca_case())
    return figures


def openfisca_case() -> Callable[[], float]:
    """The same arithmetic as variables of OpenFisca-core, one simulation a case.

    Amounts over equivalents, three pollutants, a dated rate; checked by hand before it is timed.
    """
    from openfisca_core import periods
    from openfisca_core.entities import build_entity
    from openfisca_core.parameters import ParameterNode
    from openfisca_core.simulation_builder import SimulationBuilder
    from openfisca_core.taxbenefitsystems import TaxBenefitSystem
    from openfisca_core.variables import Variable

    outlet = build_entity(key="outlet", plural="outlets", label="outlet", is_person=True)
    system = TaxBenefitSystem([outlet])
    common = {"value_type": float, "entity": outlet, "definition_period": periods.MONTH}
    equivalents = {"so2": 0.95, "nox": 0.95, "soot": 2.18}
    for pollutant in equivalents:
        system.add_variable(type(pollutant, (Variable,), dict(common)))
    rate = {"values": {"2018-01-01": {"value": 2.4}, "2021-01-01": {"value": 3.5}}}
    dated = {name: {"values": {"2018-01-01": {"value": v}}} for name, v in equivalents.items()}
    system.parameters = ParameterNode("", data={"rate": rate, **dated})

    def formula(unit, period, parameters):  # type: ignore[no-untyped-def]
        p = parameters(period)
        return sum(unit(name, period) / getattr(p, name) for name in equivalents) * p.rate

    system.add_variable(type("tax", (Variable,), {**common, "formula": formula}))
    amounts = {"so2": 100, "nox": 80, "soot": 60}
    case = {"outlets": {"a": {name: {"2024-05": v} for name, v in amounts.items()}}}

    def compute() -> float:
        simulation = SimulationBuilder().build_from_entities(system, case)
        return float(simulation.calculate("tax", "2024-05")[0])

    assert abs(compute() - (100 / 0.95 + 80 / 0.95 + 60 / 2.18) * 3.5) < 0.01
    return compute


def table(runs: dict[str, Runs]) -> list[str]:
    """A table of the ways."""
    sql, scan = runs["sql"].median(), runs["scan"].median()
    rows = (
        (
            way,
            f"{own.median():.2f}",
            f"{own.median() / sql:.2f}",
            f"{own.median() / scan:.1f}",
            f"{own.most('peak_mb'):,.0f}",
        )
        for way, own in runs.items()
    )
    heads = ("way", "seconds", "ratio to hand-written SQL", "ratio to bare scan", "peak MB")
    return markdown(heads, rows)


def sentence(case: Figures) -> str:
    """What a single case takes."""
    ours = f"One case of `env_tax.air`, warm: {case['ours_ms']:.2f} ms"
    if "openfisca_ms" not in case:
        return f"{ours}; OpenFisca-core is not installed here."
    return (
        f"{ours}; a rule of like size in OpenFisca-core {case['openfisca_ms']:.2f} ms "
        f"in the same run (ratio {case['ours_ms'] / case['openfisca_ms']:.2f})."
    )


def main() -> None:
    """Run, print, and with ``--write`` keep."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("way", nargs="?", choices=("scan", "sql", "hengtan", "case"))
    parser.add_argument("file", nargs="?", type=Path)
    parser.add_argument("--outlets", type=int, default=1_000_000)
    parser.add_argument("--repeat", type=int, default=3)
    parser.add_argument("--write", action="store_true")
    arguments = parser.parse_args()
    if arguments.way:
        case = arguments.way == "case"
        print(json.dumps(one_case() if case else run(arguments.way, arguments.file)))
        return
    with tempfile.TemporaryDirectory() as scratch:
        path = Path(scratch) / "outlets.parquet"
        write(path, arguments.outlets)
        runs = {way: Runs() for way in ("scan", "sql", "hengtan")}
        for _ in range(arguments.repeat):
            for way, own in runs.items():
                own.append(measured("outlet_tax.py", way, path))
    assert abs(runs["sql"][0]["total"] / runs["hengtan"][0]["total"] - 1) < 1e-9
    title = (
        f"{arguments.outlets:,} outlets × 10 pollutants; {date.today().isoformat()}; median of "
        f"{arguments.repeat} processes in turn; both totals the same to 1e-9"
    )
    case = sentence(measured("outlet_tax.py", "case"))
    text = "\n".join([title, "", *table(runs), "", case])
    print(text)
    if arguments.write:
        write_section("outlet tax", text)


if __name__ == "__main__":
    main()
