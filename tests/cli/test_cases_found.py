"""Files that once gave a wrong number without a word: each gives the right one, or is refused.

The inputs stand under ``cases``; names in them are invented. What is right was worked by hand and
stands beside each; the neighbours of each kind are tests of the rooms (``tests/test_cases.py``).
"""

import csv
import json
from pathlib import Path

import pytest

from hengtan.basis.actor import Actor
from hengtan.basis.errors import ImportRejected
from hengtan.desk.evidence import import_file
from hengtan.desk.new import new_workspace
from hengtan.workspace import Workspace

CASES = Path(__file__).parent / "cases"
FOUND = CASES / "found"
OFFICE = Actor("统计员")


def found(name):
    return next(FOUND.glob(f"{name}-*"))


def _build_xuling(folder):
    new_workspace(folder, "889900", places=FOUND / "places.csv", name="虚岭市").close()


@pytest.fixture(scope="module")
def xuling(build_once, tmp_path_factory):
    """An empty workspace of an invented city, for tests that are content with one."""
    import shutil

    built, _ = build_once("xuling", _build_xuling)
    folder = tmp_path_factory.mktemp("xuling") / "ws"
    shutil.copytree(built, folder)
    with Workspace.open(folder) as workspace:
        yield workspace


def test_a_firm_counts_once_and_its_months_join(xuling):
    for name in ("k05a", "k05b", "k05d", "k07a", "k07b"):
        import_file(xuling, "enterprise_energy", found(name), actor=OFFICE, approve=True)
    of_year = {
        (row["entity_name"], row["year"]): row
        for row in xuling.execute("carbon_enterprise").to_pylist()
    }
    # 1000 t of raw coal, of which 600 t and 400 t are named again: 1000 x 0.7143
    assert of_year["子木厂", 2023]["energy"] == pytest.approx(714.3)
    # 100 t of diesel, of which 60 t and 40 t by facility: 100 x 1.4571
    assert of_year["寅木厂", 2023]["energy"] == pytest.approx(145.71)
    # 航空煤油 is 煤油: 10 x 1.4714
    assert of_year["卯石厂", 2023]["energy"] == pytest.approx(14.714)
    # six months 600, July and August 100 each, in 10^4 kWh: 800 x 1.229 tce, through August
    joined = of_year["酉木厂", 2023]
    assert (joined["energy"], joined["through"]) == (pytest.approx(983.2), 8)
    key_units = xuling.execute("energy_key_units").to_pylist()
    changes = [row["change"] for row in key_units if row["entity_name"] == "申木厂"]
    # six months are not compared with twelve
    assert changes == [None, None]


def test_a_negative_input_of_a_product_is_refused(xuling):
    with pytest.raises(ImportRejected) as refused:
        import_file(xuling, "footprint_exchanges", found("k16a"), actor=OFFICE, approve=True)
    assert [(f.where.row, f.level) for f in refused.value.findings if f.level == "error"] == [
        (6, "error")
    ]


def test_parent_rows_without_parts_count_themselves(workspace):
    path = CASES / "accounts" / "parent_rows_only.csv"
    import_file(workspace, "regional_balance", path, actor=OFFICE, approve=True)
    rows = workspace.execute("energy_consumption").to_pylist()
    # 100 x 10^4 t of raw coal x 0.7143 tce/t
    totals = [row["total"] for row in rows if row["convention"] == "calorific"]
    assert totals == pytest.approx([714_300.0])


@pytest.mark.parametrize(
    ("name", "quantities"),
    [("k01c", ["300.0", "18.0"]), ("k17a", ["", ""]), ("k19a", ["137.0", "582.0"])],
)
def test_tables_of_a_tariff_are_read_or_refused(hengtan, tmp_path, name, quantities):
    rule, to = "tariff.power_residential", tmp_path / "o.csv"
    day = ("--date", "2024-05-31", "--region", "500000") if name == "k19a" else ()
    code, _, _ = hengtan("calc", "--rule", rule, "--table", found(name), *day, "--to", to)
    with to.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    assert [row["quantity"] for row in rows] == quantities
    assert code == (1 if name == "k17a" else 0)
    if name == "k01c":  # 200 x 0.52 + 100 x 0.57; 18 x 0.52
        assert [float(row["bill"]) for row in rows] == pytest.approx([161.0, 9.36])
    if name == "k19a":
        assert [row["户号"] for row in rows] == ["0000000001", "0000000002"]


def test_half_past_midnight_in_beijing_is_the_next_day(hengtan, tmp_path):
    """16:30 UTC of 2024-11-30 is under the tax that began the day after, not under the fee."""
    to = tmp_path / "o.csv"
    code, _, _ = hengtan(
        "calc", "--rule", "water_resource.charge", "--table", found("k14a"), "--to", to
    )
    assert code == 1 and "水资源税" in to.read_text(encoding="utf-8")


def test_a_permit_of_29_february_ends_on_the_28th(hengtan):
    code, out, _ = hengtan("calc", found("k18a"))
    assert code == 0 and "2029-02-28" in out


def test_a_total_of_districts_is_no_district_of_a_budget(hengtan):
    code, out, _ = hengtan("budget", "run", found("k03a"), "--json")
    budget = json.loads(out)
    shares = {tuple(a["path"]): a["years"]["2026"] for a in budget["allocations"]}
    # 1011 x 0.6 and x 0.4
    assert (code, shares) == (0, {("青禾区",): 607, ("石桥县",): 404})
    assert "total-left-out" in {f["code"] for f in budget["findings"]}


def test_a_total_of_groups_is_no_group_of_a_reform(hengtan):
    changed = ("--set", "env_tax.air.rate=5", "--date", "2024-05-31", "--region", "500156")
    code, out, _ = hengtan("reform", "env_tax.air", found("k03b"), *changed)
    assert code == 0 and "+31,578.95" in out


def test_a_budget_of_a_leap_year_is_spent_evenly(hengtan):
    _, out, _ = hengtan("budget", "run", found("k18b"), "--json")
    (row,) = (e for e in json.loads(out)["executions"] if e.get("expected"))
    # 10,000 t a day on 366 days
    assert (row["expected"], row["gap"]) == (pytest.approx(3_660_000), pytest.approx(0.0))


@pytest.mark.parametrize("name", ["budgetf", "budgetg"])
def test_a_project_of_a_district_counts_in_the_city(hengtan, name):
    _, out, _ = hengtan("budget", "run", CASES / "budget" / f"{name}.xlsx", "--json")
    (city,) = (e for e in json.loads(out)["executions"] if e["who"] == "重庆市")
    assert round(city["expected"]) == 19_378


BALANCES = {
    # long format: 100 = 5 does not hold, 999 = 1 does not
    "min_long": (1, ["identity"]),
    # 焦 | 炭 over two lines is coke, whose 50 = 10 does not hold
    "min_split": (1, ["identity"]),
    # 2005: 100 = 7 and 50 = 9 do not hold
    "min_years": (1, ["identity"]),
    # 粗苯 is no product of the table
    "min_col": (1, ["not-read"]),
    # a row of it is not understood or the identity holds: 35 is right
    "min_r": (None, []),
    # 100 - 40 - 55 = 5
    "min_d": (0, []),
}


@pytest.mark.parametrize("name", BALANCES)
def test_balances_are_read_whole_or_named(hengtan, name):
    code, out, _ = hengtan("check", "balance", CASES / "balance" / f"{name}.csv", "--json")
    wanted, codes = BALANCES[name]
    report = json.loads(out)
    came = [f["code"] for f in report["findings"] if f["level"] == "error"]
    assert wanted in (None, code)
    assert set(codes) <= set(came)
    assert "应为 60" not in out
    assert report["account"]["figures"] == sum(
        report["account"][part] for part in ("read", "heading", "not_read")
    )


def test_both_years_of_a_balance_are_checked(hengtan):
    _, out, _ = hengtan("check", "balance", CASES / "balance" / "min_years.csv", "--json")
    years = {t["layout"]["year"] for t in json.loads(out)["tables"]}
    columns = {f["column"] for f in json.loads(out)["findings"]}
    assert years == {2004, 2005} and columns == {"原煤（2005）", "焦炭（2005）"}


@pytest.mark.parametrize(("name", "count"), [("basic_parts", 1), ("two_years", 2)])
def test_inventories_of_cities_are_sound(hengtan, name, count):
    code, out, _ = hengtan("check", "gpc", CASES / "gpc" / f"{name}.csv", "--json")
    assert (code, len(json.loads(out)["inventories"])) == (0, count)


RULES = {
    "k29": (1, []),
    "j02": (1, []),
    "j15": (0, ["3.2.1"]),
    "d07": (0, ["重庆中心城区的取值，不是500156自己的"]),
    "i10": (0, ["超许可：罚款上限（条例）：1,000,000.00元"]),
    "j36": (1, ["2"]),
    "a05": (0, ["600"]),
    "j43": (1, ["达标"]),
    "j21": (0, ["2025-01-01—2025-12-31均价", "按价格的 80% 计"]),
    "k05": (0, ["征求意见"]),
}
"""Exit status and words that must be said: the price is that of 主城区, the emission above the
permit has its own fine, the draft is called one."""


@pytest.mark.parametrize("name", RULES)
def test_rules_guess_nothing(hengtan, name):
    code, out, err = hengtan("calc", CASES / "rules" / f"{name}.yaml")
    wanted, words = RULES[name]
    assert wanted in (None, code)
    assert all(word in out + err for word in words)


def of_table(hengtan, tmp_path, rule, path):
    """The exit status of a calculated table and its rows."""
    to = tmp_path / "o.csv"
    code, _, _ = hengtan("calc", "--rule", rule, "--table", path, "--region", "500000", "--to", to)
    with to.open(encoding="utf-8-sig", newline="") as file:
        return code, list(csv.DictReader(file))


def test_one_count_of_days_for_day_and_night_is_asked_about(hengtan, tmp_path):
    path = CASES / "tables" / "noise_with_company.csv"
    code, (few_days, many_days) = of_table(hengtan, tmp_path, "env_tax.noise", path)
    assert (code, few_days["企业"], few_days["tax"]) == (0, "甲", "")
    assert "超标天数" in few_days["refused"]
    # 20 days are a whole month either way: 20 dB over by day is 11,200, 6 dB by night 700
    assert (many_days["企业"], float(many_days["tax"])) == ("乙", 11_900.0)


def test_a_table_of_noise_is_no_table_of_water(hengtan, tmp_path):
    path = CASES / "tables" / "colour_as_multiple.csv"
    code, (row,) = of_table(hengtan, tmp_path, "env_tax.water", path)
    assert (code, row["tax"]) == (1, "") and "昼间标准" in row["refused"]
