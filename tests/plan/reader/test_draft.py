"""A draft as pack tables: the conventions of targets.csv, against the two plans' own tables."""

import csv
import json
from importlib.resources import files
from pathlib import Path

import pytest
import yaml

from hengtan import packs
from hengtan.plan.reader.documents import Document
from hengtan.plan.reader.draft import Draft, draft_of
from hengtan.plan.reader.linking import Indicators
from hengtan.plan.reader.pack_rows import pack_tables

PLANS = {
    "004_c2ee69aed15e2c8d.txt": ("wulong", "500156", "武隆区"),
    "000_315349ceb7396117.txt": ("chongqing", "500000", "重庆市"),
}


@pytest.fixture(scope="module")
def known():
    return Indicators(packs.load("cn").rows("indicators"))


@pytest.fixture(scope="module", params=sorted(PLANS))
def both(request, seeds, known):
    """Rows of a whole plan as read, and the pack's own."""
    pack, region, name = PLANS[request.param]
    text = next(row["text"] for row in seeds if row["text_file"] == request.param)
    draft = draft_of(Document(request.param, "txt", text), known, plan=f"{region}-p")
    tree = packs.load("chongqing").places()
    rows = pack_tables(
        draft, region=region, region_zh=name, place_of=lambda word: tree.find(word).code
    )
    with (
        files("hengtan.packs").joinpath("data", pack, "targets.csv").open(encoding="utf-8") as file
    ):
        return rows, list(csv.DictReader(file)), draft


def test_every_target_of_the_pack_is_read_with_its_indicator_value_and_year(both):
    rows, gold, _ = both
    left = list(gold)
    for row in rows["targets"]:
        like = [
            g
            for g in left
            if g["indicator"] == row["indicator"]
            and g["deadline_year"] == row["deadline_year"]
            and abs(float(g["value_canonical"] or g["value"]) - float(row["value_canonical"]))
            <= 1e-9 * abs(float(row["value_canonical"]))
        ]
        assert like, row["indicator_zh"]
        known_row = like[0]
        left.remove(known_row)
        for column in ("measure", "operator", "strict", "base_year", "path", "met_rule"):
            assert row[column] == known_row[column], (row["indicator_zh"], column)
    assert left == []


def test_the_five_additions_count_from_2020(both):
    rows, gold, _ = both
    added = [row for row in rows["targets"] if row["operator"] == "increase_by"]
    assert len(added) == sum(row["operator"] == "increase_by" for row in gold)
    assert {row["base_year"] for row in added} <= {"2020"}
    assert {row["measure"] for row in added} <= {"added_in_period"}


def test_quotes_stand_in_the_document_and_clauses_in_the_measures(both):
    rows, _, draft = both
    refs = {row["clause_ref"] for row in rows["measures"]}
    for target, row in zip(draft.targets, rows["targets"], strict=True):
        assert draft.document.text[target.start : target.end] == target.quote == row["quote"]
        assert row["clause_ref"] in refs


def test_a_draft_survives_its_json_form(both):
    _, _, draft = both
    again = Draft.from_dict(
        json.loads(json.dumps(draft.as_dict(), ensure_ascii=False, default=str)),
        draft.document.text,
    )
    assert again.targets == draft.targets
    assert again.clauses == draft.clauses


def tables(text, known, year=2022, **options):
    return pack_tables(
        draft_of(Document("规划.txt", "txt", text), known, plan="p", year=year),
        region="999900",
        region_zh="某市",
        **options,
    )


JUDGED = yaml.safe_load(Path(__file__).with_name("judged.yaml").read_text(encoding="utf-8"))


@pytest.mark.parametrize("case", JUDGED, ids=[case["text"][:24] for case in JUDGED])
def test_conventions(case, known):
    rows = tables(case["text"], known, year=case["year"])["targets"]
    assert len(rows) == len(case["rows"])
    for row, expected in zip(rows, case["rows"], strict=True):
        assert {k: row[k] for k in expected} == expected, case["why"]
        assert row["confidence"] == "proposal"


def test_an_area_is_a_place_of_its_own_unless_it_is_known(known):
    text = "到2025年,绿色建筑占比达到90%,苏南达到100%。"
    read_rows = tables(text, known)
    assert [row["region"] for row in read_rows["targets"]] == ["999900", "p-r01"]
    assert read_rows["places"][0]["name_zh"] == "苏南"
    assert [
        row["region"] for row in tables(text, known, place_of={"苏南": "SN"}.get)["targets"]
    ] == ["999900", "SN"]


def test_a_new_indicator_is_proposed_with_what_is_open(known):
    read_rows = tables("到2025年,骑行步道达到40条。", known)
    (indicator,) = read_rows["indicators"]
    assert (
        indicator["name_zh"],
        indicator["confidence"],
        indicator["edition_established"],
        indicator["units"],
    ) == ("骑行步道", "proposal", "no", "条")
    assert read_rows["targets"][0]["indicator"] == indicator["indicator"]


def test_an_unknown_unit_is_told_and_left_out(known):
    draft = draft_of(
        Document("规划.txt", "txt", "到2025年,绿色产品认证证书达到300张,森林覆盖率达到57%。"),
        known,
        plan="p",
        year=2022,
    )
    units = [f for f in draft.findings if f.code == "unknown_unit"]
    rows = pack_tables(draft, region="999900", region_zh="某市")["targets"]
    assert len(rows) + len(units) == 2
