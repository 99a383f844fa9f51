"""Shares of carriers that drivers state, by hand. All figures are synthetic.

In 2020 industry burns 600 万tce of raw coal, 300 of natural gas and 100 of diesel.
"""

import pytest
from filed_rows import file_rows

from hengtan.basis.errors import HengtanError
from hengtan.desk.odds import Wish, odds_of
from hengtan.desk.pathway import Asked, PathwayDesk

PLACE, SECTOR = "500000", "F.2.ind"
BALANCE = {"地区": "重庆市", "年份": "2020年", "平衡表项目": SECTOR, "数量种类": "标准量"}
BALANCE |= {"折算方法": "当量值", "计量单位": "万吨标准煤"}
BURNT = {"raw_coal": 600, "natural_gas": 300, "diesel": 100}
COAL = {"地区": "重庆市", "部门": SECTOR, "因素": "品种份额", "起始年份": 2022}
COAL |= {"能源品种": "原煤", "份额（%）": 30, "性质": "假设"}


@pytest.fixture
def studied(workspace, tmp_path):
    """A study of 2020 to 2023 with these rows of drivers."""
    rows = [BALANCE | {"能源品种": name, "数值": value} for name, value in BURNT.items()]
    file_rows(workspace, tmp_path, "regional_balance", rows)

    def with_drivers(*drivers):
        file_rows(workspace, tmp_path, "pathway_drivers", drivers)
        return PathwayDesk(workspace, Asked(PLACE, until=2023))

    return with_drivers


def energy(desk):
    """Energy of industry by carrier, 2020 to 2023. [万tce]"""
    base = desk.study.base
    burnt = desk.study.outcome().energy[0, base.sectors.index(SECTOR)] / 1e4
    return {name: burnt[base.carriers.index(name)] for name in BURNT}


def test_a_stated_share_is_reached_in_a_straight_line_and_others_share_what_is_left(studied):
    """Coal goes 60, 45, 30 %, and stays; gas and diesel keep 3 : 1 of 40, 55, 70 %."""
    desk = studied(COAL)
    by_carrier = energy(desk)
    assert by_carrier["raw_coal"] == pytest.approx([600, 450, 300, 300])
    assert by_carrier["natural_gas"] == pytest.approx([300, 412.5, 525, 525])
    assert by_carrier["diesel"] == pytest.approx([100, 137.5, 175, 175])
    said = [row["zh"] for row in desk.as_dict()["assumptions"]]
    assert any("“原煤（raw_coal）”的份额到2022年为30%，为假设" in line for line in said)
    used = {
        row["product"]: row["own_tce"]
        for row in desk.ahead.execute("energy_balance").to_pylist()
        if (row["year"], row["row"]) == (2022, SECTOR)
    }
    assert used["raw_coal"] == pytest.approx(300e4)  # the accounts read the same mix
    steps = desk.explained(SECTOR, 2022).drivers
    (share,) = [s for s in steps if (s.driver, s.carrier) == ("share", "raw_coal")]
    assert (share.base, share.plain) == pytest.approx((0.6, 0.3))
    assert share.course.changes == ((2022, 0.3),)


def test_two_stated_shares_and_a_row_of_the_base_year(studied):
    """Coal to 30 % by 2022 and 20 % by 2023, gas stays at 30 %: diesel takes all that is left. What
    a row says of the base year is the ledger's to say.
    """
    gas = COAL | {"能源品种": "天然气", "份额（%）": 30}
    later, of_base = {"起始年份": 2023, "份额（%）": 20}, {"起始年份": 2020, "份额（%）": 90}
    by_carrier = energy(studied(COAL, COAL | later, COAL | of_base, gas))
    assert by_carrier["raw_coal"] == pytest.approx([600, 450, 300, 200])
    assert by_carrier["natural_gas"] == pytest.approx([300] * 4)
    assert by_carrier["diesel"] == pytest.approx([100, 250, 400, 500])


def test_a_corrected_share_moves_the_emissions(studied):
    first = studied(COAL).years()[-1]["without_measures"]
    corrected = studied(COAL | {"份额（%）": 60}).years()
    assert corrected[-1]["without_measures"] == pytest.approx(corrected[0]["without_measures"])
    assert first < corrected[-1]["without_measures"]


def test_shares_above_the_whole_are_one_line(studied):
    """Coal 30 % and gas 80 % in 2022; in 2021 45 + 55 % is just the whole."""
    gas = COAL | {"能源品种": "天然气", "份额（%）": 80}
    with pytest.raises(HengtanError, match=r"份额（%）.*份额2022年合计110%，超过100%"):
        studied(COAL, gas).years()


def test_all_carriers_stated_must_be_the_whole(studied):
    """30 + 30 + 30 % in 2022: of 2021 it says 45 + 30 + 20 %."""
    others = [COAL | {"能源品种": name} for name in ("天然气", "柴油")]
    with pytest.raises(HengtanError, match="2021年合计95%，不是100%"):
        studied(COAL, *others).years()


def test_a_carrier_that_the_sector_has_not_is_left_out_by_name(studied):
    desk = studied(COAL, COAL | {"能源品种": "焦炭"})
    (line,) = desk.set_aside
    assert "基年（2020）没有用“焦炭（coke）”" in line["zh"]
    assert "pathway_drivers.csv" in line["zh"] and "能源品种" in line["zh"]
    assert energy(desk)["raw_coal"] == pytest.approx([600, 450, 300, 300])


def test_the_compiled_scenario_has_the_stated_mix(studied):
    """The compiled model in its middle, the reference model and the account of totals come to one
    figure a year; the mix counts, for 3 % more activity alone is 1.03 squared in 2022.
    """
    growing = {"地区": "重庆市", "部门": SECTOR, "因素": "活动量", "起始年份": 2021, "性质": "假设"}
    growing |= {"年变化率": 3, "变化率下限（%）": 1, "变化率上限（%）": 6}
    desk = studied(COAL, growing | {"范围的性质": "假设", "范围的来源": "试"})
    compiled = [row["central"] for row in odds_of(desk, Wish(1_000))["years"]]
    reference = [row["with_measures"] for row in desk.years()]
    totals = {r["year"]: r for r in desk.ahead.execute("carbon_totals").to_pylist()}
    accounts = [totals[year]["total_with_land"] for year in (2020, 2021, 2022, 2023)]
    assert compiled == pytest.approx(reference, rel=1e-9)
    assert compiled == pytest.approx(accounts, rel=1e-9)
    assert accounts[2] != pytest.approx(accounts[0] * 1.03**2, rel=0.01)
