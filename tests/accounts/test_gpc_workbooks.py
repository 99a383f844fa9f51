"""Inventories of cities as published: parts of totals by sector, several name columns and the year,
credits, extra sheets; every figure is read or named.
"""

import csv

import openpyxl
import pytest
from typer.testing import CliRunner

from hengtan import packs
from hengtan.accounts.carbon.gpc import read_header
from hengtan.cli.main import app
from hengtan.workbooks.gpc import check_gpc

REFERENCES = {row["gpc"]: row for row in packs.load("cn").rows("gpc_references")}


def written(tmp_path, *lines):
    path = tmp_path / "清单.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows(lines)
    return path


def codes(report):
    return [(f.level, f.code, f.where.row, f.where.column) for f in report.findings]


PARTS = ["City", "Year", "I.1.1", "II.1.1", "III.1.1"]


def test_parts_of_a_total_are_compared_with_their_own_sectors(tmp_path):
    """10 of stationary energy and 20 of transport in a total of 35."""
    header = [*PARTS, "BASIC", "BASIC Stationary", "BASIC Transport"]
    report = check_gpc(written(tmp_path, header, ["X", 2020, 10, 20, 5, 35, 10, 20]))
    assert report.sound and codes(report) == []


@pytest.mark.parametrize(
    ("title", "right", "wrong"),
    [
        ("BASIC\nWaste", "5", "35"),
        ("BASIC+ II.1", "20", "30"),
        ("TERRITORIAL\nIII.1.1 + III.1.3", "5", "25"),
        ("Territorial Waste In", "5", "0"),
        ("NET BASIC Transport", "18", "20"),
        ("TERRITORIAL I.1.1 (use)", "10", "35"),
    ],
)
def test_each_part_is_checked_against_its_own_references(tmp_path, title, right, wrong):
    """Credits II of 2 leave 18 of the 20 of transport."""
    header = [*PARTS, "Credits II", "BASIC", title]
    sound = check_gpc(written(tmp_path, header, ["X", 2020, 10, 20, 5, 2, 35, right]))
    assert codes(sound) == []
    off = check_gpc(written(tmp_path, header, ["X", 2020, 10, 20, 5, 2, 35, wrong]))
    assert codes(off) == [("error", "total", 2, title)]


NAMES = ["Use", "Latest", "City", "Country", "Region", "Boundary", "Year"]
FIGURES = ["I.1.1", "II.1.1", "III.1.1", "BASIC"]


def test_two_years_of_a_city_are_two_inventories(tmp_path):
    first = ["Yes", "Yes", "X", "C", "R", "B", 2020, 10, 20, 5, 35]
    second = ["Yes", "Yes", "X", "C", "R", "B", 2021, 11, 20, 5, 36]
    report = check_gpc(written(tmp_path, [*NAMES, *FIGURES], first, second))
    assert codes(report) == []
    assert [i["name"] for i in report.inventories] == ["X 2020", "X 2021"]


@pytest.mark.parametrize(
    ("column", "value", "same"),
    [("Boundary", "B2", False), ("Country", "D", False), ("Use", "No", True)],
)
def test_names_and_year_together_are_the_inventory_and_flags_are_not(tmp_path, column, value, same):
    first = dict(zip(NAMES, ["Yes", "Yes", "X", "C", "R", "B", 2020], strict=True))
    second = first | {column: value}
    rows = [[*line.values(), 10, 20, 5, 35] for line in (first, second)]
    report = check_gpc(written(tmp_path, [*NAMES, *FIGURES], *rows))
    assert [f.code for f in report.findings] == (["inventory-twice"] if same else [])


def test_figures_in_a_column_that_is_not_understood_are_named(tmp_path):
    header = [*PARTS, "BASIC", "Adjusted"]
    path = written(tmp_path, header, ["X", 2020, 10, 20, 5, 35, 34])
    assert codes(check_gpc(path)) == [("error", "not-read", 1, "Adjusted")]
    assert check_gpc(path).account.not_read == 1
    assert check_gpc(path, partly=True).sound
    run = CliRunner()
    assert run.invoke(app, ["check", "gpc", str(path)]).exit_code == 1
    assert run.invoke(app, ["check", "gpc", str(path), "--partly"]).exit_code == 0


def test_people_and_area_describe_and_a_figure_among_names_is_a_name(tmp_path):
    header = ["City", "Year", "Boundary", "Population", "Area (km2)", *FIGURES]
    rows = [
        ["X", 2020, "city", 120, 9.5, "NO; IE", 20, 5, 25],
        ["Y", 2020, 0, 130, 8, "NO ", 20, 5, 25],
        ["Z", 2020, "city", 130, 8, "NE", 20, 5, 25],
    ]
    report = check_gpc(written(tmp_path, header, *rows))
    assert codes(report) == [] and report.account.as_dict() == {
        "figures": 19,
        "read": 9,
        "heading": 10,
        "not_read": 0,
    }


def test_every_sheet_is_read_and_one_without_inventories_is_named(tmp_path):
    book = openpyxl.Workbook()
    book.active.title = "封面"
    book.active.append(["City inventories", "Version", "30.05.2023"])
    for year, total in (("2020", 35), ("2021", 45)):
        sheet = book.create_sheet(year)
        sheet.append([*PARTS, "BASIC"])
        sheet.append(["X", int(year), 10, 20, 5, total])
    taxonomy = book.create_sheet("GPC taxonomy")
    taxonomy.append(["GPC ref", "Scope", "Sector"])
    taxonomy.append(["I.1.1", 1, "Stationary"])
    taxonomy.append(["II.1.1", 1, "Transport"])
    path = tmp_path / "清单.xlsx"
    book.save(path)
    report = check_gpc(path)
    assert len(report.inventories) == 2
    (finding,) = report.findings
    assert (finding.code, finding.where.sheet, finding.where.column) == ("total", "2021", "BASIC")
    book.create_sheet("别的").append(["甲", 3, 4])
    book.save(path)
    assert ("error", "not-read", None, None) in codes(check_gpc(path))
    assert all(f.where.sheet != "别的" for f in check_gpc(path, "2020").findings)


@pytest.mark.parametrize(
    ("title", "total", "prefix", "parts", "net"),
    [
        ("BASIC Stationary", "basic", "I", (), False),
        ("BASIC+ \nAFOLU", "basic_plus", "V", (), False),
        ("BASIC+S3\nVI.1", "basic_plus_s3", "VI.1", (), False),
        ("TERRITORIAL\nIV.1.1", "territorial", "IV.1", (), False),
        ("Territorial Generation", "territorial", None, ("I.4.4",), False),
        ("NET  BASIC+\nAFOLU", "basic_plus", "V", (), True),
    ],
)
def test_titles_of_parts(title, total, prefix, parts, net):
    (published,) = read_header([title], REFERENCES).published
    assert (published.total, published.prefix, published.parts, published.net) == (
        total,
        prefix,
        parts,
        net,
    )
