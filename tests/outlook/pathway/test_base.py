"""The base year off the accounts, beside them line by line."""

import pytest

from hengtan.basis.errors import HengtanError
from hengtan.outlook.pathway.base import Activity, base_year
from hengtan.outlook.pathway.reconcile import reconciled
from hengtan.outlook.pathway.records import read_tables

CHONGQING = "500000"


@pytest.fixture(scope="module")
def tables(accounts, chongqing_2014):
    return read_tables(accounts({"regional_balance": chongqing_2014}), 2014)


@pytest.mark.parametrize("shares_plants", [True, False])
def test_every_line_of_chongqing_2014_is_the_account(tables, shares_plants):
    base = base_year(tables, [CHONGQING], shares_plants=shares_plants)
    lines = reconciled(base, tables)
    kinds = {line.kind for line in lines}
    assert kinds == {"energy", "burnt", "total_energy", "total_emissions"}
    for line in lines:
        assert line.account is not None, line
        assert abs(line.difference) <= 1e-9 * max(abs(line.account), 1), line


def test_totals_of_chongqing_2014_are_those_of_the_published_balance(tables, chongqing_2014):
    """F + L - T over the cells as printed: 74.997 Mtce (README of the facts: the printed total
    74.149 and the 0.848 that the columns exceed it by).
    """
    base = base_year(tables, [CHONGQING])
    (total,) = [line for line in reconciled(base, tables) if line.kind == "total_energy"]
    assert total.model / 1e6 == pytest.approx(74.1488108 + 0.848, abs=0.001)


def test_gaps_are_named(tables):
    base = base_year(tables, [CHONGQING])
    without_activity = {gap.about for gap in base.gaps if gap.code == "no_activity"}
    assert {"F.2.ind", "F.3.trans", "F.4"} <= without_activity
    stated = {(CHONGQING, "F.2.ind"): Activity(5000.0, "亿元", "公报")}
    better = base_year(tables, [CHONGQING], activity=stated)
    assert "F.2.ind" not in {gap.about for gap in better.gaps if gap.code == "no_activity"}
    assert better.activity[CHONGQING, "F.2.ind"].value == 5000


def test_a_year_without_a_balance_is_refused_with_the_years_there_are(accounts, chongqing_2014):
    graph = accounts({"regional_balance": chongqing_2014})
    with pytest.raises(HengtanError, match="2020年的能源平衡表（有：2014）"):
        read_tables(graph, 2020)
