"""GPC inventories: dirty cells, the four totals by hand, identities, and findings where a published
total is not its rows.
"""

import csv

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hengtan import packs
from hengtan.accounts.carbon.gpc import TOTALS, read_header, totals_of
from hengtan.accounts.carbon.gpc_cells import read_cell
from hengtan.basis.errors import HengtanError
from hengtan.workbooks.gpc import check_gpc

REFERENCES = {row["gpc"]: row for row in packs.load("cn").rows("gpc_references")}


@pytest.mark.parametrize(
    ("text", "value", "keys", "elsewhere"),
    [
        ("1234.5", 1234.5, (), ()),
        ("１,234.5", 1234.5, (), ()),
        ("12 tCO2e", 12.0, (), ()),
        ("(5)", -5.0, (), ()),
        ("-5", -5.0, (), ()),
        ("1.2E+3", 1200.0, (), ()),
        ("0", 0.0, (), ()),
        ("NO", 0.0, ("NO",), ()),
        ("NO ", 0.0, ("NO",), ()),
        ("ne", None, ("NE",), ()),
        ("N/A", None, ("NA",), ()),
        ("C", None, ("C",), ()),
        ("NO; IE", None, ("NO", "IE"), ()),
        ("NO/NE", None, ("NO", "NE"), ()),
        ("IE (II.1.1)", None, ("IE",), ("II.1.1",)),
        ("IE（II.1.1）", None, ("IE",), ("II.1.1",)),
        ("IE: II.1.1", None, ("IE",), ("II.1.1",)),
        ("IE II.1.1", None, ("IE",), ("II.1.1",)),
        ("", None, (), ()),
        (None, None, (), ()),
        ("-", None, (), ()),
        ("—", None, (), ()),
        (" ", None, (), ()),
        ("未估算", None, ("NE",), ()),
        ("0 NE", 0.0, ("NE",), ()),
    ],
)
def test_cells_as_people_leave_them(text, value, keys, elsewhere):
    cell = read_cell(text)
    assert (cell.value, cell.keys, cell.elsewhere, cell.problem) == (value, keys, elsewhere, "")
    assert cell.blank == (value is None and not keys)


@pytest.mark.parametrize("text", ["abc", "12 apples", "1.2.3", "NOPE", "12,5,x"])
def test_what_is_neither_number_nor_key_says_so(text):
    assert read_cell(text).problem


# one unit in every reference, so that a total counts its references: hand counts from the GPC
# tables
COUNTS = {
    # 6 stationary subsectors x 2 scopes + I.7.1, I.8.1 ; 5 transport x 2 ; 4 waste x 2 (own waste,
    # in and out)
    "basic": 12 + 2 + 10 + 8,
    "basic_plus": 12 + 2 + 10 + 8 + 6 + 5 + 2 + 3,
    "basic_plus_s3": 12 + 2 + 10 + 8 + 6 + 5 + 2 + 3 + 1,
    # scope 1: 6 + I.4.4 + 2 ; 5 ; 4 + 4 from outside ; 2 + 3
    "territorial": 6 + 1 + 2 + 5 + 8 + 5,
}


def test_the_four_totals_count_the_references_the_protocol_names():
    result = totals_of({r: read_cell("1") for r in REFERENCES}, REFERENCES)
    assert dict(result.totals) == COUNTS


@settings(max_examples=50, deadline=None)
@given(
    values=st.dictionaries(st.sampled_from(sorted(REFERENCES)), st.integers(0, 10**6), max_size=30)
)
def test_totals_are_ordered_and_scopes_add_up(values):
    result = totals_of({r: read_cell(str(v)) for r, v in values.items()}, REFERENCES)
    assert result.totals["basic"] <= result.totals["basic_plus"] <= result.totals["basic_plus_s3"]
    assert result.totals["territorial"] == sum(
        v for (_, scope), v in result.by_sector_scope.items() if scope == 1
    )
    assert sum(result.by_sector_scope.values()) == sum(values.values())


@pytest.mark.parametrize(
    ("title", "what"),
    [
        ("I.1.1", ("reference", "I.1.1")),
        ("I.1.1 tCO2e", ("reference", "I.1.1")),
        ("I.1.1 - Emissions from fuel combustion", ("reference", "I.1.1")),
        ("Emissions II.4.3 (metric tonnes)", ("reference", "II.4.3")),
        ("IV.2", ("reference", "IV.2")),
        ("TOTAL BASIC Emissions (GPC)", ("total", "basic")),
        ("BASIC+", ("total", "basic_plus")),
        ("Total BASIC+ emissions", ("total", "basic_plus")),
        ("BASIC+ S3", ("total", "basic_plus_s3")),
        ("BASIC +S3", ("total", "basic_plus_s3")),
        ("Total Scope 1 (Territorial)", ("total", "territorial")),
        ("I.1", ("prefix", "I.1")),
        ("Total I", ("prefix", "I")),
        ("Stationary energy: TOTAL Scope 1", ("prefix", "I")),
        ("City", ("name", None)),
        ("Year", ("name", None)),
        ("I.9.9", ("unknown", "I.9.9")),
    ],
)
def test_headers(title, what):
    header = read_header([title], REFERENCES)
    if what[0] == "reference":
        assert header.references == {what[1]: title}
    elif what[0] == "total":
        assert header.published[0].total == what[1]
    elif what[0] == "prefix":
        assert header.published[0].prefix == what[1]
    elif what[0] == "unknown":
        assert header.unknown == {title: what[1]}
    else:
        assert header.names == [title]


HEADER = [
    "City",
    "Year",
    *REFERENCES,
    "TOTAL BASIC",
    "TOTAL BASIC+",
    "BASIC+ S3",
    "Territorial",
    "I.1",
    "Stationary energy total scope 2",
]


def line(city, change=None, totals=None):
    cells = dict.fromkeys(REFERENCES, "NO")
    cells |= {
        "I.1.1": "100.5",
        "I.1.2": "200",
        "I.2.1": "IE (I.1.1)",
        "I.4.4": "1,000",
        "II.1.1": "50",
        "II.1.3": "NE",
        "III.1.3": "30",
        "III.2.2": "7",
        "IV.1": "40",
        "V.2": "-9",
        "VI.1": "5",
    } | (change or {})
    # by hand: BASIC 100.5 + 200 + 50 + 7; + 40 - 9; + 5; territorial 100.5 + 1000 + 50 + 30 + 40 -
    # 9
    stated = {
        "TOTAL BASIC": "357.5",
        "TOTAL BASIC+": "388.5",
        "BASIC+ S3": "393.5",
        "Territorial": "1211.5",
        "I.1": "300.5",
        "Stationary energy total scope 2": "200",
    } | (totals or {})
    return [city, "2020", *cells.values(), *stated.values()]


@pytest.fixture
def written(tmp_path):
    def write(rows, suffix=".csv", above=()):
        path = tmp_path / f"gpc{suffix}"
        if suffix == ".csv":
            with path.open("w", encoding="utf-8", newline="") as file:
                csv.writer(file).writerows([*above, HEADER, *rows])
        else:
            book = openpyxl.Workbook()
            for row in [*above, HEADER, *rows]:
                book.active.append(row)
            book.save(path)
        return path

    return write


@pytest.mark.parametrize("suffix", [".csv", ".xlsx"])
def test_a_sound_file_has_no_finding(written, suffix):
    report = check_gpc(
        written(
            [line("甲市（虚构）"), line("乙市（虚构）")],
            suffix,
            above=[["GPC inventories"]] if suffix == ".xlsx" else (),
        )
    )
    assert report.findings == [], [str(f) for f in report.findings]
    assert {t: report.inventories[0][t] for t in TOTALS} == {
        "basic": 357.5,
        "basic_plus": 388.5,
        "basic_plus_s3": 393.5,
        "territorial": 1211.5,
    }
    assert report.inventories[0]["not_estimated"] == ["II.1.3"]


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("TOTAL BASIC", "360"),
        ("TOTAL BASIC+", "380"),
        ("BASIC+ S3", "388.5"),
        ("Territorial", "211.5"),
        ("I.1", "310.5"),
        ("Stationary energy total scope 2", "202"),
    ],
)
def test_a_total_that_is_not_its_rows_is_found_with_line_and_column(written, column, value):
    (matches,) = check_gpc(
        written([line("甲市（虚构）"), line("乙市（虚构）", totals={column: value})])
    ).findings
    assert (matches.code, matches.where.row, matches.where.column) == ("total", 3, column)


def test_rounding_is_no_finding_and_a_step_beyond_is(written):
    # four printed terms, 0.05 + 3 x 0.5, and the total itself, 0.05: 1.6 may be rounding, 1.7 is
    # not; NO is exactly nought
    assert not check_gpc(written([line("甲市（虚构）", totals={"TOTAL BASIC": "359.1"})])).findings
    assert check_gpc(written([line("甲市（虚构）", totals={"TOTAL BASIC": "359.2"})])).findings


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"I.2.1": "IE (I.2.1)"}, "ie-itself"),
        ({"I.2.1": "IE (I.9.1)"}, "ie-unknown"),
        ({"I.2.1": "IE (I.3.3)", "I.3.3": ""}, "ie-empty"),
        ({"I.3.1": "-5", "I.1.1": "105.5"}, "negative"),
        ({"I.3.1": "about five"}, "unreadable"),
        ({"I.3.1": ""}, "blank"),
        ({"I.1.1": "100.5 IE"}, "value-and-key"),
    ],
)
def test_other_findings(written, change, code):
    matches = check_gpc(written([line("甲市（虚构）", change)])).findings
    assert code in {f.code for f in matches}, [str(f) for f in matches]


def test_the_same_inventory_twice(written):
    assert [
        f.code for f in check_gpc(written([line("甲市（虚构）"), line("甲市（虚构）")])).findings
    ] == ["inventory-twice"]


def test_a_file_without_references_is_refused(tmp_path):
    path = tmp_path / "x.csv"
    path.write_text("a,b\n1,2\n", encoding="utf-8")
    with pytest.raises(HengtanError, match="GPC"):
        check_gpc(path)
