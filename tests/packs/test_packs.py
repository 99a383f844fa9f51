"""Packs: what ships is sound and equals the facts; what is broken is named with file and row."""

import csv
import shutil

import pytest
from named_since import NAMED_SINCE

from hengtan import packs
from hengtan.basis.errors import PackError
from hengtan.packs.pack import data_folder


@pytest.fixture(scope="module")
def wulong():
    return packs.load("wulong")


def test_what_ships_is_sound():
    assert [str(f) for f in packs.check()] == []


def test_the_chain_and_its_version(wulong):
    assert (
        wulong.chain == ("wulong", "chongqing", "cn")
        and wulong.region == "500156"
        and len(wulong.version) == 64
    )


@pytest.mark.parametrize(
    ("table", "key", "file", "id_column"),
    [
        ("measures", "clause_ref", "plans/measures.csv", "clause_ref"),
        ("milestones", "milestone", "plans/milestones.csv", "milestone_id"),
        ("systems", "system", "plans/systems.csv", "system_id"),
    ],
)
def test_what_the_facts_name_ships_and_no_more(wulong, facts, table, key, file, id_column):
    with (facts / file).open(encoding="utf-8", newline="") as source:
        named = [row[id_column] for row in csv.DictReader(source)]
    more = NAMED_SINCE if table == "systems" else ()
    assert sorted(row[key] for row in wulong.rows(table)) == sorted([*named, *more])


def test_the_indicators_of_the_facts_ship_and_others_are_parts_of_ratios_or_of_milestones(
    wulong, facts
):
    with (facts / "plans/indicators.csv").open(encoding="utf-8", newline="") as source:
        named = {row["indicator_id"] for row in csv.DictReader(source)}
    shipped = {row["indicator"] for row in wulong.rows("indicators")}
    ratios = [row for row in wulong.rows("computed_indicators") if row["kind"] == "ratio"]
    parts = {row[part] for row in ratios for part in ("numerator", "denominator")}
    counted = {row["indicator"] for row in wulong.rows("milestones")} - {None}
    assert named <= shipped and shipped - named <= parts | counted


def test_measures_and_deadlines(wulong):
    kinds = [r["kind"] for r in wulong.rows("measures")]
    assert kinds.count("measure") == 36 + 23
    assert sum(r["deadline_year"] is not None for r in wulong.rows("milestones")) == 12


def test_the_plan_of_chongqing_is_a_draft(wulong):
    plans = {r["plan"]: r for r in wulong.rows("plans")}
    assert (
        plans["cq-2025-2027"]["status"] == "draft"
        and "征求意见稿" in plans["cq-2025-2027"]["status_zh"]
    )


def test_every_row_has_its_source_and_confidence(wulong):
    for table in (
        "targets",
        "measures",
        "milestones",
        "indicators",
        "observations",
        "series",
        "places",
        "registries",
    ):
        for row in wulong.rows(table):
            assert row["source"] and row["confidence"], (table, row["_row"])


def test_targets_equal_the_facts(wulong, facts):
    with (facts / "plans/targets.csv").open(encoding="utf-8", newline="") as file:
        facts_by_id = {r["target_id"]: r for r in csv.DictReader(file)}
    mine = {r["target_id"]: r for r in wulong.rows("targets")}
    assert mine.keys() == facts_by_id.keys()
    for target, row in facts_by_id.items():
        shipped = mine[target]
        assert (
            shipped["value"],
            shipped["operator"],
            shipped["deadline_year"],
            shipped["clause_ref"],
            shipped["region"],
            shipped["indicator"],
        ) == (
            float(row["value"]),
            row["operator"],
            int(row["deadline_year"]),
            row["clause_ref"],
            row["region_code"],
            row["indicator_id"],
        ), target
        assert shipped["strict"] == (row["strict"] == "yes")
        assert shipped["base_year"] == (int(row["base_year"]) if row["base_year"] else None)


def test_observations_equal_the_facts(wulong, facts):
    with (facts / "chongqing/observations.csv").open(encoding="utf-8", newline="") as file:
        published = {
            (r["region_code"], r["indicator_en"], r["period"]): (
                float(r["value"]),
                r["unit"],
                r["confidence"],
            )
            for r in csv.DictReader(file)
        }
    mine = {
        (r["place"], r["series"], r["period"]): (r["value"], r["unit"] or "", r["confidence"])
        for r in wulong.rows("observations")
    }
    assert mine == published


def test_nothing_that_must_not_ship():
    """The definition of the form for hourly series is no hourly series."""
    names = {p.name for p in data_folder().rglob("*") if p.is_file() and p.parent.name != "forms"}
    assert not {
        n
        for n in names
        if "ceads" in n or "hourly" in n or "balance_2014" in n or n.endswith(".txt")
    }
    assert {p.suffix for p in data_folder().rglob("forms/*")} == {".yaml"}


@pytest.fixture
def copy(tmp_path):
    """A copy of the Wulong pack to break, and its check."""
    folder = tmp_path / "wulong"
    shutil.copytree(data_folder() / "wulong", folder)
    return folder


def break_line(path, line, old, new):
    lines = path.read_text(encoding="utf-8").split("\n")
    assert old in lines[line - 1]
    lines[line - 1] = lines[line - 1].replace(old, new, 1)
    path.write_text("\n".join(lines), encoding="utf-8")


@pytest.mark.parametrize(
    ("file", "line", "old", "new", "column"),
    [
        ("targets.csv", 2, "wulong-2025:总体要求（二）", "wulong-2025:99", "clause_ref"),
        ("targets.csv", 2, ",68,", ",六十八,", "value"),
        ("targets.csv", 2, ",forest_cover,", ",no_such,", "indicator"),
        ("targets.csv", 2, ",500156,", ",500999,", "region"),
        ("targets.csv", 2, ",全区,", ",全球,", "scope"),
        ("targets.csv", 2, "wl-forest-cover-2025", "wl-good-air-days-2025", "target_id"),
        ("observations.csv", 2, ",read,", ",seen,", "confidence"),
        ("milestones.csv", 2, "wulong-2025,", "other-plan,", "plan"),
    ],
)
def test_a_broken_row_is_named(copy, file, line, old, new, column):
    break_line(copy / file, line, old, new)
    findings = packs.check(["wulong"], [copy])
    assert findings
    hit = [f for f in findings if f.where.file == f"wulong/{file}" and f.where.column == column]
    assert hit and hit[0].where.row in (line, line + 1)
    assert "\n" not in str(hit[0])


def test_reading_a_broken_table_raises_with_its_place(copy):
    break_line(copy / "targets.csv", 2, ",68,", ",六十八,")
    with pytest.raises(PackError, match=r"wulong/targets.csv 第2行"):
        packs.load("wulong", [copy]).rows("targets")


def test_a_child_row_replaces_its_parents(tmp_path):
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine/pack.yaml").write_text("id: mine\nextends: cn\n", encoding="utf-8")
    head, *rows = (data_folder() / "cn/indicators.csv").read_text(encoding="utf-8").splitlines()
    row = next(r for r in rows if r.startswith("forest_cover,"))
    renamed = row.replace("森林覆盖率", "森林覆盖率（本市口径）", 1)
    (tmp_path / "mine/indicators.csv").write_text(f"{head}\n{renamed}\n", encoding="utf-8")
    indicators = packs.load("mine", [tmp_path / "mine"]).rows("indicators")
    [forest] = [r for r in indicators if r["indicator"] == "forest_cover"]
    assert (forest["name_zh"], forest["_pack"]) == ("森林覆盖率（本市口径）", "mine")
    assert len(indicators) == len(packs.load("cn").rows("indicators"))


def test_unknown_and_circular_packs(tmp_path):
    with pytest.raises(PackError):
        packs.load("nowhere")
    for name, parent in (("a", "b"), ("b", "a")):
        (tmp_path / name).mkdir()
        (tmp_path / name / "pack.yaml").write_text(
            f"id: {name}\nextends: {parent}\n", encoding="utf-8"
        )
    with pytest.raises(PackError, match="循环"):
        packs.load("a", [tmp_path / "a", tmp_path / "b"])


@pytest.mark.parametrize("text", ["9" * 5000, "9" * 400, "1e400", "-1e999", "½", "²", "٣", "[/x]"])
@pytest.mark.parametrize("column", ["base_year", "value"])
def test_a_cell_that_is_no_number_is_told(tmp_path, column, text):
    shutil.copytree(data_folder() / "wulong", tmp_path / "wulong")
    table = tmp_path / "wulong" / "targets.csv"
    with table.open(encoding="utf-8-sig", newline="") as source:
        rows = list(csv.DictReader(source))
    rows[3][column] = text
    with table.open("w", encoding="utf-8", newline="") as out:
        writer = csv.DictWriter(out, rows[0], lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
    findings = packs.check_pack(packs.load("wulong", [tmp_path / "wulong"]))
    assert [(f.where.row, f.where.column) for f in findings if f.where.column == column] == [
        (5, column)
    ]
