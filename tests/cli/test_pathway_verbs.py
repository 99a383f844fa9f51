"""The verb pathway from the command line: JSON, a table, and one line where it cannot be."""

import json
from types import SimpleNamespace

import pytest

from hengtan.desk import pathway as desk_of_pathway


def test_a_workspace_without_a_balance_says_what_to_import(hengtan, workspace):
    code, out, err = hengtan("pathway", "show", "-w", workspace.folder)
    assert code == 1 and out == ""
    assert err.count("\n") == 1 and "regional_balance" in err


def test_a_study_as_json_and_for_the_eye(hengtan, workspace, report):
    rows = [
        {"balance_row": "F.4", "product": "natural_gas", "value": 40.0},
        {"balance_row": "F.3.trans", "product": "diesel", "value": 30.0},
    ]
    common = {
        "place": "500156",
        "period": "2022",
        "quantity_kind": "standard",
        "convention": "calorific",
        "unit": "万吨标准煤",
    }
    report(workspace, "regional_balance", [common | row for row in rows])
    code, out, _ = hengtan("pathway", "show", "-w", workspace.folder, "--until", 2025, "--json")
    whole = json.loads(out)
    assert code == 0 and whole["projected"] and whole["base_year"] == 2022
    assert [row["year"] for row in whole["years"]] == [2022, 2023, 2024, 2025]
    assert whole["years"][-1]["energy"] == pytest.approx(70e4)
    code, out, _ = hengtan("pathway", "explain", "F.3.trans", "-w", workspace.folder)
    assert code == 0 and "柴油" in out and "按基年水平不变" in out
    code, out, _ = hengtan("pathway", "base", "-w", workspace.folder, "--json")
    lines = json.loads(out)["lines"]
    assert {line["kind"] for line in lines} >= {"energy", "burnt", "total_energy"}
    code, _, err = hengtan("pathway", "explain", "F.9", "-w", workspace.folder)
    assert code == 1 and "没有部门“F.9”" in err


MEASURE = {
    "place": "500156",
    "measure": "M1",
    "title": "柴油改气",
    "sectors": "交通运输、仓储和邮政业",
    "driver": "share",
    "carrier": "柴油",
    "to_carrier": "天然气",
    "ratio": 1.0,
    "effect": 10.0,
    "start_year": 2023,
    "ramp_years": 0,
    "capital": 120_000.0,
    "ratio_mark": "assumed",
    "effect_mark": "assumed",
    "ramp_mark": "assumed",
    "capital_mark": "assumed",
}


def test_sectors_and_carriers_may_be_written_by_name(hengtan, workspace, report):
    """Ten per cent of 300,000 tce of diesel become gas, so that 270,000 tce (90 %) stay."""
    common = {"place": "500156", "period": "2022", "quantity_kind": "standard"}
    common |= {"convention": "calorific", "unit": "万吨标准煤"}
    rows = [
        {"balance_row": "F.4", "product": "natural_gas", "value": 40.0},
        {"balance_row": "F.3.trans", "product": "diesel", "value": 30.0},
    ]
    report(workspace, "regional_balance", [common | row for row in rows])
    report(workspace, "measure_effects", [MEASURE])
    asked = ("-w", workspace.folder, "--year", 2025, "--until", 2025)
    code, out, err = hengtan("pathway", "explain", "交通运输、仓储和邮政业", *asked)
    assert code == 0, err
    assert "柴油（diesel）：基年 1 → 1（无措施）→ 0.9（有措施）" in out
    assert "投资 120,000 万元" in out and "效果 10%" in out


def test_a_measure_that_names_what_is_not_there_is_left_out_in_one_line(hengtan, workspace, report):
    """Of two measures one names coke, which the place has not: the other goes on (ten per cent of
    300,000 tce of diesel), and the first is told with its column and what there is.
    """
    common = {"place": "500156", "period": "2022", "quantity_kind": "standard"}
    common |= {"convention": "calorific", "unit": "万吨标准煤"}
    rows = [
        {"balance_row": "F.4", "product": "natural_gas", "value": 40.0},
        {"balance_row": "F.3.trans", "product": "diesel", "value": 30.0},
    ]
    report(workspace, "regional_balance", [common | row for row in rows])
    wrong = {"measure": "M2", "title": "焦炭改气", "carrier": "焦炭"}
    report(workspace, "measure_effects", [MEASURE, MEASURE | wrong])
    asked = ("-w", workspace.folder, "--until", 2025)
    code, out, err = hengtan("pathway", "show", *asked, "--json")
    whole = json.loads(out)
    assert code == 0 and [row["measure"] for row in whole["wedges"]] == ["M1"]
    (line,) = err.splitlines()
    assert "没有计入措施“M2”：" in line and "“能源品种”列：没有能源品种“焦炭（coke）”" in line
    assert "柴油（diesel）" in line and "no carrier" in line
    assert whole["left_out"][0]["zh"] in line
    assert whole["assumptions"][0] == whole["left_out"][0]
    for verb in (("budget",), ("curve",), ("explain", "F.3.trans")):
        code, out, err = hengtan("pathway", *verb, *asked)
        assert code == 0 and "没有计入措施“M2”" in err


def test_a_name_stands_for_a_code_only_where_one_is_meant():
    named = SimpleNamespace(
        names={"4": ("土地利用变化和林业", "Land use"), "F.4": ("居民", "Homes")},
        places={"500000": ("重庆市", "Chongqing")},
    )
    said = desk_of_pathway.PathwayDesk._said(
        named, "assumed.driver", "500000", ("F.4", "activity", "2025", "4")
    )
    assert "居民" in said["zh"] and "4%" in said["zh"] and "土地" not in said["zh"]
