"""Foreign balances: the published Chongqing table of 2014; made tables that close, in every layout;
a cell off by ten is named.
"""

import csv
import random

import openpyxl
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from hengtan import packs
from hengtan.accounts.energy.foreign import read_balance
from hengtan.accounts.energy.foreign_checks import check_identities
from hengtan.accounts.energy.foreign_coefficient import infer_electricity_coefficient
from hengtan.basis.errors import HengtanError, ParameterNotEstablished
from hengtan.workbooks.balance import check_balance

NAMES = packs.load("cn").rows("balance_names")
PRODUCTS = {
    "raw_coal": "原煤",
    "coke": "焦炭",
    "coke_oven_gas": "焦炉煤气",
    "diesel": "柴油",
    "natural_gas": "天然气",
    "electricity": "电力",
}
TITLES = {
    "S": "一、可供本地区消费的能源量",
    "S.open": "年初库存量",
    "S.prod": "1.一次能源生产量",
    "S.rec": "回收能",
    "S.in": "2.外省（区、市）调入量",
    "S.imp": "3.进口量",
    "S.out": "5.本省（区、市）调出量（-）",
    "S.exp": "6.出口量（-）",
    "S.close": "年末库存量（-）",
    "S.stock": "库存增（-）、减（+）量",
    "T": "二、加工转换投入（-）产出（+）量",
    "T.power": "1.火力发电",
    "T.heat": "2.供热",
    "T.coke": "4.炼焦",
    "T.gas": "6.制气",
    "T.gas_re": "#焦炭再投入量（-）",
    "T.rec": "9.回收能",
    "L": "三、损失量",
    "F": "四、终端消费量",
    "F.1": "（一）第一产业",
    "F.1.agri": "农、林、牧、渔业",
    "F.2": "（二）第二产业",
    "F.2.ind": "工业",
    "F.2.ind.nonenergy": "#用作原料、材料",
    "F.2.cons": "建筑业",
    "F.3": "（三）第三产业",
    "F.3.trans": "交通运输、仓储和邮政业",
    "F.3.trade": "批发和零售业、住宿和餐饮业",
    "F.3.other": "其他",
    "F.4": "（四）居民生活",
    "F.4.urban": "城镇",
    "F.4.rural": "乡村",
    "D": "五、平衡差额",
    "C": "六、消费量合计",
}


def made_table(chance, *, outward=-1, net_stock=True, recovery="T", again=False, levels=True):
    """Cells that close exactly in hundredths, by row and product; stored signs as asked."""
    cells = {}
    for product in PRODUCTS:
        draw = {
            row: chance.randrange(1, 10**6)
            for row in (
                "S.prod",
                "S.in",
                "S.imp",
                "S.out",
                "S.exp",
                "S.open",
                "S.close",
                "rec",
                "L",
                "F.1.agri",
                "F.2.ind",
                "F.2.cons",
                "F.3.trans",
                "F.3.trade",
                "F.3.other",
                "F.4.urban",
                "F.4.rural",
            )
        }
        draw |= {
            row: chance.randrange(-(10**6), 10**6)
            for row in ("T.power", "T.heat", "T.coke", "T.gas")
        }
        column = {
            r: draw[r]
            for r in (
                "S.prod",
                "S.in",
                "S.imp",
                "L",
                "F.1.agri",
                "F.2.ind",
                "F.2.cons",
                "F.3.trans",
                "F.3.trade",
                "F.3.other",
                "F.4.urban",
                "F.4.rural",
                "T.power",
                "T.heat",
                "T.coke",
                "T.gas",
            )
        }
        column |= {"S.out": outward * draw["S.out"], "S.exp": outward * draw["S.exp"]}
        supply = (
            draw["S.prod"]
            + draw["S.in"]
            + draw["S.imp"]
            - draw["S.out"]
            - draw["S.exp"]
            + draw["S.open"]
            - draw["S.close"]
        )
        if net_stock:
            column["S.stock"] = draw["S.open"] - draw["S.close"]
        else:
            column |= {"S.open": draw["S.open"], "S.close": outward * draw["S.close"]}
        turned = draw["T.power"] + draw["T.heat"] + draw["T.coke"] + draw["T.gas"]
        column[f"{recovery}.rec"] = draw["rec"]
        supply, turned = (
            (supply + draw["rec"], turned) if recovery == "S" else (supply, turned + draw["rec"])
        )
        if again:
            column["T.gas_re"] = -draw["L"]
            turned -= draw["L"]
        column["F.2.ind.nonenergy"] = draw["F.2.ind"] // 3
        groups = {
            "F.1": draw["F.1.agri"],
            "F.2": draw["F.2.ind"] + draw["F.2.cons"],
            "F.3": draw["F.3.trans"] + draw["F.3.trade"] + draw["F.3.other"],
            "F.4": draw["F.4.urban"] + draw["F.4.rural"],
        }
        final = sum(groups.values())
        column |= groups if levels else {"F.4": groups["F.4"]}
        column |= {"S": supply, "T": turned, "F": final, "D": supply + turned - draw["L"] - final}
        inputs = sum(
            -column[r]
            for r in ("T.power", "T.heat", "T.coke", "T.gas", "T.gas_re", "T.rec")
            if column.get(r, 0) < 0
        )
        column["C"] = final + draw["L"] + inputs
        cells |= {(row, product): value / 100 for row, value in column.items()}
    return cells


def lines_of(cells, *, transposed=False, unit="万吨", notes=True):
    order = [row for row in TITLES if any(r == row for r, _ in cells)]
    grid = [[f"单位：{unit}", *[""] * len(PRODUCTS)], ["项　目", *PRODUCTS.values()]]
    grid += [
        [TITLES[row], *(f"{cells[row, p]:,.2f}" if (row, p) in cells else "-" for p in PRODUCTS)]
        for row in order
    ]
    if notes:
        grid.append(["注：本表按实物量计算。", *[""] * len(PRODUCTS)])
    if transposed:
        grid = [list(column) for column in zip(*grid, strict=True)]
    return [(number, row) for number, row in enumerate(grid, 1)]


def checked(cells, **layout):
    return check_identities(read_balance(lines_of(cells, **layout), NAMES))


LAYOUT = st.fixed_dictionaries(
    {
        "outward": st.sampled_from([-1, 1]),
        "net_stock": st.booleans(),
        "recovery": st.sampled_from(["S", "T"]),
        "again": st.booleans(),
        "levels": st.booleans(),
    }
)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(seed=st.integers(0, 10**9), layout=LAYOUT, transposed=st.booleans())
def test_a_table_that_closes_is_accepted_in_every_layout(seed, layout, transposed):
    result = checked(made_table(random.Random(seed), **layout), transposed=transposed)
    assert not result.suspects and not [r for r in result.results if r.state == "broken"]
    assert {r.identity for r in result.results if r.state == "holds"} >= {
        "I1",
        "I2",
        "I3",
        "I4",
        "I5",
        "I10",
    }


SIGNED = {"outward": -1, "net_stock": False, "recovery": "S", "again": True, "levels": True}
"""A layout with negative outward flows, two stocks and recovery in the supply."""


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(seed=st.integers(0, 10**9), layout=LAYOUT, by=st.sampled_from([10.0, -10.0, 1000.0]))
@example(seed=14847, layout=SIGNED, by=1000.0)  # exports of diesel -227.41 become positive
@example(seed=17878, layout=SIGNED, by=1000.0)  # a closing stock of -23.67 becomes positive
@example(seed=17168, layout=SIGNED, by=-10.0)  # an opening stock of 0.41 becomes negative
@example(seed=20391, layout=SIGNED | {"recovery": "T", "again": False}, by=-10.0)  # transport 4.95
def test_a_cell_off_by_ten_is_among_the_cells_named(seed, layout, by):
    chance = random.Random(seed)
    cells = made_table(chance, **layout)
    row, product = chance.choice([(r, p) for r, p in cells if r not in ("F.2.ind.nonenergy",)])
    cells[row, product] += by
    result = checked(cells)
    (suspect,) = result.suspects
    assert suspect.column == product
    named = [r for r, _ in suspect.cells]
    assert row in named and len(named) <= 9
    if row in ("S", "T", "F", "F.2", "F.3", "D"):
        assert len(named) <= 2
    assert abs(suspect.change) == pytest.approx(
        abs(by), abs=0.05
    )  # by which sign depends on how the row is stored


def test_bilingual_titles_in_one_cell_are_read():
    english = {
        "raw_coal": "Raw Coal",
        "coke": "Coke",
        "coke_oven_gas": "Coke Oven Gas",
        "diesel": "Diesel Oil",
        "natural_gas": "Natural Gas",
        "electricity": "Electricity",
    }
    lines = [
        (
            n,
            [
                {PRODUCTS[p]: f"{PRODUCTS[p]}\n{english[p]}" for p in PRODUCTS}.get(cell, cell)
                for cell in row
            ],
        )
        for n, row in lines_of(made_table(random.Random(4)))
    ]
    lines = [
        (
            n,
            [
                f"{row[0]} Total Primary Energy Supply"
                if row[0] == TITLES["S"]
                else f"{row[0]}  Industry"
                if row[0] == "工业"
                else row[0],
                *row[1:],
            ],
        )
        for n, row in lines
    ]
    result = read_balance(lines, NAMES)
    assert (
        set(result.columns) == set(PRODUCTS)
        and {"S", "F.2.ind"} <= set(result.rows)
        and not check_identities(result).suspects
    )


def test_totals_over_products_tell_cells_apart(tmp_path):
    cells = made_table(random.Random(5))
    rows = {r for r, _ in cells}
    totals = {r: sum(v for (q, _), v in cells.items() if q == r) for r in rows}
    cells["S.imp", "diesel"] += 10
    path = tmp_path / "平衡表.xlsx"
    book = openpyxl.Workbook()
    for line in [
        ["某市（虚构）能源平衡表（标准量）2023"],
        ["项目", *PRODUCTS.values(), "能源合计"],
        ["", *["万吨标准煤"] * 7],
        *[
            [TITLES[r], *(round(cells[r, p], 2) for p in PRODUCTS), round(totals[r], 2)]
            for r in TITLES
            if r in rows
        ],
    ]:
        book.active.append(line)
    book.save(path)
    errors = [
        f for f in check_balance(path).findings if f.level == "error" and f.code == "identity"
    ]
    named = [f for f in errors if f.where.column == "柴油"]
    assert len(named) == 1 and "进口量" in named[0].zh and "应为" in named[0].zh, [
        str(f) for f in errors
    ]
    line = next(
        n
        for n, row in enumerate(book.active.iter_rows(values_only=True), 1)
        if row[0] == TITLES["S.imp"]
    )
    assert named[0].where.row == line and named[0].where.sheet == book.active.title


def test_a_gbk_csv_is_read_and_the_cell_has_its_line(tmp_path):
    cells = made_table(random.Random(11))
    cells["F", "coke"] += 10
    path = tmp_path / "平衡表.csv"
    with path.open("w", encoding="gbk", newline="") as file:
        csv.writer(file).writerows(row for _, row in lines_of(cells))
    report = check_balance(path)
    (matches,) = [f for f in report.findings if f.level == "error"]
    assert "终端消费量" in matches.zh and matches.where.column == "焦炭" and not report.sound


def test_words_that_are_no_numbers_are_told(tmp_path):
    cells = made_table(random.Random(3))
    path = tmp_path / "b.csv"
    grid = [row for _, row in lines_of(cells)]
    grid[5][2] = "约三百"
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows(grid)
    assert any(f.code == "unread" and f.where.row == 6 for f in check_balance(path).findings)


def test_what_is_no_balance_is_refused(tmp_path):
    path = tmp_path / "b.csv"
    path.write_text("年份,产值\n2020,1\n2021,2\n", encoding="utf-8")
    with pytest.raises(HengtanError, match="能源平衡表"):
        check_balance(path)


@pytest.fixture(scope="module")
def chongqing(facts):
    return check_balance(facts / "chongqing" / "energy_balance_2014.csv")


def test_the_2014_table_of_chongqing_closes_in_each_of_its_24_columns(chongqing):
    assert len(chongqing.balance.columns) == 24 and chongqing.sound, [
        str(f) for f in chongqing.findings
    ]
    for identity in ("I1", "I2", "I3", "I4"):
        mine = [r for r in chongqing.checked.results if r.identity == identity]
        assert len(mine) == 24 and all(r.state == "holds" or "为空" in r.reason for r in mine)
        assert all(abs(r.gap) <= 0.0001 for r in mine if r.state == "holds"), identity
    others = {
        r.identity: r
        for r in chongqing.checked.results
        if r.state == "not_applicable" and not r.column
    }
    assert set(others) == {"I5", "I6", "I7", "I8", "I9", "I11", "I12"} and all(
        r.reason for r in others.values()
    )


def test_the_2014_table_says_how_it_is_laid_out(chongqing):
    choices = "；".join(chongqing.checked.choices)
    assert (
        "调出量" in choices
        and "负数" in choices
        and "增减一行" in choices
        and "回收能列在加工转换" in choices
    )
    assert any("合计" in note and "+0.8479" in note for note in chongqing.checked.notes), (
        "the columns exceed the printed total by 0.848 (facts)"
    )


@pytest.mark.parametrize("seed", range(12))
def test_a_cell_of_the_2014_table_off_by_ten_is_named_or_narrowed(facts, tmp_path, seed):
    with (facts / "chongqing" / "energy_balance_2014.csv").open(
        encoding="utf-8-sig", newline=""
    ) as file:
        grid = list(csv.reader(file))
    chance = random.Random(seed)
    row, column = chance.choice(
        [
            (r, c)
            for r in range(2, len(grid))
            for c in range(3, 24)
            if grid[r][c] and not grid[r][1].startswith("#")
        ]
    )
    title, label = grid[1][column], grid[row][1]
    grid[row][column] = str(float(grid[row][column]) + 10)
    path = tmp_path / "off.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows(grid)
    errors = [f for f in check_balance(path).findings if f.code == "identity"]
    assert len(errors) == 1 and errors[0].where.column == title and label in errors[0].zh


def test_the_electricity_coefficient_is_found_from_two_tables_and_refused_where_rows_disagree():
    cells = made_table(random.Random(2))
    power = {k: v for k, v in cells.items() if k[1] == "electricity"}

    def table(coefficients, unit, standard):
        result = read_balance(
            lines_of(
                {
                    k: v * coefficients.get(k[0], coefficients["*"]) if standard else v
                    for k, v in power.items()
                },
                unit=unit,
            ),
            NAMES,
        )
        return result

    physical = table({"*": 1}, "亿千瓦时", False)
    # 10^8 kWh at 0.305 kgce/kWh is 3.05 x 10^4 tce
    matches = infer_electricity_coefficient(table({"*": 3.05}, "万吨标准煤", True), physical)
    assert (
        matches.value == pytest.approx(0.305, rel=1e-3)
        and matches.convention == "equivalent"
        and matches.sure
    )
    assert (
        infer_electricity_coefficient(table({"*": 1.229}, "万吨标准煤", True), physical).convention
        == "calorific"
    )
    with pytest.raises(ParameterNotEstablished, match="不一致"):
        infer_electricity_coefficient(table({"*": 3.05, "F": 1.229}, "万吨标准煤", True), physical)
    with pytest.raises(ParameterNotEstablished):
        infer_electricity_coefficient(physical)
