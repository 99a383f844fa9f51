"""A small invented set of accounts: energy of some firms, factors in force, emissions and their
sum.
"""

import types
from datetime import date

import ibis
import pytest
from ibis import _
from ibis.expr.types import Table

from hengtan.graph import Graph, InForce, Same, account
from hengtan.graph.in_force import in_force

ENERGY = [
    ("A", "coal", date(2020, 12, 31), 10.0),
    ("A", "coal", date(2021, 1, 1), 20.0),
    ("A", "gas", date(2021, 6, 30), 5.0),
    ("B", "coal", date(2021, 6, 30), 1.0),
    ("B", "peat", date(2021, 6, 30), 7.0),
]
FACTORS = [
    ("coal", None, date(2020, 12, 31), 2.5),
    ("coal", date(2021, 1, 1), None, 2.4),
    ("gas", date(2021, 1, 1), date(2021, 12, 31), 2.0),
]


def energy_table(rows=ENERGY):
    return ibis.memtable(
        [dict(zip(("firm", "fuel", "date", "amount"), row, strict=True)) for row in rows],
        schema={"firm": "string", "fuel": "string", "date": "date", "amount": "float64"},
    )


def factor_table(rows=FACTORS):
    return ibis.memtable(
        [dict(zip(("fuel", "valid_from", "valid_to", "factor"), row, strict=True)) for row in rows],
        schema={"fuel": "string", "valid_from": "date", "valid_to": "date", "factor": "float64"},
    )


def invented_accounts():
    """A module of three accounts, written against the order in which they run; ``calls`` counts the
    runs.
    """
    calls = []

    @account(
        key=("firm",),
        unit="t CO2",
        cites=("invented:sum",),
        maps={"emissions": Same("firm"), "burned": Same("firm")},
    )
    def balance(emissions: Table, burned: Table, share: float) -> Table:
        """Emissions of a firm, a share of them counted, beside what it burned."""
        calls.append("balance")
        sums = emissions.group_by("firm").agg(value=_.value.sum() * share)
        return sums.left_join(burned.group_by("firm").agg(total=_.amount.sum()), "firm").drop(
            "firm_right"
        )

    @account(
        key=("firm", "fuel", "date"),
        unit="t CO2",
        cites=("invented:factor",),
        maps={"burned": Same("firm", "fuel", "date"), "factors": InForce("fuel", day="date")},
    )
    def emissions(burned: Table, factors: Table) -> Table:
        """Emissions: amount times the factor in force. [t CO2]"""
        calls.append("emissions")
        return in_force(burned, factors, on=("fuel",), day="date").mutate(value=_.amount * _.factor)

    @account(
        key=("firm", "fuel", "date"),
        unit="t",
        cites=(),
        maps={"energy": Same("firm", "fuel", "date")},
    )
    def burned(energy: Table) -> Table:
        """What was burned."""
        calls.append("burned")
        return energy.filter(_.amount > 0)

    module = types.ModuleType("invented_accounts")
    for function in (balance, emissions, burned):
        function.__module__ = module.__name__
        setattr(module, function.__name__, function)
    module.calls = calls
    return module


@pytest.fixture
def invented():
    return invented_accounts()


@pytest.fixture
def graph(invented):
    return Graph([invented], {"energy": energy_table(), "factors": factor_table()}, {"share": 1.0})


@pytest.fixture(scope="session")
def shuffled_graph():
    """The graph over rows in an order that is drawn: ``shuffled_graph(random)``."""

    def make(draw):
        energy, factors = draw.sample(ENERGY, len(ENERGY)), draw.sample(FACTORS, len(FACTORS))
        return Graph(
            [invented_accounts()],
            {"energy": energy_table(energy), "factors": factor_table(factors)},
            {"share": 1.0},
        )

    return make
