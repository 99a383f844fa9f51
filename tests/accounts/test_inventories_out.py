"""Inventories written for others and read back by the reader of published workbooks; one of another
city taken in.

By hand: I.1.1 100 and IV.1 30 of scope 1, I.3.2 50 of scope 2 [t CO2e] are BASIC 150 (industrial
processes are no part of it), BASIC+ 180, territorial 130 (GPC v1.1, tables 3.2 and 4.1).
"""

from __future__ import annotations

import io

import openpyxl
import pytest
from typer.testing import CliRunner

from hengtan import packs
from hengtan.basis.actor import Actor
from hengtan.basis.errors import HengtanError
from hengtan.cli.main import app
from hengtan.desk.evidence import import_file
from hengtan.report.sheet.inventories import gpc_bytes, ipcc_bytes
from hengtan.workbooks.gpc import check_gpc
from hengtan.workbooks.inventory_rows import write_inventory_rows

REFERENCES = {row["gpc"]: row for row in packs.load("cn").rows("gpc_references")}
BY_HAND = {"basic": 150, "basic_plus": 180, "basic_plus_s3": 180, "territorial": 130}
CITIES = {"500156": "Wulong"}


def gpc_row(reference, co2e, year=2024):
    about = {"place": "500156", "year": year, "method": "statistics", "approximate": False}
    return about | {"gpc": reference, "co2e": co2e, "recalled_share": 0.5, "confidence": "recalled"}


AMOUNTS = {"I.1.1": 100.0, "I.3.2": 50.0, "IV.1": 30.0}


def exported(tmp_path, **amounts):
    rows = [gpc_row(reference, value) for reference, value in AMOUNTS.items()]
    rows.append(gpc_row("I.1.1", 7.25, year=2023))
    path = tmp_path / "清单.xlsx"
    path.write_bytes(gpc_bytes(rows, REFERENCES, CITIES))
    return path


def test_what_is_exported_is_read_back_with_its_totals(tmp_path):
    report = check_gpc(exported(tmp_path))
    assert report.sound and [f.code for f in report.findings if f.level == "error"] == []
    first, second = report.inventories
    assert (first["territorial"], second["name"]) == (7.25, "Wulong 2024")
    assert {total: second[total] for total in BY_HAND} == BY_HAND
    assert second["published"] == BY_HAND
    assert second["by_sector_scope"]["I scope 2"] == 50


def test_every_reference_has_its_line_and_what_is_missing_its_key(tmp_path):
    sheet = openpyxl.load_workbook(exported(tmp_path))["By reference"]
    lines = {(line[0], line[6]): line for line in sheet.iter_rows(min_row=2, values_only=True)}
    assert {reference for reference, _ in lines} == set(REFERENCES)
    assert lines["I.1.1", 2024][9] == 100
    assert lines["I.1.2", 2024][8] == "IE (I.3.2)"  # bought power is not split by user
    assert lines["I.1.2", 2023][8] == "NE"


def test_the_ipcc_table_is_in_gigagrams_by_gas():
    """2,000 t of CO2 are 2 Gg, 250 + 250 t of CH4 0.5 Gg; HFC-23 in CO2e, 11,700 t are 11.7 Gg."""

    def row(category, name, gas, emission, co2e):
        about = {"place": "500156", "year": 2024, "method": "statistics", "in_total": True}
        what = {"ipcc2006": category, "category_zh": name, "gas": gas}
        return about | what | {"emission": emission, "co2e": co2e}

    rows = [
        row("1.A.2", "制造业", "CO2", 2000.0, 2000.0),
        row("3.A.1", "牲畜", "CH4", 250.0, 5250.0),
        row("4.A", "填埋", "CH4", 250.0, 5250.0),
        row("2.B.9", "HCFC-22", "HFC-23", 1.0, 11700.0),
        row("1.A.4", "生物质", "CO2", 9.0, 9.0) | {"in_total": False},
    ]
    book = openpyxl.load_workbook(io.BytesIO(ipcc_bytes(rows, CITIES)))
    lines = list(book["Wulong 2024 statistics"].iter_rows(values_only=True))
    by_code = {line[0]: line[2:] for line in lines[1:-1]}
    assert by_code["1.A.2"] == (2, "NE", "NE", "NE", "NE", "NE")
    assert by_code["2.B.9"][3] == pytest.approx(11.7)
    assert lines[-1][1:5] == ("Total", 2, 0.5, "NE")


def test_an_inventory_of_another_city_is_taken_in_with_the_totals_of_its_workbook(
    workspace, tmp_path
):
    path = write_inventory_rows(check_gpc(exported(tmp_path)), tmp_path / "外地.csv")
    import_file(workspace, "city_inventories", path, actor=Actor("填报员"), approve=True)
    rows = workspace.execute("city_inventory_totals").to_pylist()
    totals = {row["year"]: row for row in rows if row["city"] == "Wulong"}
    assert {total: totals[2024][total] for total in BY_HAND} == BY_HAND
    assert (totals[2023]["territorial"], totals[2024]["keys"]) == (7.25, len(REFERENCES) - 3)


def test_an_unsound_or_nameless_inventory_is_not_written(tmp_path):
    wrong = tmp_path / "错.csv"
    wrong.write_text("City,Year,I.1.1,II.1.1,III.1.1,BASIC\nX,2020,1,2,3,99\n", encoding="utf-8")
    with pytest.raises(HengtanError, match="没有写出"):
        write_inventory_rows(check_gpc(wrong), tmp_path / "out.csv")
    wrong.write_text("City,I.1.1,II.1.1,III.1.1,BASIC\nX,1,2,3,6\n", encoding="utf-8")
    with pytest.raises(HengtanError, match="城市或年份"):
        write_inventory_rows(check_gpc(wrong), tmp_path / "out.csv")


def test_the_verbs_export_what_the_accounts_hold(workspace, report, tmp_path):
    """The territorial total that the reader forms is that of the inventory: 1,000 t of waste burnt,
    all of it direct.
    """
    to, run = tmp_path / "out.xlsx", CliRunner().invoke
    folder = ["-w", str(workspace.folder)]
    nothing = run(app, ["export", "gpc", "--to", str(to), *folder])
    assert isinstance(nothing.exception, HengtanError) and not to.exists()
    burnt = {"place": "500156", "period": "2024", "item": "msw_incinerated"}
    report(workspace, "waste_activity", [burnt | {"amount": 1000.0, "unit": "吨"}])
    (total,) = workspace.execute("carbon_totals").to_pylist()
    assert run(app, ["export", "gpc", "--to", str(to), *folder]).exit_code == 0
    (inventory,) = check_gpc(to).inventories
    assert inventory["territorial"] == pytest.approx(total["total"]) and total["total"] > 0
    assert run(app, ["export", "ipcc", "--to", str(to), *folder]).exit_code == 0
    (name,) = openpyxl.load_workbook(to).sheetnames
    assert "2024" in name
