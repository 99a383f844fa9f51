"""How rules refuse, look up and explain; money shared exactly; rules of one formula the same on a
case and on a table.
"""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date

import ibis
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import Workbook
from typer.testing import CliRunner

import hengtan.cli.main  # noqa: F401 (registers the verbs)
from hengtan import packs
from hengtan.basis.errors import HengtanError, NoSuchRow, ParameterNotEstablished
from hengtan.cli.app import app
from hengtan.desk.cases import Case, compute
from hengtan.desk.labels import checked, signed
from hengtan.instruments.case import PackTables, run
from hengtan.instruments.english import english
from hengtan.instruments.inputs import Input, read_inputs
from hengtan.instruments.on_tables import on_table
from hengtan.instruments.parameters import Parameters
from hengtan.instruments.registry import rules

PACK = packs.load("chongqing")
ROWS = PACK.rows("rule_parameters")
TABLES = PackTables(ROWS, tables={t: PACK.rows(t) for t in ("pollutants", "efficiency_benchmarks")})


def calc(rule: str, day: str, inputs: dict, region: str = "500000", **more):
    return run(
        rules(),
        rule,
        date.fromisoformat(day),
        region,
        inputs,
        TABLES,
        **more,
    )


@pytest.mark.parametrize(
    ("rule", "inputs", "said"),
    [
        ("env_tax.air", {"利润": 3}, "税目里没有“利润”"),
        ("env_tax.air", {"达标了": True}, "没有输入项“达标了”"),
        ("env_tax.air", {"污染物": {"SO2": 3}, "氮氧化物": 3}, "没有输入项“氮氧化物”"),
        ("env_tax.air", {"颗粒物": 3}, "烟尘"),
        ("env_tax.air", {"污染物": [{"浓度": 5}]}, "应写成 名称、数量、单位"),
        ("env_tax.air", {"pollutants": {"SO2": "3 千瓦时"}}, "单位“千瓦时”不对"),
        ("env_tax.air", {"pollutants": {"SO2": -3}}, "不能为负"),
        ("env_tax.air", {"pollutants": {"SO2": "很多"}}, "不是数"),
        ("env_tax.noise", {"over_day": 3, "points": 1.5}, "应为整数"),
        ("env_tax.solid_waste", {"kind": "垃圾", "generated": 1}, "不能是“垃圾”"),
        ("env_tax.solid_waste", {"kind": "尾矿"}, "缺输入项“产生量”"),
        (
            "finance.emc",
            {"investment": 1, "saved": 1, "price": 1, "shares": 3, "life": 1},
            "应为一列数",
        ),
        ("env_tax.water", {"ph": 15, "volume": 1}, "不能大于14"),
        ("review.two_highs", {"two_highs": "大概", "light": 1}, "应为是或否"),
    ],
)
def test_bad_inputs_are_one_clear_line(rule: str, inputs: dict, said: str) -> None:
    with pytest.raises(HengtanError) as error:
        calc(rule, "2024-05-31", inputs)
    assert said in str(error.value) and "\n" not in str(error.value)


@pytest.mark.parametrize(
    ("item", "written", "read"),
    [
        (Input("life", "寿命", unit="年", kind="whole"), "5年", 5),
        (Input("waste", "污水", unit="吨", also={"立方米": 1.0}), "12立方米", 12.0),
        (Input("power", "电量", unit="千瓦时"), "１．５万千瓦时", 15_000.0),
        (Input("rate", "比例"), "12%", 0.12),
        (Input("idle", "停产", kind="flag"), "×", False),
        (Input("rate", "比例", optional=True), "—", None),
        (Input("rate", "比例"), "—", None),
        (Input("list", "清单", kind="amounts"), {"甲": "—"}, None),
        (Input("use", "用途", kind="choice", choices={"a": "公共供水"}), "公共", "a"),
    ],
)
def test_inputs_are_written_as_people_write_cells(item: Input, written: object, read: object):
    """None: refused with the name of the input, or nothing where it may be left out."""
    try:
        assert read_inputs([item], {item.name: written})[item.name] == read
    except HengtanError as error:
        assert read is None and item.required
        assert error.zh.startswith("输入项“") and item.zh in error.zh
        assert english(item.zh) in error.en


@pytest.mark.parametrize("text", ["2025-01-31", "2025年1月31日", "2025/1/31", "20250131"])
def test_a_day_of_a_case(text: str) -> None:
    issued = Input("issued", "发证日期", kind="date")
    assert read_inputs((issued,), {"发证日期": text}) == {"issued": date(2025, 1, 31)}


@pytest.mark.parametrize("text", ["2025年1月", "2025", "去年", "2025-02-30", ""])
def test_what_is_no_day_is_refused_by_its_name(text: str) -> None:
    with pytest.raises(HengtanError, match="发证日期"):
        read_inputs((Input("issued", "发证日期", kind="date"),), {"发证日期": text})


def test_unknown_rules_options_and_days() -> None:
    with pytest.raises(NoSuchRow, match=r"env_tax\.air"):
        calc("env_tax.soil", "2024-05-31", {})
    with pytest.raises(HengtanError, match="没有选项"):
        calc("env_tax.air", "2024-05-31", {"pollutants": {"SO2": 1}}, options={"rond": "none"})
    with pytest.raises(HengtanError, match="不能是“up”"):
        calc("env_tax.air", "2024-05-31", {"pollutants": {"SO2": 1}}, options={"rounding": "up"})
    with pytest.raises(HengtanError, match="适用期：2018-01-01"):
        calc("env_tax.air", "2017-12-31", {"pollutants": {"SO2": 1}})


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("1,234.5", 1234.5),
        ("１２ 千克", 12.0),
        ("0.5吨", 500.0),
        ("3万", 30000.0),
        ("2e3", 2000.0),
        (7, 7.0),
        ("250克", 0.25),
    ],
)
def test_numbers_as_people_write_them(text, value) -> None:
    assert read_inputs((Input("a", "甲", "千克"),), {"甲": text})["a"] == pytest.approx(value)


def row(**cells):
    return {
        "parameter": "x",
        "region": "000000",
        "key": None,
        "value": 1.0,
        "unit": "",
        "valid_from": None,
        "valid_to": None,
        "law": "某法",
        "source": "某处",
        "confidence": "read",
        "certainty": "high",
        "note_zh": None,
        **cells,
    }


def test_the_region_comes_first_then_its_province_then_the_nation_and_nothing_is_borrowed() -> None:
    rows = [
        row(value=1.0),
        row(region="500000", value=2.0, valid_from=date(2020, 1, 1), valid_to=date(2020, 12, 31)),
        row(region="500156", value=3.0, valid_from=date(2021, 1, 1)),
    ]
    assert Parameters.of(rows, date(2021, 5, 1), "500156").value("x") == 3.0
    assert Parameters.of(rows, date(2020, 5, 1), "500101").value("x") == 2.0
    assert Parameters.of(rows, date(2020, 5, 1), "510000").value("x") == 1.0
    with pytest.raises(
        ParameterNotEstablished, match="查某法"
    ):  # the province has the parameter, but not on this day: the nation's is not borrowed
        Parameters.of(rows, date(2021, 5, 1), "500101").value("x")
    with pytest.raises(ParameterNotEstablished, match="没有查实"):
        Parameters.of([row(value=None)], date(2021, 5, 1)).value("x")
    with pytest.raises(ParameterNotEstablished, match="来源不足"):
        Parameters.of([row(certainty="low")], date(2021, 5, 1)).value("x")
    recalled = Parameters.of([row(confidence="recalled")], date(2021, 5, 1))
    assert recalled.value("x") == 1.0 and "凭记忆" in recalled.warnings[0]
    assert Parameters.of(rows, date(2020, 5, 1), overrides={"x": 9}).value("x") == 9.0


def test_a_result_tells_steps_sources_warnings_and_the_least_sure() -> None:
    result = calc("env_tax.water", "2024-05-31", {"pollutants": {"COD": 2700}}).as_dict()
    assert result["outputs"]["tax"] == 8100
    assert result["confidence"] == "recalled"  # the rate since 2021 is recalled
    assert any("凭记忆" in w for w in result["warnings"])
    assert any(s.get("clause") for s in result["steps"]) and {
        p["name"] for p in result["parameters"]
    } >= {"env_tax.water.rate", "env_tax.water.top"}


@given(
    st.floats(1, 1e7),
    st.lists(st.tuples(st.floats(0, 1e6), st.floats(0.1, 5)), min_size=1, max_size=9),
)
def test_money_shared_by_formula_adds_up_to_the_cent(pool: float, rows) -> None:
    receivers = [{"name": str(n), "figure": f, "weight": w} for n, (f, w) in enumerate(rows)]
    if sum(f * w for f, w in rows) <= 0:
        return
    outputs = calc("fund.incentive", "2024-12-31", {"pool": pool, "receivers": receivers}).outputs
    assert round(sum(outputs["shares"]) * 100) == round(pool * 100)


@given(
    st.floats(0, 1e5),
    st.floats(0, 1),
    st.lists(st.tuples(st.floats(0, 1e5), st.booleans()), min_size=1, max_size=8),
    st.booleans(),
)
def test_subsidies_never_exceed_the_budget(budget: float, rate: float, rows, part: bool) -> None:
    outputs = calc(
        "subsidy.budget",
        "2024-12-31",
        {
            "budget": budget,
            "rate": rate,
            "part_payment": part,
            "applications": [
                {"name": str(n), "price": p, "eligible": e} for n, (p, e) in enumerate(rows)
            ],
        },
    ).outputs
    assert outputs["paid"] <= budget + 1e-6
    assert outputs["paid"] + outputs["left"] == pytest.approx(budget, abs=1e-6)


@given(st.lists(st.floats(0, 1), min_size=1, max_size=6), st.floats(0, 0.2), st.floats(0, 1e4))
def test_savings_of_a_contract_are_shared_and_nothing_is_lost(shares, rate, upkeep) -> None:
    outputs = calc(
        "finance.emc",
        "2024-12-31",
        {
            "investment": 1000,
            "saved": 300,
            "price": 2,
            "shares": shares,
            "life": 8,
            "discount": rate,
            "upkeep": upkeep,
        },
    ).outputs
    assert outputs["company_total"] + outputs["user_total"] == pytest.approx(
        8 * 600 - 1000 - upkeep * len(shares)
    )


def test_rules_of_one_formula_give_the_same_on_a_table() -> None:
    con = ibis.duckdb.connect()
    for rule in rules():
        if rule.formula is None or any(
            k and not k.startswith("=") for _, k in rule.parameters.values()
        ):
            continue
        rows = [
            {i.name: 0.3 + 0.07 * n + 0.01 * k for k, i in enumerate(rule.inputs)} for n in range(5)
        ]
        if any(i.kind != "number" for i in rule.inputs):
            continue
        day = rule.valid_from or date(2024, 6, 30)
        of_one_formula = {
            a: Parameters.of(ROWS, day, "500000").value(p, k.removeprefix("="))
            for a, (p, k) in rule.parameters.items()
        }
        table = con.create_table(f"t_{rule.id.replace('.', '_')}", pd.DataFrame(rows))
        dated = con.create_table(
            f"d_{rule.id.replace('.', '_')}",
            pd.DataFrame([{**r, "date": day, "region": "500000"} for r in rows]),
        )
        joined = con.to_pandas(on_table(rule, dated, ROWS, ["500000"]))
        columns = rule.formula(**{i.name: table[i.name] for i in rule.inputs}, **of_one_formula)
        on_table_values = table.select(**dict(columns)).to_pandas()
        for n, inputs in enumerate(rows):
            outputs = run(rules(), rule.id, day, "500000", inputs, PackTables(ROWS)).outputs
            for name, value in outputs.items():
                assert on_table_values[name][n] == pytest.approx(value, rel=1e-12), rule.id
                at = joined[(joined[list(inputs)] == pd.Series(inputs)).all(axis=1)]
                assert at[name].tolist() == [pytest.approx(value, rel=1e-12)], rule.id


def test_the_command(tmp_path) -> None:
    runner, path = CliRunner(), tmp_path / "案例.yaml"
    path.write_text(
        "rule: env_tax.air\ndate: 2024-05-31\nregion: 武隆区\n"
        "inputs: {pollutants: {二氧化硫: 95}}\nexpect: {tax: 350}\n",
        encoding="utf-8",
    )
    answer = runner.invoke(app, ["calc", str(path)])
    assert answer.exit_code == 0 and "应纳税额：350.00元" in answer.output
    assert (
        json.loads(runner.invoke(app, ["calc", str(path), "--json"]).output)["outputs"]["tax"]
        == 350
    )
    assert runner.invoke(app, ["calc", str(path), "--check"]).exit_code == 0
    path.write_text(
        "rule: env_tax.air\ndate: 2024-05-31\nregion: 武隆区\n"
        "inputs: {pollutants: {二氧化硫: 95}}\nexpect: {tax: 351}\n",
        encoding="utf-8",
    )
    checked = runner.invoke(app, ["calc", str(path), "--check"])
    assert checked.exit_code == 1 and "tax 应为 351" in checked.output
    listed = json.loads(runner.invoke(app, ["calc", "--list", "--json"]).output)
    assert {r["rule"] for r in listed} == {r.id for r in rules()}
    bomb = (
        "a: &a [x,x,x,x,x,x,x,x,x]\n"
        + "".join(
            f"{chr(98 + n)}: &{chr(98 + n)} [{','.join(['*' + chr(97 + n)] * 9)}]\n"
            for n in range(9)
        )
        + "rule: env_tax.air\ndate: 2024-05-31\ninputs: {pollutants: *j}\n"
    )
    for bad in (
        bomb,
        "rule: [",
        "date: 2024-05-31",
        "",
        "rule: env_tax.air\ndate: 2024-05-31\ninput: {}",
        "rule: env_tax.air\ndate: 某天\ninputs: {}",
        "rule: env_tax.air\ndate: 2024-05-31\nparameters: {air.rate: 很高}",
    ):
        path.write_text(bad, encoding="utf-8")
        refused = runner.invoke(app, ["calc", str(path)])
        assert refused.exit_code == 1 and isinstance(refused.exception, HengtanError), bad


def test_parameters_on_a_table_follow_region_and_day_as_in_a_case() -> None:
    rule = next(r for r in rules() if r.id == "finance.relending")
    con = ibis.duckdb.connect()
    rows = pd.DataFrame(
        [
            {
                "principal": 100.0,
                "loan_rate": 0.04,
                "funding_rate": 0.02,
                "date": d,
                "region": "500156",
            }
            for d in (date(2025, 5, 6), date(2026, 1, 1))
        ]
    )
    on_table_values = con.to_pandas(
        on_table(rule, con.create_table("t", rows), ROWS, ["500156"])
    ).sort_values("date")
    assert on_table_values["cost"].iloc[0] == pytest.approx(1.05)
    assert pd.isna(
        on_table_values["cost"].iloc[1]
    )  # not established: missing in a table, an error in a case
    with pytest.raises(ValueError, match="no column region"):
        on_table(rule, con.create_table("u", rows.drop(columns="region")), ROWS, [])
    with pytest.raises(ValueError, match="no rule of one formula"):
        on_table(
            next(r for r in rules() if r.id == "env_tax.air"), con.create_table("v", rows), ROWS, []
        )


def test_a_label_can_be_checked_and_a_change_is_noticed() -> None:
    key = b"a key of sixteen bytes or more"
    text = signed({"firm": "甲厂", "grade": 2, "until": "2027-12-31"}, key)
    assert checked(text, key) == {"firm": "甲厂", "grade": 2, "until": "2027-12-31"}
    head, body, tail = text.split(".")
    for bad in (
        f"{head}.{body[:-1]}A.{tail}",
        f"{head}.{body}.{tail[:-1]}A",
        "HT2." + body + "." + tail,
        "hello",
        "",
    ):
        with pytest.raises(HengtanError):
            checked(bad, key)
    with pytest.raises(HengtanError, match="签名不符"):
        checked(text, b"another key of sixteen bytes")
    with pytest.raises(HengtanError, match="太短"):
        signed({}, b"short")
    with pytest.raises(HengtanError, match="太长"):
        signed({"note": "长" * 500}, key)


def test_a_reform_by_payer_group(tmp_path) -> None:
    table = tmp_path / "缴纳人.csv"
    table.write_text(
        "组别,户数,污染物排放量.二氧化硫,浓度与标准之比.二氧化硫,当月各次监测均达标\n大户,2,950,,\n"
        "大户,1,95,0.6,是\n小户,10,9.5,,\n",
        encoding="utf-8",
    )
    done = CliRunner().invoke(
        app,
        [
            "reform",
            "env_tax.air",
            str(table),
            "--date",
            "2024-05-31",
            "--region",
            "500156",
            "--set",
            "env_tax.air.rate=5",
            "--json",
        ],
    )
    assert done.exit_code == 0, done.output
    rows = {r["组别"]: r for r in json.loads(done.output)}
    # 2 × 1000 × 3.5 + 100 × 3.5 × 0.75 = 7262.5 → × 5/3.5 = 10375; 10 × 10 × 3.5 = 350 → 500
    assert (rows["大户"]["现行"], rows["大户"]["方案"], rows["大户"]["增负户数"]) == (
        7262.5,
        10375.0,
        3,
    )
    assert (rows["小户"]["差额"], rows["小户"]["减负户数"]) == (150.0, 0)
    table.write_text("组别,户数,污染物排放量.二氧化硫\n大户,2,-1\n", encoding="utf-8")
    refused = CliRunner().invoke(
        app,
        [
            "reform",
            "env_tax.air",
            str(table),
            "--date",
            "2024-05-31",
            "--region",
            "500156",
            "--set",
            "env_tax.air.rate=5",
        ],
    )
    assert refused.exit_code == 1 and "第2行" in str(refused.exception)


def test_labels_from_the_command_line(tmp_path, monkeypatch) -> None:
    monkeypatch.delenv("HENGTAN_LABEL_KEY", raising=False)
    assert CliRunner().invoke(app, ["label", "make", "企业=甲厂"]).exit_code == 1
    monkeypatch.setenv("HENGTAN_LABEL_KEY", "a key of sixteen bytes or more")
    answer = CliRunner().invoke(
        app, ["label", "make", "企业=甲厂", "等级=2", "--to", str(tmp_path / "标识.svg")]
    )
    assert answer.exit_code == 0 and (tmp_path / "标识.svg").read_text().count("<path") == 1
    assert (
        "签名有效：企业 甲厂，等级 2"
        in CliRunner().invoke(app, ["label", "check", answer.output.splitlines()[-1]]).output
    )
    assert (
        CliRunner().invoke(app, ["label", "make", "a=1", "--to", str(tmp_path / "a.bmp")]).exit_code
        == 1
    )


def test_a_whole_table_by_one_rule_is_what_the_cases_give(tmp_path) -> None:
    table, out = tmp_path / "排放口.csv", tmp_path / "结果.csv"
    table.write_text(
        "日期,地区,污染物排放量.二氧化硫,污染物排放量.氮氧化物,备查\n2020-12-31,武隆区,95,,\n"
        "2021-01-01,武隆区,95,9.5,\n2024-05-31,武隆区,-1,,\n",
        encoding="utf-8",
    )
    done = CliRunner().invoke(
        app, ["calc", "--rule", "env_tax.air", "--table", str(table), "--to", str(out)]
    )
    assert done.exit_code == 0 and "3 行，1 行未能计算" in done.output, done.output
    rows = pd.read_csv(out)
    assert rows["tax"].tolist()[:2] == [240.0, 385.0]
    assert pd.isna(rows["tax"][2]) and "不能为负" in rows["refused"][2]
    assert (
        CliRunner()
        .invoke(
            app,
            [
                "calc",
                "--rule",
                "env_tax.air",
                "--table",
                str(table),
                "--to",
                str(tmp_path / "a.txt"),
            ],
        )
        .exit_code
        == 1
    )


def test_a_formula_over_a_parquet_file_at_once(tmp_path) -> None:
    frame = pd.DataFrame(
        [{"principal": 100.0 * n, "loan_rate": 0.04, "funding_rate": 0.02} for n in range(1, 2001)]
    )
    path, out = tmp_path / "贷款.parquet", tmp_path / "结果.parquet"
    frame.to_parquet(path)
    done = CliRunner().invoke(
        app,
        [
            "calc",
            "--rule",
            "finance.relending",
            "--table",
            str(path),
            "--date",
            "2024-06-30",
            "--to",
            str(out),
        ],
    )
    assert done.exit_code == 0, done.output
    written = pd.read_parquet(out)
    assert written["cost"].sum() == pytest.approx((frame["principal"] * 0.6 * 0.0175).sum())
    assert written["refused"].isna().all()
    later = CliRunner().invoke(
        app,
        [
            "calc",
            "--rule",
            "finance.relending",
            "--table",
            str(path),
            "--date",
            "2026-06-30",
            "--to",
            str(out),
        ],
    )
    assert "2000 行未能计算" in later.output


def test_a_reform_as_a_pack(tmp_path) -> None:
    table, folder = tmp_path / "缴纳人.csv", tmp_path / "proposal"
    folder.mkdir()
    table.write_text("组别,户数,污染物排放量.二氧化硫\n甲,1,95\n", encoding="utf-8")
    (folder / "pack.yaml").write_text(
        "id: proposal\ntitle_zh: 方案\ntitle_en: Proposal\nextends: chongqing\nregion: '500000'\n"
        "edition: '1'\n",
        encoding="utf-8",
    )
    (folder / "rule_parameters.csv").write_text(
        "parameter,region,key,value,unit,valid_from,valid_to,law,source,confidence,certainty,note_zh\nenv_tax.air.rate,500000,,4.5,元/污染当量,2021-01-01,,方案,方案,proposal,high,\n",
        encoding="utf-8",
    )
    done = CliRunner().invoke(
        app,
        [
            "reform",
            "env_tax.air",
            str(table),
            "--date",
            "2024-05-31",
            "--region",
            "500156",
            "--overlay",
            str(folder),
            "--json",
        ],
    )
    assert done.exit_code == 0, done.output
    assert json.loads(done.output)[0] == {
        "组别": "甲",
        "户数": 1.0,
        "现行": 350.0,
        "方案": 450.0,
        "差额": 100.0,
        "变化": 0.2857,
        "增负户数": 1.0,
        "减负户数": 0.0,
    }
    assert (
        CliRunner()
        .invoke(app, ["reform", "env_tax.air", str(table), "--date", "2024-05-31"])
        .exit_code
        == 1
    )


HEAD = "rule,output,formula,valid_from,valid_to,law,source,confidence,note_zh\n"


def proposal(
    tmp_path, *formulas: str, rule: str = "env_tax.air", output: str = "tax", dates: str = ","
):
    folder = tmp_path / "proposal"
    folder.mkdir(exist_ok=True)
    (folder / "pack.yaml").write_text(
        "id: proposal\ntitle_zh: 方案\ntitle_en: Proposal\nextends: chongqing\nregion: '500000'\n"
        "edition: '1'\n",
        encoding="utf-8",
    )
    (folder / "rule_formulas.csv").write_text(
        HEAD + "".join(f'{rule},{output},"{f}",{dates},方案,方案,proposal,\n' for f in formulas),
        encoding="utf-8",
    )
    return packs.load(folder.name, [folder])


@pytest.mark.parametrize(
    ("formula", "tax"),
    [
        ("min(tax, 300)", 300.0),  # the law's 350 capped
        ("tax * 1.2 if equivalents > 50 else tax", 420.0),  # 100 equivalents: a fifth more
        ("tax + max(equivalents - 40, 0) * 2", 470.0),  # 350 + 60 × 2
        ("tax if compliant else tax + 10", 360.0),
    ],
)
def test_a_proposal_changes_a_formula(tmp_path, formula, tax) -> None:
    pack = proposal(tmp_path, formula)
    case = Case(
        "env_tax.air",
        date(2024, 5, 31),
        "500156",
        {"污染物排放量": {"二氧化硫": 95}},
        {},
        {},
        None,
        "",
        None,
    )
    result = compute(pack, case)
    assert result.outputs["tax"] == pytest.approx(tax)
    assert result.confidence == "proposal" and any(
        "方案公式" in s.zh and "350" in s.how for s in result.steps
    )
    assert compute(packs.load("chongqing"), case).outputs["tax"] == pytest.approx(
        350.0
    )  # the rule in force is as it was


@pytest.mark.parametrize(
    ("formula", "said"),
    [
        ("tax *", "算不出"),
        ("tax / 0", "除数为零"),
        ("profit * 2", "profit"),
        ("__import__('os').system('true')", "算不出"),
        ("tax.__class__", "算不出"),
        ("9**9**9**9", "算不出"),
        ("'a' * 10", "算不出|不是数"),
        ("tax > 1", "不是数"),
        ("[x for x in (1,)]", "算不出"),
        ("penal.__init__.__globals__", "算不出"),
    ],
)
def test_a_bad_formula_is_one_line(tmp_path, formula, said) -> None:
    pack = proposal(tmp_path, formula)
    with pytest.raises(HengtanError, match=said) as refused:
        compute(
            pack,
            Case(
                "env_tax.air",
                date(2024, 5, 31),
                "500156",
                {"污染物排放量": {"二氧化硫": 95}},
                {},
                {},
                None,
                "",
                None,
            ),
        )
    assert "\n" not in str(refused.value)


def test_a_formula_has_dates_and_an_output_of_the_rule(tmp_path) -> None:
    case = Case(
        "env_tax.air",
        date(2024, 5, 31),
        "500156",
        {"污染物排放量": {"二氧化硫": 95}},
        {},
        {},
        None,
        "",
        None,
    )
    later = proposal(tmp_path, "0 * tax", dates="2024-06-01,")
    assert compute(later, case).outputs["tax"] == pytest.approx(350.0)
    assert compute(later, replace(case, day=date(2024, 6, 1))).outputs["tax"] == 0.0
    with pytest.raises(HengtanError, match="没有输出"):
        compute(proposal(tmp_path, "1", output="levy"), case)


def test_a_reform_of_a_formula_by_group_and_on_a_table(tmp_path) -> None:
    pack = proposal(tmp_path, "min(tax, 400)")
    assert pack.rows("rule_formulas")
    table = tmp_path / "缴纳人.csv"
    table.write_text("组别,户数,污染物排放量.二氧化硫\n小,3,95\n大,1,190\n", encoding="utf-8")
    done = CliRunner().invoke(
        app,
        [
            "reform",
            "env_tax.air",
            str(table),
            "--date",
            "2024-05-31",
            "--region",
            "500156",
            "--overlay",
            str(tmp_path / "proposal"),
            "--json",
        ],
    )
    assert done.exit_code == 0, done.output
    assert [(r["组别"], r["现行"], r["方案"], r["减负户数"]) for r in json.loads(done.output)] == [
        ("小", 1050.0, 1050.0, 0.0),
        ("大", 700.0, 400.0, 1.0),
    ]


def test_no_word_means_two_inputs_and_none_is_dead() -> None:
    from hengtan.instruments.synonyms import SYNONYMS

    named: set[str] = set()

    def check(inputs, where) -> None:
        named.update(i.zh for i in inputs)
        meanings: dict[str, str] = {}
        for i in inputs:
            for spelling in i.spellings:
                assert meanings.setdefault(spelling, i.name) == i.name, (where, spelling)
            check(i.fields, f"{where}.{i.name}")

    for rule in rules():
        check(rule.inputs, rule.id)
    assert set(SYNONYMS) <= named


@pytest.mark.parametrize(
    ("rule", "day", "inputs", "output", "expected"),
    [
        (
            "env_tax.water",
            "2024-05-31",
            {"化学需氧量": "100千克"},
            "tax",
            300.0,
        ),  # 100 equivalents × 3
        (
            "env_tax.solid_waste",
            "2024-05-31",
            {
                "固体废物种类": "煤矸石",
                "产生量": "1000吨",
                "综合利用量": 200,
                "贮存量": 300,
                "处置量": 100,
            },
            "tax",
            2000.0,
        ),  # 400 × 5
        (
            "env_tax.noise",
            "2024-05-31",
            {"昼间超标": 5, "夜间超标": 8, "昼间超标天数": 10, "夜间超标天数": 20},
            "tax",
            1750.0,
        ),  # 700 / 2 + 1400
        (
            "tariff.power_residential",
            "2024-11-30",
            {"年用电量": 2400},
            "bill",
            1248.0,
        ),  # 2400 × 0.52
        ("tariff.power_residential", "2024-11-30", {"月用电量": 200}, "bill", 104.0),
        ("env_tax.noise", "2024-05-31", {"昼间超标分贝数": "5dB"}, "tax", 700.0),
        (
            "env_tax.air",
            "2024-05-31",
            {"排放口": [{"排放口": "1号", "二氧化硫": 95}, {"排放口": "2号", "NOx": 95}]},
            "tax",
            700.0,
        ),  # 200 × 3.5
        (
            "env_tax.air",
            "2024-05-31",
            {
                "SO2": 95,
                "达标": "是",
                "排放浓度": {"二氧化硫": "35mg/m3"},
                "排放标准": {"sulfur dioxide": "50毫克/立方米"},
            },
            "tax",
            262.5,
        ),  # 100 × 3.5 × 75 %, 70 % of the standard
        (
            "env_tax.air",
            "2024-05-31",
            {
                "达标": "是",
                "污染物": [
                    {"污染物": "二氧化硫", "排放量": "95千克", "浓度": 35, "标准限值": 50},
                    {"污染物": "NOx", "排放量": 95},
                ],
            },
            "tax",
            612.5,
        ),  # 100 × 3.5 × 75 % + 100 × 3.5
        (
            "env_tax.air",
            "2024-05-31",
            {"废气量": 1000000, "污染物": [{"名称": "SO2", "浓度": "95mg/m3"}]},
            "tax",
            350.0,
        ),
        (
            "env_tax.air",
            "2024-05-31",
            {"废气量": "100万立方米", "浓度": {"SO2": 95}},
            "tax",
            350.0,
        ),  # 95 mg/m³ × 10⁶ m³ = 95 kg
        (
            "env_tax.water",
            "2024-05-31",
            {"废水排放量": "1000立方米", "浓度": {"COD": "80mg/L", "氨氮": 10}},
            "tax",
            277.5,
        ),  # 80 + 12.5 equivalents × 3
        (
            "env_tax.water",
            "2024-05-31",
            {"色度超标倍数": 2, "污水量": 500},
            "tax",
            600.0,
        ),  # 500 × 2 ÷ 5 × 3
        (
            "ets.surrender",
            "2024-12-31",
            {"市场": "全国", "排放量": 1000, "持有配额": "900吨", "碳价": 80},
            "cost",
            8000.0,
        ),
        (
            "review.energy",
            "2024-05-31",
            {"年综合能源消费量": "999吨标准煤", "年用电量": "499万千瓦时"},
            "review",
            "不单独进行节能审查",
        ),
    ],
)
def test_inputs_go_by_the_words_of_the_trade(rule, day, inputs, output, expected) -> None:
    outputs = calc(rule, day, inputs).outputs
    assert outputs[output] == (expected if isinstance(expected, str) else pytest.approx(expected))


def test_a_concentration_beside_an_amount_needs_its_standard_and_odd_names_are_told() -> None:
    with pytest.raises(HengtanError, match="既给了排放量又给了浓度"):
        calc("env_tax.air", "2024-05-31", {"SO2": 95, "浓度": {"二氧化硫": 35}})
    result = calc(
        "env_tax.air",
        "2024-05-31",
        {"SO2": 95, "浓度": {"二氧化硫": 35}, "标准限值": {"SO2": 50, "烟气黑度": 1}, "达标": "是"},
    )
    assert result.outputs["tax"] == pytest.approx(262.5) and any(
        "烟气黑度" in w for w in result.warnings
    )
    with pytest.raises(HengtanError, match="单位“吨”不对"):
        calc("env_tax.air", "2024-05-31", {"废气量": "100吨", "浓度": {"SO2": 95}})


def test_a_name_that_settles_an_option_does_not_contradict_it() -> None:
    with pytest.raises(HengtanError, match="不一致"):
        calc(
            "tariff.power_residential", "2024-11-30", {"年用电量": 2400}, options={"cycle": "month"}
        )


@pytest.mark.parametrize(
    ("word", "code"),
    [
        ("300MW等级以上", "I"),
        ("300MW等级", None),
        ("非常规燃煤机组", "III"),
        ("燃气", "IV"),
        ("燃气机组", "IV"),
        ("机组", None),
        ("3", None),
    ],
)
def test_the_beginning_of_a_choice_is_enough_where_it_is_the_only_one(word, code) -> None:
    unit_class = next(
        i for r in rules() if r.id == "ets.power" for i in r.inputs if i.name == "class"
    )
    if code is None:
        with pytest.raises(HengtanError):
            read_inputs((unit_class,), {"class": word})
    else:
        assert read_inputs((unit_class,), {"class": word}) == {"class": code}


@pytest.mark.parametrize(
    ("medium", "words"),
    [
        (
            "air",
            ("二氧化硫", "SO2", "ＳＯ２", "sulfur dioxide", "Sulphur_Dioxide", "二氧化硫（SO2）"),
        ),
        ("air", ("碳黑尘", "炭黑尘", "carbon black")),
        ("air", ("苯并(a)芘", "苯并［a］芘", "苯并芘", "BaP")),
        ("water", ("化学需氧量", "COD", "CODcr", "chemical oxygen demand", "化学需氧量(CODCr)")),
        ("water", ("氨氮", "NH3-N", "NH₃-N", "氨氮（NH3-N）", "ammonia nitrogen")),
        ("water", ("总磷", "TP", "总磷（以P计）")),
        ("water", ("悬浮物", "SS", "悬浮物（SS）")),
        ("water", ("六价铬", "Cr6+", "六价铬(Cr6+)")),
    ],
)
def test_a_pollutant_by_any_of_its_names(medium, words) -> None:
    taxes = {
        calc(f"env_tax.{medium}", "2024-05-31", {"污染物": {word: 7}}).outputs["tax"]
        for word in words
    }
    assert len(taxes) == 1 and taxes.pop() > 0


def test_a_workbook_with_a_title_and_a_merged_header(tmp_path) -> None:
    def book(name, *rows, merge=()):
        workbook = Workbook()
        for row in rows:
            workbook.active.append(row)
        for span in merge:
            workbook.active.merge_cells(span)
        workbook.save(tmp_path / name)
        return CliRunner().invoke(
            app,
            [
                "calc",
                "--rule",
                "env_tax.air",
                "--table",
                str(tmp_path / name),
                "--to",
                str(tmp_path / "out.csv"),
            ],
        )

    merged = book(
        "合并.xlsx",
        ["2024年5月排放", None, None],
        ["日期", "污染物排放量", None],
        [None, "二氧化硫", "氮氧化物"],
        ["2024-05-31", 95, 95],
        merge=("A1:C1", "B2:C2"),
    )
    assert (
        merged.exit_code == 1
        and str(merged.exception).startswith("合并.xlsx 工作表“Sheet” 第3行：第3列没有表头")
        and "\n" not in str(merged.exception)
    )
    assert not (tmp_path / "out.csv").exists()
    done = book(
        "标题.xlsx",
        ["2024年5月排放", None, None, None],
        ["日期", "地区", "污染物排放量.二氧化硫", "污染物排放量.NOx"],
        ["2024年5月31日", "武隆", 95, "１９０"],
        ["2024-05-31", "武隆", None, "5立方米"],
        merge=("A1:D1",),
    )
    assert done.exit_code == 0, done.output
    rows = pd.read_csv(tmp_path / "out.csv", encoding="utf-8-sig")
    assert rows["tax"][0] == pytest.approx(1050.0)  # (100 + 200) × 3.5
    assert "单位“立方米”不对" in rows["refused"][1] and pd.isna(rows["tax"][1])
