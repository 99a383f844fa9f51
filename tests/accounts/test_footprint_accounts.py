"""Accounts of product footprints: factors of the packs, units, allocation and carbon kinds from
rows; design variants; suppliers; and from an Excel file to the figure.
"""

import pytest
from openpyxl import load_workbook

from hengtan.basis.actor import Actor
from hengtan.basis.errors import HengtanError, ImportRejected
from hengtan.desk.evidence import import_file
from hengtan.graph.said import say_missing

LAMP, LED = "合成灯具（虚构）", "合成灯具改型（虚构）"
MARKS = {"technology": 1, "time": 2, "geography": 1, "completeness": 2, "reliability": 1}


def row(process, direction, flow, amount, unit=None, **more):
    return {
        "system": LAMP,
        "period": "2023",
        "process": process,
        "direction": direction,
        "flow": flow,
        "amount": amount,
        "unit": unit,
    } | more


def cup():
    """1 case of 2 kg aluminium made with 30 kWh, used with 1000 kWh, burnt with 4 kg of diesel on
    the road.
    """
    return [
        row("压铸", "output", "灯壳", 1.0, "件", stage="production", **MARKS),
        row("压铸", "input", "铝", 2000.0, "kg"),
        row(
            "压铸",
            "emission",
            "电",
            30.0,
            "kWh",
            factor_from="power",
            factor_name="全国电力平均",
            primary_data=True,
        ),
        row("电解铝", "output", "铝", 1.0, "t", stage="raw_material"),
        row("电解铝", "emission", "电解", 12.0, "t", source_title="合成", confidence="recalled"),
        row("运输", "output", "送达灯具", 1.0, "件", stage="distribution"),
        row("运输", "input", "灯壳", 1.0, "件"),
        row("运输", "emission", "柴油", 4.0, "kg", factor_from="fuel", factor_name="柴油"),
        row("点亮", "output", "照明", 1.0, "件", stage="use"),
        row("点亮", "input", "送达灯具", 1.0, "件"),
        row(
            "点亮",
            "emission",
            "电",
            1.0,
            "MWh",
            factor_from="power",
            factor_name="national_average",
        ),
        row("功能单位", "demand", "照明", 1.0, "件"),
    ]


def only(table):
    (matches,) = table.to_pylist()
    return matches


def test_factors_come_from_the_packs_in_their_units(accounts):
    graph = accounts({"footprint_exchanges": cup()})
    result = {
        (r["process"], r["flow"]): r
        for r in graph.execute("carbon_footprint_exchanges").to_pylist()
    }
    # announced 2023 national average: 0.6205 kg CO2e/kWh
    assert result["压铸", "电"]["emission"] == pytest.approx(30 * 0.6205) and result["点亮", "电"][
        "emission"
    ] == pytest.approx(1000 * 0.6205)
    # diesel of the 2015 enterprise guides: 43.33 GJ/t x 20.2 kgC/GJ x 0.98 x 44/12, printed there
    # as 3.1451 tCO2/t
    assert result["运输", "柴油"]["emission"] == pytest.approx(4 * 3.1451, rel=2e-5)
    total = only(graph.execute("carbon_footprint"))
    # 2000 kg = 2 t of aluminium at 12 t each
    assert (
        total["total"] == pytest.approx(1030 * 0.6205 + 4 * 3.1451 + 24000.0, rel=1e-7)
        and total["missing"] is None
    )
    assert total["functional_unit"] == "1 件 照明" and (
        total["functional_amount"],
        total["functional_canonical"],
    ) == (1.0, "count")
    assert total["primary_share"] == pytest.approx(30 * 0.6205 / total["total"]) and total[
        "recalled_share"
    ] == pytest.approx(24000 / total["total"])
    assert (
        total["quality"] is None
        and total["rated_share"] == pytest.approx(30 * 0.6205 / total["total"])
        and total["quality_mean"] == pytest.approx(7 / 5)
    )
    tree = graph.explain("carbon_footprint", {"system": LAMP, "year": 2023}, shown=30)
    files = {leaf.origin.get("_file") for leaf in tree.leaves()}
    assert {
        "footprint_exchanges.xlsx",
        "cn/power_footprint_factors.csv",
        "cn/fuel_factors.csv",
    } <= files


def test_every_kind_of_part_adds_to_the_total(accounts):
    graph = accounts({"footprint_exchanges": cup()})
    total = only(graph.execute("carbon_footprint"))["total"]
    parts = graph.execute("carbon_footprint_parts").to_pylist()
    assert {r["kind"] for r in parts} == {"process", "flow", "stage", "gas", "tier"}
    for kind in ("process", "flow", "stage", "gas", "tier"):
        assert sum(r["value"] for r in parts if r["kind"] == kind) == pytest.approx(total)
    by_key = graph.execute("carbon_footprint_contributions").to_pylist()
    assert sum(r["value"] for r in by_key) == pytest.approx(total) and sum(
        r["share"] for r in by_key
    ) == pytest.approx(1.0)
    road = next(
        r
        for r in graph.execute("carbon_footprint_paths").to_pylist()
        if r["path"] == "点亮 ← 运输 ← 压铸 ← 电解铝"
    )
    assert road["value"] == pytest.approx(24000.0) and road["tier"] == 3


def test_the_result_does_not_depend_on_units_or_the_order_of_rows(accounts):
    other = [
        r | ({"amount": r["amount"] / 1000, "unit": "t"} if r["unit"] == "kg" else {})
        for r in reversed(cup())
    ]
    first, second = (
        only(accounts({"footprint_exchanges": rows}).execute("carbon_footprint"))["total"]
        for rows in (cup(), other)
    )
    assert first == pytest.approx(second, rel=1e-12)


def test_a_functional_unit_ten_times_as_large_has_ten_times_the_footprint(accounts):
    ten = [r | {"amount": 10.0} if r["direction"] == "demand" else r for r in cup()]
    first, second = (
        only(accounts({"footprint_exchanges": rows}).execute("carbon_footprint"))["total"]
        for rows in (cup(), ten)
    )
    assert second == pytest.approx(10 * first)


def test_gases_count_at_the_named_potentials(accounts):
    rows = [
        row("牧场", "output", "奶", 1.0, "t"),
        row("牧场", "emission", "肠道发酵", 20.0, "kg", gas="CH4"),
        row("牧场", "emission", "粪便", 2.0, None, gas="N2O"),
        row("牧场", "emission", "泄漏", 3.0, "台", factor=0.5, gas="HFC-134a", source_title="合成"),
        row("牧场", "demand", "奶", 1.0, "kg"),
    ]
    for chosen, potentials in (
        ("AR6", (27.9, 273, 1530)),
        ("AR4", (25, 298, 1430)),
    ):  # IPCC 2021 table 7.SM.7; IPCC 2007 table 2.14
        graph = accounts({"footprint_exchanges": rows}, footprint_gwp_set=chosen)
        result = only(graph.execute("carbon_footprint"))
        assert (
            result["total"]
            == pytest.approx((20 * potentials[0] + 2 * potentials[1] + 1.5 * potentials[2]) / 1000)
            and result["gwp_set"] == chosen
        )


@pytest.mark.parametrize(
    ("basis", "values", "steam_share"),
    [
        ("mass", (None, None), 8 / 10),
        ("energy", (2.8, 3.6), 8 * 2.8 / (8 * 2.8 + 2 * 3.6)),
        ("value", (100.0, 400.0), 0.5),
        ("given", (0.3, 0.7), 0.3),
    ],
)
def test_joint_products_by_the_basis_their_rows_declare(accounts, basis, values, steam_share):
    column = "allocation" if basis == "given" else "allocation_value"
    rows = [
        row("联产", "output", "甲", 8.0, "t", allocation_basis=basis, **{column: values[0]}),
        row(
            "联产",
            "output",
            "乙",
            2000.0 if basis == "mass" else 2.0,
            "kg" if basis == "mass" else "t",
            allocation_basis=basis,
            **{column: values[1]},
        ),
        row("联产", "emission", "过程", 100.0, "kg"),
    ]
    first = only(
        accounts({"footprint_exchanges": [*rows, row("单位", "demand", "甲", 8.0, "t")]}).execute(
            "carbon_footprint"
        )
    )
    second = only(
        accounts({"footprint_exchanges": [*rows, row("单位", "demand", "乙", 2.0, "t")]}).execute(
            "carbon_footprint"
        )
    )
    assert first["total"] == pytest.approx(100 * steam_share) and first["total"] + second[
        "total"
    ] == pytest.approx(100.0)
    assert say_missing(first["allocation"]).startswith("联产/甲：")


def test_a_by_product_displaces_the_process_its_row_names_and_scrap_is_cut_off(accounts):
    rows = [
        row("电站", "output", "电", 10.0, "kWh"),
        row("电站", "output", "余热", 18.0, "MJ", allocation_basis="substitution", provider="锅炉"),
        row("电站", "emission", "燃烧", 10.0, "kg"),
        row("电站", "input", "废料", 1.0, "t", allocation_basis="cut_off"),
        row("锅炉", "output", "热", 90.0, "MJ"),
        row("锅炉", "emission", "燃烧", 9.0, "kg"),
        row("单位", "demand", "电", 10.0, "度"),
    ]
    with_heat = [{**r, "flow": "热"} if r["flow"] == "余热" else r for r in rows]
    for inputs in (rows[:1] + rows[2:], with_heat):
        result = only(accounts({"footprint_exchanges": inputs}).execute("carbon_footprint"))
        assert (
            result["total"] == pytest.approx(8.2 if inputs is with_heat else 10.0)
            and result["cut_off"] == "电站/废料"
        )
    # by-product and displaced product bear different names: the provider's only product is
    # displaced
    assert only(accounts({"footprint_exchanges": rows}).execute("carbon_footprint"))[
        "total"
    ] == pytest.approx(8.2)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda r: r | {"period": "2022"}, "2022年没有电力碳足迹因子“全国电力平均”"),
        (
            lambda r: r | {"factor_name": "月球电力"} if r.get("factor_from") == "power" else r,
            "没有电力碳足迹因子“月球电力”",
        ),
        (
            lambda r: r | {"factor_name": "不存在"} if r.get("factor_from") == "fuel" else r,
            "没有“不存在”的热值",
        ),
        (
            lambda r: r | {"unit": "kg"} if r["flow"] == "电" else r,
            "计量单位“kg”与因子“全国电力平均”不符",
        ),
        (
            lambda r: r | {"unit": "件"} if r["flow"] == "电解" else r,
            "排放没有因子，数量也不是质量",
        ),
        (
            lambda r: r | {"unit": "件"} if r["flow"] == "铝" and r["direction"] == "input" else r,
            "“铝”的计量单位不能换算",
        ),
        (
            lambda r: r | {"direction": "input", "unit": "件"} if r["direction"] == "demand" else r,
            "没有功能单位行",
        ),
    ],
)
def test_what_is_missing_is_named_with_its_row(accounts, change, words):
    result = only(
        accounts({"footprint_exchanges": [change(r) for r in cup()]}).execute("carbon_footprint")
    )
    assert result["total"] is None and words in say_missing(result["missing"])
    assert "功能单位" in say_missing(
        result["missing"]
    ) or "footprint_exchanges.xlsx 工作表“填报” 第" in say_missing(result["missing"])


def test_the_same_inventory_handed_in_twice_is_not_added(accounts):
    result = only(accounts({"footprint_exchanges": cup() + cup()}).execute("carbon_footprint"))
    assert result["total"] is None and "报了两次" in say_missing(result["missing"])


def test_carbon_of_burnt_biomass_is_biogenic_whatever_the_row_says(accounts):
    rows = [
        row("炉", "output", "热", 1.0, "GJ"),
        row("炉", "emission", "木材", 100.0, "kg", factor_from="fuel", factor_name="木材/木废料"),
        row("炉", "emission", "甲烷", 1.0, "kg", gas="CH4_nonfossil"),
        row("炉", "demand", "热", 1.0, "GJ"),
    ]
    result = only(
        accounts({"footprint_exchanges": rows}, enterprise_factor_set="ipcc2006").execute(
            "carbon_footprint"
        )
    )
    # IPCC 2006 vol. 2 ch. 2: wood 112 t CO2/TJ on 15.6 TJ/Gg; AR6 non-fossil methane 27.0
    assert result["biogenic"] == pytest.approx(0.1 * 15.6 * 112, rel=2e-3) and result[
        "total"
    ] == pytest.approx(27.0)


def test_years_and_systems_are_apart_and_an_empty_ledger_gives_none(accounts):
    graph = accounts({"footprint_exchanges": cup() + [r | {"period": "2024"} for r in cup()]})
    by_key = {r["year"]: r["total"] for r in graph.execute("carbon_footprint").to_pylist()}
    assert by_key[2023] - by_key[2024] == pytest.approx(
        1030 * (0.6205 - 0.5777)
    )  # announced national averages of the two years
    for name in (
        "carbon_footprint",
        "carbon_footprint_parts",
        "carbon_footprint_contributions",
        "carbon_footprint_paths",
        "carbon_footprint_variants",
        "carbon_footprint_suppliers",
        "carbon_supply_chain",
    ):
        assert accounts({}).execute(name).num_rows == 0


def test_design_variants_beside_their_base(accounts):
    lighter = [
        r
        | {"system": LED}
        | ({"amount": 500.0} if r["unit"] == "kg" and r["flow"] == "铝" else {})
        | ({"variant_of": LAMP} if r["direction"] == "demand" else {})
        for r in cup()
    ]
    lighter = [r | {"amount": 0.5} if r["unit"] == "MWh" else r for r in lighter]
    lighter += [
        row("回收", "output", "回收服务", 1.0, "件", stage="end_of_life", system=LED),
        row("回收", "emission", "拆解", 7.0, "kg", system=LED),
        row("点亮", "input", "回收服务", 1.0, "件", system=LED),
    ]
    graph = accounts({"footprint_exchanges": cup() + lighter})
    by_key = {
        r["stage"]: r["difference"] for r in graph.execute("carbon_footprint_variants").to_pylist()
    }
    assert by_key == pytest.approx(
        {
            "raw_material": -18000.0,
            "production": 0.0,
            "distribution": 0.0,
            "use": -500 * 0.6205,
            "end_of_life": 7.0,
        }
    )
    totals = {r["system"]: r["total"] for r in graph.execute("carbon_footprint").to_pylist()}
    assert sum(by_key.values()) == pytest.approx(totals[LED] - totals[LAMP])


def bought(supplier, product, amount, unit, **more):
    return {
        "place": "500156",
        "entity": "91500000000000001A",
        "entity_name": "合成链主（虚构）",
        "period": "2023",
        "supplier": supplier,
        "product": product,
        "amount": amount,
        "unit": unit,
        "confidence": "read",
    } | more


def test_upstream_emissions_take_the_suppliers_own_footprint_before_a_factor(accounts):
    graph = accounts(
        {
            "footprint_exchanges": cup(),
            "supplier_purchases": [
                bought("甲", "灯具", 3.0, "件", supplier_system=LAMP, factor=1.0),
                bought("乙", "纸箱", 2.0, "t", supplier_footprint=800.0, source_title="合成声明"),
                bought(
                    "乙", "胶", 100.0, "kg", factor=2.0, source_title="合成", confidence="recalled"
                ),
                bought("丙", "螺丝", 5.0, "kg"),
                bought("丁", "灯", 1.0, "kg", supplier_system=LAMP),
                bought("丁", "灯2", 1.0, "件", supplier_system="没有的系统"),
            ],
        }
    )
    lamp = only(graph.execute("carbon_footprint"))["total"]
    rows = {r["product"]: r for r in graph.execute("carbon_supplier_purchases").to_pylist()}
    assert (
        rows["灯具"]["emission"] == pytest.approx(3 * lamp)
        and rows["纸箱"]["emission"] == 1600.0
        and rows["胶"]["emission"] == 200.0
    )
    assert (
        "没有供应商碳足迹" in say_missing(rows["螺丝"]["missing"])
        and "功能单位不符" in say_missing(rows["灯"]["missing"])
        and "没有清单" in say_missing(rows["灯2"]["missing"])
    )
    by = {r["supplier"]: r for r in graph.execute("carbon_footprint_suppliers").to_pylist()}
    assert (
        by["乙"]["value"] == 1800.0
        and by["乙"]["own_share"] == pytest.approx(1600 / 1800)
        and by["乙"]["recalled_share"] == pytest.approx(200 / 1800)
    )
    assert (
        by["丙"]["value"] is None
        and by["丁"]["missing_rows"] == 2
        and by["甲"]["confidence"] == "recalled"
    )
    chain = only(graph.execute("carbon_supply_chain"))
    assert chain["value"] == pytest.approx(3 * lamp + 1800) and (
        chain["suppliers"],
        chain["purchases"],
        chain["missing_rows"],
    ) == (4, 6, 3)
    tree = graph.explain(
        "carbon_supply_chain", {"entity": "91500000000000001A", "year": 2023}, shown=30
    )
    assert {"supplier_purchases.xlsx", "footprint_exchanges.xlsx"} <= {
        leaf.origin.get("_file") for leaf in tree.leaves()
    }


def filled(workspace, path, rows):
    """The form's own template, filled by the titles a person sees."""
    from hengtan.desk.lookups import choices
    from hengtan.report.sheet.form_template import FILL, write_template

    write_template(
        workspace.form("footprint_exchanges"),
        path,
        places=workspace.pack.places(),
        lookups=choices(workspace),
    )
    book = load_workbook(path)
    sheet = book[FILL]
    heads = {
        str(cell.value).rstrip("*").split("（")[0]: cell.column for cell in sheet[3] if cell.value
    }
    for line, inputs in enumerate(rows, 4):
        for title, value in inputs.items():
            sheet.cell(line, heads[title], value)
    book.save(path)
    return path


SHEET = [
    {
        "产品系统": LAMP,
        "时期": "2023",
        "过程": "压铸",
        "方向": "产出",
        "名称": "灯壳",
        "数量": 1,
        "计量单位": "件",
    },
    {
        "产品系统": LAMP,
        "时期": "2023",
        "过程": "压铸",
        "方向": "投入",
        "名称": "铝",
        "数量": 2000,
        "计量单位": "千克",
    },
    {
        "产品系统": LAMP,
        "时期": "2023",
        "过程": "压铸",
        "方向": "排放",
        "名称": "电",
        "数量": 30,
        "计量单位": "度",
        "因子取自": "电力碳足迹因子",
        "因子名称": "风力发电",
        "初级数据": "是",
    },
    {
        "产品系统": LAMP,
        "时期": "2023",
        "过程": "电解铝",
        "阶段": "原材料获取",
        "方向": "产出",
        "名称": "铝",
        "数量": 1,
        "计量单位": "吨",
    },
    {
        "产品系统": LAMP,
        "时期": "2023",
        "过程": "电解铝",
        "方向": "排放",
        "名称": "电解",
        "数量": 1,
        "计量单位": "吨",
        "排放因子": 12000,
        "来源": "合成资料",
    },
    {
        "产品系统": LAMP,
        "时期": "2023",
        "过程": "单位",
        "方向": "功能单位",
        "名称": "灯壳",
        "数量": 1,
        "计量单位": "套",
    },
]


def test_from_an_excel_sheet_to_the_footprint_and_back_to_its_line(workspace, tmp_path):
    path = filled(workspace, tmp_path / "碳足迹.xlsx", SHEET)
    taken = import_file(workspace, "footprint_exchanges", path, actor=Actor("张三"), approve=True)
    assert taken.rows == 6 and [str(f) for f in taken.findings] == []
    (result,) = workspace.execute("carbon_footprint").to_pylist()
    # wind power of the 2023 announcement 0.0336 kg/kWh; 2 t of aluminium at 12 t
    assert result["missing"] is None and result["total"] == pytest.approx(30 * 0.0336 + 24000)
    tree = workspace.explain("carbon_footprint", {"system": LAMP, "year": 2023})
    assert {
        (leaf.origin["_file"], leaf.origin["_source_row"])
        for leaf in tree.leaves()
        if leaf.kind == "ledger"
    } == {("碳足迹.xlsx", n) for n in range(4, 10)}


@pytest.mark.parametrize(
    ("line", "change", "words"),
    [
        (0, {"数量": 0}, "须大于零"),
        (2, {"因子名称": None}, "因子没有名称"),
        (1, {"排放因子": 3}, "只有排放行有排放因子"),
        (0, {"分配方法": "能量"}, "须填分配参数"),
        (1, {"分配方法": "质量"}, "只填在产出行"),
        (0, {"计量单位": "公分升"}, "单位"),
        (0, {"分配方法": "替代"}, "替代法须填被替代的过程"),
        (1, {"数量": -2000}, "投入的数量为负"),
        (1, {"数量": "-2", "计量单位": "吨"}, "投入的数量为负"),
        (1, {"数量": -0.5, "分配方法": "截断"}, "投入的数量为负"),
    ],
)
def test_a_sheet_that_contradicts_itself_is_refused_with_its_line(
    workspace, tmp_path, line, change, words
):
    rows = [
        {k: v for k, v in (r | (change if n == line else {})).items() if v is not None}
        for n, r in enumerate(SHEET)
    ]
    with pytest.raises(ImportRejected) as refused:
        import_file(
            workspace,
            "footprint_exchanges",
            filled(workspace, tmp_path / "坏.xlsx", rows),
            actor=Actor("张三"),
        )
    assert isinstance(refused.value, HengtanError)
    assert any(words in str(f) and f.where.row == line + 4 for f in refused.value.findings), [
        str(f) for f in refused.value.findings
    ]


def test_a_treatment_service_is_an_input_with_a_positive_amount(workspace, tmp_path):
    """10 kWh at 0.5 kg and 2 kg of waste treated at 3 kg: 5 + 6 = 11; −2 kg would have been −1."""
    lines = [
        ("装配", "产出", "甲木板", 1, "件"),
        ("装配", "投入", "电力", 10, "千瓦时"),
        ("发电", "产出", "电力", 1, "千瓦时"),
        ("发电", "排放", "二氧化碳", 0.5, "千克"),
        ("装配", "投入", "废料处理", 2, "千克"),
        ("处理", "产出", "废料处理", 1, "千克"),
        ("处理", "排放", "二氧化碳", 3, "千克"),
        ("装配", "功能单位", "甲木板", 1, "件"),
    ]
    titles = ("过程", "方向", "名称", "数量", "计量单位")
    shared = {"产品系统": "甲木板", "时期": "2024", "来源": "表"}
    rows = [shared | dict(zip(titles, line, strict=True)) for line in lines]
    path = filled(workspace, tmp_path / "木板.xlsx", rows)
    import_file(workspace, "footprint_exchanges", path, actor=Actor("张三"), approve=True)
    table = workspace.execute("carbon_footprint").to_pylist()
    assert [row["total"] for row in table if row["system"] == "甲木板"] == [pytest.approx(11.0)]
